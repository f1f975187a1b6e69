// Fanfare's player: FLV by WebSocket or HTTP into a video element, in lockstep with the whole
// audience, and the show's cues at their frames. The page's half is here, the rest in a worker.

import { Playback } from "./playback.js";
import { CueSchedule } from "./cue-schedule.js";
import { AnswerOutbox } from "./answer-outbox.js";
import { EpochMap } from "./epochs.js";
import { mediaSourceClass } from "./media-sink.js";
import {
    engineWorkerName, canUseWorker, serveEngine, openDirectEngine, openWorkerEngine,
} from "./engine-port.js";
import { nextState, reportedState, reportOf, statsOf } from "./player-state.js";
import { postAnswer } from "./answer-post.js";
import { steadyMs } from "./time.js";

/** @typedef {import("./cue-schedule.js").Cue} Cue */
/** @typedef {import("./player-state.js").PlayerState} PlayerState */
/** @typedef {object} PlayerOptions
 * @property {string} url of the stream: a path, http(s) or ws(s)
 * @property {string} [token] the player's token
 * @property {number} [targetDelayMs] instead of the server's
 * @property {"auto"|"off"} [worker] */

const targetDelayMsDefault = 1200;
const reportMs = 10_000;
/** What a frame's time may be rounded by. */
const frameSlackMs = 4;
/** How long after everybody's moment a cue is told where the picture stands. */
const standsSlackMs = 300;

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
    /** Cues that came before the media that tells where they lie.
     * @type {Cue[]} */
    #earlyCues = [];
    #outbox;
    #state = /** @type {PlayerState} */ ("stopped");
    #reason = /** @type {string|undefined} */ (undefined);
    #endText = "";
    #link = /** @type {"connecting"|"open"|"lost"} */ ("connecting");
    /** @type {any} */
    #tick = null;
    /** @type {"ws"|"http"|null} */
    #transport = null;
    #isFanfare = false;
    #serverTargetMs = targetDelayMsDefault;
    #programStartPts = NaN;
    /** @type {{video: string|null, audio: string|null}} */
    #codecs = { video: null, audio: null };
    #startedAtMs = 0;
    #firstFrameMs = /** @type {number|null} */ (null);
    #statsAtMs = 0;
    #playedAtMs = 0;
    #reportedAtMs = 0;
    #reportedState = "";

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
            send: (message) => this.#engine?.send({ type: "send", message }),
            post: (message) => postAnswer(this.#url, this.#token, message),
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
            this.#fail("no_mse", "This browser can't play live video in a page. Another one can: "
                + "Chrome, Firefox, Edge, or Safari from iOS 17.1 on.");
        }
        this.#playback = hasMedia ? new Playback(this.#video, {
            targetMs: () => this.#targetMs(),
            newestMs: () => this.#newestMs(),
            onRebuild: (reason) => this.#engine?.send({ type: "rebuild", reason }),
            onFirstFrame: () => {
                this.#firstFrameMs ??= Math.round(steadyMs() - this.#startedAtMs);
            },
            onChange: () => this.#judge(),
            onFrame: (mediaMs) => this.#tellCues(mediaMs + frameSlackMs),
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
        // What waits belongs to times that nobody will show any more.
        const waiting = [...this.#cues.due(Infinity), ...this.#earlyCues.splice(0)];
        for (const cue of waiting) this.#dispatch("cue", cue);
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
        // What one player has answered is never sent in another one's name.
        if (this.#token !== undefined && token !== this.#token) this.#outbox.close();
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
     * @param {string} question its id
     * @param {number} choice from 0
     * @param {{show?: string}} [options]
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
                this.#reason = undefined;
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
                if (this.#state === "failed") break;
                this.#dispatch("error", { code, text, isFatal });
                break;
            }
        }
    }

    /** @param {{code: string, status: number, text: string, wasOpen: boolean}} end */
    #ended({ code, text, wasOpen }) {
        // Told once, not at each try.
        const isNews = this.#link !== "lost" || this.#reason !== code || this.#endText !== text;
        this.#link = "lost";
        [this.#reason, this.#endText] = [code, text];
        this.#transport = null;
        this.#outbox.setSocket(false);
        const isUsual = code === "stream_ended" || code === "not_on_air"
            || wasOpen && code === "lost";
        if (isNews && !isUsual) {
            this.#dispatch("error", { code, text, isFatal: false });
        }
        this.#judge();
    }

    #step() {
        const targetMs = this.#targetMs();
        this.#playback?.step();
        this.#engine?.send({ type: "position", mediaMs: this.#playback?.positionMs ?? targetMs ?? 0,
            targetMs: targetMs ?? 0 });
        for (const cue of this.#earlyCues.splice(0)) this.#schedule(cue);
        if (this.#cues.hasWaiting) {
            // Without frames to go by (hidden, nothing to play) time tells, a little late.
            if (!this.#playback?.hasFrame) this.#tellCues(targetMs ?? Infinity);
            else if (!this.#playback.seesFrames) this.#tellCues(this.#playback.positionMs - 60);
            // Where the picture stands, the show goes on all the same: at everybody's moment.
            if (targetMs !== null && this.#playback?.stands) {
                this.#tellCues(targetMs - standsSlackMs);
            }
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
        // What stood before the first picture of all is older than what can be shown; after a
        // reconnect the picture of before is still on.
        const isOld = !(value.pts > this.#programStartPts) && !this.#playback?.hasFrame;
        if (isBeforeMedia && isOld) this.#dispatch("cue", cue);
        else if (isBeforeMedia) this.#earlyCues.push(cue);
        else this.#schedule(cue);
    }

    /** @param {Cue} cue */
    #schedule(cue) {
        this.#cues.add(cue, this.#epochs.mediaMs(cue.pts) ?? 0);
        if (this.#playback?.hasFrame) this.#tellCues(this.#playback.frameMs + frameSlackMs);
    }

    /** @param {number} mediaMs what is on the screen */
    #tellCues(mediaMs) {
        if (this.#cues.nextMs > mediaMs) return;
        for (const cue of this.#cues.due(mediaMs)) this.#dispatch("cue", cue);
    }

    #judge() {
        if (!this.#engine || this.#state === "failed") return;
        const playback = this.#playback;
        const hasFrame = playback?.hasFrame ?? false;
        const isPlaying = hasFrame && !playback?.isStalled && (playback?.aheadMs ?? 0) > 50;
        const now = steadyMs();
        if (isPlaying) this.#playedAtMs = now;
        this.#setState(nextState(this.#state, {
            link: this.#link, reason: this.#reason, hasFrame, isPlaying,
            interruptedMs: now - this.#playedAtMs,
        }), isPlaying ? undefined : this.#reason);
    }

    /** @param {PlayerState} state @param {string} [reason] */
    #setState(state, reason) {
        if (state === this.#state) return;
        this.#state = state;
        this.#dispatch("state", {
            state, reason, isMuted: this.#video.muted,
            canPlaySound: this.#codecs.audio !== null,
        });
    }

    /** @param {string} code @param {string} text */
    #fail(code, text) {
        this.#setState("failed", code);
        this.#dispatch("error", { code, text, isFatal: true });
    }

    #stats() {
        return statsOf(this.#video, this.#playback, this.#targetMs(), this.#targetDelayMs, {
            firstFrameMs: this.#firstFrameMs,
            bytes: this.#tick?.bytes ?? 0,
            videoCodec: this.#codecs.video,
            audioCodec: this.#codecs.audio,
            transport: this.#transport,
            roundTripMs: this.#tick?.roundTripMs ?? null,
            isInWorker: this.#engine?.isWorker ?? false,
        });
    }

    /** Tells the server how it goes, for the console's spread.
     * @param {number} now */
    #report(now) {
        if (!this.#isFanfare || this.#transport !== "ws") return;
        const state = reportedState(this.#state, document.hidden);
        const passedMs = now - this.#reportedAtMs;
        if (passedMs < 1000 || state === this.#reportedState && passedMs < reportMs) return;
        this.#reportedAtMs = now;
        this.#reportedState = state;
        this.#engine?.send({ type: "send", message: reportOf(state, this.#stats()) });
    }

    /** @param {string} type @param {any} detail */
    #dispatch(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

// The same file is its own worker.
const ownScope = /** @type {any} */ (globalThis);
if (typeof document === "undefined" && ownScope.name === engineWorkerName) serveEngine();
