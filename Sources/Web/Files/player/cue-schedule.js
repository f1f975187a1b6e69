// Keeps cues until the frame they belong to is on the screen; each is told once, in their order.

import { cuesLimit } from "./limits.js";

/** @typedef {{name: string, value: any, pts: number, isStanding: boolean}} Cue */

/** Cues wait by media time. */
export class CueSchedule {
    /** @type {{cue: Cue, dueMs: number}[]} */
    #waiting = [];
    /** @type {Record<string, number>} */
    #newest = { onQuiz: -1, onMessage: -1 };

    /** Whether a script tag is a cue that hasn't been seen: by the wire's rule, of a higher `seq`.
     * @param {string} name @param {any} value
     * @returns {boolean} */
    accepts(name, value) {
        if (!Object.hasOwn(this.#newest, name) || !value || typeof value !== "object") return false;
        if (!(value.seq > this.#newest[name]) || !Number.isFinite(value.pts)) return false;
        this.#newest[name] = value.seq;
        return true;
    }

    /** @param {Cue} cue @param {number} dueMs media time of its frame */
    add(cue, dueMs) {
        // Never out of their order: what came later isn't told earlier.
        const last = this.#waiting[this.#waiting.length - 1];
        this.#waiting.push({ cue, dueMs: Math.max(dueMs, last?.dueMs ?? -Infinity) });
    }

    get hasWaiting() {
        return this.#waiting.length > 0;
    }

    /** When the next is due, media time; Infinity if none waits. */
    get nextMs() {
        return this.#waiting[0]?.dueMs ?? Infinity;
    }

    /** Takes out what is due.
     * @param {number} mediaMs what is on the screen
     * @returns {Cue[]} */
    due(mediaMs) {
        const overfull = this.#waiting.length - cuesLimit;
        let count = this.#waiting.findIndex(({ dueMs }) => dueMs > mediaMs);
        if (count < 0) count = this.#waiting.length;
        return this.#waiting.splice(0, Math.max(count, overfull)).map(({ cue }) => cue);
    }
}
