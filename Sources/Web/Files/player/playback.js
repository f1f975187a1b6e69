// Drives the video element: begins at the right moment, keeps in lockstep, gets going what stands.

import { Lockstep } from "./lockstep.js";
import { Watchdog } from "./watchdog.js";
import { aheadMsLimit } from "./limits.js";
import { steadyMs } from "./time.js";

/** @typedef {object} PlaybackOwner
 * @property {() => number|null} targetMs media time that the whole audience is to see now
 * @property {() => number} newestMs media time of the newest that came; -1 for none
 * @property {(reason: "decode"|"evicted") => void} onRebuild another MediaSource is needed
 * @property {() => void} onFirstFrame
 * @property {() => void} onChange something about the state may have changed
 * @property {(mediaMs: number) => void} onFrame a frame is on the screen
 * @property {() => void} onBlocked the browser wants a tap before anything plays */

const holdMsMax = 5000;
const playLeadMs = 40;
/** So long after a start or a jump home another jump is no surprise. */
const settleMs = 2500;
const settleSeeks = 2;
const outageMs = 2000;

/** One element, over all its MediaSources. */
export class Playback {
    #video;
    #owner;
    #lockstep = new Lockstep();
    #watchdog = new Watchdog();
    /** "none": no source; "loading": a source; "holding": the first frame waits for its time. */
    #phase = /** @type {"none"|"loading"|"holding"|"running"} */ ("none");
    /** @type {any} */
    #holdTimer = null;
    #objectURL = "";
    #frameRequest = 0;
    #frameAtMs = 0;
    #steppedAtMs = 0;
    #soughtAtMs = 0;
    #stallAtMs = 0;
    /** Stalls that were the network's fault. */
    #networkStalls = 0;
    #isHole = false;
    #settledAtMs = 0;
    #settleSeeks = 0;
    /** How long a jump takes, as learned. */
    #seekCostMs = 40;
    #isPausedByPage = false;
    #abort = new AbortController();
    hasFrame = false;
    stalls = 0;
    stallMs = 0;
    isBlocked = false;
    /** Media time of the frame on the screen; -1 for none. */
    frameMs = -1;

