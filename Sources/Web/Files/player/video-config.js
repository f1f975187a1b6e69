// Reads the parameters of H.264, HEVC and AV1: the codec string and the size of the picture.

import { BitReader, CodecError, withoutEmulation } from "./bit-reader.js";

/** @typedef {object} VideoConfig
 * @property {"avc"|"hevc"|"av1"} codec
 * @property {string} codecString as RFC 6381 has it
 * @property {number} width pixels
 * @property {number} height pixels
 * @property {Uint8Array} record avcC, hvcC or av1C */

/** @param {number} value */
function hex2(value) {
    return value.toString(16).padStart(2, "0").toUpperCase();
}

/** @param {Uint8Array} record an AVCDecoderConfigurationRecord
 * @returns {VideoConfig} */
export function readAVCConfig(record) {
    if (record.length < 8 || record[0] !== 1) {
        throw new CodecError("The H.264 parameters are broken.");
    }
    const length = (record[6] << 8) | record[7];
    if ((record[5] & 31) === 0 || length < 4 || 8 + length > record.length) {
        throw new CodecError("The H.264 parameters have no sequence parameters.");
    }
    const reader = new BitReader(withoutEmulation(record.subarray(9, 8 + length)));
    const profile = reader.bits(8);
    const compatibility = reader.bits(8);
    const level = reader.bits(8);
    reader.unsignedGolomb();
    let chroma = 1;
    if ([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].includes(profile)) {
        chroma = reader.unsignedGolomb();
        if (chroma === 3) reader.skip(1);
        reader.unsignedGolomb();
        reader.unsignedGolomb();
        reader.skip(1);
        if (reader.flag()) skipScalingLists(reader, chroma === 3 ? 12 : 8);
    }
    reader.unsignedGolomb();
    const orderType = reader.unsignedGolomb();
    if (orderType === 0) reader.unsignedGolomb();
    else if (orderType === 1) {
        reader.skip(1);
        reader.signedGolomb();
        reader.signedGolomb();
        const count = reader.unsignedGolomb();
        if (count > 255) throw new CodecError("The H.264 parameters are broken.");
        for (let index = 0; index < count; index++) reader.signedGolomb();
    }
    reader.unsignedGolomb();
    reader.skip(1);
    const widthUnits = reader.unsignedGolomb() + 1;
    const heightUnits = reader.unsignedGolomb() + 1;
    const isFrames = reader.flag();
    if (!isFrames) reader.skip(1);
    reader.skip(1);
    let [left, right, top, bottom] = [0, 0, 0, 0];
    if (reader.flag()) {
        left = reader.unsignedGolomb();
        right = reader.unsignedGolomb();
        top = reader.unsignedGolomb();
        bottom = reader.unsignedGolomb();
    }
    const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
    const cropY = (chroma === 1 ? 2 : 1) * (isFrames ? 1 : 2);
    return {
        codec: "avc",
        codecString: `avc1.${hex2(profile)}${hex2(compatibility)}${hex2(level)}`,
        ...saneSize(widthUnits * 16 - (left + right) * cropX,
            heightUnits * 16 * (isFrames ? 1 : 2) - (top + bottom) * cropY),
        record,
    };
}

/** @param {BitReader} reader @param {number} count */
function skipScalingLists(reader, count) {
    for (let list = 0; list < count; list++) {
        if (!reader.flag()) continue;
        let [last, next] = [8, 8];
        for (let index = 0; index < (list < 6 ? 16 : 64); index++) {
            if (next !== 0) next = (last + reader.signedGolomb() + 256) % 256;
            if (next !== 0) last = next;
        }
    }
}

/** @param {number} width @param {number} height */
function saneSize(width, height) {
    if (!(width >= 16 && height >= 16 && width <= 16384 && height <= 16384)) {
        throw new CodecError(`A picture of ${width} × ${height} can't be played.`);
    }
    return { width, height };
}

/** @param {Uint8Array} record an HEVCDecoderConfigurationRecord
 * @returns {VideoConfig} */
export function readHEVCConfig(record) {
    if (record.length < 23 || record[0] !== 1) {
        throw new CodecError("The HEVC parameters are broken.");
    }
    const head = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const profileSpace = ["", "A", "B", "C"][record[1] >> 6];
    let compatibility = 0;
    for (let bit = 0; bit < 32; bit++) {
        if (head.getUint32(2) >>> bit & 1) compatibility = (compatibility | 1 << (31 - bit)) >>> 0;
    }
    let codecString = `hvc1.${profileSpace}${record[1] & 31}`
        + `.${compatibility.toString(16).toUpperCase()}.${record[1] & 32 ? "H" : "L"}${record[12]}`;
    let constraints = 6;
    while (constraints > 0 && record[5 + constraints] === 0) constraints--;
    for (let index = 0; index < constraints; index++) {
        codecString += `.${record[6 + index].toString(16).toUpperCase()}`;
    }
    return { codec: "hevc", codecString, ...hevcSize(hevcSequence(record)), record };
}

