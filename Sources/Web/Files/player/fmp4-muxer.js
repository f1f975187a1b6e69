// Writes fragmented MP4: an initialization segment for a track, and a fragment for its samples.

/** @typedef {import("./video-config.js").VideoConfig} VideoConfig */
/** @typedef {import("./audio-config.js").AudioConfig} AudioConfig */
/** @typedef {VideoConfig|AudioConfig} TrackConfig */
/** @typedef {object} Sample
 * @property {number} decodeTime in units of the track's time scale, as the next two
 * @property {number} duration
 * @property {number} compositionOffset
 * @property {boolean} isKeyframe
 * @property {Uint8Array} data */

/** Units of a second in a video track. */
export const videoTimeScale = 90_000;

/** @param {TrackConfig} config
 * @returns {number} units of a second */
export function timeScale(config) {
    return "sampleRate" in config ? config.sampleRate : videoTimeScale;
}

/** The type for `isTypeSupported`, `addSourceBuffer` and `changeType`.
 * @param {TrackConfig} config
 * @returns {string} */
export function mimeType(config) {
    if (isBare(config)) return "audio/mpeg";
    return `${"sampleRate" in config ? "audio" : "video"}/mp4; codecs="${config.codecString}"`;
}

/** Whether the track's packets are appended as they are: MP3 where the browser has none in MP4.
 * @param {TrackConfig} config
 * @returns {boolean} */
export function isBare(config) {
    return config.codec === "mp3" && config.codecString === "bare";
}

/** @param {number} value */
function u32(value) {
    return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** @param {number} value */
function u16(value) {
    return [(value >>> 8) & 255, value & 255];
}

/** @param {number} count */
function zeros(count) {
    return new Array(count).fill(0);
}

/** @param {string} type @param {...ArrayLike<number>} parts
 * @returns {Uint8Array} */
function box(type, ...parts) {
    const size = parts.reduce((sum, part) => sum + part.length, 8);
    const bytes = new Uint8Array(size);
    bytes.set(u32(size));
    for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index);
    let at = 8;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
    }
    return bytes;
}

const unity = [...u32(0x10000), ...zeros(12), ...u32(0x10000), ...zeros(12), ...u32(0x40000000)];

/** @param {VideoConfig} config */
function videoEntry(config) {
    const type = { avc: "avc1", hevc: "hvc1", av1: "av01" }[config.codec];
    const record = { avc: "avcC", hevc: "hvcC", av1: "av1C" }[config.codec];
    return box(type, zeros(6), u16(1), zeros(16), u16(config.width), u16(config.height),
        u32(0x480000), u32(0x480000), u32(0), u16(1), zeros(32), u16(24), u16(0xffff),
        box(record, config.record));
}

/** @param {AudioConfig} config */
function audioEntry(config) {
    const head = [...zeros(6), ...u16(1), ...zeros(8), ...u16(config.channels), ...u16(16),
        ...zeros(4), ...u16(config.sampleRate > 65535 ? 0 : config.sampleRate), 0, 0];
    if (config.codec === "opus") {
        const r = config.record;
        // OpusHead is little-endian, dOps big-endian.
        const turned = [0, r[1], r[3], r[2], r[7], r[6], r[5], r[4], r[9], r[8]];
        return box("Opus", head, box("dOps", turned, r.subarray(10)));
    }
    const objectType = config.codec === "aac" ? 0x40 : config.sampleRate >= 32000 ? 0x6b : 0x69;
    const specific = config.codec === "aac" ? [5, config.record.length, ...config.record] : [];
    const decoder = [objectType, 0x15, 0, 0, 0, ...zeros(8), ...specific];
    const stream = [0, 1, 0, 4, decoder.length, ...decoder, 6, 1, 2];
    return box("mp4a", head, box("esds", zeros(4), [3, stream.length, ...stream]));
}

/** The initialization segment of a track.
 * @param {TrackConfig} config
 * @returns {Uint8Array} */
export function initSegment(config) {
    const isAudio = "sampleRate" in config;
    const scale = timeScale(config);
    const [width, height] = isAudio ? [0, 0] : [config.width, config.height];
    const handler = Array.from(isAudio ? "soun" : "vide", (letter) => letter.charCodeAt(0));
    const empty = zeros(8);
    const table = box("stbl",
        box("stsd", zeros(4), u32(1), isAudio ? audioEntry(config) : videoEntry(config)),
        box("stts", empty), box("stsc", empty), box("stsz", zeros(12)), box("stco", empty));
    const info = box("minf", isAudio ? box("smhd", empty) : box("vmhd", [0, 0, 0, 1], empty),
        box("dinf", box("dref", zeros(4), u32(1), box("url ", [0, 0, 0, 1]))), table);
    const media = box("mdia",
        box("mdhd", zeros(12), u32(scale), u32(0), [0x55, 0xc4, 0, 0]),
        box("hdlr", empty, handler, zeros(13)), info);
    const track = box("trak",
        box("tkhd", [0, 0, 0, 7], zeros(8), u32(1), zeros(20), [isAudio ? 1 : 0, 0, 0, 0], unity,
            u16(width), [0, 0], u16(height), [0, 0]), media);
    const movie = box("moov",
        box("mvhd", zeros(12), u32(1000), u32(0), u32(0x10000), [1, 0], zeros(10), unity,
            zeros(24), u32(2)),
        track, box("mvex", box("trex", zeros(4), u32(1), u32(1), zeros(12))));
    const brand = Array.from("iso5\x00\x00\x02\x00iso5iso6mp41", (letter) => letter.charCodeAt(0));
    const type = box("ftyp", brand);
    const segment = new Uint8Array(type.length + movie.length);
    segment.set(type);
    segment.set(movie, type.length);
    return segment;
}

const keyframeFlags = 0x02000000;
const otherFlags = 0x01010000;
/** moof, mfhd, traf, tfhd, tfdt and trun without its rows. */
const movieHeadBytes = 8 + 16 + 8 + 16 + 20 + 20;

/** A fragment (moof and mdat) of one track's samples, in decoding order.
 * @param {number} sequence counts fragments, from 1
 * @param {Sample[]} samples at least one; the first's decodeTime is the fragment's
 * @returns {Uint8Array} */
export function fragment(sequence, samples) {
    const movieBytes = movieHeadBytes + samples.length * 16;
    const mediaBytes = samples.reduce((sum, sample) => sum + sample.data.length, 8);
    const bytes = new Uint8Array(movieBytes + mediaBytes);
    const view = new DataView(bytes.buffer);
    let at = 0;
    const put = (/** @type {number[]} */ ...words) => {
        for (const word of words) {
            view.setUint32(at, word);
            at += 4;
        }
    };
    put(movieBytes, 0x6d6f6f66, 16, 0x6d666864, 0, sequence);
    put(movieBytes - 24, 0x74726166, 16, 0x74666864, 0x020000, 1);
    const start = samples[0].decodeTime;
    put(20, 0x74666474, 0x01000000, Math.floor(start / 2 ** 32), start >>> 0);
    put(20 + samples.length * 16, 0x7472756e, 0x01000f01, samples.length, movieBytes + 8);
    for (const sample of samples) {
        put(sample.duration, sample.data.length, sample.isKeyframe ? keyframeFlags : otherFlags,
            sample.compositionOffset);
    }
    put(mediaBytes, 0x6d646174);
    for (const sample of samples) {
        bytes.set(sample.data, at);
        at += sample.data.length;
    }
    return bytes;
}
