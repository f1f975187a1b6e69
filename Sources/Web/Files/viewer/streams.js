// Which stream the page is for, where its address doesn't say: the only one there is, or a choice.

import { element } from "../shared/dom.js";
import { spread } from "../shared/back-off.js";
import { isName } from "../shared/stream-name.js";
import { requestStreams } from "./api.js";

/** While nothing is on air, it is asked so often, ms. */
const ASK_MS = 4000;
const STREAM_COUNT_MAX = 50;

/**
 * @param {any} body The reply of `/api/v1/streams`, unchecked.
 * @returns {{name: string, state: string, viewers: number}[]}
 */
export function readStreams(body) {
    const rows = Array.isArray(body?.streams) ? body.streams.slice(0, STREAM_COUNT_MAX) : [];
    return rows
        .filter((/** @type {any} */ row) => isName(row?.name))
        .map((/** @type {any} */ row) => ({ name: row.name, state: String(row.state ?? ""),
            viewers: Number.isFinite(row.viewers) ? Math.max(0, Math.trunc(row.viewers)) : 0 }));
}

/**
 * Waits until there is one stream, or until there are several to choose from (then the links of
 * the list lead on).
 * @param {(streams: {name: string, state: string, viewers: number}[]) => void} onSeveral
 * @returns {Promise<string>} The name of the one.
 */
export async function findStream(onSeveral) {
    for (;;) {
        const reply = await requestStreams();
        const streams = readStreams(reply.body);
        const live = streams.filter((stream) => stream.state === "live");
        if (streams.length === 1) return streams[0].name;
        if (live.length === 1 && streams.length > 1) return live[0].name;
        if (streams.length > 1) onSeveral(streams);
        await new Promise((resolve) => setTimeout(resolve,
            reply.retryAfterMs + spread(ASK_MS)));
    }
}

/**
 * @param {{name: string, state: string, viewers: number}[]} streams
 * @param {import("../shared/i18n.js").Translate} t
 * @returns {HTMLElement}
 */
export function streamList(streams, t) {
    const word = (/** @type {string} */ state) =>
        state === "live" ? t("streams.live") : state === "ended" ? t("streams.ended")
            : t("streams.waiting");
    return element("nav",
        { class: "screen screen-streams", attributes: { "aria-labelledby": "streams" } },
        element("h2", { class: "screen-title", text: t("streams.title"),
            attributes: { id: "streams" } }),
        element("ul", { class: "streams" }, ...streams.map((stream) => element("li", {},
            element("a", { attributes: { href: `/watch/${stream.name}` } },
                element("bdi", { text: stream.name }),
                element("span", { class: "stream-state", text: word(stream.state),
                    attributes: { "data-state": stream.state } }),
                element("span", { class: "stream-viewers",
                    text: t("page.viewers", { n: stream.viewers }) }))))));
}
