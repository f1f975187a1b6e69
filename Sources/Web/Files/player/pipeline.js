// From the stream's bytes to the MediaSource: which tracks there are, and where they lie in time.

import { FLVDemuxer } from "./flv-demuxer.js";
import { readVideoPacket, readAudioPacket } from "./flv-packets.js";
import { readScript } from "./amf0.js";
import { MediaHistory } from "./media-history.js";
import { MediaSink, mediaSourceClass } from "./media-sink.js";
import { PipelineTrack } from "./pipeline-track.js";
import { Epochs } from "./epochs.js";
import { trackPatienceMs } from "./limits.js";

/** @typedef {import("./media-history.js").TrackKind} TrackKind */
/** @typedef {import("./fmp4-muxer.js").TrackConfig} TrackConfig */
/** @typedef {object} PipelineOwner
 * @property {(mediaSource: any, isManaged: boolean) => void} onMediaSource
 * @property {(fromMs: number, baseMs: number) => void} onEpoch
 * @property {(metadata: any) => void} onMetadata
 * @property {(name: string, value: any, tagMs: number, isBeforeMedia: boolean) => void} onScript
 * @property {(timestampMs: number) => void} onArrival of a media tag
 * @property {() => void} onAppended
 * @property {(codes: {video: string|null, audio: string|null}) => void} onTracks what is played
 * @property {(code: string, text: string, isFatal: boolean) => void} onProblem
 * @property {() => number} nowMs */

const rebuildRestMs = 2000;
const rebuildMsMin = 500;
const failuresMs = 30_000;
const failuresMax = 3;

/** One for a player's life; a connection is announced by `beginConnection`. */
export class Pipeline {
    #owner;
    #demuxer;
    #history = new MediaHistory();
    #epochs = new Epochs();
    /** @type {{video: PipelineTrack, audio: PipelineTrack}} */
    #tracks;
    /** @type {MediaSink|null} */
    #sink = null;
    #isSinkFed = false;
    #metadata = /** @type {any} */ (null);
    #hasMedia = false;
    #firstMediaAtMs = 0;
    #positionMs = 0;
    #rebuiltAtMs = -Infinity;
    #restMs = rebuildRestMs;
    #failures = 0;
    #failedAtMs = -Infinity;
    /** Why it must be built anew as soon as that may be.
     * @type {"decode"|"evicted"|"append"|null} */
    #dueReason = null;
    /** What would be on the screen in lockstep, media time. */
    targetMs = 0;

