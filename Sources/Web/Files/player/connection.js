// The stream's connection: a WebSocket, or plain HTTP where those are blocked; for ever made anew.

import { BackOff } from "../shared/back-off.js";
import { streamOfPath } from "../shared/stream-name.js";
import { refusalBytesLimit, sentenceLimit, textLimit } from "./limits.js";

/** @typedef {"ws"|"http"} TransportKind */
/** @typedef {object} ConnectionOwner
 * @property {(transport: TransportKind) => void} onOpen
 * @property {(bytes: Uint8Array) => void} onBytes may throw: the connection is given up then
 * @property {(message: any) => void} onText an object from the server
 * @property {(sentMs: number, message: any) => void} onPong of a ping, or of the clock's address
 * @property {(end: ConnectionEnd) => void} onEnd */
/** @typedef {{code: string, status: number, text: string, wasOpen: boolean}} ConnectionEnd
 * code: "lost", "stream_ended", "not_on_air", "unauthorized", "forbidden", "full", "unreachable" or
 * "broken" */
/** @typedef {object} ConnectionWorld what it needs of the browser
 * @property {any} WebSocket
 * @property {typeof fetch} fetch
 * @property {() => number} nowMs
 * @property {(run: () => void, ms: number) => any} setTimer
 * @property {(timer: any) => void} clearTimer */

/** A stream that took so long to answer wasn't on air when it was asked for. */
const waitedMsMin = 1500;
const refusedMsMin = 5000;
const openMsMax = 10_000;
const silenceMsMax = 8000;
const httpSilenceMsMax = 14_000;
const mediaSilenceMsMax = 30_000;
const firstPingsMs = [0, 120, 300, 700, 1500, 3000];
const pingMs = 5000;

/** Sorts an HTTP status into our codes.
 * @param {number} status
 * @returns {ConnectionEnd} */
function refusal(status) {
    const [code, text] = status === 404 ? ["not_on_air", "The stream isn't on air yet."]
        : status === 401 ? ["unauthorized", "The link or token to watch and play with isn't valid."]
            : status === 403 ? ["forbidden", "The server doesn't let you watch from here."]
                : status === 503 || status === 429
                    ? ["full", "The server is full or busy at the moment."]
                    : ["unreachable", `The server answered with an error (${status}).`];
    return { code, status, text, wasOpen: false };
}

/** Why the server refuses, in its own sentence; empty where it has none.
 * @param {Response} response
 * @returns {Promise<string>} */
async function sentenceOf(response) {
    try {
        const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
        const decoder = new TextDecoder();
        let text = "";
        for (let byteCount = 0; byteCount <= refusalBytesLimit;) {
            const { value, done } = await reader.read();
            if (done) {
                const sentence = parse(text)?.error;
                return typeof sentence === "string" ? sentence.slice(0, sentenceLimit) : "";
            }
            byteCount += value.length;
            text += decoder.decode(value, { stream: true });
        }
        // Nobody of ours says so much.
        reader.cancel().catch(() => undefined);
    } catch {
        // The connection broke in the middle of it, or it took too long.
    }
    return "";
}

/** Connects until it is closed. */
export class Connection {
    #owner;
    #world;
    #url;
    #token;
    #backOff;
    #isClosed = false;
    /** @type {any} */
    #socket = null;
    /** @type {AbortController|null} */
    #abort = null;
    /** @type {any} */
    #timer = null;
    /** @type {any} */
    #watch = null;
    /** @type {TransportKind|null} */
    #transport = null;
    #receivedAtMs = 0;
    #mediaAtMs = 0;
    #openedAtMs = 0;
    #pingsSent = 0;
    #pingAtMs = 0;
    #pingId = 0;
    /** @type {Map<number, number>} */
    #pings = new Map();
    #isSocketBlocked = false;

    /** @param {string} url http(s), absolute
     * @param {string|undefined} token
     * @param {ConnectionOwner} owner
     * @param {ConnectionWorld} world
     * @param {BackOff} [backOff] */
    constructor(url, token, owner, world, backOff = new BackOff()) {
        this.#url = url;
        this.#token = token;
        this.#owner = owner;
        this.#world = world;
        this.#backOff = backOff;
    }

    open() {
        this.#openSocket();
    }

    close() {
        this.#isClosed = true;
        this.#drop();
        this.#world.clearTimer(this.#timer);
    }

