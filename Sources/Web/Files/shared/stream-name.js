// What streams and shows may be called, and where a stream is.

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const STREAM_PATH = /\/live\/([A-Za-z0-9_-]{1,64})\.flv$/;

/**
 * @param {unknown} name
 * @returns {name is string} Whether a stream or a show may be called so.
 */
export function isName(name) {
    return typeof name === "string" && NAME.test(name);
}

/**
 * Where a stream is, for pages and for other players.
 * @param {string} stream
 * @param {string} signature What signs the address, as a query; empty where nothing does.
 * @returns {string} A path, with the query that it needs.
 */
export function streamPath(stream, signature = "") {
    return `/live/${encodeURIComponent(stream)}.flv${signature ? `?${signature}` : ""}`;
}

/**
 * @param {string} path Of a stream's address, which may begin with a folder of a proxy's.
 * @returns {string|null} The stream's name; null for an address of another kind.
 */
export function streamOfPath(path) {
    return STREAM_PATH.exec(path)?.[1] ?? null;
}
