// How long to wait before the next try: longer each time, and never the same for a whole audience.

const firstMs = 250;
const mostMs = 5000;

/** Waiting times with jitter. */
export class BackOff {
    #tries = 0;
    #random;

    /** @param {() => number} [random] 0 to 1 */
    constructor(random = Math.random) {
        this.#random = random;
    }

    /** All is well: the next wait is the shortest.  */
    reset() {
        this.#tries = 0;
    }

    /** @param {number} [leastMs] what the server asked for
     * @returns {number} */
    nextMs(leastMs = 0) {
        const fullMs = Math.min(mostMs, firstMs * 1.8 ** this.#tries);
        this.#tries = Math.min(this.#tries + 1, 32);
        return Math.min(Math.max(leastMs, 0), 60_000) + fullMs * (0.5 + 0.5 * this.#random());
    }
}