    /** @param {string|undefined} token used from the next connection on; told to the open one */
    setToken(token) {
        this.#token = token;
        if (token && this.#transport === "ws") this.send({ type: "token", token });
        else if (this.#transport === null) this.#retry(0);
    }

    /** Sends a JSON text; false if there is no WebSocket to send it on.
     * @param {object} message
     * @returns {boolean} */
    send(message) {
        if (this.#transport !== "ws" || this.#socket.readyState !== 1) return false;
        this.#socket.send(JSON.stringify(message));
        return true;
    }

    #openSocket() {
        if (this.#isClosed) return;
        this.#drop();
        const startedMs = this.#world.nowMs();
        const protocols = this.#token ? ["fanfare", `fanfare.token.${this.#token}`] : ["fanfare"];
        /** @type {any} */
        let socket;
        try {
            socket = new this.#world.WebSocket(this.#url.replace(/^http/, "ws"), protocols);
        } catch {
            // A policy or an address that forbids it; plain HTTP may go.
            this.#openHTTP(0);
            return;
        }
        this.#socket = socket;
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
            this.#opened("ws");
            this.#isSocketBlocked = false;
            this.#ping();
        };
        socket.onmessage = (/** @type {any} */ event) => {
            if (this.#socket === socket) this.#received(event.data);
        };
        socket.onclose = (/** @type {any} */ event) => {
            if (this.#socket !== socket) return;
            if (this.#transport === "ws") {
                const hasEnded = event.code === 1000 || event.code === 1001;
                this.#end({ code: hasEnded ? "stream_ended" : "lost", status: event.code,
                    wasOpen: true,
                    text: hasEnded ? "The stream has ended." : "The connection was lost." });
            } else this.#openHTTP(this.#world.nowMs() - startedMs);
        };
        this.#watch = this.#world.setTimer(() => {
            // Some middleboxes swallow the upgrade and say nothing.
            if (this.#socket === socket && this.#transport === null) this.#openHTTP(0);
        }, openMsMax);
    }

    /** Asks by HTTP: either it streams, or it tells why there is nothing.
     * @param {number} socketMs how long the WebSocket took to fail */
    async #openHTTP(socketMs) {
        this.#drop();
        if (this.#isClosed) return;
        const abort = this.#abort = new AbortController();
        const startedMs = this.#world.nowMs();
        this.#watch = this.#world.setTimer(() => abort.abort(), openMsMax);
        /** @type {ConnectionEnd} */
        let end = { code: "unreachable", status: 0, wasOpen: false,
            text: "The server can't be reached." };
        let leastMs = 0;
        try {
            const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : undefined;
            const response = await this.#world.fetch(this.#url,
                { headers, signal: abort.signal, cache: "no-store" });
            if (abort.signal.aborted) throw new Error("aborted");
            if (!response.ok || !response.body) {
                leastMs = Number(response.headers.get("retry-after") ?? 0) * 1000 || 0;
                end = refusal(response.status);
                // Where its words don't come, ours do.
                if (response.status === 403) end.text = await sentenceOf(response) || end.text;
                // The same token is refused again; another one is tried at once.
                if (response.status === 401 || response.status === 403) {
                    leastMs = Math.max(leastMs, refusedMsMin);
                }
                if (!response.body?.locked) response.body?.cancel().catch(() => undefined);
            } else if (!this.#isSocketBlocked
                && socketMs + this.#world.nowMs() - startedMs > waitedMsMin) {
                // The WebSocket failed because there was no stream yet; now there is.
                this.#isSocketBlocked = true;
                abort.abort();
                if (this.#abort === abort) this.#openSocket();
                return;
            } else {
                end = await this.#readHTTP(response.body.getReader(), abort);
            }
        } catch {
            // The words are those of `end`: a browser doesn't tell pages why a request failed.
        }
        if (this.#abort === abort) this.#end(end, leastMs);
    }

    /** @param {ReadableStreamDefaultReader<Uint8Array>} reader @param {AbortController} abort
     * @returns {Promise<ConnectionEnd>} */
    async #readHTTP(reader, abort) {
        this.#opened("http");
        this.#askClock();
        try {
            for (;;) {
                const { done, value } = await reader.read();
                if (this.#abort !== abort || done) break;
                this.#received(value);
            }
            return { code: "stream_ended", status: 0, wasOpen: true,
                text: "The stream has ended." };
        } catch {
            return { code: "lost", status: 0, text: "The connection was lost.", wasOpen: true };
        }
    }

    /** @param {TransportKind} transport */
    #opened(transport) {
        this.#world.clearTimer(this.#watch);
        this.#transport = transport;
        this.#openedAtMs = this.#receivedAtMs = this.#mediaAtMs = this.#world.nowMs();
        this.#pingsSent = 0;
        this.#pings.clear();
        this.#owner.onOpen(transport);
        this.#guard();
    }

    /** @param {any} data */
    #received(data) {
        const now = this.#world.nowMs();
        this.#receivedAtMs = now;
        if (typeof data !== "string") {
            this.#mediaAtMs = now;
            if (now - this.#openedAtMs > 5000) this.#backOff.reset();
            try {
                this.#owner.onBytes(data instanceof Uint8Array ? data : new Uint8Array(data));
            } catch (error) {
                this.#end({ code: "broken", status: 0, wasOpen: true,
                    text: error instanceof Error ? error.message : "The stream can't be read." });
            }
            return;
        }
        const message = data.length > textLimit ? null : parse(data);
        if (!message) return;
        if (message.type !== "pong") {
            this.#owner.onText(message);
            return;
        }
        const sentMs = this.#pings.get(message.t);
        this.#pings.delete(message.t);
        if (sentMs !== undefined) this.#owner.onPong(sentMs, message);
    }

    /** Looks once a second whether the connection is alive, and pings. */
    #guard() {
        this.#watch = this.#world.setTimer(() => {
            const now = this.#world.nowMs();
            const silentMs = now - this.#receivedAtMs;
            if (silentMs > (this.#transport === "ws" ? silenceMsMax : httpSilenceMsMax)
                || now - this.#mediaAtMs > mediaSilenceMsMax) {
                this.#end({ code: "lost", status: 0, wasOpen: true,
                    text: "Nothing comes from the server." });
                return;
            }
            const dueMs = firstPingsMs[this.#pingsSent] !== undefined
                ? this.#openedAtMs + firstPingsMs[this.#pingsSent]
                : this.#pingAtMs + (silentMs > 1500 ? 1500 : pingMs);
            if (now >= dueMs) {
                if (this.#transport === "ws") this.#ping();
                else if (now - this.#pingAtMs > pingMs) this.#askClock();
            }
            this.#guard();
        }, this.#pingsSent < firstPingsMs.length ? 100 : 1000);
    }

    #ping() {
        const now = this.#world.nowMs();
        this.#pingId++;
        this.#pingsSent++;
        this.#pingAtMs = now;
        this.#pings.set(this.#pingId, now);
        // Of several that wait, only the last is answered: the others' memory goes with it.
        if (this.#pings.size > 8) this.#pings.delete(this.#pings.keys().next().value ?? 0);
        this.send({ type: "ping", t: this.#pingId });
    }

    /** The clock's address, for those without a WebSocket. */
    async #askClock() {
        this.#pingsSent++;
        this.#pingAtMs = this.#world.nowMs();
        const url = new URL(this.#url);
        const stream = streamOfPath(url.pathname);
        if (!stream) return;
        try {
            const sentMs = this.#world.nowMs();
            const response = await this.#world.fetch(
                new URL(`/api/v1/clock?stream=${stream}`, url).href, { cache: "no-store" });
            const answeredMs = this.#world.nowMs();
            if (!response.ok) return;
            this.#owner.onPong(sentMs, { ...await response.json(), receivedMs: answeredMs });
        } catch {
            // Another server than ours has no such address: arrivals must do.
        }
    }

    /** @param {ConnectionEnd} end @param {number} [leastMs] */
    #end(end, leastMs) {
        this.#drop();
        if (this.#isClosed) return;
        this.#owner.onEnd(end);
        this.#retry(this.#backOff.nextMs(leastMs));
    }

    /** @param {number} waitMs */
    #retry(waitMs) {
        if (this.#isClosed) return;
        this.#world.clearTimer(this.#timer);
        this.#timer = this.#world.setTimer(() => this.#openSocket(), waitMs);
    }

    /** Lets go of whatever is open. */
    #drop() {
        this.#world.clearTimer(this.#watch);
        this.#world.clearTimer(this.#timer);
        this.#transport = null;
        const socket = this.#socket;
        this.#socket = null;
        if (socket) {
            socket.onopen = socket.onmessage = socket.onclose = null;
            try {
                socket.close();
            } catch {
                // It never opened.
            }
        }
        this.#abort?.abort();
        this.#abort = null;
    }
}

/** @param {string} text */
function parse(text) {
    try {
        const message = JSON.parse(text);
        return message && typeof message === "object" ? message : null;
    } catch {
        return null;
    }
}
