// Sees an answer through to its receipt: sent again over reconnects, by POST without a WebSocket.

import { answersLimit } from "./limits.js";

/** @typedef {{status: "accepted"|"refused", question: string, choice: number, code?: string,
 *  reason?: string}} Receipt */
/** @typedef {object} OutboxWorld
 * @property {(message: object) => void} send over the WebSocket, if there is one
 * @property {(message: object) => Promise<{status: number, body: any}>} post
 * @property {() => number} nowMs */
/** @typedef {object} Outstanding
 * @property {{type: "answer", question: string, choice: number, show?: string}} message
 * @property {(receipt: Receipt) => void} resolve
 * @property {Promise<Receipt>} promise
 * @property {number} startedMs
 * @property {number} dueMs when to send it again
 * @property {number} tries
 * @property {boolean} isPosting */

const againMs = 2500;
const giveUpMs = 45_000;
const undecidedCodes = ["not_kept", "undecided"];

/** The answers of one player. By the wire's rule the same answer again gets the same receipt. */
export class AnswerOutbox {
    /** @type {Map<string, Outstanding>} */
    #outstanding = new Map();
    #world;
    #hasSocket = false;

    /** @param {OutboxWorld} world */
    constructor(world) {
        this.#world = world;
    }

    /** @param {string} question @param {number} choice @param {string} [show]
     * @returns {Promise<Receipt>} */
    answer(question, choice, show) {
        const same = this.#outstanding.get(question);
        if (same?.message.choice === choice) return same.promise;
        if (same || this.#outstanding.size >= answersLimit) {
            return Promise.resolve(refused(question, choice, same ? "already_answered" : "too_many",
                same ? "Another answer to this question is on its way."
                    : "Too many answers are on their way."));
        }
        /** @type {(receipt: Receipt) => void} */
        let resolve = () => undefined;
        /** @type {Promise<Receipt>} */
        const promise = new Promise((settle) => { resolve = settle; });
        const now = this.#world.nowMs();
        this.#outstanding.set(question, {
            message: { type: "answer", question, choice, ...(show === undefined ? {} : { show }) },
            resolve, promise, startedMs: now, dueMs: now, tries: 0, isPosting: false,
        });
        this.tick();
        return promise;
    }

    /** A connection began or ended; what waits is sent again over the new one.
     * @param {boolean} hasSocket */
    setSocket(hasSocket) {
        this.#hasSocket = hasSocket;
        const dueMs = this.#world.nowMs() + (hasSocket ? 0 : 300);
        for (const one of this.#outstanding.values()) one.dueMs = Math.min(one.dueMs, dueMs);
        if (hasSocket) this.tick();
    }

    /** A text came over the WebSocket; true if it was ours alone.
     * @param {any} message
     * @returns {boolean} */
    receive(message) {
        if (message.type === "receipt") {
            const one = this.#outstanding.get(message.question);
            if (one) this.#settle(one, message);
            return true;
        }
        if (message.type !== "error" || this.#outstanding.size === 0) return false;
        // An error doesn't say which text it is about; these can be about an answer alone.
        const [one] = [...this.#outstanding.values()].filter(({ tries }) => tries > 0);
        if (!one) return false;
        if (message.status === 401 || message.status === 403 || message.status === 409) {
            this.#finish(one, refused(one.message.question, one.message.choice,
                message.status === 401 ? "unauthorized" : "not_allowed", String(message.error)));
        } else if (message.status === 429 || message.status === 503) {
            one.dueMs = this.#world.nowMs() + 1000;
        }
        return false;
    }

    /** Sends what is due; called a few times a second. */
    tick() {
        const now = this.#world.nowMs();
        for (const one of [...this.#outstanding.values()]) {
            if (now - one.startedMs > giveUpMs) {
                this.#finish(one, refused(one.message.question, one.message.choice, "unreachable",
                    "The server could not be reached: nobody knows whether the answer counts."));
            } else if (now >= one.dueMs && !one.isPosting) {
                one.tries++;
                one.dueMs = now + againMs;
                if (this.#hasSocket) this.#world.send(one.message);
                else this.#post(one);
            }
        }
    }

    /** The player is stopped for good. */
    close() {
        for (const one of [...this.#outstanding.values()]) {
            this.#finish(one, refused(one.message.question, one.message.choice, "stopped",
                "The player was stopped before the receipt came."));
        }
    }

    /** @param {Outstanding} one */
    async #post(one) {
        one.isPosting = true;
        try {
            const { status, body } = await this.#world.post(one.message);
            if (body?.type === "receipt") this.#settle(one, body);
            else if ([400, 401, 403, 404, 409, 413].includes(status)) {
                this.#finish(one, refused(one.message.question, one.message.choice,
                    status === 401 ? "unauthorized" : "not_allowed",
                    String(body?.error ?? "It was refused.")));
            }
        } catch {
            // The network's fault: the next tick that finds it due tries again.
        }
        one.isPosting = false;
    }

    /** @param {Outstanding} one @param {any} receipt */
    #settle(one, receipt) {
        if (receipt.status === "refused" && undecidedCodes.includes(receipt.code)) {
            one.dueMs = this.#world.nowMs() + 500;
            return;
        }
        this.#finish(one, {
            status: receipt.status === "accepted" ? "accepted" : "refused",
            question: one.message.question, choice: Number(receipt.choice ?? one.message.choice),
            ...(receipt.code === undefined ? {} : { code: String(receipt.code) }),
            ...(receipt.reason === undefined ? {} : { reason: String(receipt.reason) }),
        });
    }

    /** @param {Outstanding} one @param {Receipt} receipt */
    #finish(one, receipt) {
        this.#outstanding.delete(one.message.question);
        one.resolve(receipt);
    }
}

/** @param {string} question @param {number} choice @param {string} code @param {string} reason
 * @returns {Receipt} */
function refused(question, choice, code, reason) {
    return { status: "refused", question, choice, code, reason };
}
