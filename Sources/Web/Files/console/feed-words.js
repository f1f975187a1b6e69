// Says in words how a stream's feed is, and whether anybody can see it.
import { consoleText } from "./strings/en.js";
import { durationText } from "./units.js";

/** A feed that was never there is quiet; one that should be there and isn't is loud. */
/** @typedef {"good" | "look" | "bad" | "idle"} FeedTone */

/**
 * @param {import("./staff-types.js").StreamState | undefined} stream
 * @returns {{tone: FeedTone, text: string}}
 */
export function feedWords(stream) {
    const text = consoleText.feed;
    if (!stream) return { tone: "idle", text: text.state.none };
    if (stream.state === "waiting") return { tone: "bad", text: text.state.waiting };
    if (stream.state === "stalled") {
        return { tone: "bad", text: text.state.stalled(durationText(stream.silentMs ?? 0)) };
    }
    const isTroubled = stream.warnings.some((warning) => warning.level === "trouble");
    return { tone: isTroubled ? "look" : "good", text: text.state.live };
}

/**
 * What is to be shouted about the picture.
 * @param {import("./staff-types.js").Programme | null} programme
 * @param {string} name of the stream
 * @param {{isExpected: boolean, isPlayed: boolean}} show isExpected: the stream was on air, or a
 *     show has its doors open on it; isPlayed: one is live
 * @returns {{tone: "bad" | "idle", title: string, text: string} | null} null if it can be seen
 */
export function unseenWords(programme, name, show) {
    if (!programme || !name) return null;
    const text = consoleText.unseen;
    const stream = programme.streams.find((other) => other.name === name);
    if (!stream || stream.state === "waiting") {
        return show.isExpected ? { tone: "bad", title: text.shout(name), text: text.off }
            : { tone: "idle", title: text.idle(name), text: text.off };
    }
    if (stream.state === "stalled") {
        const detail = text.silent(durationText(stream.silentMs ?? 0));
        return { tone: "bad", title: text.shout(name), text: detail };
    }
    // Without a viewer nothing is wrong, unless a show is played to nobody.
    if (stream.viewers === 0) {
        return show.isPlayed ? { tone: "bad", title: text.shout(name), text: text.nobody } : null;
    }
    return null;
}

/**
 * @param {import("./staff-types.js").StreamState} stream
 * @returns {string} as H.264 Main, 1920 × 1080, 30 per s
 */
export function pictureWords(stream) {
    const { video } = stream;
    if (!video) return consoleText.feed.noPicture;
    const parts = [[video.codec, video.profile].filter(Boolean).join(" ")];
    if (video.width && video.height) parts.push(`${video.width} × ${video.height}`);
    const rate = video.framesPerSecond ?? stream.framesPerSecond;
    if (rate) parts.push(`${Math.round(rate * 100) / 100} ${consoleText.charts.fps}`);
    return parts.join(", ");
}

/**
 * @param {import("./staff-types.js").StreamState} stream
 * @returns {string} as AAC, 48 kHz, stereo
 */
export function soundWords(stream) {
    const { audio } = stream;
    if (!audio) return consoleText.feed.noSound;
    const parts = [audio.codec];
    if (audio.sampleRateHz) parts.push(`${audio.sampleRateHz / 1000} kHz`);
    if (audio.channels) {
        parts.push(audio.channels === 1 ? "mono" : audio.channels === 2 ? "stereo"
            : `${audio.channels} channels`);
    }
    return parts.join(", ");
}
