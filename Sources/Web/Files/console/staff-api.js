// Asks the staff's API: one request, its answer or a sentence of what went wrong.
import { staffBase } from "./staff-types.js";

/** What the API refused, or that it couldn't be reached (status 0). */
export class StaffError extends Error {
    /**
     * @param {number} status the HTTP status, 0 if there was no answer
     * @param {string} text a sentence for people
     * @param {{code?: string, confirm?: string, rows?: import("./staff-types.js").RowFault[],
     *     state?: import("./staff-types.js").ShowState}} [more]
     */
    constructor(status, text, more = {}) {
        super(text);
        this.status = status;
        this.code = more.code;
        this.confirm = more.confirm;
        this.rows = more.rows;
        this.state = more.state;
    }

    /** Whether the same request may be sent again in the hope of an answer. */
    get isPassing() {
        return this.status === 0 || this.status === 429 || (this.status >= 502 && this.status <= 504);
    }
}

const sentenceByteMax = 2000;

/**
 * @param {any} body a reply's JSON, or undefined
 * @param {number} status
 * @returns {StaffError}
 */
export function errorOf(body, status) {
    const said = typeof body?.error === "string" ? body.error.slice(0, sentenceByteMax) : "";
    const text = said || `The server answered ${status} without saying why.`;
    const rows = Array.isArray(body?.rows)
        ? body.rows.filter((/** @type {any} */ row) =>
            Number.isInteger(row?.row) && typeof row?.error === "string")
        : undefined;
    return new StaffError(status, text, {
        code: typeof body?.code === "string" ? body.code : undefined,
        confirm: typeof body?.confirm === "string" ? body.confirm : undefined,
        rows,
        state: body?.state && typeof body.state === "object" ? body.state : undefined,
    });
}

/** Speaks to the staff's API for one console. */
export class StaffAPI {
    /**
     * @param {{fetcher?: typeof fetch, timeoutMs?: number, onSignedOut?: () => void}} [options]
     */
    constructor(options = {}) {
        this.fetcher = options.fetcher ?? ((input, init) => fetch(input, init));
        this.timeoutMs = options.timeoutMs ?? 5000;
        this.onSignedOut = options.onSignedOut ?? (() => {});
        /** On a plane without tokens, the name under which deeds are recorded. */
        this.by = "";
    }

    /**
     * @param {string} method
     * @param {string} path below /api/v1, such as "/shows"
     * @param {{body?: any, contentType?: string, key?: string, timeoutMs?: number}} [options]
     *     body: an object (sent as JSON) or text; key: the command's Idempotency-Key
     * @returns {Promise<{status: number, data: any}>}
     */
    async request(method, path, options = {}) {
        const stop = new AbortController();
        const timer = setTimeout(() => stop.abort(), options.timeoutMs ?? this.timeoutMs);
        try {
            const response = await this.fetcher(staffBase + path, {
                method,
                headers: this.headers(method, options),
                body: bodyText(options.body),
                credentials: "same-origin",
                cache: "no-store",
                signal: stop.signal,
            });
            const text = await response.text();
            const data = jsonOrNothing(text);
            if (response.status === 401) this.onSignedOut();
            if (!response.ok) throw errorOf(data, response.status);
            return { status: response.status, data: data ?? text };
        } catch (error) {
            if (error instanceof StaffError) throw error;
            throw new StaffError(0, stop.signal.aborted
                ? "The server didn't answer in time."
                : "The server can't be reached.");
        } finally {
            clearTimeout(timer);
        }
    }

    /** @param {string} path @returns {Promise<any>} the reply's JSON */
    async get(path) {
        return (await this.request("GET", path)).data;
    }

    /**
     * @param {string} method
     * @param {{body?: any, contentType?: string, key?: string}} options
     * @returns {Record<string, string>}
     */
    headers(method, options) {
        /** @type {Record<string, string>} */
        const headers = {};
        if (method !== "GET") headers["X-Fanfare"] = "console";
        if (options.body !== undefined) {
            headers["Content-Type"] = options.contentType ?? "application/json";
        }
        if (options.key) headers["Idempotency-Key"] = options.key;
        if (this.by && method !== "GET") headers["Fanfare-By"] = asciiName(this.by);
        return headers;
    }
}

/** @param {any} body @returns {string | undefined} */
function bodyText(body) {
    if (body === undefined || typeof body === "string") return body;
    return JSON.stringify(body);
}

/** @param {string} text @returns {any} */
function jsonOrNothing(text) {
    if (text === "") return undefined;
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/**
 * A header's value is bytes of ASCII; other letters would make the browser refuse the request.
 * @param {string} name
 */
export function asciiName(name) {
    const plain = name.normalize("NFKD").replace(/[^\x20-\x7e]/g, "").trim();
    return plain.slice(0, 64) || "host";
}

/**
 * A path's part, safe whatever an id holds.
 * @param {string} part
 */
export function pathPart(part) {
    return encodeURIComponent(part);
}

/**
 * A file's address, for a link that fetches it.
 * @param {string} path below /api/v1
 */
export function staffFile(path) {
    return staffBase + path;
}
