// Reads the parameters of AAC, MP3 and Opus: rate, channels and how long a packet sounds.

import { BitReader, CodecError } from "./bit-reader.js";

/** @typedef {object} AudioConfig
 * @property {"aac"|"mp3"|"opus"} codec
 * @property {string} codecString as RFC 6381 has it
 * @property {number} sampleRate Hz, and the track's time scale
 * @property {number} channels
 * @property {number} packetSamples samples of one packet; 0 where each says it itself (Opus)
 * @property {Uint8Array} record AudioSpecificConfig, a frame's head (MP3) or OpusHead */

const aacRates = [
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];
const aacObjectTypes = [1, 2, 3, 4, 6, 17, 19, 20, 22, 23, 39, 42];

/** @param {Uint8Array} record an AudioSpecificConfig
 * @returns {AudioConfig} */
export function readAACConfig(record) {
    // Longer ones would need another form of descriptor, and nobody sends them.
    if (record.length > 64) throw new CodecError("The AAC parameters are too long.");
    const reader = new BitReader(record);
    const objectType = () => {
        const type = reader.bits(5);
        return type === 31 ? 32 + reader.bits(6) : type;
    };
    const rate = () => {
        const index = reader.bits(4);
        return index === 15 ? reader.bits(24) : aacRates[index];
    };
    const type = objectType();
    const sampleRate = rate();
    const channels = reader.bits(4);
    let coreType = type;
    if (type === 5 || type === 29) {
        rate();
        coreType = objectType();
    }
    if (!aacObjectTypes.includes(coreType) || !sampleRate || channels > 7) {
        throw new CodecError("The AAC parameters are broken.");
    }
    const isShort = record.length * 8 > 13 && reader.flag();
    return {
        codec: "aac",
        codecString: `mp4a.40.${type}`,
        sampleRate,
        channels: channels === 7 ? 8 : channels || 2,
        packetSamples: isShort ? 960 : 1024,
        record,
    };
}

/** @param {Uint8Array} frame the first MP3 frame
 * @returns {AudioConfig} */
export function readMP3Config(frame) {
    const version = frame.length < 4 ? 1 : (frame[1] >> 3) & 3;
    const layer = (frame[1] >> 1) & 3;
    const rateIndex = (frame[2] >> 2) & 3;
    const isSynchronized = frame[0] === 0xff && (frame[1] & 0xe0) === 0xe0;
    if (!isSynchronized || version === 1 || layer !== 1 || rateIndex === 3) {
        throw new CodecError("The sound isn't MP3, though it is said to be.");
    }
    return {
        codec: "mp3",
        codecString: "mp3",
        sampleRate: [44100, 48000, 32000][rateIndex] / (version === 3 ? 1 : version === 2 ? 2 : 4),
        channels: frame[3] >> 6 === 3 ? 1 : 2,
        packetSamples: version === 3 ? 1152 : 576,
        record: frame.slice(0, 4),
    };
}

/** @param {Uint8Array} record an OpusHead, with or without its magic word
 * @returns {AudioConfig} */
export function readOpusConfig(record) {
    const hasMagic = String.fromCharCode(...record.subarray(0, 8)) === "OpusHead";
    const head = hasMagic ? record.subarray(8) : record;
    if (head.length < 11 || head[0] > 15 || head[1] === 0 || head[1] > 8) {
        throw new CodecError("The Opus parameters are broken.");
    }
    return {
        codec: "opus", codecString: "opus", sampleRate: 48000, channels: head[1], packetSamples: 0,
        record: head,
    };
}

/** How long one Opus packet sounds.
 * @param {Uint8Array} packet
 * @returns {number} samples at 48 kHz */
export function opusSamples(packet) {
    if (packet.length === 0) return 960;
    const config = packet[0] >> 3;
    const frame = config < 12 ? [480, 960, 1920, 2880][config & 3]
        : config < 16 ? [480, 960][config & 1] : [120, 240, 480, 960][config & 3];
    const code = packet[0] & 3;
    const frames = code === 0 ? 1 : code < 3 ? 2 : Math.max(1, (packet[1] ?? 1) & 63);
    return Math.min(frame * frames, 5760);
}
