// The pipeline: from tags to MediaSource, over everything a stream may do.
import test from "node:test";
import assert from "node:assert/strict";
import { FakeMediaSource } from "./support/fake-media-source.mjs";
import { readFLV, writeTag, scriptTag, flvHead, isConfig } from "./support/flv-files.mjs";
import { demoFLV } from "./support/files.mjs";
import { Pipeline } from "../../../Sources/Web/Files/player/pipeline.js";

globalThis.MediaSource = /** @type {any} */ (FakeMediaSource);

const demo = readFLV(demoFLV).filter(({ type }) => type !== 18);
const configs = demo.filter(isConfig);
const media = demo.filter((tag) => !isConfig(tag));

function setUp() {
    const it = { nowMs: 0, sources: [], epochs: [], metadata: [], scripts: [], problems: [], codecs: null };
    it.pipeline = new Pipeline({
        onMediaSource: (source) => { it.sources.push(source); source.open(); },
        onEpoch: (fromMs, baseMs) => it.epochs.push([fromMs, baseMs]),
        onMetadata: (value) => it.metadata.push(value),
        onScript: (name, value, tagMs, isBeforeMedia) => it.scripts.push({ name, value, tagMs, isBeforeMedia }),
        onArrival: () => undefined, onAppended: () => undefined,
        onTracks: (codecs) => { it.codecs = codecs; },
        onProblem: (code, text) => it.problems.push([code, text]),
        nowMs: () => it.nowMs,
    });
    it.pipeline.prepare();
    it.begin = (metadata) => {
        it.pipeline.beginConnection();
        it.pipeline.push(flvHead);
        if (metadata) it.put(scriptTag("onMetaData", metadata, 0));
    };
    it.put = (...tags) => {
        for (const tag of tags) it.pipeline.push(writeTag(tag));
        it.settle();
    };
    it.settle = () => it.sources[it.sources.length - 1].settle();
    /** Media of the clip from one time to another, as it would come. */
    it.play = (fromMs, toMs, shiftMs = 0, pick = (_) => true) => {
        for (const tag of media) {
            if (tag.timestampMs < fromMs || tag.timestampMs >= toMs) continue;
            it.nowMs += Math.max(0, tag.timestampMs + shiftMs - it.lastMs);
            it.lastMs = tag.timestampMs + shiftMs;
            if (pick(tag)) it.put({ ...tag, timestampMs: tag.timestampMs + shiftMs });
            it.pipeline.targetMs = it.lastMs - (it.epochs[it.epochs.length - 1]?.[1] ?? 0) - 1200;
            it.pipeline.setPosition(Math.max(0, it.pipeline.targetMs));
            if (Math.floor(it.nowMs / 100) !== it.tickedAt) { it.tickedAt = Math.floor(it.nowMs / 100); it.pipeline.tick(); it.settle(); }
        }
    };
    it.lastMs = 0;
    it.buffers = () => it.sources[it.sources.length - 1].sourceBuffers;
    it.samples = (index) => it.buffers()[index].appended.reduce((sum, { samples }) => sum + samples, 0);
    return it;
}

const isAudio = ({ type }) => type === 8;
const isVideo = ({ type }) => type === 9;

test("the first keyframe is appended at once, though no sound has come", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs, media.find(isVideo));
    assert.deepEqual(it.buffers().map(({ type }) => type), ['video/mp4; codecs="avc1.4D401F"', 'audio/mp4; codecs="mp4a.40.2"']);
    assert.deepEqual(it.buffers()[0].appended.map(({ kind }) => kind), ["init", "media"]);
    assert.deepEqual(it.codecs, { video: "avc1.4D401F", audio: "mp4a.40.2" });
});

test("times are small though the programme runs long", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs.map((tag) => ({ ...tag, timestampMs: 4e9 })));
    it.play(0, 1000, 4e9);
    assert.deepEqual(it.epochs, [[0, 4e9 + media[0].timestampMs]]);
});

test("cues are told, with whether they stood there before any media", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: false });
    it.put(scriptTag("onQuiz", { seq: 1, pts: 0 }, 0), ...configs, media[0], scriptTag("onQuiz", { seq: 2, pts: 5 }, 5));
    it.put({ type: 18, timestampMs: 0, body: Buffer.from([99]) });
    assert.deepEqual(it.scripts.map(({ value, isBeforeMedia }) => [value.seq, isBeforeMedia]), [[1, true], [2, false]]);
});

