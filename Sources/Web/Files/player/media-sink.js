// Feeds one MediaSource: a SourceBuffer for each track, everything in its order, bounded.

import { queueBytesLimit, fragmentSamplesLimit, behindMsLimit } from "./limits.js";
import { initSegment, fragment, mimeType, timeScale, isBare } from "./fmp4-muxer.js";

/** @typedef {import("./fmp4-muxer.js").Sample} Sample */
/** @typedef {import("./fmp4-muxer.js").TrackConfig} TrackConfig */
/** @typedef {import("./media-history.js").TrackKind} TrackKind */
/** @typedef {{config: TrackConfig}|{sample: Sample}} SinkStep */

/** The fragments of a start, where each millisecond counts. */
const startFragments = 8;
/** Media ahead of the picture from which on appending waits for the next `pump`. */
const calmAheadMs = 600;

/** The MediaSource there is here; managed only where nothing else is.
 * @returns {{MediaSourceClass: any, isManaged: boolean}} */
export function mediaSourceClass() {
    const scope = /** @type {any} */ (globalThis);
    if (scope.MediaSource) return { MediaSourceClass: scope.MediaSource, isManaged: false };
    const Managed = scope.ManagedMediaSource ?? null;
    return { MediaSourceClass: Managed, isManaged: Managed !== null };
}

/** One track of a sink: what waits for its SourceBuffer. */
class SinkTrack {
    /** @type {SinkStep[]} */
    steps = [];
    bytes = 0;
    sequence = 0;
    mime = "";
    /** Times one could not be appended for want of room, in a row. */
    refusals = 0;
    removeBeforeS = 0;
    /** @type {TrackConfig|null} */
    config = null;
    /** Where bare packets have come to. */
    bareEndS = -1;
    heldSinceMs = 0;

    /** @param {TrackKind} kind @param {SourceBuffer} buffer */
    constructor(kind, buffer) {
        this.kind = kind;
        this.buffer = buffer;
    }
}

/** @typedef {object} SinkOwner
 * @property {(reason: string) => void} onBroken the MediaSource is of no use any more
 * @property {() => void} onAppended something came to be playable
 * @property {() => number} positionMs media time of the picture
 * @property {() => number} nowMs */

/** A MediaSource from its birth to its end; it is replaced, never repaired. */
export class MediaSink {
    /** @type {SinkTrack[]} */
    #tracks = [];
    /** @type {Array<[TrackKind, TrackConfig]>|null} */
    #wanted = null;
    /** @type {Array<[TrackKind, SinkStep]>} */
    #early = [];
    #isDone = false;
    #isManaged;
    #owner;

