// The muxer: what it writes of the demo clip is read back by an MP4 reader of the tests' own.
import test from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { initSegment, fragment, mimeType, timeScale, isBare } from "../../../Sources/Web/Files/player/fmp4-muxer.js";
import { readVideoPacket, readAudioPacket } from "../../../Sources/Web/Files/player/flv-packets.js";
import { readAVCConfig } from "../../../Sources/Web/Files/player/video-config.js";
import { readAACConfig, readOpusConfig, readMP3Config } from "../../../Sources/Web/Files/player/audio-config.js";
import { VideoTimeline, AudioTimeline } from "../../../Sources/Web/Files/player/track-timeline.js";
import { readFLV, readMP4, box, boxes, isConfig } from "./support/flv-files.mjs";
import { demoFLV } from "./support/files.mjs";

const tags = readFLV(demoFLV);
const video = tags.filter((tag) => tag.type === 9 && !isConfig(tag)).slice(0, 90);
const avc = readAVCConfig(readVideoPacket(tags.find((tag) => tag.type === 9).body).data);
const aac = readAACConfig(readAudioPacket(tags.find((tag) => tag.type === 8).body).data);

/** @param {Uint8Array[]} parts */
function readBack(parts) {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "fanfare-mux-")), "a.mp4");
    fs.writeFileSync(file, Buffer.concat(parts));
    return readMP4(file);
}

test("the picture comes back with its times, keyframes and bytes", () => {
    const timeline = new VideoTimeline();
    const samples = video.map((tag) => timeline.place(readVideoPacket(tag.body), tag.timestampMs));
    const parts = [initSegment(avc)];
    for (let at = 0; at < samples.length; at += 7) parts.push(fragment(parts.length, samples.slice(at, at + 7)));
    const [config, ...read] = readBack(parts);
    assert.deepEqual(Buffer.from(config.body.subarray(5)), Buffer.from(avc.record));
    assert.equal(read.length, video.length);
    read.forEach((tag, index) => {
        const before = readVideoPacket(video[index].body);
        const after = readVideoPacket(tag.body);
        assert.equal(tag.timestampMs, video[index].timestampMs);
        assert.equal(after.isKeyframe, before.isKeyframe);
        assert.equal(after.compositionMs, before.compositionMs);
        assert.deepEqual(Buffer.from(after.data), Buffer.from(before.data));
    });
});

test("B-frames, negative offsets and times beyond 32 bits", () => {
    const sample = { decodeTime: 2 ** 33 + 5, duration: 3000, compositionOffset: -900, isKeyframe: true, data: Uint8Array.from([1, 2]) };
    const moof = box(Buffer.from(fragment(3, [sample])), "moof");
    assert.equal(box(moof, "traf", "tfdt").readBigUInt64BE(4), 2n ** 33n + 5n);
    const run = box(moof, "traf", "trun");
    assert.equal(run[0], 1);
    assert.equal(run.readInt32BE(24), -900);
    assert.equal(box(moof, "mfhd").readUInt32BE(4), 3);
});

test("data offsets point at the samples", () => {
    const bytes = Buffer.from(fragment(1, [1, 2, 3].map((value) => ({ decodeTime: value, duration: 1, compositionOffset: 0,
        isKeyframe: false, data: new Uint8Array(value).fill(value) }))));
    const run = box(bytes, "moof", "traf", "trun");
    assert.deepEqual([...bytes.subarray(run.readInt32BE(8))], [1, 2, 2, 3, 3, 3]);
    assert.deepEqual(boxes(bytes).map(({ type }) => type), ["moof", "mdat"]);
});