test("a promised track without parameters is waited for 1 s", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs.filter(isVideo));
    it.play(0, 900, 0, isVideo);
    assert.equal(it.buffers().length, 0);
    it.play(900, 1400, 0, isVideo);
    assert.equal(it.buffers().length, 1);
    assert.ok(it.samples(0) > 30);
});

test("sound that falls silent is let go, and comes back", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs);
    it.play(0, 4000);
    assert.equal(it.sources.length, 1);
    it.play(4000, 8000, 0, isVideo);
    assert.equal(it.sources.length, 2);
    assert.deepEqual(it.buffers().map(({ type }) => type.slice(0, 5)), ["video"]);
    assert.equal(it.problems[0][0], "audio_gone");
    assert.ok(it.samples(0) > 60);
    it.play(8000, 14_000);
    assert.equal(it.sources.length, 3);
    assert.equal(it.buffers().length, 2);
});

test("picture that vanishes leaves the sound, and comes back on a keyframe", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs);
    it.play(0, 4000);
    it.play(4000, 8000, 0, isAudio);
    assert.deepEqual(it.buffers().map(({ type }) => type.slice(0, 5)), ["audio"]);
    it.play(8000, 14_000);
    assert.equal(it.buffers().length, 2);
    assert.ok(it.buffers()[0].appended[1].startsWithKeyframe);
});

test("the same programme over another connection goes on without a doubled frame", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true, serverStartMs: 1e12 });
    it.put(...configs);
    it.play(0, 3500);
    const before = it.samples(0);
    it.begin({ hasVideo: true, hasAudio: true, serverStartMs: 1e12 });
    it.put(...configs);
    it.play(3000, 5000);
    assert.equal(it.sources.length, 1);
    assert.equal(it.epochs.length, 1);
    const frames = media.filter((tag) => isVideo(tag) && tag.timestampMs < 5000).length;
    assert.ok(Math.abs(it.samples(0) - frames) <= 1, `${before} then ${it.samples(0)} of ${frames}`);
});

test("another programme is laid behind the first", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true, serverStartMs: 1e12 });
    it.put(...configs);
    it.play(0, 3000);
    it.begin({ hasVideo: true, hasAudio: true, serverStartMs: 1e12 + 99_000 });
    it.put(...configs);
    it.play(0, 1000);
    assert.equal(it.epochs.length, 2);
    assert.ok(it.epochs[1][0] >= 3000 && it.epochs[1][1] < 0);
    assert.equal(it.sources.length, 1);
});

test("other parameters in mid-stream are another init segment", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: false });
    it.put(...configs.filter(isVideo));
    it.play(0, 1000, 0, isVideo);
    const other = configs.find(isVideo);
    const body = Buffer.from(other.body);
    body[8] = 0x28;
    body[16] = 0x28;
    it.put({ ...other, body, timestampMs: 1000 });
    it.play(1000, 2000, 0, isVideo);
    assert.equal(it.buffers()[0].appended.filter(({ kind }) => kind === "init").length, 2);
    assert.equal(it.sources.length, 1);
});

test("parameters that can't be read never replace good ones", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: false });
    it.put(...configs.filter(isVideo));
    it.play(0, 1000, 0, isVideo);
    it.put({ type: 9, timestampMs: 1000, body: Buffer.from([0x17, 0, 0, 0, 0, 9, 9, 9]) });
    it.play(1000, 2000, 0, isVideo);
    assert.ok(it.samples(0) > 55);
    assert.equal(it.problems[0][0], "config_avc");
});

test("a codec that the browser lacks is said in words, and the rest goes on", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs.filter(isAudio), { type: 9, timestampMs: 0, body: Buffer.from([0x90, ...Buffer.from("vp09"), 1, 2]) });
    it.play(0, 500, 0, isAudio);
    assert.deepEqual(it.buffers().map(({ type }) => type.slice(0, 5)), ["audio"]);
    assert.match(it.problems[0][1], /picture.*vp09/);
    assert.deepEqual(it.codecs, { video: null, audio: "mp4a.40.2" });
});

test("a codec that isn't played, in mid-stream, doesn't hold up the other track", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs);
    it.play(0, 2000);
    it.put({ type: 8, timestampMs: 2000, body: Buffer.from([0xb0, 1, 2, 3]) });
    it.play(2000, 2300, 0, isVideo);
    assert.deepEqual(it.buffers().map(({ type }) => type.slice(0, 5)), ["video"]);
});

