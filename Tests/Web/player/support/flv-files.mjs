// FLV for tests: reads a file into tags, writes tags, and makes enhanced FLV of a fragmented MP4.
import fs from "node:fs";
import { FLVDemuxer } from "../../../../Sources/Web/Files/player/flv-demuxer.js";

/** @typedef {{type: number, timestampMs: number, body: Uint8Array}} Tag */

export const flvHead = Uint8Array.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);
const numbers = { audio: 8, video: 9, script: 18 };

/** @param {string} file @returns {Tag[]} */
export function readFLV(file) {
    const tags = [];
    new FLVDemuxer(({ type, timestampMs, body }) =>
        tags.push({ type: numbers[type], timestampMs, body: body.slice() })).push(fs.readFileSync(file));
    return tags;
}

/** @param {Tag} tag @returns {Buffer} with its back pointer */
export function writeTag({ type, timestampMs, body }) {
    const bytes = Buffer.alloc(15 + body.length);
    bytes[0] = type;
    bytes.writeUIntBE(body.length, 1, 3);
    bytes.writeUIntBE(timestampMs & 0xffffff, 4, 3);
    bytes[7] = timestampMs >>> 24;
    bytes.set(body, 11);
    bytes.writeUInt32BE(11 + body.length, 11 + body.length);
    return bytes;
}

/** @param {any} value @returns {Buffer} AMF0 */
export function amf0(value) {
    const text = (string) => {
        const bytes = Buffer.from(string);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(bytes.length);
        return Buffer.concat([length, bytes]);
    };
    if (typeof value === "number") {
        const bytes = Buffer.alloc(9);
        bytes.writeDoubleBE(value, 1);
        return bytes;
    }
    if (typeof value === "boolean") return Buffer.from([1, value ? 1 : 0]);
    if (typeof value === "string") return Buffer.concat([Buffer.from([2]), text(value)]);
    if (Array.isArray(value)) {
        const count = Buffer.alloc(5, 10);
        count.writeUInt32BE(value.length, 1);
        return Buffer.concat([count, ...value.map(amf0)]);
    }
    const members = Object.entries(value).map(([name, one]) => Buffer.concat([text(name), amf0(one)]));
    return Buffer.concat([Buffer.from([3]), ...members, Buffer.from([0, 0, 9])]);
}

/** @param {string} name @param {any} value @param {number} timestampMs @returns {Tag} */
export function scriptTag(name, value, timestampMs) {
    return { type: 18, timestampMs, body: Buffer.concat([amf0(name), amf0(value)]) };
}

/** The boxes of an MP4 in a row.
 * @param {Buffer} bytes @returns {{type: string, body: Buffer}[]} */
export function boxes(bytes) {
    const found = [];
    for (let at = 0; at + 8 <= bytes.length;) {
        const size = bytes.readUInt32BE(at);
        found.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + 8, at + size), at });
        if (size < 8) break;
        at += size;
    }
    return found;
}

/** @param {Buffer} bytes @param {...string} path @returns {Buffer|undefined} the body of a nested box */
export function box(bytes, ...path) {
    return path.reduce((body, type) => body && boxes(body).find((one) => one.type === type)?.body, bytes);
}

const fourCCs = { hvc1: "hvc1", hev1: "hvc1", av01: "av01", avc1: "avc1", Opus: "Opus", mp4a: "mp4a" };
const records = { hvc1: "hvcC", hev1: "hvcC", av01: "av1C", avc1: "avcC", Opus: "dOps" };

/** Enhanced FLV of what ffmpeg wrote by `-movflags frag_every_frame+empty_moov+default_base_moof`.
 * @param {string} file @returns {Tag[]} sorted by time */
