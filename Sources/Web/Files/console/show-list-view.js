// The list of shows, and making a new one.
import { element, setAttributes, setText } from "../shared/dom.js";
import { fillList, panel } from "./dom-lists.js";
import { writeRoute } from "./hash-route.js";
import { PlanForm } from "./plan-form.js";
import { consoleText } from "./strings/en.js";
import { dayAndTime, prizeText } from "./units.js";

/** What is played comes first. */
const phaseOrder = ["live", "lobby", "finished", "draft", "settled"];

/** Drawn from the events' list. */
export class ShowListView {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = consoleText.shows;
        this.app = app;
        this.list = element("ul", { class: "shows" });
        this.none = element("div", { class: "empty" }, element("p", { class: "empty-title", text: text.none }),
            element("p", { text: text.noneDetail }));
        this.form = new PlanForm(app, null);
        this.formPanel = panel(text.make, { class: "panel-make" }, this.form.element);
        this.element = element("div", { class: "page page-shows" },
            panel(text.title, { class: "panel-shows" }, this.none, this.list), this.formPanel);
    }

    update() {
        const { app } = this;
        const summaries = app.store.summaries ?? [];
        const ordered = summaries.map((show, at) => ({ show, at })).sort((a, b) =>
            phaseOrder.indexOf(a.show.phase) - phaseOrder.indexOf(b.show.phase) || a.at - b.at)
            .map(({ show }) => show);
        this.none.hidden = app.store.summaries === null || summaries.length > 0;
        this.formPanel.hidden = !app.mayHost;
        this.form.update();
        fillList(this.list, ordered, (show) => show.id, (show) => this.makeRow(show),
            (row, show) => this.updateRow(row, show));
    }

    /** @param {import("./staff-types.js").ShowSummary} show */
    makeRow(show) {
        return element("li", { class: "show-row" },
            element("a", { class: "show-link", attributes: {
                href: writeRoute({ section: "show", show: show.id, tab: show.phase === "draft" ? "questions" : "run" }) } },
            element("span", { class: "show-title", dir: "auto" }),
            element("span", { class: "chips" }),
            element("span", { class: "show-detail" })));
    }

    /** @param {HTMLElement} row @param {import("./staff-types.js").ShowSummary} show */
    updateRow(row, show) {
        const text = consoleText.shows;
        const [link] = row.children;
        const [title, chips, detail] = link.children;
        setText(title, show.title);
        setAttributes(link, { href: writeRoute({ section: "show", show: show.id,
            tab: show.phase === "draft" ? "questions" : "run" }) });
        const shape = `${show.phase}${show.isRehearsal}${show.problem ?? ""}`;
        if (/** @type {HTMLElement} */ (chips).dataset.shape !== shape) {
            /** @type {HTMLElement} */ (chips).dataset.shape = shape;
            chips.replaceChildren(
                element("span", { class: "chip", text: text.phases[show.phase] ?? show.phase,
                    attributes: { "data-phase": show.phase } }),
                ...(show.isRehearsal
                    ? [element("span", { class: "chip chip-rehearsal", text: text.rehearsal })] : []),
                ...(show.problem ? [element("span", { class: "chip chip-bad", text: text.damaged })] : []));
        }
        const parts = [show.id, show.stream, text.questions(show.questionCount),
            text.players(show.playerCount), prizeText(show.prize),
            show.startsAtMs ? dayAndTime(show.startsAtMs, Date.now()) : "", show.problem ?? ""];
        setText(detail, parts.filter((part) => part !== "").join(" · "));
    }
}