/** The first sequence parameter set of an hvcC.
 * @param {Uint8Array} record */
function hevcSequence(record) {
    let at = 23;
    for (let array = 0; array < record[22] && at + 3 <= record.length; array++) {
        const type = record[at] & 63;
        const count = (record[at + 1] << 8) | record[at + 2];
        at += 3;
        for (let index = 0; index < count && at + 2 <= record.length; index++) {
            const length = (record[at] << 8) | record[at + 1];
            if (type === 33) return record.subarray(at + 2, at + 2 + length);
            at += 2 + length;
        }
    }
    throw new CodecError("The HEVC parameters have no sequence parameters.");
}

/** @param {Uint8Array} unit */
function hevcSize(unit) {
    const reader = new BitReader(withoutEmulation(unit.subarray(2)));
    reader.skip(4);
    const subLayers = reader.bits(3);
    reader.skip(1 + 88 + 8);
    const present = [];
    for (let layer = 0; layer < subLayers; layer++) present.push([reader.flag(), reader.flag()]);
    if (subLayers > 0) reader.skip(2 * (8 - subLayers));
    for (const [hasProfile, hasLevel] of present) {
        reader.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0));
    }
    reader.unsignedGolomb();
    const chroma = reader.unsignedGolomb();
    if (chroma === 3) reader.skip(1);
    let width = reader.unsignedGolomb();
    let height = reader.unsignedGolomb();
    if (reader.flag()) {
        const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
        const unitY = chroma === 1 ? 2 : 1;
        width -= (reader.unsignedGolomb() + reader.unsignedGolomb()) * unitX;
        height -= (reader.unsignedGolomb() + reader.unsignedGolomb()) * unitY;
    }
    return saneSize(width, height);
}

/** @param {Uint8Array} record an AV1CodecConfigurationRecord
 * @returns {VideoConfig} */
export function readAV1Config(record) {
    if (record.length < 4 || record[0] !== 0x81) {
        throw new CodecError("The AV1 parameters are broken.");
    }
    const profile = record[1] >> 5;
    const level = record[1] & 31;
    const tier = record[2] & 0x80 ? "H" : "M";
    const depth = record[2] & 0x20 ? "12" : record[2] & 0x40 ? "10" : "08";
    return {
        codec: "av1",
        codecString: `av01.${profile}.${String(level).padStart(2, "0")}${tier}.${depth}`,
        ...av1Size(record),
        record,
    };
}

/** The largest picture the sequence header in an av1C allows for.
 * @param {Uint8Array} record */
function av1Size(record) {
    let at = 4;
    if (at >= record.length) return { width: 1280, height: 720 };
    if ((record[at] >> 3 & 15) !== 1) {
        throw new CodecError("The AV1 parameters have no sequence header.");
    }
    const hasExtension = record[at] & 4;
    const hasSize = record[at] & 2;
    at += hasExtension ? 2 : 1;
    if (hasSize) while (at < record.length && record[at++] & 0x80);
    const reader = new BitReader(record.subarray(at));
    reader.skip(3 + 1);
    if (reader.flag()) reader.skip(5);
    else {
        let modelBits = 0;
        let hasModel = false;
        if (reader.flag()) {
            reader.skip(64);
            if (reader.flag()) reader.unsignedGolomb();
            hasModel = reader.flag();
            if (hasModel) {
                modelBits = reader.bits(5) + 1;
                reader.skip(32 + 5 + 5);
            }
        }
        const hasDelay = reader.flag();
        const points = reader.bits(5) + 1;
        for (let point = 0; point < points; point++) {
            reader.skip(12);
            if (reader.bits(5) > 7) reader.skip(1);
            if (hasModel && reader.flag()) reader.skip(2 * modelBits + 1);
            if (hasDelay && reader.flag()) reader.skip(4);
        }
    }
    const widthBits = reader.bits(4) + 1;
    const heightBits = reader.bits(4) + 1;
    return saneSize(reader.bits(widthBits) + 1, reader.bits(heightBits) + 1);
}
