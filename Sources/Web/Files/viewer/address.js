// What the page's address says: the stream, a player's token, a signature, a language.

import { isName, streamPath } from "../shared/stream-name.js";

/** Three parts of base64url; the server takes no more than 1792 characters. */
const TOKEN = /^[A-Za-z0-9_-]{1,1792}\.[A-Za-z0-9_-]{1,1792}\.[A-Za-z0-9_-]{1,1792}$/;
const TOKEN_LENGTH_MAX = 1792;
/** What in the page's own address signs it, and its stream's with it. */
const SIGNATURE = ["for", "exp", "addr", "sig", "txSecret", "txTime"];

/**
 * @param {string} href
 * @returns {{stream: string|null, token: string|null, signature: string, language: string|null,
 *   clean: string}} signature: the items of the query that sign it, as a query; clean: the address
 *   without the token, so that it isn't passed on by whoever copies it.
 */
export function readAddress(href) {
    const url = new URL(href);
    const path = /^\/watch\/([^/]+)\/?$/.exec(url.pathname)?.[1];
    const named = path ?? url.searchParams.get("stream");
    const stream = isName(named) ? named : null;
    const fragment = new URLSearchParams(url.hash.slice(1));
    const token = fragment.get("token");
    if (token !== null) {
        fragment.delete("token");
        url.hash = fragment.toString();
    }
    const clean = `${url.pathname}${url.search}${url.hash}`;
    const signed = new URLSearchParams();
    for (const name of SIGNATURE) {
        const value = url.searchParams.get(name);
        if (value !== null) signed.set(name, value);
    }
    return { stream, token: token !== null && isToken(token) ? token : null,
        signature: signed.toString(), language: url.searchParams.get("lang"), clean };
}

/**
 * @param {unknown} token
 * @returns {token is string} Whether it looks like one; only the server knows whether it's good.
 */
export function isToken(token) {
    return typeof token === "string" && token.length <= TOKEN_LENGTH_MAX && TOKEN.test(token);
}

/**
 * What a token says of its bearer. It isn't checked here, and nothing but words on the page hangs
 * on it.
 * @param {string|null} token
 * @returns {{show: string, name: string}}
 */
export function claimsOf(token) {
    try {
        const base64 = (token ?? "").split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const claims = JSON.parse(new TextDecoder().decode(bytes));
        const text = (/** @type {unknown} */ value) =>
            typeof value === "string" ? value.slice(0, 64) : "";
        return { show: text(claims?.show), name: text(claims?.name) };
    } catch {
        return { show: "", name: "" };
    }
}

/**
 * Where the page's stream is, for other players.
 * @param {string|null} stream
 * @param {string} href The page's own address: what signs it signs the stream's.
 * @returns {string} Whole; empty without a stream.
 */
export function streamAddress(stream, href) {
    return stream ? new URL(streamPath(stream, readAddress(href).signature), href).href : "";
}
