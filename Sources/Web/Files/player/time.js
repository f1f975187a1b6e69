// One steady clock for the page and its worker.

/** Milliseconds since 1970, by this machine at its start and steady from there; a worker's, too.
 * @returns {number} */
export function steadyMs() {
    return performance.timeOrigin + performance.now();
}