    /** @param {any} MediaSourceClass @param {boolean} isManaged @param {SinkOwner} owner */
    constructor(MediaSourceClass, isManaged, owner) {
        this.mediaSource = new MediaSourceClass();
        this.#isManaged = isManaged;
        this.#owner = owner;
        this.mediaSource.addEventListener("sourceopen", () => this.#openTracks());
        this.mediaSource.addEventListener("startstreaming", () => this.pump());
    }

    /** Which tracks it has; once in its life.
     * @param {Array<[TrackKind, TrackConfig]>} tracks */
    setTracks(tracks) {
        this.#wanted = tracks;
        this.#openTracks();
    }

    /** @returns {TrackKind[]} */
    get kinds() {
        return this.#wanted ? this.#wanted.map(([kind]) => kind) : [];
    }

    /** @param {TrackKind} kind @param {SinkStep} step */
    add(kind, step) {
        if (this.#isDone || !this.kinds.includes(kind)) return;
        const track = this.#tracks.find((one) => one.kind === kind);
        if (!track) {
            if (this.#early.length < 4096) this.#early.push([kind, step]);
            return;
        }
        track.steps.push(step);
        if ("sample" in step) track.bytes += step.sample.data.length;
        if (track.bytes > queueBytesLimit) this.#shorten(track);
        // With enough ahead, a few appends a second do, and cost a phone less.
        const isCalm = track.sequence >= startFragments && this.#aheadMs(track) >= calmAheadMs;
        if (!isCalm) this.#pump(track);
    }

    /** Whether the track could take these parameters without a new MediaSource.
     * @param {TrackKind} kind @param {TrackConfig} config */
    canTake(kind, config) {
        const track = this.#tracks.find((one) => one.kind === kind);
        return !track || sameFamily(track.mime, mimeType(config)) || "changeType" in track.buffer;
    }

    /** Goes on with what can be done now. */
    pump() {
        for (const track of this.#tracks) this.#pump(track);
    }

    /** Lets go of everything; the element is given another source by whoever owns it. */
    close() {
        this.#isDone = true;
        this.#tracks = [];
        this.#early = [];
    }

    #openTracks() {
        if (this.#isDone || !this.#wanted || this.#tracks.length) return;
        if (this.mediaSource.readyState !== "open") return;
        try {
            for (const [kind, config] of this.#wanted) {
                const mime = mimeType(config);
                const buffer = /** @type {SourceBuffer} */ (this.mediaSource.addSourceBuffer(mime));
                const track = new SinkTrack(kind, buffer);
                track.mime = mime;
                track.steps.push({ config });
                buffer.addEventListener("updateend", () => {
                    this.#pump(track);
                    this.#owner.onAppended();
                });
                buffer.addEventListener("error", () => this.#break("it could not be decoded"));
                this.#tracks.push(track);
            }
        } catch (error) {
            this.#break(`no place for it: ${error}`);
            return;
        }
        const early = this.#early;
        this.#early = [];
        for (const [kind, step] of early) {
            const track = this.#tracks.find((one) => one.kind === kind);
            track?.steps.push(step);
            if (track && "sample" in step) track.bytes += step.sample.data.length;
        }
        this.pump();
    }

    /** @param {string} reason */
    #break(reason) {
        if (this.#isDone) return;
        this.close();
        this.#owner.onBroken(reason);
    }

    /** @param {SinkTrack} track */
    #pump(track) {
        const { buffer } = track;
        if (this.#isDone || buffer.updating || this.mediaSource.readyState !== "open") return;
        if (this.#isManaged && this.mediaSource.streaming === false) return;
        try {
            if (this.#trim(track)) return;
            const step = track.steps[0];
            if (!step) return;
            if ("config" in step) {
                this.#configure(track, step.config);
                return;
            }
            const samples = this.#ready(track);
            if (samples.length === 0) return;
            const { config } = track;
            if (config && isBare(config)) this.#appendBare(track, config, samples);
            else buffer.appendBuffer(fragment(track.sequence + 1, samples));
            track.sequence++;
            track.refusals = 0;
            track.steps.splice(0, samples.length);
            for (const sample of samples) track.bytes -= sample.data.length;
        } catch (error) {
            this.#refused(track, /** @type {DOMException} */ (error));
        }
    }

    /** @param {SinkTrack} track @param {TrackConfig} config */
    #configure(track, config) {
        const mime = mimeType(config);
        if (!sameFamily(track.mime, mime)) track.buffer.changeType(mime);
        track.mime = mime;
        track.config = config;
        track.bareEndS = -1;
        track.steps.shift();
        if (isBare(config)) {
            track.buffer.mode = "sequence";
            this.#pump(track);
            return;
        }
        track.buffer.mode = "segments";
        track.buffer.timestampOffset = 0;
        track.buffer.appendBuffer(initSegment(config));
    }

    /** Packets without MP4 around them have no time; the SourceBuffer is told where they go on.
     * @param {SinkTrack} track
     * @param {TrackConfig} config
     * @param {Sample[]} samples */
    #appendBare(track, config, samples) {
        const startS = samples[0].decodeTime / timeScale(config);
        if (Math.abs(startS - track.bareEndS) > 0.02) {
            track.buffer.timestampOffset = startS;
            track.bareEndS = startS;
        }
        const bytes = new Uint8Array(samples.reduce((sum, { data }) => sum + data.length, 0));
        let at = 0;
        for (const { data, duration } of samples) {
            bytes.set(data, at);
            at += data.length;
            track.bareEndS += duration / timeScale(config);
        }
        track.buffer.appendBuffer(bytes);
    }

    /** The samples that can go now. The picture's newest is held back until the next one tells how
     * long it lasts: not at the beginning, where each millisecond counts, and not for long.
     * @param {SinkTrack} track
     * @returns {Sample[]} */
    #ready(track) {
        /** @type {Sample[]} */
        const samples = [];
        for (const step of track.steps) {
            if (!("sample" in step) || samples.length >= fragmentSamplesLimit) break;
            const last = samples[samples.length - 1];
            // Bare packets can't say that there is a hole between them.
            if (last && track.config && isBare(track.config)
                && step.sample.decodeTime - last.decodeTime > 3 * last.duration) break;
            samples.push(step.sample);
        }
        const isNewest = samples.length === track.steps.length;
        if (track.kind === "video" && track.sequence >= startFragments && isNewest) {
            const now = this.#owner.nowMs();
            if (samples.length > 1) track.heldSinceMs = now;
            if (now - track.heldSinceMs < 400) samples.pop();
        }
        return samples;
    }

    /** How far a track reaches beyond the picture.
     * @param {SinkTrack} track */
    #aheadMs({ buffer: { buffered } }) {
        return buffered.length === 0 ? 0
            : buffered.end(buffered.length - 1) * 1000 - this.#owner.positionMs();
    }

    /** Removes what lies far behind the picture; true if the buffer is busy with it now.
     * @param {SinkTrack} track */
    #trim(track) {
        const { buffered } = track.buffer;
        if (buffered.length === 0) return false;
        const keepS = (this.#owner.positionMs() - behindMsLimit) / 1000;
        const untilS = Math.max(track.removeBeforeS, buffered.start(0) < keepS - 5 ? keepS : 0);
        track.removeBeforeS = 0;
        if (untilS <= buffered.start(0)) return false;
        track.buffer.remove(0, untilS);
        return true;
    }

    /** @param {SinkTrack} track @param {DOMException} error */
    #refused(track, error) {
        if (error.name !== "QuotaExceededError") {
            this.#break(`${error.name}: ${error.message}`);
            return;
        }
        track.refusals++;
        if (track.refusals > 3) {
            this.#break("it has no room, whatever is removed");
            return;
        }
        // Less and less is kept: 3 s behind the picture, then 1, then nothing.
        const { buffered } = track.buffer;
        const positionS = this.#owner.positionMs() / 1000;
        track.removeBeforeS = positionS - [3, 1, 0.1][track.refusals - 1];
        if (buffered.length && track.removeBeforeS > buffered.start(0)) this.#pump(track);
    }

    /** Too much waits: the oldest go, up to a keyframe.
     * @param {SinkTrack} track */
    #shorten(track) {
        let last = track.steps.length - 1;
        while (last > 0) {
            const step = track.steps[last];
            if ("sample" in step && step.sample.isKeyframe) break;
            last--;
        }
        const gone = last > 0 ? last : track.steps.length;
        const config = track.steps.slice(0, gone).reverse().find((step) => "config" in step);
        track.steps.splice(0, gone);
        if (config) track.steps.unshift(config);
        track.bytes = track.steps.reduce((sum, step) => sum
            + ("sample" in step ? step.sample.data.length : 0), 0);
    }
}

/** Whether two types differ in parameters alone.
 * @param {string} one @param {string} other */
function sameFamily(one, other) {
    const family = (/** @type {string} */ mime) => mime.replace(/(codecs="[^."]*)[^"]*/, "$1");
    return family(one) === family(other);
}

/** Whether this browser says it can play these parameters.
 * @param {TrackConfig} config */
export function canPlay(config) {
    const { MediaSourceClass } = mediaSourceClass();
    return !!MediaSourceClass && MediaSourceClass.isTypeSupported(mimeType(config));
}
