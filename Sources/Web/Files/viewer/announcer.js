// Says things to screen readers: two regions of the page, one that waits for a pause and one that doesn't.

import { element } from "../shared/dom.js";

/** Told things go after so long, so that they aren't met again by who reads on, ms. */
const KEPT_MS = 15000;

/** The page's voice. */
export class Announcer {
    /**
     * @param {HTMLElement} polite
     * @param {HTMLElement} urgent
     */
    constructor(polite, urgent) {
        this.regions = { polite, urgent };
        for (const region of [polite, urgent]) region.setAttribute("aria-atomic", "false");
    }

    /**
     * @param {string} words
     * @param {boolean} [isUrgent] Interrupts what is being read.
     */
    say(words, isUrgent = false) {
        const region = isUrgent ? this.regions.urgent : this.regions.polite;
        const line = element("p", { text: words, dir: "auto" });
        region.append(line);
        setTimeout(() => line.remove(), KEPT_MS);
    }
}
