// A spread on one line: from 5 % to 95 % a bar, a mark at the middle.
import { element, setText } from "../shared/dom.js";
import { durationText } from "./units.js";

/** Shows three figures of many players. */
export class SpreadBar {
    /** @param {string} name @param {string} note what the three figures are */
    constructor(name, note) {
        this.text = element("span", { class: "spread-text", text: "–" });
        this.bar = element("span", { class: "spread-bar" },
            element("span", { class: "spread-range" }),
                element("span", { class: "spread-middle" }));
        this.element = element("div", { class: "spread" },
            element("span", { class: "spread-name", text: name, attributes: { title: note } }),
            this.bar, this.text);
    }

    /**
     * @param {import("./staff-types.js").Spread | undefined} spread
     * @param {{least: number, most: number, okMs?: number}} axis okMs: 95 % should be within
     */
    set(spread, axis) {
        this.element.classList.toggle("is-empty", !spread);
        if (!spread) {
            setText(this.text, "–");
            return;
        }
        setText(this.text, [spread.p5, spread.p50, spread.p95].map(durationText).join(" · "));
        const most = Math.max(axis.most, spread.p95);
        const least = Math.min(axis.least, spread.p5);
        const share = (/** @type {number} */ ms) => (ms - least) / Math.max(1, most - least);
        this.bar.style.setProperty("--from", String(share(spread.p5)));
        this.bar.style.setProperty("--to", String(share(spread.p95)));
        this.bar.style.setProperty("--middle", String(share(spread.p50)));
        const isWide = axis.okMs !== undefined
            && (Math.abs(spread.p5) > axis.okMs || Math.abs(spread.p95) > axis.okMs);
        this.element.dataset.tone = isWide ? "look" : "good";
    }
}
