// What the pipeline knows of one track: parameters, place on the timeline, whether it is alive.

import { readAVCConfig, readHEVCConfig, readAV1Config } from "./video-config.js";
import { readAACConfig, readMP3Config, readOpusConfig } from "./audio-config.js";
import { VideoTimeline, AudioTimeline } from "./track-timeline.js";
import { canPlay } from "./media-sink.js";
import { trackPatienceMs } from "./limits.js";

/** @typedef {import("./fmp4-muxer.js").TrackConfig} TrackConfig */
/** @typedef {import("./flv-packets.js").Packet} Packet */

const configReaders = /** @type {Record<string, (record: Uint8Array) => TrackConfig>} */ ({
    avc: readAVCConfig, hevc: readHEVCConfig, av1: readAV1Config,
    aac: readAACConfig, mp3: readMP3Config, opus: readOpusConfig,
});
const codecNames = /** @type {Record<string, string>} */ (
    { avc: "H.264", hevc: "HEVC (H.265)", av1: "AV1", aac: "AAC", mp3: "MP3", opus: "Opus" });
/** The same parameters are no reason to try again any sooner. */
const retryMsMin = 30_000;
/** MP3 in MP4 goes by different names; Chromium takes it bare only. */
const mp3Names = ["mp3", "mp4a.6B", "mp4a.69", "bare"];

/** Picture or sound. */
export class PipelineTrack {
    /** @type {TrackConfig|null} */
    config = null;
    /** The parameters the sink was given last.
     * @type {TrackConfig|null} */
    fed = null;
    /** Not playable here: the codec is missing or not decoded. */
    isRefused = false;
    /** Left out of the MediaSource, since it brought nothing. */
    isAway = false;
    needsKeyframe = true;
    /** Media up to here has been placed already, over an earlier connection. */
    overlapMs = -1;
    /** When something came last, in steady and in the stream's time; -1 for not yet. */
    arrivedAtMs = -1;
    timestampMs = -1;
    /** The stream's time at which it came back. */
    backSinceMs = -1;
    #backAtMs = -1;
    #otherTimestampMs = -1;
    #placedMs = -1;
    #told = "";
    #isGivenUp = false;
    #givenUpAtMs = 0;
    #onProblem;
    #frameMs = 1000 / 30;
    /** @type {VideoTimeline} */
    #video = new VideoTimeline();
    #audio = new AudioTimeline();

    /** @param {"video"|"audio"} kind @param {(code: string, text: string) => void} onProblem */
    constructor(kind, onProblem) {
        this.kind = kind;
        this.#onProblem = onProblem;
    }

    /** What is played of it, as RFC 6381 has it.
     * @returns {string|null} */
    get codecPlayed() {
        if (!this.config || this.isRefused) return null;
        return this.config.codec === "mp3" ? "mp3" : this.config.codecString;
    }

