// Cues wait for their frames; times of one programme after another lie on one timeline.
import test from "node:test";
import assert from "node:assert/strict";
import { CueSchedule } from "../../../Sources/Web/Files/player/cue-schedule.js";
import { Epochs, EpochMap } from "../../../Sources/Web/Files/player/epochs.js";
import { cuesLimit } from "../../../Sources/Web/Files/player/limits.js";

const cue = (seq) => ({ name: "onQuiz", value: { seq }, pts: seq, isStanding: false });

test("cues are told at their time, once, in order", () => {
    const cues = new CueSchedule();
    cues.add(cue(1), 1000);
    cues.add(cue(2), 1500);
    cues.add(cue(3), 1200);
    assert.deepEqual(cues.due(999), []);
    assert.deepEqual(cues.due(1200).map(({ pts }) => pts), [1]);
    assert.equal(cues.nextMs, 1500);
    assert.deepEqual(cues.due(1500).map(({ pts }) => pts), [2, 3]);
    assert.equal(cues.hasWaiting, false);
});

test("only a higher seq of our names counts", () => {
    const cues = new CueSchedule();
    assert.ok(cues.accepts("onQuiz", { seq: 5, pts: 1 }));
    assert.ok(!cues.accepts("onQuiz", { seq: 5, pts: 1 }));
    assert.ok(!cues.accepts("onQuiz", { seq: 4, pts: 1 }));
    assert.ok(cues.accepts("onMessage", { seq: 4, pts: 1 }));
    for (const [name, value] of [["onCuePoint", { seq: 9, pts: 1 }], ["onQuiz", null], ["onQuiz", "x"], ["toString", { seq: 9, pts: 1 }],
        ["onQuiz", { seq: "a", pts: 1 }], ["onQuiz", { seq: 6 }]]) assert.ok(!cues.accepts(name, value), name);
});

test("more than the bound: the oldest are told at once", () => {
    const cues = new CueSchedule();
    for (let index = 0; index < cuesLimit + 3; index++) cues.add(cue(index), 1e9);
    assert.equal(cues.due(0).length, 3);
});

test("one programme goes on over connections", () => {
    const epochs = new Epochs();
    assert.equal(epochs.place(61_000, 0, 500, false), "wait");
    assert.equal(epochs.place(61_000, 0, 500, true), "new");
    assert.deepEqual([epochs.fromMs, epochs.baseMs], [0, 61_000]);
    epochs.reached(2000, 63_000, 2000);
    epochs.beginConnection();
    assert.equal(epochs.place(62_000, 5000, 501, true), "same");
    epochs.beginConnection();
    assert.equal(epochs.place(64_000, 7000, undefined, true), "same");
});

test("another programme begins behind what was, by its start or by its times", () => {
    for (const serverStartMs of [90_000, undefined]) {
        const epochs = new Epochs();
        epochs.place(61_000, 0, serverStartMs && 500, true);
        epochs.reached(2000, 63_000, 2000);
        epochs.beginConnection();
        assert.equal(epochs.place(300, 5000, serverStartMs, false), "wait");
        assert.equal(epochs.place(300, 5000, serverStartMs, true), "new");
        assert.equal(epochs.fromMs, 2200);
        assert.equal(epochs.baseMs, 300 - 2200);
    }
});

test("a step back in mid-stream is another programme, jitter isn't", () => {
    const epochs = new Epochs();
    epochs.place(61_000, 0, undefined, true);
    epochs.reached(9000, 70_000, 9000);
    assert.equal(epochs.place(66_000, 9010, undefined, true), "same");
    assert.equal(epochs.place(1000, 9020, undefined, true), "new");
});

test("media times turn into programme times and back", () => {
    const map = new EpochMap();
    assert.equal(map.mediaMs(5), null);
    assert.equal(map.programmeMs(5), null);
    map.add(0, 61_000);
    map.add(2200, -1900);
    assert.equal(map.programmeMs(1000), 62_000);
    assert.equal(map.programmeMs(2150), 250);
    assert.equal(map.programmeMs(3000), 1100);
    assert.equal(map.mediaMs(1100), 3000);
});