    /** @param {PipelineOwner} owner */
    constructor(owner) {
        this.#owner = owner;
        const told = (/** @type {string} */ code, /** @type {string} */ text) =>
            owner.onProblem(code, text, false);
        this.#tracks = {
            video: new PipelineTrack("video", told), audio: new PipelineTrack("audio", told),
        };
        this.#demuxer = new FLVDemuxer((tag) => this.#tag(tag));
    }

    /** Makes the first MediaSource, so that it is open when media comes. */
    prepare() {
        this.#makeSink();
    }

    beginConnection() {
        this.#demuxer = new FLVDemuxer((tag) => this.#tag(tag));
        this.#hasMedia = false;
        this.#metadata = null;
        this.#epochs.beginConnection();
        for (const track of this.#all) track.beginConnection();
        this.#tellTracks();
    }

    /** @param {Uint8Array} bytes */
    push(bytes) {
        this.#demuxer.push(bytes);
    }

    /** What the element shows, media time.
     * @param {number} mediaMs */
    setPosition(mediaMs) {
        this.#positionMs = mediaMs;
    }

    /** Looks after what time brings: silent tracks, trimming, held samples.  */
    tick() {
        const now = this.#owner.nowMs();
        this.#history.trim(Math.min(this.#positionMs, this.targetMs));
        if (this.#dueReason) this.rebuild(this.#dueReason);
        if (!this.#isSinkFed) this.#open();
        else this.#judgeTracks(now);
        this.#sink?.pump();
    }

    /** The MediaSource is of no use (a decoder's error, eviction): another one.
     * @param {"decode"|"evicted"|"append"} reason */
    rebuild(reason) {
        const now = this.#owner.nowMs();
        if (now - this.#rebuiltAtMs < rebuildMsMin) {
            this.#dueReason = reason;
            return;
        }
        this.#dueReason = null;
        if (reason !== "evicted") {
            this.#failures = now - this.#failedAtMs > failuresMs ? 1 : this.#failures + 1;
            this.#failedAtMs = now;
            // What broke it isn't given to the next one.
            this.#forget();
            if (this.#failures > failuresMax) {
                this.#failures = 0;
                const { video } = this.#tracks;
                const kind = video.config && !video.isRefused ? "video" : "audio";
                this.#tracks[kind].giveUp(now);
                this.#tellTracks();
                this.#owner.onProblem("decode", kind === "video"
                    ? "This browser can't decode the picture. Going on with the sound alone."
                    : "This browser can't decode the sound.", false);
            }
        }
        this.#makeSink();
    }

    close() {
        this.#sink?.close();
        this.#sink = null;
    }

    /** @param {PipelineTrack} track */
    #other(track) {
        return track.kind === "video" ? this.#tracks.audio : this.#tracks.video;
    }

    get #all() {
        return [this.#tracks.video, this.#tracks.audio];
    }

    /** @param {import("./flv-demuxer.js").FLVTag} tag */
    #tag(tag) {
        if (tag.type === "script") {
            this.#script(tag);
            return;
        }
        const packet = tag.type === "video" ? readVideoPacket(tag.body) : readAudioPacket(tag.body);
        if (!packet) return;
        const track = this.#tracks[tag.type];
        const now = this.#owner.nowMs();
        const before = track.config;
        const wasRefused = track.isRefused;
        const isOfUse = track.understand(packet, now);
        if (track.isRefused !== wasRefused) this.#configured(track);
        if (!isOfUse) return;
        if (packet.kind !== "frame") {
            if (track.config !== before) this.#configured(track);
            return;
        }
        if (!this.#hasMedia) {
            this.#hasMedia = true;
            this.#firstMediaAtMs = now;
        }
        this.#owner.onArrival(tag.timestampMs);
        track.arrived(tag.timestampMs, now, this.#other(track));
        if (track.config !== before) this.#configured(track);
        this.#media(track, packet, tag.timestampMs, now);
    }

    /** @param {PipelineTrack} track @param {import("./flv-packets.js").Packet} packet
     * @param {number} timestampMs @param {number} now */
    #media(track, packet, timestampMs, now) {
        // The picture begins a programme; sound does where there is none, or none comes.
        const { video } = this.#tracks;
        const hasNoPicture = this.#promised("video") === false || video.isRefused || video.isAway
            || now - this.#firstMediaAtMs >= trackPatienceMs;
        const isStart = track.kind === "video" ? packet.isKeyframe : hasNoPicture;
        const { serverStartMs } = this.#metadata ?? {};
        const verdict = this.#epochs.place(timestampMs, now, serverStartMs, isStart);
        if (verdict === "wait") return;
        if (verdict === "new") {
            for (const one of this.#all) one.beginEpoch();
            this.#tellTracks();
            this.#owner.onEpoch(this.#epochs.fromMs, this.#epochs.baseMs);
        }
        if (!track.config || track.isRefused) return;
        if (track.needsKeyframe && !packet.isKeyframe) return;
        track.needsKeyframe = false;
        const mediaMs = timestampMs - this.#epochs.baseMs;
        // The same programme over another connection begins with what is already here.
        if (mediaMs <= track.overlapMs) return;
        const sample = track.place({ ...packet, data: packet.data.slice() }, mediaMs);
        if (!sample) return;
        track.overlapMs = -1;
        const entry = this.#history.add(track.kind, track.config, sample);
        this.#epochs.reached(entry.mediaMs, timestampMs, now);
        if (this.#isSinkFed) this.#feed([entry]);
        else this.#open();
    }

    /** @param {import("./flv-demuxer.js").FLVTag} tag */
    #script(tag) {
        let script;
        try {
            script = readScript(tag.body);
        } catch {
            return;
        }
        if (script.name === "onMetaData") {
            this.#metadata = script.value && typeof script.value === "object" ? script.value : {};
            this.#tracks.video.setFrameRate(this.#metadata.framerate);
            this.#owner.onMetadata(this.#metadata);
        } else this.#owner.onScript(script.name, script.value, tag.timestampMs, !this.#hasMedia);
    }

    /** Whether the stream says that it has such a track; undefined if it says nothing.
     * @param {TrackKind} kind
     * @returns {boolean|undefined} */
    #promised(kind) {
        if (!this.#metadata) return undefined;
        const name = kind === "video" ? "hasVideo" : "hasAudio";
        if (typeof this.#metadata[name] === "boolean") return this.#metadata[name];
        const codecName = kind === "video" ? "videocodecid" : "audiocodecid";
        return this.#metadata[codecName] !== undefined ? true : undefined;
    }

    /** A track has (other) parameters.
     * @param {PipelineTrack} track */
    #configured(track) {
        this.#tellTracks();
        if (!this.#sink || !this.#isSinkFed) return;
        if (track.isRefused && this.#sink.kinds.includes(track.kind)) {
            // It would be waited for.
            this.#makeSink();
            return;
        }
        if (!track.config) return;
        const isFed = this.#sink.kinds.includes(track.kind);
        if (isFed && !this.#sink.canTake(track.kind, track.config)) {
            this.#forget();
            this.#makeSink();
        }
    }

    /** Says what is played of the stream. */
    #tellTracks() {
        const { video, audio } = this.#tracks;
        this.#owner.onTracks({ video: video.codecPlayed, audio: audio.codecPlayed });
    }

    /** Begins to feed the MediaSource once every promised track is there or was waited for. */
    #open() {
        if (!this.#sink || !this.#hasMedia || this.#isSinkFed) return;
        const waitedMs = this.#owner.nowMs() - this.#firstMediaAtMs;
        /** @type {Array<[TrackKind, TrackConfig]>} */
        const ready = [];
        let hasSamples = false;
        for (const track of this.#all) {
            if (track.isRefused || track.isAway) continue;
            const isHere = this.#history.newestMs(track.kind) >= 0;
            const isAwaited = waitedMs < trackPatienceMs && this.#promised(track.kind) !== false;
            if (track.config && (isHere || isAwaited)) ready.push([track.kind, track.config]);
            else if (isAwaited) return;
            else track.isAway = true;
            // Sound comes along with the picture, and need not be there first.
            if (track.kind === "video" && track.config && !isHere && isAwaited) return;
            hasSamples ||= isHere;
        }
        if (!hasSamples) return;
        const kinds = ready.map(([kind]) => kind);
        const fromMs = Math.min(this.#positionMs || Infinity, this.targetMs);
        const entries = this.#history.from(fromMs, kinds);
        if (entries.length === 0) return;
        this.#isSinkFed = true;
        this.#sink.setTracks(ready);
        for (const track of this.#all) track.fed = null;
        for (const [kind, config] of ready) this.#tracks[kind].fed = config;
        this.#feed(entries);
    }

    /** @param {import("./media-history.js").MediaEntry[]} entries */
    #feed(entries) {
        for (const { kind, config, sample } of entries) {
            const track = this.#tracks[kind];
            if (track.fed !== config) {
                if (!track.fed) continue;
                track.fed = config;
                this.#sink?.add(kind, { config });
            }
            this.#sink?.add(kind, { sample });
        }
    }

    /** A silent track is let go, since MediaSource waits for it; one that is back is taken.
     * @param {number} now */
    #judgeTracks(now) {
        const kinds = this.#sink?.kinds ?? [];
        for (const track of this.#all) {
            if (kinds.includes(track.kind)) {
                if (kinds.length === 2 && track.isSilent(this.#other(track), now)) {
                    this.#owner.onProblem(`${track.kind}_gone`, track.kind === "audio"
                        ? "The sound has stopped. The picture goes on."
                        : "The picture has stopped. The sound goes on.", false);
                    track.isAway = true;
                    this.#makeSink();
                    return;
                }
            } else if (!track.isRefused && track.config && track.isBack(now)) {
                const backMs = track.backSinceMs - this.#epochs.baseMs;
                const startMs = this.#history.firstStartMs(track.kind, backMs);
                // Only when the time has come to where it begins; flapping isn't followed.
                if (startMs < 0 || startMs > this.targetMs) continue;
                if (now - this.#rebuiltAtMs < this.#restMs) continue;
                this.#restMs = Math.min(this.#restMs * 2, 30_000);
                track.isAway = false;
                this.#makeSink();
                return;
            }
        }
        if (now - this.#rebuiltAtMs > 60_000) this.#restMs = rebuildRestMs;
    }

    /** What is here isn't given to another MediaSource: it begins with the next keyframe. */
    #forget() {
        this.#history.clear();
        this.#firstMediaAtMs = this.#owner.nowMs();
        for (const track of this.#all) track.needsKeyframe = true;
    }

    #makeSink() {
        const isFirst = !this.#sink;
        this.#sink?.close();
        this.#isSinkFed = false;
        if (!isFirst) this.#rebuiltAtMs = this.#owner.nowMs();
        const { MediaSourceClass, isManaged } = mediaSourceClass();
        if (!MediaSourceClass) return;
        const sink = this.#sink = new MediaSink(MediaSourceClass, isManaged, {
            onBroken: (reason) => {
                if (this.#sink !== sink) return;
                this.#owner.onProblem("append",
                    `The browser took no more media (${reason}). It is begun anew.`, false);
                this.rebuild("append");
            },
            onAppended: () => this.#owner.onAppended(),
            positionMs: () => this.#positionMs,
            nowMs: () => this.#owner.nowMs(),
        });
        this.#owner.onMediaSource(sink.mediaSource, isManaged);
        if (!isFirst) this.#open();
    }
}
