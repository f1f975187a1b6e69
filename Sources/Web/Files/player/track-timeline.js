// Gives each packet its place on a track's timeline: FLV knows milliseconds, MP4 wants no holes.

import { videoTimeScale, timeScale } from "./fmp4-muxer.js";
import { opusSamples } from "./audio-config.js";

/** @typedef {import("./fmp4-muxer.js").Sample} Sample */
/** @typedef {import("./fmp4-muxer.js").TrackConfig} TrackConfig */
/** @typedef {import("./flv-packets.js").Packet} Packet */

const gapMsMin = 1000;
/** Pictures may come as seldom as this: slides. */
const frameMsMax = 10_000;

/** Picture: a sample lasts until the next one; the newest has an estimate until that comes. */
export class VideoTimeline {
    /** @type {Sample|null} */
    #last = null;
    #usual;
    /** How long the last pause was, which may have been a hole. */
    #pause = 0;

    /** @param {number} [frameMs] how long a frame lasts, until two have been seen */
    constructor(frameMs = 1000 / 30) {
        this.#usual = Math.round(frameMs * videoTimeScale / 1000);
    }

    /** How long a frame lasts as a rule. */
    get usualMs() {
        return this.#usual * 1000 / videoTimeScale;
    }

    /** @param {Packet} packet @param {number} mediaMs decoding time
     * @returns {Sample} */
    place(packet, mediaMs) {
        const perMs = videoTimeScale / 1000;
        let decodeTime = Math.max(0, Math.round(mediaMs * perMs));
        const last = this.#last;
        if (last) {
            decodeTime = Math.max(decodeTime, last.decodeTime + 1);
            const passed = decodeTime - last.decodeTime;
            const isPause = passed >= Math.max(gapMsMin * perMs, this.#usual * 1.5);
            // A long pause stays a hole, which is jumped over, unless pauses are the rule.
            if (!isPause || this.#isAgain(passed)) {
                last.duration = passed;
                if (passed > 4 * perMs) this.#usual = passed;
            }
            if (isPause) this.#pause = passed;
        }
        const offset = Math.max(packet.compositionMs * perMs, -decodeTime);
        this.#last = { decodeTime, duration: this.#usual, compositionOffset: offset,
            isKeyframe: packet.isKeyframe, data: packet.data };
        return this.#last;
    }

    /** Whether a pause is as long as the one before, about.
     * @param {number} passed */
    #isAgain(passed) {
        return passed <= frameMsMax * videoTimeScale / 1000
            && Math.abs(passed - this.#pause) < passed / 4;
    }
}

/** Sound: packets are laid end to end by their samples, and led back to the tags' time where the
 * two part; only a real hole is one. */
export class AudioTimeline {
    #next = -1;

    /** @param {Packet} packet @param {number} mediaMs @param {TrackConfig} config
     * @returns {Sample|null} null for what would lie over sound that is already there */
    place(packet, mediaMs, config) {
        const rate = timeScale(config);
        const fixed = "packetSamples" in config ? config.packetSamples : 0;
        const samples = fixed || Math.round(opusSamples(packet.data) * rate / 48000);
        const told = Math.round(mediaMs * rate / 1000);
        let decodeTime = this.#next;
        let duration = samples;
        const apart = told - this.#next;
        const bound = Math.max(0.06 * rate, 3 * samples);
        if (this.#next < 0 || apart > bound) decodeTime = told;
        else if (apart < -bound) return null;
        else if (Math.abs(apart) > 0.012 * rate) duration += Math.sign(apart) * (samples >> 6);
        if (decodeTime < 0) return null;
        this.#next = decodeTime + duration;
        return { decodeTime, duration, compositionOffset: 0, isKeyframe: true, data: packet.data };
    }
}
