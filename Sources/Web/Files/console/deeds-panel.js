// Who did what, on whichever console: the newest first, with the server's notes of the show.
import { element, typed } from "../shared/dom.js";
import { fillList, panel } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { timeOfDay } from "./units.js";

const shownMax = 60;

/** Deeds of one show and of its stream. */
export class DeedsPanel {
    /** @param {import("./console-app.js").ConsoleApp} app @param {string} show */
    constructor(app, show) {
        this.app = app;
        this.show = show;
        this.crowded = element("ul", { class: "warnings" });
        this.list = element("ol", { class: "deeds" });
        this.none = element("p", { class: "empty", text: consoleText.run.noDeeds });
        this.element = panel(consoleText.run.deeds, { class: "panel-deeds" }, this.crowded, this.none, this.list);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const deeds = this.app.store.deeds
            .filter((deed) => deed.show === this.show || (!deed.show && deed.stream === state.stream))
            .map((deed) => ({ atMs: deed.atMs, by: deed.by, text: deed.text || deed.command }));
        const notes = state.notes.map((note) => ({ atMs: note.atMs, by: "", text: note.text }));
        const all = [...deeds, ...notes].sort((a, b) => b.atMs - a.atMs).slice(0, shownMax);
        this.none.hidden = all.length > 0;
        fillList(this.list, all, (deed) => `${deed.atMs}\n${deed.by}\n${deed.text}`, (deed) =>
            element("li", { class: `deed ${deed.by ? "" : "deed-note"}`.trim() },
                element("time", { text: timeOfDay(deed.atMs) }),
                deed.by ? typed(deed.by, "deed-by") : null, typed(deed.text, "deed-text")));
        const crowded = state.crowdedAddresses.filter((each) => each.playerCount >= 20).slice(0, 3);
        fillList(this.crowded, crowded, (each) => `${each.address}:${each.playerCount}`, (each) =>
            element("li", { class: "warning", attributes: { "data-level": "advice" } },
                typed(consoleText.run.crowded(each.address, each.playerCount))));
    }
}