    /** @param {any} framesPerSecond as the metadata says */
    setFrameRate(framesPerSecond) {
        if (!(framesPerSecond >= 0.1 && framesPerSecond <= 240) || this.#placedMs >= 0) return;
        this.#frameMs = 1000 / framesPerSecond;
        this.#video = new VideoTimeline(this.#frameMs);
    }

    beginConnection() {
        this.#tryAgain();
        this.overlapMs = this.#placedMs;
        this.needsKeyframe = true;
        this.arrivedAtMs = this.timestampMs = this.#otherTimestampMs = -1;
    }

    beginEpoch() {
        this.#tryAgain();
        this.overlapMs = -1;
        this.needsKeyframe = true;
    }

    /** Takes up parameters; false for a packet that is of no use.
     * @param {Packet} packet @param {number} nowMs
     * @returns {boolean} */
    understand(packet, nowMs) {
        if (packet.kind === "end") return false;
        const read = configReaders[packet.codec];
        if (!read) {
            const what = this.kind === "video" ? "picture" : "sound";
            this.#refuse(packet.codec,
                `This player doesn't know the format of the stream's ${what} (${packet.codec}).`);
            return false;
        }
        const isOther = this.config?.codec !== packet.codec;
        const isMP3 = packet.codec === "mp3";
        if (packet.kind === "config" || isMP3 && (isOther || this.#isOtherMP3(packet.data))) {
            if (!isOther && !isMP3 && isEqual(packet.data, this.config?.record)) {
                // Told again, as by an encoder that begins anew; some do so with each keyframe.
                if (nowMs - this.#givenUpAtMs > retryMsMin) this.#tryAgain();
                return true;
            }
            try {
                this.#take(read(packet.data.slice(0, isMP3 ? 4 : undefined)));
            } catch (error) {
                // What can't be read never replaces what can.
                this.#tell(`config_${packet.codec}`, /** @type {Error} */ (error).message);
                return packet.kind === "frame" && !isOther;
            }
            return true;
        }
        return !isOther;
    }

    /** @param {Packet} packet @param {number} mediaMs
     * @returns {import("./fmp4-muxer.js").Sample|null} */
    place(packet, mediaMs) {
        if (!this.config) return null;
        const sample = this.kind === "video" ? this.#video.place(packet, mediaMs)
            : this.#audio.place(packet, mediaMs, this.config);
        if (sample) this.#placedMs = mediaMs;
        return sample;
    }

    /** Something came of it.
     * @param {number} timestampMs
     * @param {number} nowMs
     * @param {PipelineTrack} other */
    arrived(timestampMs, nowMs, other) {
        if (this.arrivedAtMs < 0 || nowMs - this.arrivedAtMs > this.#patienceMs) {
            this.backSinceMs = timestampMs;
            this.#backAtMs = nowMs;
        }
        this.arrivedAtMs = nowMs;
        this.timestampMs = timestampMs;
        this.#otherTimestampMs = other.timestampMs;
        if (other.arrivedAtMs < 0 && other.#otherTimestampMs < 0) {
            other.#otherTimestampMs = timestampMs;
        }
    }

    /** Whether the other track went on for so long that this one must be taken for silent.
     * @param {PipelineTrack} other @param {number} nowMs */
    isSilent(other, nowMs) {
        if (other.timestampMs < 0) return false;
        const patienceMs = this.#patienceMs;
        return nowMs - other.arrivedAtMs < 500 && nowMs - this.arrivedAtMs >= patienceMs
            && other.timestampMs - this.#otherTimestampMs >= patienceMs;
    }

    /** Whether it has come steadily again.
     * @param {number} nowMs */
    isBack(nowMs) {
        const freshMs = Math.max(500, this.#usualMs * 1.5);
        return this.arrivedAtMs >= 0 && nowMs - this.arrivedAtMs < freshMs
            && nowMs - this.#backAtMs > 300;
    }

    /** How long a picture lasts as a rule; sound comes all the time. */
    get #usualMs() {
        return this.kind === "video" ? this.#video.usualMs : 0;
    }

    /** How long nothing may come. Slides come seldom, and are no silence. */
    get #patienceMs() {
        const usualMs = this.#usualMs;
        return Math.max(trackPatienceMs, Math.min(usualMs * 3, 4000), usualMs * 1.5);
    }

    /** It can't be decoded: no more of it until it has other parameters or comes anew.
     * @param {number} nowMs */
    giveUp(nowMs) {
        this.isRefused = true;
        this.#isGivenUp = true;
        this.#givenUpAtMs = nowMs;
    }

    /** What broke a decoder may be gone with what begins anew. */
    #tryAgain() {
        if (!this.#isGivenUp) return;
        this.isRefused = this.#isGivenUp = false;
        this.needsKeyframe = true;
    }

    /** @param {TrackConfig} config */
    #take(config) {
        let isPlayable = canPlay(config);
        const names = config.codec === "mp3" ? mp3Names : [];
        for (let index = 0; !isPlayable && index < names.length; index++) {
            config.codecString = names[index];
            isPlayable = canPlay(config);
        }
        this.config = config;
        this.#isGivenUp = false;
        this.isRefused = !isPlayable;
        if (!isPlayable) {
            const what = this.kind === "video" ? "picture" : "sound";
            const name = codecNames[config.codec];
            this.#tell("codec", `This browser can't play the stream's ${what}: ${name} `
                + `(${config.codecString}) is missing. Another browser or device may have it.`);
        }
    }

    /** @param {Uint8Array} frame */
    #isOtherMP3(frame) {
        const known = this.config?.record;
        return frame.length > 3 && known?.length === 4 && frame[0] === 0xff
            && (((frame[1] ^ known[1]) & 0xfe) !== 0 || ((frame[2] ^ known[2]) & 0x0c) !== 0
                || (frame[3] >> 6 === 3) !== (known[3] >> 6 === 3));
    }

    /** @param {string} codec @param {string} text */
    #refuse(codec, text) {
        if (this.isRefused && this.config?.codec !== codec) {
            this.#tell("codec", text);
            return;
        }
        this.isRefused = true;
        this.config = null;
        this.#tell("codec", text);
    }

    /** @param {string} code @param {string} text */
    #tell(code, text) {
        if (this.#told === text) return;
        this.#told = text;
        this.#onProblem(code, text);
    }
}

/** @param {Uint8Array} one @param {Uint8Array|undefined} other */
function isEqual(one, other) {
    return one.length === other?.length && one.every((byte, index) => byte === other[index]);
}
