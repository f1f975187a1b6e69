// Reads the first bytes of audio and video tags, legacy and enhanced (FourCC): what is in them.

/** @typedef {"avc"|"hevc"|"av1"|"aac"|"mp3"|"opus"} KnownCodec */
/** @typedef {object} Packet
 * @property {string} codec a KnownCodec, or the name of one that isn't played here
 * @property {"config"|"frame"|"end"} kind
 * @property {boolean} isKeyframe true for all of audio
 * @property {number} compositionMs what presentation is later than decoding
 * @property {Uint8Array} data */

const legacyVideo = /** @type {Record<number, string>} */ (
    { 2: "Sorenson H.263", 3: "Screen video", 4: "VP6", 5: "VP6 with alpha", 7: "avc", 12: "hevc",
        13: "av1" });
const legacyAudio = /** @type {Record<number, string>} */ (
    { 0: "PCM", 1: "ADPCM", 2: "mp3", 3: "PCM", 4: "Nellymoser", 5: "Nellymoser", 6: "Nellymoser",
        7: "G.711", 8: "G.711", 10: "aac", 11: "Speex", 13: "opus", 14: "mp3" });
const fourCCs = /** @type {Record<string, string>} */ (
    { avc1: "avc", hvc1: "hevc", av01: "av1", mp4a: "aac", ".mp3": "mp3", Opus: "opus" });

/** @param {Uint8Array} body @param {number} at */
function signed24(body, at) {
    return ((body[at] << 24) | (body[at + 1] << 16) | (body[at + 2] << 8)) >> 8;
}

/** The part behind an enhanced header's modifiers: where it begins and its packet type, or null.
 * @param {Uint8Array} body @param {number} type */
function behindModifiers(body, type) {
    let at = 1;
    while (type === 7) {
        if (at >= body.length) return null;
        let size = body[at] + 1;
        at += 1;
        if (size === 256) {
            if (at + 2 > body.length) return null;
            size = ((body[at] << 8) | body[at + 1]) + 1;
            at += 2;
        }
        at += size;
        if (at >= body.length) return null;
        type = body[at] & 15;
        at += 1;
    }
    return { at, type };
}

/** @param {Uint8Array} body @param {number} at */
function fourCC(body, at) {
    return String.fromCharCode(body[at], body[at + 1], body[at + 2], body[at + 3]);
}

/** What a video tag holds; null for what isn't picture (metadata, commands, further tracks).
 * @param {Uint8Array} body
 * @returns {Packet|null} */
export function readVideoPacket(body) {
    const frameType = (body[0] >> 4) & 7;
    if (frameType === 5) return null;
    const isKeyframe = frameType === 1 || frameType === 4;
    if (body[0] & 0x80) {
        const head = behindModifiers(body, body[0] & 15);
        if (!head || head.at + 4 > body.length) return null;
        const name = fourCC(body, head.at);
        const codec = fourCCs[name] ?? name;
        let at = head.at + 4;
        /** @type {Packet["kind"]} */
        let kind = "frame";
        let compositionMs = 0;
        if (head.type === 0) kind = "config";
        else if (head.type === 2) kind = "end";
        else if (head.type === 1 && (codec === "avc" || codec === "hevc")) {
            if (at + 3 > body.length) return null;
            compositionMs = signed24(body, at);
            at += 3;
        } else if (head.type !== 1 && head.type !== 3) return null;
        return { codec, kind, isKeyframe, compositionMs, data: body.subarray(at) };
    }
    const codec = legacyVideo[body[0] & 15] ?? `video codec ${body[0] & 15}`;
    if (codec !== "avc" && codec !== "hevc" && codec !== "av1") {
        return { codec, kind: "frame", isKeyframe, compositionMs: 0, data: body.subarray(1) };
    }
    if (body.length < 5 || body[1] > 2) return null;
    const kind = /** @type {const} */ (["config", "frame", "end"])[body[1]];
    return { codec, kind, isKeyframe, compositionMs: signed24(body, 2), data: body.subarray(5) };
}

/** What an audio tag holds; null for what isn't sound.
 * @param {Uint8Array} body
 * @returns {Packet|null} */
export function readAudioPacket(body) {
    const sound = { isKeyframe: true, compositionMs: 0 };
    if (body[0] >> 4 === 9) {
        const head = behindModifiers(body, body[0] & 15);
        if (!head || head.at + 4 > body.length || head.type > 2) return null;
        const name = fourCC(body, head.at);
        const kind = /** @type {const} */ (["config", "frame", "end"])[head.type];
        return { ...sound, codec: fourCCs[name] ?? name, kind, data: body.subarray(head.at + 4) };
    }
    const codec = legacyAudio[body[0] >> 4] ?? `audio codec ${body[0] >> 4}`;
    if (codec !== "aac") return { ...sound, codec, kind: "frame", data: body.subarray(1) };
    if (body.length < 2 || body[1] > 1) return null;
    return { ...sound, codec, kind: body[1] === 0 ? "config" : "frame", data: body.subarray(2) };
}
