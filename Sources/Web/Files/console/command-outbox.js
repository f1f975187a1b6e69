// Sends each command once, whatever the network does, and tells how it stands at every moment.
import { BackOff } from "../shared/back-off.js";
import { StaffError } from "./staff-api.js";

const entryCountMax = 30;

/**
 * @typedef {object} Order
 * @property {string} lane commands of one lane go one at a time, as "show:final"
 * @property {string} label what the host reads, as "Open question 3"
 * @property {string} method
 * @property {string} path below /api/v1
 * @property {any} [body]
 * @property {string} [contentType]
 * @property {string} [show]
 * @property {boolean} [isQuiet] not told in the command line, as a preview
 * @property {number} [giveUpMs] how long it may be sent again: a step that comes late is worse
 *     than one that doesn't come
 *
 * @typedef {"sent" | "waiting" | "again" | "done" | "refused" | "unknown" | "cancelled"} OrderState
 * @typedef {object} OrderEntry
 * @property {number} number
 * @property {Order} order
 * @property {string} key the Idempotency-Key, made once
 * @property {OrderState} state
 * @property {number} startedAtMs by the steady clock
 * @property {number} tries
 * @property {number} [tookMs]
 * @property {string} [text] what went wrong, as a sentence
 *
 * @typedef {{state: "done" | "refused" | "unknown" | "cancelled" | "busy" | "offline",
 *     status: number, data?: any, error?: StaffError, text?: string}} Outcome
 */

/** The commands that are on their way, and the last that were. */
export class CommandOutbox {
    /**
     * @param {{send: (order: Order, key: string) => Promise<{status: number, data: any}>,
     *     makeKey: () => string, isUp?: () => boolean, now?: () => number,
     *     setTimer?: (work: () => void, ms: number) => any, clearTimer?: (timer: any) => void,
     *     giveUpMs?: number}} options
     */
    constructor(options) {
        this.send = options.send;
        this.makeKey = options.makeKey;
        this.isUp = options.isUp ?? (() => true);
        this.now = options.now ?? (() => performance.now());
        this.setTimer = options.setTimer ?? ((work, ms) => setTimeout(work, ms));
        this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
        this.giveUpMs = options.giveUpMs ?? 8000;
        /** @type {OrderEntry[]} the newest last */
        this.entries = [];
        /** @type {Map<string, OrderEntry>} */
        this.busyLanes = new Map();
        /** @type {Set<(entry: OrderEntry) => void>} */
        this.listeners = new Set();
        this.count = 0;
        /** @type {Map<OrderEntry, () => void>} */
        this.cancels = new Map();
    }

    /** @param {(entry: OrderEntry) => void} listener */
    subscribe(listener) {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    /** @param {string} lane @returns {OrderEntry | undefined} what is on its way in it */
    busy(lane) {
        return this.busyLanes.get(lane);
    }

    /** @returns {OrderEntry | undefined} */
    get newest() {
        return this.entries[this.entries.length - 1];
    }

    /**
     * Sends a command; while another of its lane is on its way, or the server is lost, it isn't
     * sent and nothing is kept for later.
     * @param {Order} order
     * @returns {Promise<Outcome>}
     */
    async submit(order) {
        const before = this.busyLanes.get(order.lane);
        if (before) {
            return { state: "busy", status: 0,
                text: `“${before.order.label}” is still on its way.` };
        }
        if (!this.isUp()) {
            return { state: "offline", status: 0, text: "The server is lost: nothing was sent." };
        }
        /** @type {OrderEntry} */
        const entry = {
            number: ++this.count, order, key: this.makeKey(), state: "sent",
            startedAtMs: this.now(), tries: 0,
        };
        this.busyLanes.set(order.lane, entry);
        if (!order.isQuiet) {
            this.entries.push(entry);
            if (this.entries.length > entryCountMax) this.entries.shift();
        }
        this.change(entry, "sent");
        const waiting = this.setTimer(() => {
            if (entry.state === "sent") this.change(entry, "waiting");
        }, 100);
        let outcome;
        try {
            outcome = await this.attempt(entry);
        } finally {
            this.clearTimer(waiting);
            this.busyLanes.delete(order.lane);
        }
        entry.tookMs = Math.round(this.now() - entry.startedAtMs);
        entry.text = outcome.text;
        this.change(entry, /** @type {OrderState} */ (outcome.state));
        return outcome;
    }

    /**
     * The same key each time: the server does it once however often it comes.
     * @param {OrderEntry} entry
     * @returns {Promise<Outcome>}
     */
    async attempt(entry) {
        const giveUpMs = entry.order.giveUpMs ?? this.giveUpMs;
        const backOff = new BackOff({ firstMs: 200, mostMs: 2000 });
        for (;;) {
            entry.tries += 1;
            let failure;
            try {
                const reply = await this.send(entry.order, entry.key);
                return { state: "done", status: reply.status, data: reply.data };
            } catch (error) {
                failure = error instanceof StaffError ? error
                    : new StaffError(0, "The server can't be reached.");
            }
            if (!failure.isPassing) {
                return {
                    state: "refused", status: failure.status, error: failure, text: failure.message,
                };
            }
            const waitMs = backOff.nextMs();
            if (this.now() - entry.startedAtMs + waitMs > giveUpMs) {
                const text = `${failure.message} Whether it was done isn't known: `
                    + "look at what the show has come to before you send it again.";
                return { state: "unknown", status: failure.status, error: failure, text };
            }
            this.change(entry, "again");
            const isCancelled = await this.pause(entry, waitMs);
            if (isCancelled) {
                const text = "Not sent again. Whether it was done before isn't known.";
                return { state: "cancelled", status: 0, text };
            }
        }
    }

    /**
     * @param {OrderEntry} entry
     * @param {number} waitMs
     * @returns {Promise<boolean>} whether it was cancelled meanwhile
     */
    pause(entry, waitMs) {
        return new Promise((resolve) => {
            const timer = this.setTimer(() => {
                this.cancels.delete(entry);
                resolve(false);
            }, waitMs);
            this.cancels.set(entry, () => {
                this.clearTimer(timer);
                this.cancels.delete(entry);
                resolve(true);
            });
        });
    }

    /** Sends nothing again of what waits for its next try. */
    cancelAll() {
        for (const cancel of [...this.cancels.values()]) cancel();
    }

    /** @param {OrderEntry} entry @param {OrderState} state */
    change(entry, state) {
        entry.state = state;
        for (const listener of this.listeners) listener(entry);
    }
}

/**
 * An id that no other command has. `crypto.randomUUID` is there only on https and localhost.
 * @returns {string}
 */
export function makeCommandKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
