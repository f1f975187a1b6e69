// Keeps the console's one connection for events alive, and says loudly when it is lost.
import { BackOff } from "../shared/back-off.js";
import { SSEParser } from "./sse-parser.js";
import { staffBase } from "./staff-types.js";

/** Without a byte for so long the link counts as lost: the server says something every 5 s. */
const silenceMsMax = 12_000;

/**
 * @typedef {{state: "connecting" | "up" | "lost", sinceMs: number, tries: number,
 *     retryAtMs?: number, reason?: string}} LinkState
 */

/** The events' connection: reconnects for as long as the console is open. */
export class EventLink {
    /**
     * @param {{onEvent: (name: string, data: any) => void, onState: (state: LinkState) => void,
     *     onSignedOut: () => void, fetcher?: typeof fetch, now?: () => number,
     *     random?: () => number, setTimer?: (work: () => void, ms: number) => any,
     *     clearTimer?: (timer: any) => void}} options
     */
    constructor(options) {
        this.onEvent = options.onEvent;
        this.onState = options.onState;
        this.onSignedOut = options.onSignedOut;
        this.fetcher = options.fetcher ?? ((input, init) => fetch(input, init));
        this.now = options.now ?? (() => Date.now());
        this.backOff = new BackOff({ random: options.random });
        this.setTimer = options.setTimer ?? ((work, ms) => setTimeout(work, ms));
        this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
        /** @type {LinkState} */
        this.state = { state: "connecting", sinceMs: this.now(), tries: 0 };
        /** @type {AbortController | null} */
        this.stopper = null;
        this.retryTimer = undefined;
        this.silenceTimer = undefined;
        this.isStopped = false;
    }

    start() {
        this.isStopped = false;
        void this.connect();
    }

    stop() {
        this.isStopped = true;
        this.clearTimer(this.retryTimer);
        this.clearTimer(this.silenceTimer);
        this.stopper?.abort();
    }

    /** Tries at once rather than when the wait is over, as when the network has come back. */
    hurry() {
        if (this.state.state !== "lost" || this.isStopped) return;
        this.clearTimer(this.retryTimer);
        void this.connect();
    }

    async connect() {
        const stopper = new AbortController();
        this.stopper?.abort();
        this.stopper = stopper;
        this.watch(stopper);
        try {
            const response = await this.fetcher(`${staffBase}/events`, {
                headers: { Accept: "text/event-stream" },
                credentials: "same-origin",
                cache: "no-store",
                signal: stopper.signal,
            });
            if (response.status === 401) {
                this.onSignedOut();
                throw new Error("Signed out.");
            }
            if (!response.ok || !response.body) {
                const { status } = response;
                throw new Error(`The server answered ${status} when asked for its events.`);
            }
            await this.read(response.body.getReader(), stopper);
            throw new Error("The server has ended the connection.");
        } catch (error) {
            if (stopper === this.stopper && !this.isStopped) {
                this.lose(stopper.signal.aborted ? "Nothing has come for 12 s."
                    : sentenceOfLoss(error));
            }
        }
    }

    /**
     * @param {ReadableStreamDefaultReader<Uint8Array>} reader
     * @param {AbortController} stopper
     */
    async read(reader, stopper) {
        const decoder = new TextDecoder();
        const parser = new SSEParser((event) => {
            let data;
            try {
                data = JSON.parse(event.data);
            } catch {
                return;
            }
            if (stopper === this.stopper) this.onEvent(event.name, data);
        });
        for (;;) {
            const { done, value } = await reader.read();
            if (done || stopper !== this.stopper) return;
            if (this.state.state !== "up") {
                this.backOff.reset();
                this.become({ state: "up", sinceMs: this.now(), tries: 0 });
            }
            this.watch(stopper);
            parser.feed(decoder.decode(value, { stream: true }));
        }
    }

    /** @param {AbortController} stopper */
    watch(stopper) {
        this.clearTimer(this.silenceTimer);
        this.silenceTimer = this.setTimer(() => stopper.abort(), silenceMsMax);
    }

    /** @param {string} reason */
    lose(reason) {
        this.clearTimer(this.silenceTimer);
        const tries = this.state.tries + 1;
        const waitMs = Math.round(this.backOff.nextMs());
        const sinceMs = this.state.state === "lost" ? this.state.sinceMs : this.now();
        this.become({ state: "lost", sinceMs, tries, retryAtMs: this.now() + waitMs, reason });
        this.retryTimer = this.setTimer(() => void this.connect(), waitMs);
    }

    /** @param {LinkState} state */
    become(state) {
        this.state = state;
        this.onState(state);
    }
}

/** @param {unknown} error */
function sentenceOfLoss(error) {
    // What fetch itself throws is a TypeError with a text for developers.
    return error instanceof Error && !(error instanceof TypeError) ? error.message
        : "The server can't be reached.";
}
