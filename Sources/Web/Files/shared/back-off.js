// How long to wait: longer from try to try, and never the same for a whole audience.

/** The most that a server's wish is followed, ms. */
const WISH_MS_MAX = 60_000;

/** Waits between tries, each twice the one before, with jitter. */
export class BackOff {
    #tries = 0;
    #firstMs;
    #mostMs;
    #random;

    /**
     * @param {{firstMs?: number, mostMs?: number, random?: () => number}} [options] random: 0 to 1.
     */
    constructor(options = {}) {
        const { firstMs = 250, mostMs = 5000, random = Math.random } = options;
        this.#firstMs = firstMs;
        this.#mostMs = mostMs;
        this.#random = random;
    }

    /** All is well: the next wait is the shortest. */
    reset() {
        this.#tries = 0;
    }

    /**
     * @param {number} [leastMs] What the server asked for.
     * @returns {number}
     */
    nextMs(leastMs = 0) {
        const fullMs = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#tries);
        this.#tries = Math.min(this.#tries + 1, 32);
        const wishMs = Math.min(Math.max(leastMs, 0), WISH_MS_MAX);
        return wishMs + fullMs * (0.5 + 0.5 * this.#random());
    }
}

/**
 * A span that is a little different for each who waits it.
 * @param {number} ms
 * @param {() => number} [random] 0 to 1.
 * @returns {number}
 */
export function spread(ms, random = Math.random) {
    return ms * (0.75 + 0.5 * random());
}
