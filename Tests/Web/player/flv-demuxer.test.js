// The demuxer: the same tags however the stream is cut, and a bound on what it keeps.
import test from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import { FLVDemuxer, FLVError } from "../../../Sources/Web/Files/player/flv-demuxer.js";
import { tagBytesLimit } from "../../../Sources/Web/Files/player/limits.js";
import { flvHead, writeTag } from "./support/flv-files.mjs";
import { corpusFLV, rtmpSourceFLV, demoFLV, seeded } from "./support/files.mjs";

/** @param {Iterable<Uint8Array>} chunks */
function tagsOf(chunks) {
    const tags = [];
    const demuxer = new FLVDemuxer(({ type, timestampMs, body }) =>
        tags.push(`${type} ${timestampMs} ${Buffer.from(body).toString("base64").slice(0, 40)} ${body.length}`));
    for (const chunk of chunks) demuxer.push(chunk);
    return tags;
}

function* cut(bytes, size) {
    for (let at = 0; at < bytes.length;) {
        const length = size();
        yield bytes.subarray(at, at + length);
        at += length;
    }
}

for (const file of [corpusFLV, rtmpSourceFLV]) {
    test(`${file.split("/").pop()} is the same byte by byte`, () => {
        const bytes = fs.readFileSync(file);
        const whole = tagsOf([bytes]);
        assert.ok(whole.length > 3);
        assert.deepEqual(tagsOf(cut(bytes, () => 1)), whole);
        const random = seeded(9);
        for (let round = 0; round < 40; round++) {
            assert.deepEqual(tagsOf(cut(bytes, () => 1 + Math.floor(random() * 97))), whole);
        }
    });
}

test("the demo clip has the tags that ffprobe counts", () => {
    const counts = { audio: 0, video: 0, script: 0 };
    let lastMs = 0;
    new FLVDemuxer(({ type, timestampMs }) => {
        counts[type]++;
        lastMs = Math.max(lastMs, timestampMs);
    }).push(fs.readFileSync(demoFLV));
    assert.ok(counts.video >= 720 && counts.audio >= 1100, JSON.stringify(counts));
    assert.ok(lastMs > 23_900);
});

test("timestamps have 32 bits and no sign", () => {
    const times = [];
    new FLVDemuxer(({ timestampMs }) => times.push(timestampMs)).push(Buffer.concat([flvHead,
        ...[0, 0xffffff, 0x1000000, 0xfedcba98].map((timestampMs) => writeTag({ type: 9, timestampMs, body: Buffer.from([1]) }))]));
    assert.deepEqual(times, [0, 0xffffff, 0x1000000, 0xfedcba98]);
});

test("unknown, empty and encrypted tags are passed over", () => {
    const tag = writeTag({ type: 9, timestampMs: 1, body: Buffer.from([1]) });
    const encrypted = writeTag({ type: 9 | 0x20, timestampMs: 2, body: Buffer.from([1]) });
    const unknown = writeTag({ type: 15, timestampMs: 3, body: Buffer.from([1]) });
    const empty = writeTag({ type: 8, timestampMs: 4, body: Buffer.alloc(0) });
    assert.equal(tagsOf([Buffer.concat([flvHead, unknown, encrypted, empty, tag])]).length, 1);
});

test("what isn't FLV is said to be none", () => {
    assert.throws(() => tagsOf([Buffer.from("<!doctype html><html>")]), FLVError);
    assert.throws(() => tagsOf([Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0xff, 0, 0, 0, 0])]), FLVError);
});

test("a tag beyond the bound is an error at its head, before anything is kept", () => {
    const head = Buffer.alloc(11);
    head[0] = 9;
    head.writeUIntBE(tagBytesLimit + 1, 1, 3);
    assert.throws(() => tagsOf([Buffer.concat([flvHead, head])]), FLVError);
});

test("changed anywhere, it is tags or an FLVError", () => {
    const bytes = fs.readFileSync(corpusFLV);
    const random = seeded(3);
    for (let round = 0; round < 500; round++) {
        const broken = Buffer.from(bytes);
        for (let change = 0; change < 8; change++) broken[Math.floor(random() * broken.length)] = random() * 256;
        try {
            tagsOf(cut(broken, () => 1 + Math.floor(random() * 5000)));
        } catch (error) {
            assert.ok(error instanceof FLVError, String(error));
        }
    }
});
