// A Fanfare stream in mpegts.js, by its documented API: what a page with that player has to add.

/** @typedef {{seq: number, pts: number, [property: string]: any}} CueObject */

const video = /** @type {HTMLVideoElement} */ (document.getElementById("picture"));
const stateLine = /** @type {HTMLElement} */ (document.getElementById("state"));
const cueList = /** @type {HTMLElement} */ (document.getElementById("cues"));
const choice = /** @type {HTMLFormElement} */ (document.getElementById("choice"));
const cuesShownMax = 50;

/** @type {any} */
let mpegts = null;
/** @type {any} */
let player = null;
/** Programme time at the element's time 0, ms: mpegts.js counts from 0. */
let startPts = 0;
/** The highest `seq` of each name: what isn't higher was told before. */
let newest = /** @type {Record<string, number>} */ ({ onQuiz: -1, onMessage: -1 });
/** @type {{name: string, cue: CueObject}[]} */
let waiting = [];
let tries = 0;
/** @type {any} */
let againTimer = null;

/** @param {string} text */
function tell(text) {
    stateLine.textContent = text;
}

/** @param {string} address
 * @returns {Promise<void>} */
function loadLibrary(address) {
    return new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.addEventListener("load", () => resolve());
        script.addEventListener("error", () => reject(new Error(
            `There is no mpegts.js at ${address}. Put dist/mpegts.js of its package there.`)));
        document.head.append(script);
    });
}

/** @param {string} stream */
function play(stream) {
    clearTimeout(againTimer);
    player?.destroy();
    waiting = [];
    player = mpegts.createPlayer({
        type: "flv",
        isLive: true,
        url: new URL(`/live/${stream}.flv`, location.href).href,
    }, {
        // The stash doubles the time to the first picture, and outages must not become delay.
        enableStashBuffer: false,
        liveBufferLatencyChasing: true,
        liveBufferLatencyMaxLatency: 2,
        liveBufferLatencyMinRemain: 0.5,
        autoCleanupSourceBuffer: true,
    });
    player.on(mpegts.Events.METADATA_ARRIVED, onScript);
    player.on(mpegts.Events.SCRIPTDATA_ARRIVED, onScript);
    // mpegts.js doesn't connect again by itself: at each end and error, do it.
    player.on(mpegts.Events.LOADING_COMPLETE, () => again(stream, "The stream has ended."));
    player.on(mpegts.Events.ERROR, (/** @type {string} */ type, /** @type {string} */ detail) =>
        again(stream, `${type}: ${detail}.`));
    player.attachMediaElement(video);
    player.load();
    player.play()?.catch(() => tell("Tap the picture's play button."));
    tell("Connecting.");
}

/** @param {string} stream @param {string} why */
function again(stream, why) {
    clearTimeout(againTimer);
    const waitMs = Math.min(500 * 2 ** tries, 8000) * (0.5 + Math.random() / 2);
    tries += 1;
    tell(`${why} Trying again.`);
    againTimer = setTimeout(() => play(stream), waitMs);
}

/** mpegts.js hands out a script tag as an object: its name, and the value under it; of the metadata
 * the value alone.
 * @param {any} data */
function onScript(data) {
    const metadata = data?.onMetaData ?? data;
    if (Number.isFinite(metadata?.programStartPts)) startPts = metadata.programStartPts;
    for (const name of Object.keys(newest)) {
        const cue = data?.[name];
        if (!cue || !(cue.seq > newest[name])) continue;
        newest[name] = cue.seq;
        waiting.push({ name, cue });
    }
}

/** Cues come before their picture: each waits until the element has reached its programme time. */
function showDueCues() {
    const programmeMs = startPts + video.currentTime * 1000;
    while (waiting.length > 0 && waiting[0].cue.pts <= programmeMs) {
        const { name, cue } = /** @type {{name: string, cue: CueObject}} */ (waiting.shift());
        const line = document.createElement("li");
        line.textContent = `${name} ${JSON.stringify(cue)}`;
        cueList.prepend(line);
        while (cueList.childElementCount > cuesShownMax) cueList.lastElementChild?.remove();
    }
    requestAnimationFrame(showDueCues);
}

video.addEventListener("playing", () => {
    tries = 0;
    tell("Playing.");
});

choice.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = (/** @type {string} */ id) =>
        /** @type {HTMLInputElement} */ (document.getElementById(id)).value;
    try {
        if (!mpegts) {
            await loadLibrary(field("library"));
            mpegts = /** @type {any} */ (globalThis).mpegts;
        }
        if (!mpegts?.isSupported()) {
            throw new Error("This browser can't play live video in a page.");
        }
        newest = { onQuiz: -1, onMessage: -1 };
        tries = 0;
        play(field("stream"));
    } catch (error) {
        tell(/** @type {Error} */ (error).message);
    }
});

requestAnimationFrame(showDueCues);
