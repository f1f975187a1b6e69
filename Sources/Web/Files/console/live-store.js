// Holds what the server has said last, so that everything on the screen tells of one moment.

const deedCountMax = 200;

/**
 * Whether a show's state that came is to take the place of the one that is held.
 * @param {import("./staff-types.js").ShowState | undefined} held
 * @param {import("./staff-types.js").ShowState} came
 * @param {"event" | "reply"} way an event comes in order; a reply may have been overtaken by one
 */
export function isNewerState(held, came, way) {
    if (!held) return true;
    if (came.version !== held.version) return came.version > held.version;
    return way === "event";
}

/**
 * @typedef {object} HeldShow
 * @property {import("./staff-types.js").ShowState} state
 * @property {number} receivedAtMs by the console's steady clock, for countdowns
 */

/** What the console knows; says when it changes. */
export class LiveStore {
    /** @param {{now?: () => number}} [options] now: a steady clock, ms */
    constructor(options = {}) {
        this.now = options.now ?? (() => performance.now());
        /** @type {import("./staff-types.js").Session | null} */
        this.session = null;
        /** @type {import("./event-link.js").LinkState} */
        this.link = { state: "connecting", sinceMs: 0, tries: 0 };
        /** @type {import("./staff-types.js").Programme | null} */
        this.programme = null;
        this.programmeAtMs = 0;
        /** @type {import("./staff-types.js").ShowSummary[] | null} */
        this.summaries = null;
        /** @type {Map<string, HeldShow>} */
        this.shows = new Map();
        /** @type {import("./staff-types.js").Deed[]} the oldest first */
        this.deeds = [];
        /** @type {Set<(what: string) => void>} */
        this.listeners = new Set();
        /** Shows whose held state is from before the link was lost. */
        this.staleShows = new Set();
    }

    /** @param {(what: string) => void} listener @returns {() => void} ends it */
    subscribe(listener) {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    /** @param {string} what */
    tell(what) {
        for (const listener of this.listeners) listener(what);
    }

    /** @param {import("./event-link.js").LinkState} link */
    setLink(link) {
        if (link.state === "lost" && this.link.state === "up") {
            this.staleShows = new Set(this.shows.keys());
        }
        this.link = link;
        this.tell("link");
    }

    /**
     * @param {string} name of the event
     * @param {any} data
     */
    receive(name, data) {
        if (!data || typeof data !== "object") return;
        if (name === "programme" && Array.isArray(data.streams)) {
            this.programme = data;
            this.programmeAtMs = this.now();
            this.tell("programme");
        } else if (name === "shows" && Array.isArray(data.shows)) {
            this.receiveList(data.shows);
        } else if (name === "show" && typeof data.id === "string") {
            this.receiveShow(data, "event");
        } else if (name === "deed" && typeof data.by === "string") {
            this.receiveDeed(data);
        }
    }

    /** @param {import("./staff-types.js").ShowSummary[]} summaries */
    receiveList(summaries) {
        this.summaries = summaries;
        const ids = new Set(summaries.map((summary) => summary.id));
        // A show that went and came anew under its name counts its versions from 0 again.
        for (const id of [...this.shows.keys()]) if (!ids.has(id)) this.shows.delete(id);
        this.tell("shows");
    }

    /**
     * @param {import("./staff-types.js").ShowState} state
     * @param {"event" | "reply"} way
     * @returns {boolean} whether it was taken
     */
    receiveShow(state, way) {
        const held = this.shows.get(state.id)?.state;
        const isFresh = this.staleShows.has(state.id) || isNewerState(held, state, way);
        if (!isFresh) return false;
        this.staleShows.delete(state.id);
        this.shows.set(state.id, { state, receivedAtMs: this.now() });
        this.tell("show");
        return true;
    }

    /** @param {import("./staff-types.js").Deed} deed */
    receiveDeed(deed) {
        const isKnown = this.deeds.some((other) => other.atMs === deed.atMs
            && other.command === deed.command && other.by === deed.by && other.show === deed.show
            && other.text === deed.text);
        if (isKnown) return;
        this.deeds.push(deed);
        this.deeds.sort((a, b) => a.atMs - b.atMs);
        while (this.deeds.length > deedCountMax) this.deeds.shift();
        this.tell("deed");
    }

    /** @param {string} id @returns {import("./staff-types.js").ShowState | undefined} */
    show(id) {
        return this.shows.get(id)?.state;
    }

    /**
     * How much is left of a time that was told with a show's state.
     * @param {string} id
     * @param {number | undefined} toldMs
     */
    leftMs(id, toldMs) {
        const held = this.shows.get(id);
        if (!held || toldMs === undefined) return undefined;
        if (held.state.isPaused) return toldMs;
        return Math.max(0, toldMs - (this.now() - held.receivedAtMs));
    }

    /** @param {string} name @returns {import("./staff-types.js").StreamState | undefined} */
    stream(name) {
        return this.programme?.streams.find((stream) => stream.name === name);
    }

    /**
     * Who did the last thing to a show, for "Eva was quicker".
     * @param {string} id
     * @param {string} [exceptBy]
     */
    lastDeedOf(id, exceptBy) {
        for (let at = this.deeds.length - 1; at >= 0; at--) {
            const deed = this.deeds[at];
            if (deed.show === id && deed.by !== exceptBy) return deed;
        }
        return undefined;
    }
}
