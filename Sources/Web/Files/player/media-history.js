// The newest media, kept so that a MediaSource can be built anew without waiting for the server.

import { historyBytesLimit, historyMsLimit } from "./limits.js";
import { timeScale } from "./fmp4-muxer.js";

/** @typedef {import("./fmp4-muxer.js").Sample} Sample */
/** @typedef {import("./fmp4-muxer.js").TrackConfig} TrackConfig */
/** @typedef {"video"|"audio"} TrackKind */
/** @typedef {{kind: TrackKind, config: TrackConfig, sample: Sample, mediaMs: number}} MediaEntry */

/** Entries in the order in which they came, bounded by bytes and time. */
export class MediaHistory {
    /** @type {MediaEntry[]} */
    #entries = [];
    #bytes = 0;

    /** @param {TrackKind} kind @param {TrackConfig} config @param {Sample} sample
     * @returns {MediaEntry} */
    add(kind, config, sample) {
        const mediaMs = sample.decodeTime / timeScale(config) * 1000;
        const entry = { kind, config, sample, mediaMs };
        this.#entries.push(entry);
        this.#bytes += sample.data.length;
        return entry;
    }

    /** Forgets what isn't needed to begin at `positionMs`.
     * @param {number} positionMs */
    trim(positionMs) {
        const newestMs = this.#entries[this.#entries.length - 1]?.mediaMs ?? 0;
        let keep = this.#start(positionMs);
        let bytes = this.#bytes - this.#size(keep);
        while (keep < this.#entries.length && (bytes > historyBytesLimit
            || this.#entries[keep].mediaMs < newestMs - historyMsLimit)) {
            bytes -= this.#entries[keep].sample.data.length;
            keep++;
        }
        // Some at a time, so that the array isn't moved for each packet.
        if (keep < 64 && this.#bytes < historyBytesLimit) return;
        this.#bytes = bytes;
        this.#entries.splice(0, keep);
    }

    clear() {
        this.#entries = [];
        this.#bytes = 0;
    }

    /** What to begin with, to show a position: from the keyframe before it, or the first there is.
     * @param {number} positionMs @param {TrackKind[]} kinds
     * @returns {MediaEntry[]} */
    from(positionMs, kinds) {
        const has = (/** @type {MediaEntry} */ entry) => kinds.includes(entry.kind);
        if (!kinds.includes("video")) {
            return this.#entries.filter((entry) => has(entry) && entry.mediaMs >= positionMs - 500);
        }
        const at = this.#keyframe(positionMs);
        if (at < 0) return [];
        const fromMs = this.#entries[at].mediaMs;
        return this.#entries.filter((entry, index) => has(entry)
            && (entry.kind === "video" ? index >= at : entry.mediaMs >= fromMs - 30));
    }

    /** The media time of the newest entry of a kind; -1 if there is none.
     * @param {TrackKind} kind */
    newestMs(kind) {
        for (let index = this.#entries.length - 1; index >= 0; index--) {
            if (this.#entries[index].kind === kind) return this.#entries[index].mediaMs;
        }
        return -1;
    }

    /** The media time at which a kind can begin at the earliest behind `afterMs`; -1 if nowhere.
     * @param {TrackKind} kind @param {number} afterMs */
    firstStartMs(kind, afterMs) {
        const found = this.#entries.find((entry) => entry.kind === kind && entry.mediaMs >= afterMs
            && entry.sample.isKeyframe);
        return found ? found.mediaMs : -1;
    }

    /** @param {number} count */
    #size(count) {
        return this.#entries.slice(0, count)
            .reduce((sum, { sample }) => sum + sample.data.length, 0);
    }

    /** The newest keyframe at or before a time, or else the oldest; -1 if there is none.
     * @param {number} positionMs */
    #keyframe(positionMs) {
        let first = -1;
        for (let index = this.#entries.length - 1; index >= 0; index--) {
            const entry = this.#entries[index];
            if (entry.kind !== "video" || !entry.sample.isKeyframe) continue;
            first = index;
            if (entry.mediaMs <= positionMs) break;
        }
        return first;
    }

    /** @param {number} positionMs */
    #start(positionMs) {
        const at = this.#keyframe(positionMs);
        const fromMs = (at < 0 ? positionMs : this.#entries[at].mediaMs) - 500;
        const first = this.#entries.findIndex((entry) => entry.mediaMs >= fromMs);
        return Math.max(0, first);
    }
}