export function readMP4(file) {
    const bytes = fs.readFileSync(file);
    const tracks = new Map();
    const tags = [];
    for (const { type, body } of boxes(box(bytes, "moov"))) {
        if (type !== "trak") continue;
        const id = box(body, "tkhd").readUInt32BE(12);
        const scale = box(body, "mdia", "mdhd").readUInt32BE(12);
        const entry = boxes(box(body, "mdia", "minf", "stbl", "stsd").subarray(8))[0];
        const isAudio = box(body, "mdia", "hdlr").toString("latin1", 8, 12) === "soun";
        const inner = entry.body.subarray(isAudio ? 28 : 78);
        let record = boxes(inner).find((one) => one.type === records[entry.type]).body;
        if (entry.type === "Opus") {
            const head = Buffer.from(record);
            head[0] = 1;
            head.writeUInt16LE(record.readUInt16BE(2), 2);
            head.writeUInt32LE(record.readUInt32BE(4), 4);
            head.writeUInt16LE(record.readUInt16BE(8), 8);
            record = Buffer.concat([Buffer.from("OpusHead"), head]);
        }
        const fourCC = fourCCs[entry.type];
        tracks.set(id, { scale, isAudio, fourCC, trex: {} });
        const first = isAudio ? 0x90 : 0x80 | 0x10;
        tags.push({ type: isAudio ? 8 : 9, timestampMs: 0,
            body: Buffer.concat([Buffer.from([first]), Buffer.from(fourCC), record]) });
    }
    for (const one of boxes(bytes)) {
        if (one.type !== "moof") continue;
        for (const traf of boxes(one.body).filter(({ type }) => type === "traf")) {
            const head = box(traf.body, "tfhd");
            const track = tracks.get(head.readUInt32BE(4));
            const flags = head.readUInt32BE(0) & 0xffffff;
            let at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
            const take = (bit) => flags & bit ? head.readUInt32BE((at += 4) - 4) : 0;
            const [usualDuration, usualSize, usualFlags] = [take(8), take(16), take(32)];
            const tfdt = box(traf.body, "tfdt");
            let time = tfdt[0] ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
            const run = box(traf.body, "trun");
            const runFlags = run.readUInt32BE(0) & 0xffffff;
            let dataAt = one.at + run.readInt32BE(8);
            let row = 12;
            const firstFlags = runFlags & 4 ? run.readUInt32BE((row += 4) - 4) : undefined;
            for (let index = 0; index < run.readUInt32BE(4); index++) {
                const next = (bit, usual) => runFlags & bit ? run.readInt32BE((row += 4) - 4) : usual;
                const duration = next(0x100, usualDuration);
                const size = next(0x200, usualSize);
                const sampleFlags = next(0x400, index === 0 && firstFlags !== undefined ? firstFlags : usualFlags);
                const offset = next(0x800, 0);
                const isKey = (sampleFlags & 0x10000) === 0;
                const ms = Math.round(time / track.scale * 1000);
                const cts = Math.round(offset / track.scale * 1000);
                const head = track.isAudio ? [0x91] : [0x80 | (isKey ? 0x10 : 0x20) | (track.fourCC === "av01" ? 3 : 1)];
                const extra = !track.isAudio && track.fourCC !== "av01" ? [cts >> 16 & 255, cts >> 8 & 255, cts & 255] : [];
                tags.push({ type: track.isAudio ? 8 : 9, timestampMs: ms,
                    body: Buffer.concat([Buffer.from(head), Buffer.from(track.fourCC), Buffer.from(extra),
                        bytes.subarray(dataAt, dataAt + size)]) });
                dataAt += size;
                time += duration;
            }
        }
    }
    return tags.map((tag, index) => ({ tag, index }))
        .sort((a, b) => a.tag.timestampMs - b.tag.timestampMs || a.index - b.index).map(({ tag }) => tag);
}

/** Whether a media tag holds parameters. @param {Tag} tag */
export function isConfig({ type, body }) {
    if (type === 9) return body[0] & 0x80 ? (body[0] & 15) === 0 : [7, 12].includes(body[0] & 15) && body[1] === 0;
    if (type === 8) return body[0] >> 4 === 9 ? (body[0] & 15) === 0 : body[0] >> 4 === 10 && body[1] === 0;
    return false;
}