test("a broken MediaSource is replaced from the next keyframe on; three times, then the picture is given up", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs);
    it.play(0, 1500);
    for (let round = 0; round < 4; round++) {
        it.buffers()[0]?.dispatchEvent(new Event("error"));
        it.play(1500 + round * 2000, 3500 + round * 2000);
    }
    assert.ok(it.problems.some(([code]) => code === "decode"));
    const [code, words] = it.problems[0];
    assert.equal(code, "append");
    assert.match(words, /took no more media \(it could not be decoded\)/);
    assert.deepEqual(it.buffers().map(({ type }) => type.slice(0, 5)), ["audio"]);
});

/** A stream whose picture was given up after it broke the decoder four times. */
function givenUp() {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true, serverStartMs: 1e12 });
    it.put(...configs);
    it.play(0, 1500);
    for (let round = 0; round < 4; round++) {
        it.buffers()[0]?.dispatchEvent(new Event("error"));
        it.play(1500 + round * 1500, 3000 + round * 1500);
    }
    assert.deepEqual(it.buffers().map(({ type }) => type.slice(0, 5)), ["audio"]);
    assert.deepEqual(it.codecs, { video: null, audio: "mp4a.40.2" });
    return it;
}

test("a picture that was given up is tried again with other parameters", () => {
    const it = givenUp();
    const config = configs.find(isVideo);
    const body = Buffer.from(config.body);
    body[8] = 0x28;
    body[16] = 0x28;
    it.put({ ...config, body, timestampMs: it.lastMs });
    it.play(7500, 13_500);
    assert.equal(it.buffers()[0].type, 'video/mp4; codecs="avc1.4D4028"');
    assert.equal(it.codecs.video, "avc1.4D4028");
    assert.ok(it.buffers()[0].appended.filter(({ kind }) => kind === "media").length > 0);
});

test("a picture that was given up is tried again in another programme", () => {
    const it = givenUp();
    it.begin({ hasVideo: true, hasAudio: true, serverStartMs: 1e12 + 99_000 });
    it.put(...configs);
    it.play(0, 6000);
    assert.equal(it.epochs.length, 2);
    assert.ok(it.buffers().some(({ type }) => type.startsWith("video")));
});

test("the same parameters again try it again, but not at once", () => {
    const it = givenUp();
    const config = configs.find(isVideo);
    it.put({ ...config, timestampMs: it.lastMs });
    it.play(7500, 9500);
    assert.equal(it.buffers().length, 1, "they would only break it again");
    it.nowMs += 30_000;
    it.put({ ...config, timestampMs: it.lastMs });
    it.play(9500, 15_500);
    assert.equal(it.buffers().length, 2);
    assert.equal(it.codecs.video, "avc1.4D401F");
});

test("pictures that come more than a second apart are shown, whether the stream tells of it or not", () => {
    for (const told of [{ framerate: 0.8 }, {}]) {
        const it = setUp();
        it.begin({ hasVideo: true, hasAudio: true, ...told });
        it.put(...configs);
        const first = media.find(isVideo);
        const sound = media.filter(isAudio);
        for (let ms = 0; ms < 16_000; ms += 20) {
            it.nowMs = ms;
            const tags = sound.filter(({ timestampMs }) => timestampMs >= ms && timestampMs < ms + 20);
            if (ms % 1260 === 0) tags.unshift({ ...first, timestampMs: ms });
            it.put(...tags);
            it.pipeline.setPosition(Math.max(0, ms - 1200));
            it.pipeline.targetMs = ms - 1200;
            if (ms % 100 === 0) { it.pipeline.tick(); it.settle(); }
        }
        const kinds = it.buffers().map(({ type }) => type.slice(0, 5));
        assert.deepEqual(kinds, ["video", "audio"], JSON.stringify(told));
        if (told.framerate) {
            assert.equal(it.sources.length, 1);
            assert.deepEqual(it.problems, []);
            assert.ok(it.samples(0) >= 12, String(it.samples(0)));
        } else assert.ok(it.samples(0) >= 5, String(it.samples(0)));
    }
});

test("evicted media is given again from what is kept", () => {
    const it = setUp();
    it.begin({ hasVideo: true, hasAudio: true });
    it.put(...configs);
    it.play(0, 5000);
    it.pipeline.rebuild("evicted");
    it.settle();
    assert.equal(it.sources.length, 2);
    assert.ok(it.samples(0) >= 35, String(it.samples(0)));
});
