// What all parts of the console share: what is known, how it is asked, and where one is.
import { CommandOutbox, makeCommandKey } from "./command-outbox.js";
import { EventLink } from "./event-link.js";
import { readRoute, writeRoute } from "./hash-route.js";
import { LiveStore } from "./live-store.js";
import { StaffAPI, pathPart } from "./staff-api.js";
import { mayDirect, mayHost } from "./staff-roles.js";
import { consoleText } from "./strings/en.js";

/**
 * @typedef {object} View what fills the screen beside the rail
 * @property {HTMLElement} element
 * @property {() => void} update draws what is known now; called often
 * @property {HTMLElement} [monitorSlot] where the programme's monitor goes
 * @property {() => string} [monitorStream] and which stream it shows
 * @property {(event: KeyboardEvent) => boolean} [keyDown] whether the key was its
 * @property {(event: KeyboardEvent) => void} [keyUp]
 * @property {() => void} [leave]
 */

/** The console's parts, by which they find each other. */
export class ConsoleApp {
    constructor() {
        this.store = new LiveStore();
        this.api = new StaffAPI({ onSignedOut: () => this.signedOut() });
        this.outbox = new CommandOutbox({
            send: (order, key) => this.api.request(order.method, order.path, {
                body: order.body, contentType: order.contentType, key, timeoutMs: 4000,
            }),
            makeKey: makeCommandKey,
            isUp: () => this.store.link.state === "up",
        });
        this.link = new EventLink({
            onEvent: (name, data) => this.store.receive(name, data),
            onState: (state) => this.store.setLink(state),
            onSignedOut: () => this.signedOut(),
        });
        this.route = readRoute(location.hash);
        /** @type {Set<() => void>} */
        this.routeListeners = new Set();
        window.addEventListener("hashchange", () => {
            this.route = readRoute(location.hash);
            for (const listener of this.routeListeners) listener();
        });
        /**
         * Says something where commands' results are said.
         * @type {(text: string, tone?: string) => void}
         */
        this.say = () => {};
        /** Streams that were on air since the console was opened. */
        this.streamsSeen = new Set();
    }

    /** @param {import("./hash-route.js").Route} route */
    go(route) {
        location.hash = writeRoute(route);
    }

    get mayHost() {
        return mayHost(this.store.session);
    }

    get mayDirect() {
        return mayDirect(this.store.session);
    }

    signedOut() {
        location.assign("/login");
    }

    /** The name under which what is done here is written down. */
    get by() {
        const session = this.store.session;
        return (session?.isOpen ? this.api.by : session?.name) || session?.name || "";
    }

    /**
     * Sends a command to a show; it is refused if somebody has changed the show since.
     * @param {string} show
     * @param {string} command the path's rest, as "open" or "players/ann"
     * @param {string} label
     * @param {{body?: any, method?: string, isAnyVersion?: boolean, lane?: string, query?: string,
     *     contentType?: string, giveUpMs?: number, version?: number}} [options] isAnyVersion:
     *     what it does doesn't depend on what the show has come to
     * @returns {Promise<import("./command-outbox.js").Outcome>}
     */
    async order(show, command, label, options = {}) {
        const held = this.store.show(show);
        const version = options.version ?? held?.version;
        const isExpected = !options.isAnyVersion && version !== undefined;
        let body = options.body;
        let query = options.query ?? "";
        const isPlainPost = (options.method ?? "POST") === "POST"
            && options.contentType === undefined
            && command !== "questions";
        if (isExpected && isPlainPost) {
            body = { ...(body ?? {}), expectedVersion: version };
        } else if (isExpected) {
            query += `${query ? "&" : "?"}expectedVersion=${version}`;
        } else if (isPlainPost) {
            body = body ?? {};
        }
        const outcome = await this.outbox.submit({
            lane: options.lane ?? `show:${show}`, label, method: options.method ?? "POST", show,
            path: `/shows/${pathPart(show)}${command ? `/${command}` : ""}${query}`,
            body, contentType: options.contentType, giveUpMs: options.giveUpMs,
        });
        const state = outcome.error?.state;
        if (state && typeof state.id === "string") this.store.receiveShow(state, "reply");
        if (outcome.state === "done" || outcome.state === "unknown") {
            await this.catchUp(show, outcome.data?.version);
        }
        outcome.text = outcome.data?.isPending === true ? consoleText.outcome.locksItself
            : this.sentenceOf(show, version, outcome);
        const entry = this.outbox.newest;
        if (entry && entry.order.label === label && outcome.text) entry.text = outcome.text;
        return outcome;
    }

    /**
     * After a command, what is on the screen is at least what the command made of it.
     * @param {string} show
     * @param {number | undefined} version
     */
    async catchUp(show, version) {
        const held = this.store.show(show);
        if (version !== undefined && held && held.version >= version) return;
        await this.fetchShow(show);
    }

    /** @param {string} show @returns {Promise<boolean>} whether it is there */
    async fetchShow(show) {
        try {
            const state = await this.api.get(`/shows/${pathPart(show)}/live`);
            if (state && typeof state.id === "string") this.store.receiveShow(state, "reply");
            return true;
        } catch (error) {
            return /** @type {any} */ (error)?.status !== 404;
        }
    }

    /**
     * @param {string} show
     * @param {number | undefined} version that was expected
     * @param {import("./command-outbox.js").Outcome} outcome
     * @returns {string | undefined}
     */
    sentenceOf(show, version, outcome) {
        const { error } = outcome;
        if (outcome.state !== "refused" || error?.status !== 409 || error.confirm || error.code) {
            return outcome.text;
        }
        const isOvertaken = version !== undefined && error.state && error.state.version > version;
        if (!isOvertaken) return outcome.text;
        const deed = this.store.lastDeedOf(show, this.by);
        return deed ? consoleText.outcome.quicker(deed.by, deed.text || deed.command)
            : consoleText.outcome.changed;
    }
}
