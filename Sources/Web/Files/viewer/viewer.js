// The viewer's page begins here: the player first of all, then everything around it.

import { FanfarePlayer } from "../player/fanfare-player.js";
import { byId } from "../shared/dom.js";
import { streamPath } from "../shared/stream-name.js";
import { readAddress } from "./address.js";
import { keepToken, recallToken } from "./memory.js";
import { Page } from "./page.js";
import { findStream } from "./streams.js";
import { Watch } from "./watch.js";

const address = readAddress(window.location.href);
// A token in the address would be passed on with it, and stay in the history.
if (window.location.hash) window.history.replaceState(null, "", address.clean);

const canPlay = FanfarePlayer.support().mse !== "none";

/**
 * @param {string} stream
 * @returns {{player: any, token: string|null}}
 */
function startPlayer(stream) {
    if (address.token) keepToken(stream, address.token);
    const token = address.token ?? recallToken(stream);
    const video = /** @type {HTMLVideoElement} */ (byId("picture"));
    const player = new FanfarePlayer(video,
        { url: streamPath(stream, address.signature), token: token ?? undefined });
    return { player, token };
}

/**
 * @param {string} stream
 * @param {Page|null} waiting The page that found the stream, if one was needed.
 */
function watchStream(stream, waiting) {
    const { player, token } = startPlayer(stream);
    // What comes before the page is drawn is kept, and the picture waits for nothing.
    player.start();
    const page = waiting ?? new Page({ language: address.language, stream, player, canPlay });
    page.player = player;
    const watch = new Watch({ stream, player, token,
        onChange: (game, before) => page.gameChanged(game, before),
        onProblem: (reason) => page.tellProblem(reason) });
    page.attach(watch);
    player.addEventListener("state", (/** @type {any} */ event) => page.stateChanged(event.detail));
    player.addEventListener("stats", (/** @type {any} */ event) => page.statsChanged(event.detail));
    player.addEventListener("error", (/** @type {any} */ event) => page.errorChanged(event.detail));
    watch.begin();
}

if (address.stream) {
    watchStream(address.stream, null);
} else {
    const page = new Page({ language: address.language, stream: "", player: null, canPlay });
    page.stateChanged({ state: "waiting" });
    findStream((streams) => page.showStreams(streams)).then((stream) => watchStream(stream, page));
}
