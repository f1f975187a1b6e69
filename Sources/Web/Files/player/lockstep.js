// Keeps the picture where the whole audience has it: a little faster or slower, a jump only when
// far off.

/** @typedef {object} LockstepView
 * @property {number} nowMs
 * @property {number} offsetMs how much later than the show's target the picture is
 * @property {number} aheadMs media that could be played without a hole
 * @property {number} stalls how often the network made the picture stand, since the start
 * @property {boolean} isFresh the page slept or was hidden: nobody minds a jump now */

const seekMsMin = 2000;
const freshSeekMsMin = 250;
const seekRestMs = 700;
const startMs = 35;
const stopMs = 6;
const strongMs = 250;
const dryMs = 150;
const stallCostMs = 250;
const extraMsMax = 4000;
const calmMsMin = 20_000;
const calmMsMax = 300_000;
const returnMsPerS = 25;

/** Decides; it touches nothing. */
export class Lockstep {
    /** How much later than the show's target this viewer's network makes it stay. */
    extraMs = 0;
    #direction = 0;
    #stalls = 0;
    #stalledAtMs = -Infinity;
    #steppedAtMs = -1;
    #soughtAtMs = -Infinity;
    #calmMs = calmMsMin;

    /** @param {LockstepView} view
     * @returns {{rate: number, seekByMs: number}} seekByMs: 0, or how far to jump, forward if
     * positive */
    step(view) {
        const { nowMs } = view;
        this.#backOff(view);
        this.#steppedAtMs = nowMs;
        const errorMs = view.offsetMs - this.extraMs;
        const seekByMs = this.#seek(view, errorMs);
        if (seekByMs !== 0) {
            this.#soughtAtMs = nowMs;
            this.#direction = 0;
            return { rate: 1, seekByMs };
        }
        if (errorMs > startMs) this.#direction = 1;
        else if (errorMs < -startMs) this.#direction = -1;
        else if (this.#direction * errorMs < stopMs) this.#direction = 0;
        // Faster with nothing ahead would only end in a stall.
        if (this.#direction > 0 && view.aheadMs < dryMs) return { rate: 1, seekByMs: 0 };
        const strength = Math.abs(errorMs) > strongMs ? 0.05 : 0.03;
        return { rate: 1 + this.#direction * strength, seekByMs: 0 };
    }

    /** @param {LockstepView} view @param {number} errorMs */
    #seek({ nowMs, aheadMs, isFresh }, errorMs) {
        const least = isFresh ? freshSeekMsMin : seekMsMin;
        if (Math.abs(errorMs) <= least || nowMs - this.#soughtAtMs < seekRestMs) return 0;
        if (errorMs < 0) return errorMs;
        // As far as there is media; a small gain isn't worth a jump.
        const byMs = Math.min(errorMs, aheadMs - dryMs);
        return byMs >= Math.min(errorMs, isFresh ? freshSeekMsMin : 700) ? byMs : 0;
    }

    /** @param {LockstepView} view */
    #backOff({ nowMs, stalls }) {
        if (stalls > this.#stalls) {
            // A return that was too early: wait longer before the next.
            if (this.extraMs > 0 && nowMs - this.#stalledAtMs > this.#calmMs) {
                this.#calmMs = Math.min(this.#calmMs * 2, calmMsMax);
            }
            this.#stalls = stalls;
            this.#stalledAtMs = nowMs;
            this.extraMs = Math.min(this.extraMs + stallCostMs, extraMsMax);
        } else if (nowMs - this.#stalledAtMs > this.#calmMs && this.#steppedAtMs >= 0) {
            const passedMs = Math.min(nowMs - this.#steppedAtMs, 1000);
            this.extraMs = Math.max(0, this.extraMs - passedMs / 1000 * returnMsPerS);
        }
    }
}
