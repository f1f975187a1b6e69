// What players report of themselves: delay, how far from lockstep, stalls, and what they do.
import { element, setText } from "../shared/dom.js";
import { Figure, figures, panel } from "./dom-lists.js";
import { SpreadBar } from "./spread-bar.js";
import { consoleText } from "./strings/en.js";
import { countText, durationText } from "./units.js";

/** Players further apart than this see a question at noticeably different moments, ms. */
const spreadMsOk = 200;

/** These are players' claims, for the eye alone. */
export class ReportsPanel {
    constructor() {
        const text = consoleText.audience;
        this.reporting = element("p", { class: "reporting" });
        this.delay = new SpreadBar(text.delay, text.spreadNote);
        this.offset = new SpreadBar(text.offset, text.spreadNote);
        this.spread = new Figure(text.spread);
        this.stalls = new Figure(text.stalls);
        this.bar = element("div", { class: "state-bar", attributes: { role: "img" } });
        this.words = element("p", { class: "state-words" });
        this.element = panel(text.reports, { class: "panel-reports" }, this.reporting, this.delay.element,
            this.offset.element, figures(this.spread, this.stalls), this.bar, this.words);
    }

    /** @param {import("./staff-types.js").Reports | undefined} reports */
    update(reports) {
        const text = consoleText.audience;
        const count = reports?.count ?? 0;
        setText(this.reporting, count > 0 ? text.reporting(count) : text.none);
        this.delay.set(reports?.delayMs, { least: 0, most: 3000 });
        this.offset.set(reports?.offsetMs, { least: -200, most: 200, okMs: spreadMsOk / 2 });
        const spread = reports?.spreadMs;
        this.spread.set(durationText(spread), spread === undefined ? "" : spread > spreadMsOk ? "look" : "good");
        const stalls = reports?.stallsPerMinute;
        this.stalls.set(stalls === undefined ? "–" : String(Math.round(stalls * 10) / 10),
            (stalls ?? 0) > 1 ? "look" : "");
        this.updateStates(reports?.states ?? {}, count);
    }

    /** @param {Record<string, number>} states @param {number} count */
    updateStates(states, count) {
        const names = /** @type {Record<string, string>} */ (consoleText.audience.states);
        const known = Object.keys(names).filter((name) => (states[name] ?? 0) > 0);
        const words = known.map((name) => `${countText(states[name])} ${names[name]}`).join(", ");
        this.bar.hidden = known.length === 0;
        if (this.words.textContent === words) return;
        setText(this.words, words);
        this.bar.setAttribute("aria-label", words);
        this.bar.replaceChildren(...known.map((name) => {
            const part = element("span", { class: "state-part", attributes: { "data-state": name } });
            part.style.setProperty("--share", String(states[name] / Math.max(1, count)));
            return part;
        }));
    }
}
