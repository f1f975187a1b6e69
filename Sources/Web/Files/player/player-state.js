// What the page is told of how it goes: one word for the state, one object of numbers, one report.

/** @typedef {"connecting"|"waiting"|"playing"|"buffering"|"ended"|"failed"
 *  |"stopped"} PlayerState */
/** @typedef {object} StateView
 * @property {"connecting"|"open"|"lost"} link the connection
 * @property {string|undefined} reason why it was lost, as a code
 * @property {boolean} hasFrame there has been a picture
 * @property {boolean} isPlaying there is media to go on with, and nothing holds it up
 * @property {number} interruptedMs how long it hasn't been playing */

/** A shorter interruption isn't told as a state. */
const blinkMs = 150;

/** The state to be told.
 * @param {PlayerState} state the one told last
 * @param {StateView} view
 * @returns {PlayerState} */
export function nextState(state, { link, reason, hasFrame, isPlaying, interruptedMs }) {
    if (isPlaying) return "playing";
    if (state === "playing" && interruptedMs < blinkMs) return state;
    if (link === "open") return hasFrame ? "buffering" : "waiting";
    if (link === "lost" && reason === "stream_ended") return "ended";
    return link === "lost" && reason === "not_on_air" ? "waiting" : "connecting";
}

/** The state as reports have it.
 * @param {PlayerState} state
 * @param {boolean} isHidden
 * @returns {string} */
export function reportedState(state, isHidden) {
    if (state === "failed") return "failed";
    if (isHidden) return "hidden";
    return state === "playing" || state === "buffering" ? state : "connecting";
}

/** The numbers of `stats`.
 * @param {HTMLVideoElement} video
 * @param {import("./playback.js").Playback|null} playback
 * @param {number|null} targetMs media time that the whole audience is to see now
 * @param {number} targetDelayMs
 * @param {object} others what the element doesn't know
 * @returns {any} */
export function statsOf(video, playback, targetMs, targetDelayMs, others) {
    const offsetMs = playback?.hasFrame && targetMs !== null
        ? Math.round(targetMs - playback.positionMs) : null;
    return {
        delayMs: offsetMs === null ? null : offsetMs + targetDelayMs,
        offsetMs,
        targetDelayMs,
        stalls: playback?.stalls ?? 0,
        stallMs: Math.round(playback?.stallMs ?? 0),
        droppedFrames: video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
        bufferedMs: Math.round(playback?.aheadMs ?? 0),
        videoWidth: video.videoWidth,
        videoHeight: video.videoHeight,
        playbackRate: video.playbackRate,
        ...others,
    };
}

/** What goes up the WebSocket, for the staff. What isn't known is left out.
 * @param {string} state
 * @param {any} stats
 * @returns {object} */
export function reportOf(state, stats) {
    const { firstFrameMs, stalls, stallMs, offsetMs, delayMs } = stats;
    return {
        type: "report", state, firstFrameMs: firstFrameMs ?? undefined, stalls, stallMs,
        offsetMs: offsetMs ?? undefined, delayMs: delayMs ?? undefined,
    };
}
