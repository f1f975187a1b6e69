// Notices when the picture stands though it could go on, and says what to do about it.

/** @typedef {object} WatchdogView
 * @property {number} nowMs
 * @property {number} positionMs media time of the picture
 * @property {boolean} wantsToPlay it is meant to move
 * @property {boolean} isSeeking
 * @property {Array<[number, number]>} rangesMs what is buffered, in order
 * @property {number|null} targetMs what the whole audience is to see now
 * @property {number} newestMs media time of the newest that came; -1 for none */
/** @typedef {{kind: "seek", toMs: number, isHole?: boolean}|{kind: "rebuild"}} WatchdogAction */

const holeMs = 150;
const holeMsMax = 8000;
const standMs = 600;
const evictedMs = 1000;
/** Less than this ahead may never come to be played: reordered frames, a codec's last packets. */
const dataMsMin = 250;
const seekMsMax = 2500;

/** A state machine over looks at the element, a few a second. */
export class Watchdog {
    #positionMs = NaN;
    #movedAtMs = 0;
    #tries = 0;
    #triedAtMs = -Infinity;

    /** How long the picture has stood.
     * @param {number} nowMs */
    stoodMs(nowMs) {
        return nowMs - this.#movedAtMs;
    }

    /** Another MediaSource, or a start: what was counted is of the past.
     * @param {number} nowMs */
    reset(nowMs) {
        this.#positionMs = NaN;
        this.#movedAtMs = nowMs;
    }

    /** @param {WatchdogView} view
     * @returns {WatchdogAction|null} */
    step(view) {
        const { nowMs, positionMs } = view;
        if (!view.wantsToPlay || positionMs !== this.#positionMs) {
            this.#movedAtMs = nowMs;
            this.#positionMs = positionMs;
            if (nowMs - this.#triedAtMs > 5000) this.#tries = 0;
            return null;
        }
        const stoodMs = nowMs - this.#movedAtMs;
        const range = view.rangesMs.find(([start, end]) => positionMs >= start && positionMs < end);
        const aheadMs = range ? range[1] - positionMs : 0;
        const next = view.rangesMs.find(([start]) => start > positionMs);
        if (view.isSeeking) return stoodMs > seekMsMax && next ? this.#try(nowMs, next[0]) : null;
        // A hole in the media: behind it, time goes on. It lasts for everybody as long as it is.
        if (next && aheadMs < dataMsMin && stoodMs >= holeMs) {
            const isOver = view.targetMs === null || view.targetMs >= next[0] - 20;
            if (!isOver && stoodMs <= holeMsMax) return null;
            return { ...this.#seek(nowMs, next[0] + 1), isHole: true };
        }
        const last = view.rangesMs[view.rangesMs.length - 1];
        if (last && !next && positionMs > last[1] + 500 && stoodMs > standMs) {
            return this.#seek(nowMs, Math.max(last[0], last[1] - 300));
        }
        if (!range && !next && view.newestMs > positionMs + 500 && stoodMs > evictedMs) {
            // It came, and isn't there: the browser took it away.
            this.#movedAtMs = nowMs;
            return { kind: "rebuild" };
        }
        if (aheadMs < dataMsMin || stoodMs < standMs) return null;
        return this.#try(nowMs, positionMs + [20, 200, 0][Math.min(this.#tries, 2)]);
    }

    /** A nudge, a longer one, then a new MediaSource.
     * @param {number} nowMs
     * @param {number} toMs */
    #try(nowMs, toMs) {
        this.#tries++;
        if (this.#tries <= 2) return this.#seek(nowMs, toMs);
        this.#tries = 0;
        this.#triedAtMs = this.#movedAtMs = nowMs;
        return /** @type {WatchdogAction} */ ({ kind: "rebuild" });
    }

    /** @param {number} nowMs @param {number} toMs
     * @returns {{kind: "seek", toMs: number}} */
    #seek(nowMs, toMs) {
        this.#triedAtMs = this.#movedAtMs = nowMs;
        this.#positionMs = toMs;
        return { kind: "seek", toMs };
    }
}
