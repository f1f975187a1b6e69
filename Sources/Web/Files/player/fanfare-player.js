// Fanfare's player: FLV by WebSocket or HTTP into a video element, in lockstep with the whole audience,
// and the show's cues at their frames. One ES module; the page's half is here, the rest in a worker.

import { Playback } from "./playback.js";
import { CueSchedule } from "./cue-schedule.js";
import { AnswerOutbox } from "./answer-outbox.js";
import { EpochMap } from "./epochs.js";
import { mediaSourceClass } from "./media-sink.js";
import {
    engineWorkerName, canUseWorker, serveEngine, openDirectEngine, openWorkerEngine,
} from "./engine-port.js";
import { steadyMs } from "./time.js";

/** @typedef {import("./cue-schedule.js").Cue} Cue */
/** @typedef {"connecting"|"waiting"|"playing"|"buffering"|"ended"|"failed"|"stopped"} PlayerState */
/** @typedef {object} PlayerOptions
 * @property {string} url of the stream: a path, http(s) or ws(s)
 * @property {string} [token] the player's token
 * @property {number} [targetDelayMs] instead of the server's
 * @property {"auto"|"off"} [worker] */

const targetDelayMsDefault = 1200;
const reportMs = 10_000;
/** A shorter interruption isn't told as a state. */
const blinkMs = 150;

/** A live player on a video element. Events: cue, state, stats, error, text. */
export class FanfarePlayer extends EventTarget {
    #video;
    #options;
    #url;
    #token;
    /** @type {import("./engine-port.js").EnginePort|null} */
    #engine = null;
    /** @type {Playback|null} */
    #playback = null;
    #epochs = new EpochMap();
    #cues = new CueSchedule();
    #outbox;
    #state = /** @type {PlayerState} */ ("stopped");
    #reason = /** @type {string|undefined} */ (undefined);
    #link = /** @type {"connecting"|"open"|"lost"} */ ("connecting");
    /** @type {any} */
    #tick = null;
    /** @type {"ws"|"http"|null} */
    #transport = null;
    #isFanfare = false;
    #serverTargetMs = targetDelayMsDefault;
    #programStartPts = NaN;
    #codecs = /** @type {{video: string|null, audio: string|null}} */ ({ video: null, audio: null });
    #startedAtMs = 0;
    #firstFrameMs = /** @type {number|null} */ (null);
    #statsAtMs = 0;
    #playedAtMs = 0;
    #reportedAtMs = 0;
    #reportedState = "";
    #wantsSound = false;

    /** What this browser can do.
     * @returns {{mse: "mse"|"managed"|"none", worker: boolean, frameCallback: boolean}} */
    static support() {
        const { MediaSourceClass, isManaged } = mediaSourceClass();
        return {
            mse: !MediaSourceClass ? "none" : isManaged ? "managed" : "mse",
            worker: canUseWorker(),
            frameCallback: typeof HTMLVideoElement !== "undefined"
                && "requestVideoFrameCallback" in HTMLVideoElement.prototype,
        };
    }

