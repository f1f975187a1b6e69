// Lays programme times on the media element's timeline: one stretch for each programme (a server
// that restarts counts anew), with small numbers, and never a step back.

import { epochsLimit } from "./limits.js";

const stepBackMs = 5000;
const betweenMs = 200;

/** Media time = programme time - baseMs, from fromMs on. */
export class Epochs {
    fromMs = 0;
    baseMs = 0;
    #hasBegun = false;
    #isNewConnection = true;
    /** @type {number|undefined} */
    #serverStartMs = undefined;
    #newestMediaMs = 0;
    #newestMs = 0;
    #newestAtMs = 0;

    beginConnection() {
        this.#isNewConnection = true;
    }

    /** Whether a tag belongs to the stretch that runs, begins one, or must be left out ("wait").
     * @param {number} timestampMs @param {number} nowMs
     * @param {number|undefined} serverStartMs as this connection's metadata says
     * @param {boolean} isStart whether playing could begin here
     * @returns {"same"|"new"|"wait"} */
    place(timestampMs, nowMs, serverStartMs, isStart) {
        if (this.#hasBegun && this.#isSame(timestampMs, nowMs, serverStartMs)) {
            if (this.#isNewConnection) this.#serverStartMs = serverStartMs;
            this.#isNewConnection = false;
            return "same";
        }
        if (!isStart) return "wait";
        this.fromMs = this.#hasBegun ? Math.ceil(this.#newestMediaMs) + betweenMs : 0;
        this.baseMs = timestampMs - this.fromMs;
        this.#serverStartMs = serverStartMs;
        this.#hasBegun = true;
        this.#isNewConnection = false;
        this.#newestMs = timestampMs;
        this.#newestAtMs = nowMs;
        return "new";
    }

    /** Media was laid down.
     * @param {number} mediaMs
     * @param {number} timestampMs
     * @param {number} nowMs */
    reached(mediaMs, timestampMs, nowMs) {
        this.#newestMediaMs = Math.max(this.#newestMediaMs, mediaMs);
        if (timestampMs < this.#newestMs) return;
        this.#newestMs = timestampMs;
        this.#newestAtMs = nowMs;
    }

    /** @param {number} timestampMs @param {number} nowMs @param {number|undefined} serverStartMs */
    #isSame(timestampMs, nowMs, serverStartMs) {
        if (!this.#isNewConnection) return timestampMs > this.#newestMs - stepBackMs;
        if (Number.isFinite(serverStartMs) && Number.isFinite(this.#serverStartMs)) {
            return Math.abs(Number(serverStartMs) - Number(this.#serverStartMs)) < 500;
        }
        const expectedMs = this.#newestMs + nowMs - this.#newestAtMs;
        return timestampMs > this.#newestMs - 15_000 && timestampMs < expectedMs + 10_000;
    }
}

/** The other side's copy, which turns media times into programme times and back. */
export class EpochMap {
    /** @type {{fromMs: number, baseMs: number}[]} */
    #epochs = [];

    /** @param {number} fromMs @param {number} baseMs */
    add(fromMs, baseMs) {
        this.#epochs.push({ fromMs, baseMs });
        if (this.#epochs.length > epochsLimit) this.#epochs.shift();
    }

    /** @param {number} mediaMs
     * @returns {number|null} programme time */
    programmeMs(mediaMs) {
        for (let index = this.#epochs.length - 1; index >= 0; index--) {
            // Sound may begin some milliseconds before the picture that opened the stretch.
            if (mediaMs >= this.#epochs[index].fromMs - 100 || index === 0) {
                return mediaMs + this.#epochs[index].baseMs;
            }
        }
        return null;
    }

    /** @param {number} programmeMs in the newest programme
     * @returns {number|null} media time */
    mediaMs(programmeMs) {
        const newest = this.#epochs[this.#epochs.length - 1];
        return newest ? programmeMs - newest.baseMs : null;
    }
}
