// The half of the player that needs no page: connection, pipeline and clock. It runs in a worker
// where the browser can, else beside the page, and speaks in messages either way.

import { Connection } from "./connection.js";
import { Pipeline } from "./pipeline.js";
import { ProgrammeClock } from "./programme-clock.js";
import { steadyMs } from "./time.js";

/** @typedef {any} EngineMessage see `receive` and the `emit`s below */

const tickMs = 100;

/** One for a player's start. */
export class Engine {
    #emit;
    #clock = new ProgrammeClock();
    /** @type {Connection|null} */
    #connection = null;
    /** @type {Pipeline|null} */
    #pipeline = null;
    /** @type {any} */
    #timer = null;
    #bytes = 0;
    #newestMs = -1;
    #serverStartMs = NaN;

    /** @param {(message: EngineMessage, transfer?: any[]) => void} emit */
    constructor(emit) {
        this.#emit = emit;
    }

    /** @param {EngineMessage} message */
    receive(message) {
        switch (message.type) {
            case "start": this.#start(message); break;
            case "position": this.#position(message); break;
            case "send": this.#connection?.send(message.message); break;
            case "token": this.#connection?.setToken(message.token); break;
            case "rebuild": this.#pipeline?.rebuild(message.reason); break;
            case "stop": this.#stop(); break;
        }
    }

    /** @param {{url: string, token?: string, hasMedia: boolean}} message */
    #start({ url, token, hasMedia }) {
        this.#stop();
        const pipeline = this.#pipeline = new Pipeline({
            onMediaSource: (source, isManaged) => this.#emitMediaSource(source, isManaged),
            onEpoch: (fromMs, baseMs) => this.#emit({ type: "epoch", fromMs, baseMs }),
            onMetadata: (metadata) => this.#metadata(metadata),
            onScript: (name, value, tagMs, isBeforeMedia) =>
                this.#emit({ type: "script", name, value, tagMs, isBeforeMedia }),
            onArrival: (timestampMs) => {
                this.#clock.addArrival(timestampMs, steadyMs());
                this.#newestMs = Math.max(this.#newestMs, timestampMs);
            },
            onAppended: () => this.#emit({ type: "appended" }),
            onTracks: (codecs) => this.#emit({ type: "tracks", ...codecs }),
            onProblem: (code, text, isFatal) =>
                this.#emit({ type: "problem", code, text, isFatal }),
            nowMs: steadyMs,
        });
        if (hasMedia) pipeline.prepare();
        this.#connection = new Connection(url, token, {
            onOpen: (transport) => {
                pipeline.beginConnection();
                this.#emit({ type: "open", transport });
            },
            onBytes: (bytes) => {
                this.#bytes += bytes.length;
                pipeline.push(bytes);
            },
            onText: (value) => this.#emit({ type: "text", value }),
            onPong: (sentMs, pong) => this.#pong(sentMs, pong),
            onEnd: (end) => this.#emit({ type: "end", ...end }),
        }, {
            WebSocket: globalThis.WebSocket, nowMs: steadyMs,
            fetch: (...request) => fetch(...request),
            setTimer: (run, ms) => setTimeout(run, ms), clearTimer: (timer) => clearTimeout(timer),
        });
        this.#connection.open();
        this.#timer = setInterval(() => this.#tick(), tickMs);
    }

    #stop() {
        clearInterval(this.#timer);
        this.#connection?.close();
        this.#pipeline?.close();
        this.#connection = this.#pipeline = null;
        this.#clock.reset();
        this.#newestMs = -1;
    }

    #tick() {
        this.#pipeline?.tick();
        this.#emit({
            type: "tick", newestMs: this.#newestMs, bytes: this.#bytes,
            programmeOffsetMs: this.#clock.programmeOffsetMs,
            serverOffsetMs: this.#clock.serverOffsetMs,
            roundTripMs: this.#clock.roundTripMs,
        });
    }

    /** @param {{mediaMs: number, targetMs: number}} message */
    #position({ mediaMs, targetMs }) {
        if (!this.#pipeline) return;
        this.#pipeline.setPosition(mediaMs);
        this.#pipeline.targetMs = targetMs;
    }

    /** @param {any} metadata */
    #metadata(metadata) {
        const serverStartMs = Number(metadata.serverStartMs);
        // Another programme has another clock; one that doesn't tell is judged by its arrivals.
        if (!(Math.abs(serverStartMs - this.#serverStartMs) < 500)) {
            this.#clock.reset();
            this.#newestMs = -1;
        }
        this.#serverStartMs = serverStartMs;
        if (Number.isFinite(serverStartMs)) this.#clock.setStart(serverStartMs, steadyMs());
        this.#emit({ type: "metadata", targetDelayMs: metadata.targetDelayMs, title: metadata.title,
            programStartPts: metadata.programStartPts,
            isFanfare: Number.isFinite(serverStartMs) || Number.isFinite(metadata.targetDelayMs) });
    }

    /** @param {number} sentMs @param {any} pong */
    #pong(sentMs, pong) {
        const hadRoundTrip = this.#clock.roundTripMs !== null;
        this.#clock.addRoundTrip({ sentMs, receivedMs: pong.receivedMs ?? steadyMs(),
            serverMs: pong.serverMs, programmeMs: pong.programmeMs });
        this.#emit({ type: "pong", targetDelayMs: pong.targetDelayMs,
            isFanfare: pong.serverMs !== undefined });
        if (!hadRoundTrip) this.#tick();
    }

    /** @param {any} mediaSource @param {boolean} isManaged */
    #emitMediaSource(mediaSource, isManaged) {
        if (typeof document !== "undefined") {
            this.#emit({ type: "media-source", source: mediaSource, isManaged });
            return;
        }
        const { handle } = mediaSource;
        this.#emit({ type: "media-source", source: handle, isManaged }, [handle]);
    }
}
