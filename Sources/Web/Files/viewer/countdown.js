// How long an answer still counts for, told by the stream's clock.
//
// The server's rule (Sources/WIRE.md, section 4): an answer counts up to windowMs and a grace after
// the question was handed to this viewer's connection. When exactly that was only the server knows;
// it was never before the question was said, so `deadlinePts` is the earliest end there can be. The
// countdown runs to it, never shows 0, and is followed by a "last moment" in which an answer may
// still count.

/** The grace after the window that every show has unless its plan says otherwise, ms. */
const GRACE_MS = 500;
/** The most that a viewer's lag counts for unless the plan says otherwise, ms. */
const LAG_MS_MAX = 4000;

/**
 * @typedef {import("../shared/question-card.js").CardCountdown} CardCountdown
 */

/**
 * What is left of a question's window.
 * @param {{deadlinePts: number, windowMs: number, paused?: boolean}} question
 * @param {number} programmeNowMs Programme time as it runs now at the server, not what is on the
 *   screen.
 * @returns {number} ms; negative after the end.
 */
export function remainingMs(question, programmeNowMs) {
    return Math.min(question.windowMs, question.deadlinePts - programmeNowMs);
}

/**
 * What a countdown shows.
 * @param {number} leftMs From `remainingMs`.
 * @param {number} fullMs What was left when this viewer saw the question first: a full ring.
 * @returns {CardCountdown}
 */
export function countdownAt(leftMs, fullMs) {
    if (leftMs > 0) {
        return { phase: "running", seconds: Math.ceil(leftMs / 1000),
            fraction: Math.min(1, leftMs / Math.max(1, fullMs)) };
    }
    // Beyond all that could be granted, an answer is bound to be refused.
    const phase = leftMs > -(GRACE_MS + LAG_MS_MAX) ? "closing" : "gone";
    return { phase, seconds: 0, fraction: 0 };
}

/** Follows the programme's clock at the server, without jumps, by what the player tells of it. */
export class LiveClock {
    constructor() {
        /** Programme time less the local steady clock, ms. @type {number|null} */
        this.differenceMs = null;
        this.isExact = false;
    }

    /**
     * The player knows what is on the screen and how far that is behind.
     * @param {number} programmeNowMs
     * @param {number} localMs The local steady clock (`performance.now()`).
     */
    observe(programmeNowMs, localMs) {
        const differenceMs = programmeNowMs - localMs;
        const step = differenceMs - (this.differenceMs ?? differenceMs);
        const isJump = this.differenceMs === null || !this.isExact || Math.abs(step) > 400;
        this.differenceMs = isJump ? differenceMs : Number(this.differenceMs) + step / 4;
        this.isExact = true;
    }

    /**
     * A guess, for when there is no picture: taken only while nothing better is known.
     * @param {number} programmeNowMs
     * @param {number} localMs
     */
    guess(programmeNowMs, localMs) {
        if (this.isExact) return;
        // A cue that came late makes the clock look slow, so the fastest seen is the nearest.
        this.differenceMs = Math.max(this.differenceMs ?? -Infinity, programmeNowMs - localMs);
    }

    /** Another programme began, or the connection is another one. */
    forget() {
        this.differenceMs = null;
        this.isExact = false;
    }

    /**
     * @param {number} localMs
     * @returns {number|null} Programme time now at the server, ms.
     */
    now(localMs) {
        return this.differenceMs === null ? null : localMs + this.differenceMs;
    }
}
