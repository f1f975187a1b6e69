// History and sink: what a MediaSource is given, in which order, and what isn't kept.
import test from "node:test";
import assert from "node:assert/strict";
import { MediaHistory } from "../../../Sources/Web/Files/player/media-history.js";
import { MediaSink } from "../../../Sources/Web/Files/player/media-sink.js";
import { historyBytesLimit, queueBytesLimit } from "../../../Sources/Web/Files/player/limits.js";
import { FakeMediaSource } from "./support/fake-media-source.mjs";

const avc = { codec: "avc", codecString: "avc1.4D401F", width: 640, height: 360, record: Uint8Array.from([1, 77, 64, 31]) };
const hevc = { ...avc, codec: "hevc", codecString: "hvc1.1.6.L93" };
const aac = { codec: "aac", codecString: "mp4a.40.2", sampleRate: 48000, channels: 2, packetSamples: 1024, record: Uint8Array.from([0x11, 0x90]) };
const mp3 = { codec: "mp3", codecString: "bare", sampleRate: 48000, channels: 2, packetSamples: 1152, record: Uint8Array.from([1, 2, 3, 4]) };

const frame = (ms, isKeyframe = false, bytes = 10) =>
    ({ decodeTime: ms * 90, duration: 3000, compositionOffset: 0, isKeyframe, data: new Uint8Array(bytes) });
const sound = (ms, bytes = 4) =>
    ({ decodeTime: ms * 48, duration: 1024, compositionOffset: 0, isKeyframe: true, data: new Uint8Array(bytes) });

function sink(options = {}) {
    const it = { positionMs: 0, nowMs: 0, broken: [], appended: 0 };
    it.sink = new MediaSink(FakeMediaSource, options.isManaged ?? false, {
        onBroken: (reason) => it.broken.push(reason), onAppended: () => it.appended++,
        positionMs: () => it.positionMs, nowMs: () => it.nowMs,
    });
    it.source = it.sink.mediaSource;
    return it;
}

test("a history begins at the keyframe before the position, with the sound of its time", () => {
    const history = new MediaHistory();
    for (let ms = 0; ms < 4000; ms += 40) {
        history.add("video", avc, frame(ms, ms % 1000 === 0));
        history.add("audio", aac, sound(ms));
    }
    const entries = history.from(2500, ["video", "audio"]);
    assert.equal(entries[0].mediaMs, 2000);
    assert.ok(entries.filter(({ kind }) => kind === "audio")[0].mediaMs >= 1970);
    assert.equal(history.from(2500, ["audio"])[0].mediaMs, 2000);
    assert.equal(history.from(99_999, ["video"])[0].mediaMs, 3000);
    assert.equal(history.firstStartMs("video", 2100), 3000);
    assert.equal(history.newestMs("audio"), 3960);
    history.trim(3500);
    assert.equal(history.from(0, ["video"])[0].mediaMs, 3000);
});

test("a history is bounded though nobody moves on", () => {
    const history = new MediaHistory();
    for (let ms = 0; ms < 60_000; ms += 40) {
        history.add("video", avc, frame(ms, ms % 1000 === 0, 40_000));
        history.trim(0);
    }
    const entries = history.from(0, ["video"]);
    assert.ok(entries.reduce((sum, { sample }) => sum + sample.data.length, 0) <= historyBytesLimit);
    assert.ok(entries[0].sample.isKeyframe);
});

test("one SourceBuffer a track, parameters first, then what waited", () => {
    const it = sink();
    it.sink.setTracks([["video", avc], ["audio", aac]]);
    it.sink.add("video", { sample: frame(0, true) });
    it.sink.add("audio", { sample: sound(0) });
    assert.equal(it.source.sourceBuffers.length, 0);
    it.source.open();
    assert.deepEqual(it.source.sourceBuffers.map(({ type }) => type), ['video/mp4; codecs="avc1.4D401F"', 'audio/mp4; codecs="mp4a.40.2"']);
    it.source.settle();
    for (const buffer of it.source.sourceBuffers) assert.deepEqual(buffer.appended.map(({ kind }) => kind), ["init", "media"]);
});

test("what comes while the buffer is busy goes in one fragment", () => {
    const it = sink();
    it.sink.setTracks([["audio", aac]]);
    it.source.open();
    for (let index = 0; index < 20; index++) it.sink.add("audio", { sample: sound(index * 21) });
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    assert.deepEqual(buffer.appended.map(({ samples }) => samples), [0, 20]);
});

test("the newest frame is held until its length is known, but not at the start and not for long", () => {
    const it = sink();
    it.sink.setTracks([["video", avc]]);
    it.source.open();
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    const count = () => buffer.appended.reduce((sum, { samples }) => sum + samples, 0);
    for (let index = 0; index < 12; index++) {
        it.nowMs += 33;
        it.sink.add("video", { sample: frame(index * 33, index === 0) });
        it.source.settle();
        if (index < 8) assert.equal(count(), index + 1);
    }
    assert.equal(count(), 11);
    it.nowMs += 500;
    it.sink.pump();
    it.source.settle();
    assert.equal(count(), 12);
});

