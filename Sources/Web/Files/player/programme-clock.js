// Ties the programme's clock, and the server's, to this machine's: by round trips, else by
// arrivals.

/** @typedef {object} RoundTrip
 * @property {number} sentMs this machine's steady time, as the next
 * @property {number} receivedMs
 * @property {number} [serverMs] the server's time when it answered
 * @property {number} [programmeMs] the programme's time when it answered */

const roundTripsMax = 16;
const roundTripAgeMs = 90_000;
const arrivalWindowMs = 10_000;
/** The clock is led to a better estimate this fast, so that the picture's rate isn't jerked. */
const slewMsPerS = 20;
const stepMs = 250;

/** Estimates. All offsets are added to this machine's steady time. */
export class ProgrammeClock {
    /** @type {RoundTrip[]} */
    #trips = [];
    /** @type {{offsetMs: number, atMs: number}[]} */
    #arrivals = [];
    /** @type {number|null} */
    #programmeOffsetMs = null;
    #offsetAtMs = 0;
    /** @type {number|null} */
    serverOffsetMs = null;
    /** The round trip that is believed; null while only arrivals are known.
     * @type {number|null} */
    roundTripMs = null;

    /** Another programme, or another server: what was measured counts no more. */
    reset() {
        this.#trips = [];
        this.#arrivals = [];
        this.#programmeOffsetMs = null;
        this.roundTripMs = null;
    }

    /** @param {RoundTrip} trip */
    addRoundTrip(trip) {
        const length = trip.receivedMs - trip.sentMs;
        if (!(length >= 0 && length < 30_000)) return;
        const isFinite = (/** @type {any} */ value) =>
            Number.isFinite(value) && Math.abs(value) < 2 ** 53;
        if (!isFinite(trip.serverMs) && !isFinite(trip.programmeMs)) return;
        // What can't be true together with the newest is of before a step of the server's clock.
        this.#trips = this.#trips.filter((one) => agree(one, trip));
        this.#trips.push(trip);
        if (this.#trips.length > roundTripsMax) this.#trips.shift();
        const oldestMs = trip.receivedMs - roundTripAgeMs;
        this.#trips = this.#trips.filter((one) => one.receivedMs > oldestMs);
        const server = best(this.#trips.filter((one) => isFinite(one.serverMs)));
        if (server) this.serverOffsetMs = offset(server, /** @type {number} */ (server.serverMs));
        const programme = best(this.#trips.filter((one) => isFinite(one.programmeMs)));
        if (!programme) return;
        const isFirst = this.roundTripMs === null;
        this.roundTripMs = programme.receivedMs - programme.sentMs;
        const wantedMs = offset(programme, /** @type {number} */ (programme.programmeMs));
        this.#lead(wantedMs, trip.receivedMs, isFirst);
    }

    /** The server's start of the programme, in its own time (`serverStartMs` of onMetaData).
     * @param {number} serverStartMs @param {number} nowMs */
    setStart(serverStartMs, nowMs) {
        if (this.roundTripMs !== null || this.serverOffsetMs === null) return;
        this.#lead(this.serverOffsetMs - serverStartMs, nowMs, false);
    }

    /** A tag came: the programme is at least there. Used while no round trip has told better.
     * @param {number} timestampMs @param {number} nowMs */
    addArrival(timestampMs, nowMs) {
        if (this.roundTripMs !== null) return;
        const offsetMs = timestampMs - nowMs;
        // What is older and was later than this one can never be the earliest again.
        const arrivals = this.#arrivals;
        while ((arrivals[arrivals.length - 1]?.offsetMs ?? Infinity) <= offsetMs) arrivals.pop();
        this.#arrivals.push({ offsetMs, atMs: nowMs });
        while (this.#arrivals[0].atMs < nowMs - arrivalWindowMs) this.#arrivals.shift();
        this.#lead(this.#arrivals[0].offsetMs, nowMs, this.#arrivals[0].atMs === nowMs);
    }

    /** What to add to steady time to get programme time; null while nothing is known.
     * @returns {number|null} */
    get programmeOffsetMs() {
        return this.#programmeOffsetMs;
    }

    /** @param {number} wantedMs @param {number} nowMs @param {boolean} isAtOnce */
    #lead(wantedMs, nowMs, isAtOnce) {
        const current = this.#programmeOffsetMs;
        if (current === null || isAtOnce || Math.abs(wantedMs - current) > stepMs) {
            this.#programmeOffsetMs = wantedMs;
        } else {
            const most = Math.max(0, nowMs - this.#offsetAtMs) / 1000 * slewMsPerS;
            this.#programmeOffsetMs = current + Math.max(-most, Math.min(most, wantedMs - current));
        }
        this.#offsetAtMs = nowMs;
    }
}

/** The shortest round trip: the one with the least room for error.
 * @param {RoundTrip[]} trips
 * @returns {RoundTrip|null} */
function best(trips) {
    return trips.reduce((/** @type {RoundTrip|null} */ found, trip) =>
        !found || lengthMs(trip) <= lengthMs(found) ? trip : found, null);
}

/** @param {RoundTrip} trip */
function lengthMs(trip) {
    return trip.receivedMs - trip.sentMs;
}

/** Whether two round trips can be of one clock: each is right within half its length.
 * @param {RoundTrip} one
 * @param {RoundTrip} other
 * @returns {boolean} */
function agree(one, other) {
    const slackMs = 100 + (lengthMs(one) + lengthMs(other)) / 2;
    for (const name of /** @type {const} */ (["serverMs", "programmeMs"])) {
        const [a, b] = [one[name], other[name]];
        if (a === undefined || b === undefined) continue;
        if (Math.abs(offset(one, a) - offset(other, b)) > slackMs) return false;
    }
    return true;
}

/** @param {RoundTrip} trip @param {number} toldMs */
function offset(trip, toldMs) {
    return toldMs - (trip.sentMs + trip.receivedMs) / 2;
}
