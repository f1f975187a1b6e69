// Packets of audio and video tags: legacy, enhanced, with modifiers, and what is left out.
import test from "node:test";
import assert from "node:assert/strict";
import { readVideoPacket, readAudioPacket } from "../../../Sources/Web/Files/player/flv-packets.js";
import { seeded } from "./support/files.mjs";

const bytes = (...parts) => Uint8Array.from(parts.flatMap((part) =>
    typeof part === "string" ? Array.from(part, (letter) => letter.charCodeAt(0)) : [part]));

test("legacy H.264", () => {
    assert.deepEqual(readVideoPacket(bytes(0x17, 0, 0, 0, 0, 1, 2)),
        { codec: "avc", kind: "config", isKeyframe: true, compositionMs: 0, data: bytes(1, 2) });
    assert.deepEqual(readVideoPacket(bytes(0x27, 1, 0, 0, 80, 9)),
        { codec: "avc", kind: "frame", isKeyframe: false, compositionMs: 80, data: bytes(9) });
    assert.equal(readVideoPacket(bytes(0x27, 1, 0xff, 0xff, 0xd8, 9)).compositionMs, -40);
    assert.equal(readVideoPacket(bytes(0x17, 2, 0, 0, 0)).kind, "end");
});

test("enhanced video", () => {
    assert.deepEqual(readVideoPacket(bytes(0x90, "hvc1", 1)),
        { codec: "hevc", kind: "config", isKeyframe: true, compositionMs: 0, data: bytes(1) });
    assert.equal(readVideoPacket(bytes(0xa1, "hvc1", 0, 0, 33, 7)).compositionMs, 33);
    assert.deepEqual(readVideoPacket(bytes(0xa3, "hvc1", 7)).data, bytes(7));
    assert.deepEqual(readVideoPacket(bytes(0x91, "av01", 7, 8)).data, bytes(7, 8));
    assert.equal(readVideoPacket(bytes(0x92, "avc1")).kind, "end");
    assert.equal(readVideoPacket(bytes(0x94, "hvc1", 1)), null);
    assert.equal(readVideoPacket(bytes(0x96, 0x01, "hvc1", 0, 1)), null);
    assert.equal(readVideoPacket(bytes(0x91, "vp09", 1)).codec, "vp09");
});

test("modifiers before the packet are passed over", () => {
    assert.deepEqual(readVideoPacket(bytes(0x97, 2, 0, 0, 0, 0x03, "avc1", 5)).data, bytes(5));
    assert.equal(readVideoPacket(bytes(0x97, 2, 0, 0)), null);
    assert.deepEqual(readAudioPacket(bytes(0x97, 0, 0, 0x01, "Opus", 5)).data, bytes(5));
});

test("sound", () => {
    assert.equal(readAudioPacket(bytes(0xaf, 0, 0x12, 0x10)).kind, "config");
    assert.deepEqual(readAudioPacket(bytes(0xaf, 1, 5)).data, bytes(5));
    assert.deepEqual(readAudioPacket(bytes(0x2f, 0xff, 0xfb)).data, bytes(0xff, 0xfb));
    assert.equal(readAudioPacket(bytes(0x90, "Opus", 1)).kind, "config");
    assert.equal(readAudioPacket(bytes(0x91, "mp4a", 1)).codec, "aac");
    assert.equal(readAudioPacket(bytes(0x94, "Opus", 1)), null);
    assert.equal(readAudioPacket(bytes(0x95, 0, "Opus", 1)), null);
    assert.equal(readAudioPacket(bytes(0xb0, 1)).codec, "Speex");
});

test("commands and packets cut short are nothing", () => {
    assert.equal(readVideoPacket(bytes(0x57, 0)), null);
    for (const whole of [bytes(0x17, 1, 0, 0, 0), bytes(0x91, "hvc1", 0, 0, 0)]) {
        for (let length = 1; length < whole.length; length++) assert.equal(readVideoPacket(whole.subarray(0, length)), null);
    }
    assert.equal(readAudioPacket(bytes(0xaf)), null);
    const random = seeded(1);
    for (let round = 0; round < 5000; round++) {
        const noise = Uint8Array.from({ length: 1 + Math.floor(random() * 12) }, () => random() * 256);
        readVideoPacket(noise);
        readAudioPacket(noise);
    }
});
