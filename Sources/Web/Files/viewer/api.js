// The audience plane's requests, each with a bound on its time, and never an exception.

const TIMEOUT_MS = 10000;

/**
 * @typedef {object} Reply
 * @property {number} status HTTP's; 0 if there was no reply.
 * @property {any} body What JSON there was, unchecked; null if none.
 * @property {number} retryAfterMs As the server wishes, or 0.
 */

/**
 * @param {string} path
 * @param {{method?: string, token?: string|null, json?: unknown}} options
 * @returns {Promise<Reply>}
 */
async function request(path, { method = "GET", token = null, json }) {
    /** @type {Record<string, string>} */
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
        const response = await fetch(path, { method, headers, signal: abort.signal,
            cache: "no-store", credentials: "omit",
            body: json === undefined ? undefined : JSON.stringify(json) });
        const body = await response.json().catch(() => null);
        const wish = Number(response.headers.get("Retry-After"));
        const retryAfterMs = Number.isFinite(wish) ? Math.min(60, Math.max(0, wish)) * 1000 : 0;
        return { status: response.status, body, retryAfterMs };
    } catch {
        return { status: 0, body: null, retryAfterMs: 0 };
    } finally {
        clearTimeout(timer);
    }
}

/**
 * @param {string} token
 * @returns {Promise<Reply>}
 */
export function requestMe(token) {
    return request("/api/v1/me", { token });
}

/**
 * @param {string} stream
 * @returns {Promise<Reply>}
 */
export function requestState(stream) {
    return request(`/api/v1/state?stream=${encodeURIComponent(stream)}`, {});
}

/** @returns {Promise<Reply>} */
export function requestStreams() {
    return request("/api/v1/streams", {});
}

/**
 * @param {string} name
 * @param {string} stream
 * @param {string} show Empty where it isn't known.
 * @returns {Promise<Reply>}
 */
export function requestJoin(name, stream, show) {
    return request("/api/v1/join",
        { method: "POST", json: show ? { name, stream, show } : { name, stream } });
}

/**
 * A name as the server takes it: without what can't be seen or turns a line around.
 * @param {string} entered
 * @returns {string|null} Null if nothing is left, or too much.
 */
export function cleanName(entered) {
    const name = entered.replace(/\s+/gu, " ")
        .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "").trim();
    const byteCount = new TextEncoder().encode(name).length;
    return byteCount >= 1 && byteCount <= 64 ? name : null;
}
