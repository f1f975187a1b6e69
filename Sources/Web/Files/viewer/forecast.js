// Asks what show is to come, for as long as no cue has told.

import { BackOff, spread } from "../shared/back-off.js";

/** The first cue is a better source, and most often just about to come: it is waited for, ms. */
const FIRST_MS = 3000;
/** Without a connection nothing else tells; before a show that is the whole audience, ms. */
const ALONE_MS = 8000;
/** With one a cue says it first, ms. */
const CONNECTED_MS = 30_000;
const FAILED_MS_MAX = 60_000;

/** Asks again and again, never at the same time as the whole audience. */
export class Forecast {
    #ask;
    #isDone;
    #setTimer;
    #clearTimer;
    #random;
    #backOff;
    #isConnected = false;
    #isAsking = false;
    /** @type {any} */
    #timer;

    /**
     * @param {object} options
     * @param {() => Promise<{status: number, retryAfterMs: number}>} options.ask
     * @param {() => boolean} options.isDone Whether cues tell by now.
     * @param {(run: () => void, ms: number) => any} [options.setTimer]
     * @param {(timer: any) => void} [options.clearTimer]
     * @param {() => number} [options.random]
     */
    constructor({ ask, isDone, setTimer = (run, ms) => setTimeout(run, ms),
        clearTimer = (timer) => clearTimeout(timer), random = Math.random }) {
        this.#ask = ask;
        this.#isDone = isDone;
        this.#setTimer = setTimer;
        this.#clearTimer = clearTimer;
        this.#random = random;
        this.#backOff = new BackOff({ firstMs: ALONE_MS, mostMs: FAILED_MS_MAX, random });
    }

    /** Asks from now on, if it doesn't already. */
    begin() {
        if (this.#timer === undefined) this.#wait(spread(FIRST_MS, this.#random));
    }

    /** @param {boolean} isConnected Whether cues could come by the stream's connection. */
    setConnected(isConnected) {
        if (isConnected === this.#isConnected) return;
        this.#isConnected = isConnected;
        // What is asked just now is followed by a wait that knows of it.
        if (isConnected || this.#timer === undefined || this.#isAsking) return;
        this.#clearTimer(this.#timer);
        this.#wait(spread(ALONE_MS, this.#random));
    }

    /** @param {number} ms */
    #wait(ms) {
        this.#timer = this.#setTimer(() => this.#turn(), ms);
    }

    async #turn() {
        if (!this.#isDone()) {
            this.#isAsking = true;
            const { status, retryAfterMs } = await this.#ask();
            this.#isAsking = false;
            if (!this.#isDone()) {
                this.#wait(this.#afterMs(status === 200, retryAfterMs));
                return;
            }
        }
        this.#timer = undefined;
    }

    /**
     * @param {boolean} isAnswered
     * @param {number} retryAfterMs
     */
    #afterMs(isAnswered, retryAfterMs) {
        if (!isAnswered) return this.#backOff.nextMs(retryAfterMs);
        this.#backOff.reset();
        const ms = this.#isConnected ? CONNECTED_MS : ALONE_MS;
        return retryAfterMs + spread(ms, this.#random);
    }
}