    /** @param {HTMLVideoElement} video @param {PlayerOptions} options */
    constructor(video, options) {
        super();
        this.#video = video;
        this.#options = options;
        this.#url = new URL(options.url, document.baseURI);
        this.#url.protocol = this.#url.protocol.replace("ws", "http");
        this.#token = options.token;
        this.#outbox = new AnswerOutbox({
            send: (message) => this.#engine?.send({ type: "send", id: 0, message }),
            post: (message) => this.#post(message),
            nowMs: steadyMs,
        });
        video.muted = true;
        video.playsInline = true;
    }

    get state() {
        return this.#state;
    }

    /** Connects and plays. */
    start() {
        if (this.#engine) {
            this.#playback?.resume();
            return;
        }
        this.#startedAtMs = steadyMs();
        this.#firstFrameMs = null;
        this.#link = "connecting";
        const hasMedia = FanfarePlayer.support().mse !== "none";
        if (!hasMedia) {
            this.#fail("no_mse", "This browser can't play live video in a page. Another browser can: "
                + "Chrome, Firefox, Edge, or Safari from iOS 17.1 on.");
        }
        this.#playback = hasMedia ? new Playback(this.#video, {
            targetMs: () => this.#targetMs(),
            newestMs: () => this.#newestMs(),
            onRebuild: (reason) => this.#engine?.send({ type: "rebuild", reason }),
            onFirstFrame: () => { this.#firstFrameMs ??= Math.round(steadyMs() - this.#startedAtMs); },
            onChange: () => this.#judge(),
            onFrame: (mediaMs) => this.#tellCues(mediaMs + 4),
            onBlocked: () => this.#dispatch("error", { code: "autoplay", isFatal: false,
                text: "The browser wants a tap before it plays." }),
        }) : null;
        const start = { type: "start", url: this.#url.href, token: this.#token, hasMedia };
        const onMessage = (/** @type {any} */ message) => this.#receive(message);
        if (this.#options.worker !== "off" && canUseWorker()) {
            this.#engine = openWorkerEngine(import.meta.url, onMessage, () => {
                this.#engine = openDirectEngine(onMessage);
                this.#engine.send(start);
            });
        } else this.#engine = openDirectEngine(onMessage);
        this.#engine.send(start);
        this.#judge();
    }

    /** Lets go of connection and media; `start` begins anew. */
    stop() {
        this.#engine?.close();
        this.#engine = null;
        this.#playback?.detach();
        this.#playback = null;
        this.#tick = null;
        this.#transport = null;
        this.#epochs = new EpochMap();
        this.#outbox.setSocket(false);
        this.#setState("stopped");
    }

    destroy() {
        this.stop();
        this.#outbox.close();
    }

    /** @param {string|undefined} token used from now on, on the open connection, too */
    setToken(token) {
        this.#token = token;
        this.#engine?.send({ type: "token", token });
    }

    /** Programme time of what is on the screen.
     * @returns {number|null} */
    get programmeMs() {
        if (this.#playback?.hasFrame) return this.#epochs.programmeMs(this.#playback.positionMs);
        return this.#programmeTargetMs();
    }

    /** The server's clock; this machine's, until it is known.
     * @returns {number} */
    get serverNowMs() {
        return steadyMs() + (this.#tick?.serverOffsetMs ?? 0);
    }

    /** Answers a question; the promise comes with the receipt.
     * @param {string} question its id @param {number} choice from 0 @param {{show?: string}} [options]
     * @returns {Promise<import("./answer-outbox.js").Receipt>} */
    answer(question, choice, options) {
        return this.#outbox.answer(question, choice, options?.show);
    }

    get isMuted() {
        return this.#video.muted;
    }

    /** Sound needs a tap: call it with false from the tap's handler.
     * @param {boolean} isMuted */
    setMuted(isMuted) {
        this.#wantsSound = !isMuted;
        this.#video.muted = isMuted;
        this.#playback?.resume();
    }

    /** @param {any} message */
    #receive(message) {
        switch (message.type) {
            case "media-source":
                this.#playback?.attach(message.source, message.isManaged);
                break;
            case "tick":
                this.#tick = message;
                this.#step();
                break;
            case "appended":
                if (this.#playback && !this.#playback.isRunning) this.#playback.step();
                break;
            case "epoch": this.#epochs.add(message.fromMs, message.baseMs); break;
            case "script": this.#script(message); break;
            case "metadata":
                this.#isFanfare ||= message.isFanfare;
                this.#programStartPts = Number(message.programStartPts);
                this.#setTarget(message.targetDelayMs);
                break;
            case "pong":
                this.#isFanfare ||= message.isFanfare;
                this.#setTarget(message.targetDelayMs);
                break;
            case "tracks":
                this.#codecs = { video: message.video, audio: message.audio };
                break;
            case "open":
                this.#link = "open";
                this.#transport = message.transport;
                this.#outbox.setSocket(message.transport === "ws");
                this.#judge();
                break;
            case "end": this.#ended(message); break;
            case "text":
                if (!this.#outbox.receive(message.value)) this.#dispatch("text", message.value);
                break;
            case "problem": {
                const { code, text, isFatal } = message;
                this.#dispatch("error", { code, text, isFatal });
                break;
            }
        }
    }

    /** @param {{code: string, status: number, text: string, wasOpen: boolean}} end */
    #ended({ code, text, wasOpen }) {
        // Told once, not at each try.
        const isNews = this.#link !== "lost" || this.#reason !== code;
        this.#link = "lost";
        this.#reason = code;
        this.#transport = null;
        this.#outbox.setSocket(false);
        if (isNews && code !== "stream_ended" && code !== "not_on_air" && !(wasOpen && code === "lost")) {
            this.#dispatch("error", { code, text, isFatal: false });
        }
        this.#judge();
    }

    #step() {
        const targetMs = this.#targetMs();
        this.#playback?.step();
        this.#engine?.send({ type: "position", mediaMs: this.#playback?.positionMs ?? targetMs ?? 0,
            targetMs: targetMs ?? 0 });
        if (this.#cues.hasWaiting) {
            // Without frames to go by (hidden, nothing to play) time tells, a little late.
            if (!this.#playback?.hasFrame) this.#tellCues(targetMs ?? Infinity);
            else if (!this.#playback.seesFrames) this.#tellCues(this.#playback.positionMs - 60);
        }
        this.#outbox.tick();
        this.#judge();
        const now = steadyMs();
        if (now - this.#statsAtMs >= 1000) {
            this.#statsAtMs = now;
            this.#dispatch("stats", this.#stats());
        }
        this.#report(now);
    }

    /** Programme time that the whole audience is to see now.
     * @returns {number|null} */
    #programmeTargetMs() {
        const offsetMs = this.#tick?.programmeOffsetMs;
        return typeof offsetMs === "number" ? steadyMs() + offsetMs - this.#targetDelayMs : null;
    }

    #targetMs() {
        const programmeMs = this.#programmeTargetMs();
        return programmeMs === null ? null : this.#epochs.mediaMs(programmeMs);
    }

    #newestMs() {
        return this.#tick?.newestMs >= 0 ? this.#epochs.mediaMs(this.#tick.newestMs) ?? -1 : -1;
    }

    get #targetDelayMs() {
        return this.#options.targetDelayMs ?? this.#serverTargetMs;
    }

    /** @param {any} targetDelayMs */
    #setTarget(targetDelayMs) {
        if (targetDelayMs >= 100 && targetDelayMs <= 60_000) this.#serverTargetMs = targetDelayMs;
    }

    /** @param {{name: string, value: any, tagMs: number, isBeforeMedia: boolean}} script */
    #script({ name, value, tagMs, isBeforeMedia }) {
        if (!this.#cues.accepts(name, value)) return;
        const isStanding = isBeforeMedia || value.pts < tagMs - 1000;
        /** @type {Cue} */
        const cue = { name, value, pts: value.pts, isStanding };
        const dueMs = this.#epochs.mediaMs(value.pts);
        const isOlder = isBeforeMedia && !(value.pts > this.#programStartPts);
        if (isOlder || this.#state === "failed" && dueMs === null) this.#dispatch("cue", cue);
        else {
            this.#cues.add(cue, dueMs ?? 0);
            if (this.#playback?.hasFrame) this.#tellCues(this.#playback.frameMs + 4);
        }
    }

    /** @param {number} mediaMs what is on the screen */
    #tellCues(mediaMs) {
        if (this.#cues.nextMs > mediaMs) return;
        for (const cue of this.#cues.due(mediaMs)) this.#dispatch("cue", cue);
    }

    #judge() {
        if (!this.#engine || this.#state === "failed") return;
        const playback = this.#playback;
        const hasData = (playback?.aheadMs ?? 0) > 50;
        const isPlaying = (playback?.hasFrame && !playback.isStalled && hasData) ?? false;
        if (isPlaying) {
            this.#playedAtMs = steadyMs();
            this.#setState("playing");
        } else if (this.#state === "playing" && steadyMs() - this.#playedAtMs < blinkMs) return;
        else if (this.#link === "lost" && !hasData) {
            this.#setState(this.#reason === "stream_ended" ? "ended"
                : this.#reason === "not_on_air" ? "waiting" : "connecting", this.#reason);
        } else if (this.#link === "open") {
            this.#setState(playback?.hasFrame ? "buffering" : "waiting");
        } else if (this.#link === "connecting") this.#setState("connecting");
    }

    /** @param {PlayerState} state @param {string} [reason] */
    #setState(state, reason) {
        if (state === this.#state) return;
        this.#state = state;
        this.#dispatch("state", {
            state, reason, isMuted: this.#video.muted,
            canPlaySound: !this.#video.muted || !this.#wantsSound && this.#codecs.audio !== null,
        });
    }

    /** @param {string} code @param {string} text */
    #fail(code, text) {
        this.#setState("failed", code);
        this.#dispatch("error", { code, text, isFatal: true });
    }

    #stats() {
        const playback = this.#playback;
        const targetMs = this.#targetMs();
        const hasFrame = playback?.hasFrame ?? false;
        const offsetMs = playback && hasFrame && targetMs !== null ? Math.round(targetMs - playback.positionMs) : null;
        return {
            delayMs: offsetMs === null ? null : offsetMs + this.#targetDelayMs,
            offsetMs,
            targetDelayMs: this.#targetDelayMs,
            stalls: playback?.stalls ?? 0,
            stallMs: Math.round(playback?.stallMs ?? 0),
            firstFrameMs: this.#firstFrameMs,
            droppedFrames: this.#video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
            bufferedMs: Math.round(playback?.aheadMs ?? 0),
            bytes: this.#tick?.bytes ?? 0,
            videoWidth: this.#video.videoWidth,
            videoHeight: this.#video.videoHeight,
            videoCodec: this.#codecs.video,
            audioCodec: this.#codecs.audio,
            transport: this.#transport,
            playbackRate: this.#video.playbackRate,
            roundTripMs: this.#tick?.roundTripMs ?? null,
            isInWorker: this.#engine?.isWorker ?? false,
        };
    }

    /** Tells the server how it goes, for the console's spread.
     * @param {number} now */
    #report(now) {
        if (!this.#isFanfare || this.#transport !== "ws") return;
        const state = this.#state === "failed" ? "failed" : document.hidden ? "hidden"
            : this.#state === "playing" || this.#state === "buffering" ? this.#state : "connecting";
        const passedMs = now - this.#reportedAtMs;
        if (passedMs < 1000 || state === this.#reportedState && passedMs < reportMs) return;
        this.#reportedAtMs = now;
        this.#reportedState = state;
        const { firstFrameMs, stalls, stallMs, offsetMs, delayMs, droppedFrames } = this.#stats();
        this.#engine?.send({ type: "send", id: 0, message: {
            type: "report", state, firstFrameMs: firstFrameMs ?? 0, stalls, stallMs, offsetMs: offsetMs ?? 0,
            delayMs: delayMs ?? 0, droppedFrames,
        } });
    }

    /** @param {any} message */
    async #post(message) {
        const { type, ...body } = message;
        const headers = /** @type {Record<string, string>} */ ({ "Content-Type": "application/json" });
        if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), 8000);
        try {
            const response = await fetch(new URL("/api/v1/answers", this.#url),
                { method: "POST", headers, body: JSON.stringify(body), signal: abort.signal });
            return { status: response.status, body: await response.json() };
        } finally {
            clearTimeout(timer);
        }
    }

    /** @param {string} type @param {any} detail */
    #dispatch(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

// The same file is its own worker.
if (typeof document === "undefined" && /** @type {any} */ (globalThis).name === engineWorkerName) serveEngine();