    /** @param {HTMLVideoElement} video @param {PlaybackOwner} owner */
    constructor(video, owner) {
        this.#video = video;
        this.#owner = owner;
        const { signal } = this.#abort;
        const listen = (/** @type {string} */ type, /** @type {() => void} */ run) =>
            video.addEventListener(type, run, { signal });
        listen("error", () => {
            if (this.#phase === "none" || !video.error) return;
            this.#phase = "none";
            owner.onRebuild("decode");
        });
        listen("waiting", () => this.#stalled());
        listen("playing", () => {
            // By the element's own controls, or a media key.
            if (this.isBlocked) this.#unblock();
            this.#moves();
        });
        listen("seeking", () => { this.#soughtAtMs = steadyMs(); });
        listen("seeked", () => {
            const costMs = Math.min(steadyMs() - this.#soughtAtMs, 500);
            this.#seekCostMs += (costMs - this.#seekCostMs) / 2;
        });
        listen("loadeddata", () => this.#shown());
        listen("pause", () => this.#paused());
        listen("play", () => { this.#isPausedByPage = false; });
        document.addEventListener("visibilitychange", () => {
            if (!document.hidden) this.step(true);
        }, { signal });
        this.#watchFrames();
    }

    /** Whether the picture moves, or would if the page let it. */
    get isRunning() {
        return this.#phase === "running" && this.#stallAtMs === 0;
    }

    get isStalled() {
        return this.#stallAtMs > 0;
    }

    /** Media time of what is on the screen. */
    get positionMs() {
        return this.#video.currentTime * 1000;
    }

    /** Whether a picture is there that doesn't move on, whatever the reason.
     * @returns {boolean} */
    get stands() {
        return this.hasFrame && (this.isStalled || this.isBlocked || this.aheadMs < 50);
    }

    /** How much can be played on without a hole. */
    get aheadMs() {
        const positionMs = this.positionMs;
        const range = this.#ranges()
            .find(([start, end]) => positionMs >= start - 50 && positionMs < end);
        return range ? range[1] - positionMs : 0;
    }

    /** @param {any} source a MediaSource or a worker's handle @param {boolean} isManaged */
    attach(source, isManaged) {
        const video = this.#video;
        this.#release();
        this.#phase = "loading";
        this.#stallAtMs = 0;
        this.#watchdog.reset(steadyMs());
        if (isManaged) video.disableRemotePlayback = true;
        const Handle = /** @type {any} */ (globalThis).MediaSourceHandle;
        if (Handle && source instanceof Handle) video.srcObject = source;
        else {
            this.#objectURL = URL.createObjectURL(source);
            if (video.srcObject) video.srcObject = null;
            video.src = this.#objectURL;
        }
    }

    /** Lets the element go, as it was found. */
    detach() {
        this.#abort.abort();
        this.#release();
        this.#phase = "none";
        const video = /** @type {any} */ (this.#video);
        if (this.#frameRequest) video.cancelVideoFrameCallback(this.#frameRequest);
        video.srcObject = null;
        video.removeAttribute("src");
        video.load();
    }

    #unblock() {
        this.isBlocked = false;
        this.#isPausedByPage = false;
        this.#settle(steadyMs());
    }

    /** The page or a tap wants it to move on. */
    resume() {
        this.isBlocked = false;
        this.#isPausedByPage = false;
        if (this.#phase === "running") this.#play();
    }

    /** Looks at everything; a few times a second, and when media came.
     * @param {boolean} [isFresh] the page was hidden or slept */
    step(isFresh = false) {
        const now = steadyMs();
        const sleptMs = this.#steppedAtMs ? now - this.#steppedAtMs : 0;
        this.#steppedAtMs = now;
        if (this.#phase === "loading" || this.#phase === "holding") this.#begin();
        else if (this.#phase === "running") {
            if (isFresh || sleptMs > 1500) this.#settle(now);
            this.#run(now);
        }
    }

    /** Begins where the audience is: in the midst of what came, or on its first frame, which then
     * stands until its time has come. */
    #begin() {
        const video = this.#video;
        const ranges = this.#ranges();
        const targetMs = this.#owner.targetMs();
        if (ranges.length === 0 || targetMs === null || video.readyState === 0) return;
        const [startMs, endMs] = ranges.find(([start, end]) => targetMs >= start && targetMs < end)
            ?? ranges[ranges.length - 1];
        let fromMs = Math.max(startMs, targetMs);
        if (fromMs > endMs - 50) {
            // The rest is on its way.
            if (endMs < this.#owner.newestMs() - 250) return;
            fromMs = Math.max(startMs, endMs - 300);
        }
        const waitMs = fromMs - targetMs - playLeadMs;
        // Browsers begin within a track's first milliseconds by themselves; a jump costs time.
        if (Math.abs(this.positionMs - fromMs) > 30) video.currentTime = fromMs / 1000;
        clearTimeout(this.#holdTimer);
        if (waitMs > 0 && waitMs < holdMsMax) {
            this.#phase = "holding";
            this.#holdTimer = setTimeout(() => this.#play(), waitMs);
        } else this.#play();
    }

    async #play() {
        clearTimeout(this.#holdTimer);
        if (this.#phase !== "running") this.#settle(steadyMs());
        this.#phase = "running";
        this.#watchdog.reset(steadyMs());
        const video = this.#video;
        try {
            await video.play();
        } catch (error) {
            const name = /** @type {DOMException} */ (error).name;
            // A new source interrupts play() by an AbortError, and begins by itself.
            if (name !== "NotAllowedError") return;
            if (!video.muted) {
                video.muted = true;
                this.#owner.onChange();
                this.#play();
                return;
            }
            this.isBlocked = true;
            this.#owner.onBlocked();
        }
    }

    /** @param {number} now */
    #run(now) {
        const video = this.#video;
        const targetMs = this.#owner.targetMs();
        const wantsToPlay = !video.paused && !this.isBlocked;
        if (video.paused && !this.isBlocked && !this.#isPausedByPage) this.#play();
        const action = this.#watchdog.step({
            nowMs: now, positionMs: this.positionMs, wantsToPlay, isSeeking: video.seeking,
            rangesMs: this.#ranges(), targetMs, newestMs: this.#owner.newestMs(),
        });
        if (this.#stallAtMs === 0 && this.#watchdog.stoodMs(now) > 400) this.#stalled();
        if (action?.kind === "seek") {
            this.#isHole = action.isHole === true;
            this.#seek(action.toMs);
            return;
        }
        if (action?.kind === "rebuild") {
            this.#owner.onRebuild("evicted");
            return;
        }
        if (targetMs === null || !wantsToPlay || video.seeking) return;
        const aheadMs = this.aheadMs;
        const { rate, seekByMs } = this.#lockstep.step({
            nowMs: now, offsetMs: targetMs - this.positionMs, aheadMs, stalls: this.#networkStalls,
            isFresh: aheadMs > aheadMsLimit
                || now < this.#settledAtMs + settleMs && this.#settleSeeks < settleSeeks,
        });
        if (seekByMs !== 0) {
            this.#settleSeeks++;
            const toMs = this.positionMs + seekByMs + Math.min(this.#seekCostMs, aheadMs / 4);
            const isThere = this.#ranges().some(([start, end]) => toMs >= start && toMs < end);
            if (isThere) this.#seek(toMs);
        }
        if (video.playbackRate !== rate) video.playbackRate = rate;
    }

    /** @param {number} now */
    #settle(now) {
        this.#settledAtMs = now;
        this.#settleSeeks = 0;
    }

    /** @param {number} toMs */
    #seek(toMs) {
        this.#soughtAtMs = steadyMs();
        this.#video.currentTime = toMs / 1000;
    }

    #stalled() {
        const now = steadyMs();
        // A jump and a start wait, too; neither is the network's fault.
        if (this.#phase !== "running" || this.#stallAtMs) return;
        if (this.isBlocked || !this.hasFrame) return;
        if (now - this.#soughtAtMs < 400 || this.#video.paused) return;
        this.#stallAtMs = now;
        this.stalls++;
        this.#owner.onChange();
    }

    #moves() {
        if (this.#stallAtMs) {
            const stoodMs = steadyMs() - this.#stallAtMs;
            this.stallMs += stoodMs;
            // Who has just seen it stand isn't disturbed by a jump home.
            if (stoodMs > 300) this.#settle(steadyMs());
            // More of a buffer would have helped; not over a hole in the programme, nor an outage.
            if (!this.#isHole && stoodMs < outageMs) this.#networkStalls++;
        }
        this.#isHole = false;
        this.#stallAtMs = 0;
        this.#owner.onChange();
    }

    #paused() {
        // Browsers pause hidden muted pictures; people pause by the element's own controls.
        if (this.#phase !== "running" || document.hidden) return;
        if (this.#video.controls) this.#isPausedByPage = true;
    }

    #shown() {
        if (this.hasFrame) return;
        this.hasFrame = true;
        this.#owner.onFirstFrame();
        this.#owner.onChange();
    }

    #watchFrames() {
        const video = /** @type {any} */ (this.#video);
        if (!video.requestVideoFrameCallback) {
            // The next best: the element's clock, looked at before each repaint.
            const look = () => {
                if (this.#abort.signal.aborted) return;
                if (this.hasFrame) this.#frame(this.positionMs);
                requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
            return;
        }
        const watch = () => {
            this.#frameRequest = video.requestVideoFrameCallback(
                (/** @type {number} */ _, /** @type {{mediaTime: number}} */ { mediaTime }) => {
                    watch();
                    this.#shown();
                    this.#frame(mediaTime * 1000);
                });
        };
        watch();
    }

    /** @param {number} mediaMs */
    #frame(mediaMs) {
        this.frameMs = mediaMs;
        this.#frameAtMs = steadyMs();
        if (this.#stallAtMs && !this.#video.paused && this.#video.readyState > 2) this.#moves();
        this.#owner.onFrame(mediaMs);
    }

    /** Whether frames have been told of lately; a hidden page's aren't. */
    get seesFrames() {
        return steadyMs() - this.#frameAtMs < 300;
    }

    #release() {
        clearTimeout(this.#holdTimer);
        if (this.#objectURL) URL.revokeObjectURL(this.#objectURL);
        this.#objectURL = "";
    }

    /** @returns {Array<[number, number]>} */
    #ranges() {
        const { buffered } = this.#video;
        /** @type {Array<[number, number]>} */
        const ranges = [];
        for (let index = 0; index < buffered.length; index++) {
            ranges.push([buffered.start(index) * 1000, buffered.end(index) * 1000]);
        }
        return ranges;
    }
}