test("boxes of init segments have their sizes", () => {
    const opus = readOpusConfig(Buffer.from("4f707573486561640102380180bb0000000000", "hex"));
    const mp3 = readMP3Config(Buffer.from("fffb9064", "hex"));
    for (const config of [avc, aac, opus, mp3]) {
        const bytes = Buffer.from(initSegment(config));
        assert.equal(boxes(bytes).reduce((sum, one) => sum + one.body.length + 8, 0), bytes.length);
        const stsd = box(bytes, "moov", "trak", "mdia", "minf", "stbl", "stsd");
        assert.equal(stsd.length, 8 + stsd.readUInt32BE(8));
        assert.equal(box(bytes, "moov", "trak", "mdia", "mdhd").readUInt32BE(12), timeScale(config));
        assert.ok(box(bytes, "moov", "mvex", "trex"));
    }
    const dOps = box(box(Buffer.from(initSegment(opus)), "moov", "trak", "mdia", "minf", "stbl", "stsd").subarray(8), "Opus").subarray(28);
    assert.equal(box(dOps, "dOps").readUInt16BE(2), 0x138);
    assert.equal(box(dOps, "dOps").readUInt32BE(4), 48000);
});

test("types for the browser", () => {
    assert.equal(mimeType(avc), 'video/mp4; codecs="avc1.4D401F"');
    assert.equal(mimeType(aac), 'audio/mp4; codecs="mp4a.40.2"');
    const bare = { ...readMP3Config(Buffer.from("fffb9064", "hex")), codecString: "bare" };
    assert.equal(mimeType(bare), "audio/mpeg");
    assert.ok(isBare(bare) && !isBare(aac));
});

test("sound lies end to end whatever the tags' rounding, and goes with their drift", () => {
    const timeline = new AudioTimeline();
    const packet = { codec: "aac", kind: "frame", isKeyframe: true, compositionMs: 0, data: new Uint8Array(4) };
    let next = 0;
    let last;
    // A sender whose clock runs 0.1 % fast, for five minutes.
    for (let index = 0; index < 14_000; index++) {
        const told = index * 1024 / 48000 * 1000 * 0.999;
        last = timeline.place(packet, Math.floor(told), aac);
        assert.equal(last.decodeTime, next);
        assert.ok(Math.abs(last.decodeTime / 48 - told) < 25, `${index}`);
        next = last.decodeTime + last.duration;
    }
    const hole = timeline.place(packet, last.decodeTime / 48 + 500, aac);
    assert.ok(Math.abs(hole.decodeTime / 48 - last.decodeTime / 48 - 500) < 1);
    assert.equal(timeline.place(packet, hole.decodeTime / 48 - 400, aac), null);
});

test("the picture never steps back, and a long pause stays a hole", () => {
    const timeline = new VideoTimeline(40);
    const packet = { codec: "avc", kind: "frame", isKeyframe: false, compositionMs: 0, data: new Uint8Array(1) };
    const [a, b, c, d] = [100, 100, 90, 5000].map((ms) => timeline.place(packet, ms));
    assert.equal(a.decodeTime, 9000);
    assert.ok(b.decodeTime > a.decodeTime && c.decodeTime > b.decodeTime);
    assert.equal(d.decodeTime, 450_000);
    assert.equal(c.duration, 3600);
    assert.equal(timeline.place({ ...packet, compositionMs: -9000 }, 5040).compositionOffset, -453_600);
});

test("pictures that come once a second or less last until the next, unless it is a hole", () => {
    const packet = { codec: "avc", kind: "frame", isKeyframe: true, compositionMs: 0, data: new Uint8Array(1) };
    const durationsMs = (timeline, timesMs) => timesMs.map((ms) => timeline.place(packet, ms))
        .map(({ duration }) => Math.round(duration / 90));
    assert.deepEqual(durationsMs(new VideoTimeline(1000), [0, 1000, 2001, 2999]), [1000, 1001, 998, 998]);
    assert.deepEqual(durationsMs(new VideoTimeline(), [0, 2000, 4000, 6000]), [33, 2000, 2000, 2000],
        "nobody says so: two alike tell");
    assert.deepEqual(durationsMs(new VideoTimeline(2000), [0, 2000, 9000, 9040, 9080]), [2000, 2000, 40, 40, 40],
        "a hole is one to slides, too");
    assert.deepEqual(durationsMs(new VideoTimeline(40), [0, 5000, 5040, 13_000]), [40, 40, 40, 40]);
});
