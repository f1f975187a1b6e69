// What is said about the picture: the chip, and the poster where there is none.

/** So much later than it is meant to be, the picture isn't live, ms. */
const LATE_MS = 3000;

/**
 * @typedef {object} Picture
 * @property {string} state The player's (connecting, waiting, playing, buffering, ended, failed,
 *   stopped), or choosing: there are several streams.
 * @property {boolean} hasPlayed Whether there has been a picture since the page was opened.
 * @property {boolean} canPlay Whether this browser has Media Source Extensions.
 * @property {number|null} delayMs
 * @property {number} targetDelayMs What the delay is meant to be.
 * @property {boolean} isStarting In the first moments, in which waiting is nothing to speak of.
 * @property {boolean} isServerThere Whether it answers other requests: then there just is no stream
 *   yet.
 * @property {boolean} [lacksCodec] Whether the browser couldn't play something of this stream.
 * @property {boolean} [hasPicture] Whether it plays the stream's picture.
 * @property {boolean} needsTap Whether the browser plays only after a tap.
 * @property {Refusal|null} [refusal] Why the server doesn't give the stream to this viewer.
 *
 * @typedef {{code: "forbidden"|"full", sentence: string}} Refusal The sentence is the server's.
 *
 * @typedef {"live"|"busy"|"quiet"|"bad"} ChipTone
 * @typedef {{title: string, text: string|null, tone: "quiet"|"busy"|"bad"|"over"|"tap",
 *   hasAddress: boolean, sentence?: string}} Poster Keys of strings. over: above the last picture.
 *   sentence: what the server said.
 */

/**
 * Before anything is known of it.
 * @param {boolean} canPlay
 * @param {boolean} isStarting
 * @returns {Picture}
 */
export function newPicture(canPlay, isStarting) {
    return { state: "connecting", hasPlayed: false, canPlay, delayMs: null, targetDelayMs: 1200,
        isStarting, isServerThere: false, lacksCodec: false, hasPicture: true, needsTap: false,
        refusal: null };
}

/**
 * What an end of the connection's says of the viewer: only these are no matter of waiting.
 * @param {{code?: string, text?: string}} error Of the player's `error`.
 * @returns {Refusal|null}
 */
export function refusalOf({ code, text }) {
    return code === "forbidden" || code === "full"
        ? { code, sentence: code === "forbidden" ? text ?? "" : "" } : null;
}

/**
 * The state as people would name it.
 * @param {Picture} picture
 * @returns {string}
 */
function namedState({ state, hasPlayed, isStarting, isServerThere, refusal }) {
    if (state === "connecting" && refusal) return refusal.code;
    if (state === "waiting" && isStarting) return "connecting";
    const isRefused = state === "connecting" && !hasPlayed && !isStarting && isServerThere;
    return isRefused ? "waiting" : state;
}

/**
 * Where sound alone is missing there is a picture to look at.
 * @param {Picture} picture
 */
function isUnplayable({ lacksCodec, hasPicture }) {
    return lacksCodec === true && hasPicture !== true;
}

/**
 * @param {Picture} picture
 * @returns {{key: string, tone: ChipTone, showsDelay: boolean}}
 */
export function chipOf(picture) {
    const plain = (/** @type {string} */ key, /** @type {ChipTone} */ tone) =>
        ({ key, tone, showsDelay: false });
    if (!picture.canPlay || isUnplayable(picture)) return plain("chip.failed", "bad");
    switch (namedState(picture)) {
    case "playing":
        // Nobody calls live what is seconds later than it is meant to be.
        if ((picture.delayMs ?? 0) - picture.targetDelayMs > LATE_MS) {
            return plain("chip.buffering", "busy");
        }
        return { key: "chip.live", tone: "live", showsDelay: picture.delayMs !== null };
    case "buffering":
        return plain(picture.hasPlayed ? "chip.buffering" : "chip.connecting", "busy");
    case "waiting": return plain("chip.waiting", "quiet");
    case "choosing": return plain("streams.title", "quiet");
    case "ended": return plain("chip.ended", "quiet");
    case "failed": return plain("chip.failed", "bad");
    case "stopped": return plain("chip.stopped", "quiet");
    case "forbidden": return plain("chip.forbidden", "bad");
    case "full": return plain("chip.full", "busy");
    default: return plain(picture.hasPlayed ? "chip.reconnecting" : "chip.connecting", "busy");
    }
}

/**
 * @param {Picture} picture
 * @returns {Poster|null} Null while there is a picture to look at.
 */
export function posterOf(picture) {
    const say = (/** @type {string} */ name, /** @type {Poster["tone"]} */ tone, hasText = true) =>
        ({ title: `poster.${name}`, text: hasText ? `poster.${name}Text` : null, tone,
            hasAddress: false });
    if (!picture.canPlay) {
        return { title: "poster.failed", text: "poster.noMse", tone: "bad", hasAddress: true };
    }
    if (isUnplayable(picture)) {
        return { title: "poster.failed", text: "poster.codec", tone: "bad", hasAddress: true };
    }
    if (picture.needsTap && picture.state !== "playing") return say("stopped", "tap", false);
    switch (namedState(picture)) {
    case "playing": return null;
    case "buffering": return picture.hasPlayed ? null : say("connecting", "busy", false);
    case "waiting":
        return say("waiting", "quiet");
    case "choosing":
        return { title: "streams.title", text: null, tone: "quiet", hasAddress: false };
    case "ended": return say("ended", "quiet");
    case "failed":
        return { title: "poster.failed", text: "poster.failedText", tone: "bad", hasAddress: true };
    case "stopped": return say("stopped", "tap", false);
    case "forbidden":
        return { ...say("forbidden", "bad"), sentence: picture.refusal?.sentence };
    case "full": return say("full", "quiet");
    default:
        return picture.hasPlayed ? say("reconnecting", "over") : say("connecting", "busy", false);
    }
}
