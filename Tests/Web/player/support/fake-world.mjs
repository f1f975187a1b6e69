// A browser's network and time for Connection: nothing happens until a test says so.

export class FakeWorld {
    nowMs = 1000;
    sockets = [];
    requests = [];
    #timers = [];
    #ids = 0;
    /** @type {(url: string, options: any) => Promise<any>} */
    answer = async () => { throw new TypeError("unreachable"); };

    constructor() {
        const world = this;
        this.world = {
            WebSocket: class {
                readyState = 0;
                sent = [];
                constructor(url, protocols) {
                    Object.assign(this, { url, protocols });
                    world.sockets.push(this);
                }
                send(text) { this.sent.push(JSON.parse(text)); }
                close() { this.readyState = 3; }
                open() { this.readyState = 1; this.onopen?.(); }
                fail() { this.readyState = 3; this.onclose?.({ code: 1006 }); }
                end(code) { this.readyState = 3; this.onclose?.({ code }); }
                get(data) { this.onmessage?.({ data }); }
            },
            fetch: (url, options) => { this.requests.push({ url, ...options }); return this.answer(url, options); },
            nowMs: () => this.nowMs,
            setTimer: (run, ms) => { this.#timers.push({ id: ++this.#ids, run, atMs: this.nowMs + ms }); return this.#ids; },
            clearTimer: (id) => { this.#timers = this.#timers.filter((timer) => timer.id !== id); },
        };
    }

    get socket() {
        return this.sockets[this.sockets.length - 1];
    }

    /** Time passes, and what is due is done in its order. */
    async pass(ms) {
        const untilMs = this.nowMs + ms;
        for (;;) {
            await this.rest();
            const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
            if (!next) break;
            this.#timers = this.#timers.filter(({ id }) => id !== next.id);
            this.nowMs = Math.max(this.nowMs, next.atMs);
            next.run();
        }
        this.nowMs = untilMs;
        await this.rest();
    }

    /** Lets promises that are settled run. */
    async rest() {
        for (let round = 0; round < 10; round++) await new Promise((resolve) => { setImmediate(resolve); });
    }
}

/** An HTTP answer.
 * @param {number} status @param {Record<string, string>} [headers] */
export function response(status, headers = {}, { chunks = undefined, json = undefined } = {}) {
    const waiting = chunks ?? [];
    return {
        ok: status === 200, status, headers: { get: (name) => headers[name] ?? null },
        json: async () => json,
        body: { cancel: async () => undefined, getReader: () => ({ cancel: async () => undefined, read: async () => {
            // An answer that isn't the stream has an end.
            if (chunks === undefined && status !== 200) return { done: true };
            for (let turn = 0; waiting.length === 0 && turn < 2000; turn++) {
                await new Promise((resolve) => { setImmediate(resolve); });
            }
            // Nothing more comes: a read that never ends keeps no process alive.
            if (waiting.length === 0) return new Promise(() => undefined);
            const value = waiting.shift();
            return value === "end" ? { done: true } : { done: false, value };
        } }) },
    };
}