test("with enough ahead, appending waits for the next look", () => {
    const it = sink();
    it.sink.setTracks([["audio", aac]]);
    it.source.open();
    for (let index = 0; index < 9; index++) {
        it.sink.add("audio", { sample: sound(index * 21) });
        it.source.settle();
    }
    const [buffer] = it.source.sourceBuffers;
    const count = buffer.appended.length;
    buffer.ranges = [[0, 2]];
    for (let index = 9; index < 14; index++) it.sink.add("audio", { sample: sound(index * 21) });
    it.source.settle();
    assert.equal(buffer.appended.length, count);
    it.sink.pump();
    it.source.settle();
    assert.equal(buffer.appended.length, count + 1);
    assert.equal(buffer.appended[count].samples, 5);
    it.positionMs = 1900;
    it.sink.add("audio", { sample: sound(14 * 21) });
    it.source.settle();
    assert.equal(buffer.appended.length, count + 2);
});

test("other parameters are another init segment; another codec changes the type", () => {
    const it = sink();
    it.sink.setTracks([["video", avc]]);
    it.source.open();
    it.sink.add("video", { sample: frame(0, true) });
    it.sink.add("video", { config: { ...avc, codecString: "avc1.640028" } });
    it.sink.add("video", { sample: frame(40, true) });
    it.sink.add("video", { config: hevc });
    it.sink.add("video", { sample: frame(80, true) });
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    assert.deepEqual(buffer.appended.map(({ kind }) => kind), ["init", "media", "init", "media", "init", "media"]);
    assert.deepEqual(buffer.changes, ['video/mp4; codecs="hvc1.1.6.L93"']);
});

test("bare MP3 is told where it lies", () => {
    const it = sink();
    it.sink.setTracks([["audio", mp3]]);
    it.source.open();
    const packet = (ms) => ({ decodeTime: ms * 48, duration: 1152, compositionOffset: 0, isKeyframe: true, data: new Uint8Array(3) });
    for (const ms of [1000, 1024, 1048, 5000]) it.sink.add("audio", { sample: packet(ms) });
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    assert.equal(buffer.type, "audio/mpeg");
    assert.equal(buffer.mode, "sequence");
    assert.deepEqual(buffer.offsets, [1, 5]);
});

test("media far behind the picture is removed", () => {
    const it = sink();
    it.sink.setTracks([["audio", aac]]);
    it.source.open();
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    buffer.ranges = [[0, 60]];
    it.positionMs = 59_000;
    it.sink.pump();
    assert.deepEqual(buffer.removed, [[0, 49]]);
});

test("a full buffer is emptied and what didn't fit comes again; then it is given up", () => {
    const it = sink();
    it.sink.setTracks([["audio", aac]]);
    it.source.open();
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    buffer.ranges = [[0, 60]];
    it.positionMs = 12_000;
    buffer.refuse = 1;
    it.sink.add("audio", { sample: sound(60_000) });
    it.source.settle();
    assert.deepEqual(buffer.removed[0], [0, 9]);
    assert.equal(buffer.appended[buffer.appended.length - 1].samples, 1);
    buffer.refuse = 100;
    buffer.ranges = [[9, 60]];
    for (let index = 0; index < 6; index++) {
        it.sink.add("audio", { sample: sound(61_000) });
        it.source.settle();
    }
    assert.deepEqual(it.broken, ["it has no room, whatever is removed"]);
});

test("a queue that can't be emptied is cut at a keyframe", () => {
    const it = sink({ isManaged: true });
    it.sink.setTracks([["video", avc]]);
    it.source.streaming = false;
    it.source.open();
    const each = 1 << 20;
    for (let index = 0; index < 40; index++) it.sink.add("video", { sample: frame(index * 40, index % 5 === 0, each) });
    it.source.streaming = true;
    it.source.dispatchEvent(new Event("startstreaming"));
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    assert.equal(buffer.appended[0].kind, "init");
    assert.ok(buffer.appended.reduce((sum, { bytes }) => sum + bytes, 0) < queueBytesLimit + 2 * each);
    assert.ok(buffer.appended[1].startsWithKeyframe);
});

test("a managed source is fed only while it streams", () => {
    const it = sink({ isManaged: true });
    it.source.streaming = true;
    it.sink.setTracks([["audio", aac]]);
    it.source.open();
    it.source.settle();
    it.source.streaming = false;
    it.sink.add("audio", { sample: sound(0) });
    it.source.settle();
    const [buffer] = it.source.sourceBuffers;
    assert.equal(buffer.appended.length, 1);
    it.source.streaming = true;
    it.source.dispatchEvent(new Event("startstreaming"));
    it.source.settle();
    assert.equal(buffer.appended.length, 2);
});

test("an error of the buffer ends the sink, once", () => {
    const it = sink();
    it.sink.setTracks([["audio", aac]]);
    it.source.open();
    const [buffer] = it.source.sourceBuffers;
    buffer.dispatchEvent(new Event("error"));
    buffer.dispatchEvent(new Event("error"));
    assert.equal(it.broken.length, 1);
    it.sink.add("audio", { sample: sound(0) });
    const other = sink();
    other.sink.setTracks([["video", { ...avc, codecString: "unsupported" }]]);
    other.source.open();
    assert.equal(other.broken.length, 1);
});
