// Parameters of the codecs, as ffmpeg's encoders write them, and broken ones.
import test from "node:test";
import assert from "node:assert/strict";
import { readAVCConfig, readHEVCConfig, readAV1Config } from "../../../Sources/Web/Files/player/video-config.js";
import { readAACConfig, readMP3Config, readOpusConfig, opusSamples } from "../../../Sources/Web/Files/player/audio-config.js";
import { BitReader, CodecError, withoutEmulation } from "../../../Sources/Web/Files/player/bit-reader.js";
import { readFLV, isConfig } from "./support/flv-files.mjs";
import { demoFLV, seeded } from "./support/files.mjs";

const hex = (text) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
const configs = readFLV(demoFLV).filter(isConfig);
const avcC = configs.find(({ type }) => type === 9).body.subarray(5);
const asc = configs.find(({ type }) => type === 8).body.subarray(2);
// x265 and SVT-AV1 of Debian 12, 640 × 360.
const hvcC = hex(`
    0101600000009000000000003ff000fcfdf8f800000f03a00001001840010c01ffff01600000030090000003
    000003003f959409a10001002b42010101600000030090000003000003003fa005020171f2e595952930bc05
    a020000003002000000303c1a2000100064401c073c189`);
const av1C = hex(`
    81010c000a0b0000000cc4ff6700be0010`);
const opusHead = hex("4f707573486561640102380180bb0000000000");

test("H.264 of the demo clip", () => {
    const { codecString, width, height } = readAVCConfig(avcC);
    assert.deepEqual({ codecString, width, height }, { codecString: "avc1.4D401F", width: 640, height: 360 });
});

test("HEVC and AV1", () => {
    const hevc = readHEVCConfig(hvcC);
    assert.deepEqual([hevc.width, hevc.height], [640, 360]);
    assert.match(hevc.codecString, /^hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*$/);
    const av1 = readAV1Config(av1C);
    assert.deepEqual([av1.width, av1.height], [640, 360]);
    assert.match(av1.codecString, /^av01\.0\.\d\dM\.08$/);
});

test("AAC of the demo clip, HE-AAC, and short frames", () => {
    const { codecString, sampleRate, channels, packetSamples } = readAACConfig(asc);
    assert.deepEqual([codecString, sampleRate, channels, packetSamples], ["mp4a.40.2", 48000, 2, 1024]);
    const he = readAACConfig(hex("2b920800"));
    assert.deepEqual([he.codecString, he.sampleRate], ["mp4a.40.5", 22050]);
    assert.equal(readAACConfig(hex("1214")).packetSamples, 960);
    assert.throws(() => readAACConfig(new Uint8Array(100)), CodecError);
    assert.throws(() => readAACConfig(hex("00")), CodecError);
});

test("MP3 of each version", () => {
    const facts = ({ sampleRate, channels, packetSamples }) => [sampleRate, channels, packetSamples];
    assert.deepEqual(facts(readMP3Config(hex("fffb9064"))), [44100, 2, 1152]);
    assert.deepEqual(facts(readMP3Config(hex("fff394c4"))), [24000, 1, 576]);
    assert.deepEqual(facts(readMP3Config(hex("ffe390c4"))), [11025, 1, 576]);
    for (const broken of ["fff9", "00000000", "fffd9064", "ffff9c64"]) {
        assert.throws(() => readMP3Config(hex(broken)), CodecError);
    }
});

test("Opus: its head and how long packets sound", () => {
    assert.equal(readOpusConfig(opusHead).channels, 2);
    assert.equal(readOpusConfig(opusHead.subarray(8)).channels, 2);
    assert.throws(() => readOpusConfig(opusHead.subarray(0, 12)), CodecError);
    assert.equal(opusSamples(hex("fc")), 960);
    assert.equal(opusSamples(hex("f8")), 960);
    assert.equal(opusSamples(hex("e0")), 120);
    assert.equal(opusSamples(hex("0b03")), 960 * 3);
    assert.equal(opusSamples(hex("ff3f")), 5760);
    assert.equal(opusSamples(new Uint8Array(0)), 960);
});

test("bits, Exp-Golomb numbers and emulation prevention", () => {
    const reader = new BitReader(hex("a6428e20"));
    assert.deepEqual([1, 2, 3, 4, 5].map(() => reader.unsignedGolomb()), [0, 1, 2, 3, 4]);
    assert.throws(() => new BitReader(new Uint8Array(8)).unsignedGolomb(), CodecError);
    assert.throws(() => new BitReader(hex("ff")).bits(9), CodecError);
    assert.equal(new BitReader(hex("ffffffff")).bits(32), 0xffffffff);
    assert.deepEqual(withoutEmulation(hex("0000030100000300")), hex("000001000000"));
});

test("changed or cut anywhere, they are parameters or a CodecError", () => {
    const random = seeded(11);
    const cases = [[readAVCConfig, avcC], [readHEVCConfig, hvcC], [readAV1Config, av1C], [readAACConfig, asc],
        [readMP3Config, hex("fffb9064")], [readOpusConfig, opusHead]];
    for (const [read, record] of cases) {
        for (let round = 0; round < 3000; round++) {
            const bytes = Uint8Array.from(record.subarray(0, random() < 0.3 ? Math.floor(random() * record.length) : undefined));
            for (let change = 0; change < 3 && bytes.length; change++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
            try {
                const config = read(bytes);
                if ("width" in config) assert.ok(config.width <= 16384 && config.height >= 16);
            } catch (error) {
                assert.ok(error instanceof CodecError, `${read.name}: ${error.stack}`);
            }
        }
    }
});
