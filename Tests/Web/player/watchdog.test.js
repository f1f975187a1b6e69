// The watchdog: holes, standing pictures, and patience where there is nothing to do.
import test from "node:test";
import assert from "node:assert/strict";
import { Watchdog } from "../../../Sources/Web/Files/player/watchdog.js";

/** Looks ten times a second; the first action ends it. */
function look(watchdog, view, seconds, startMs = 0) {
    for (let nowMs = startMs; nowMs < startMs + seconds * 1000; nowMs += 100) {
        const action = watchdog.step({ nowMs, wantsToPlay: true, isSeeking: false, targetMs: null, newestMs: -1, newestMs: -1, ...view });
        if (action) return { ...action, atMs: nowMs };
    }
    return null;
}

test("a moving picture is left alone", () => {
    const watchdog = new Watchdog();
    for (let nowMs = 0; nowMs < 5000; nowMs += 100) {
        assert.equal(watchdog.step({ nowMs, positionMs: nowMs, wantsToPlay: true, isSeeking: false, targetMs: null, newestMs: -1,
            rangesMs: [[0, nowMs + 50], [nowMs + 400, nowMs + 1000]] }), null);
    }
});

test("a hole is jumped over", () => {
    const action = look(new Watchdog(), { positionMs: 1000, rangesMs: [[0, 1010], [1500, 3000]] }, 2);
    assert.deepEqual([action.kind, action.toMs, action.isHole], ["seek", 1501, true]);
    assert.ok(action.atMs <= 300);
});

test("a hole lasts for everybody as long as it is", () => {
    const view = { positionMs: 1000, rangesMs: [[0, 1010], [2500, 4000]] };
    assert.equal(look(new Watchdog(), { ...view, targetMs: 1800 }, 3), null);
    assert.equal(look(new Watchdog(), { ...view, targetMs: 2490 }, 1).toMs, 2501);
    assert.equal(look(new Watchdog(), { ...view, targetMs: 1800 }, 10).toMs, 2501);
});

test("whatever is left before a hole, it is jumped over or there is enough to nudge", () => {
    for (let aheadMs = 0; aheadMs < 400; aheadMs += 5) {
        const action = look(new Watchdog(), { positionMs: 1000, rangesMs: [[0, 1000 + aheadMs], [2000, 3000]] }, 2);
        assert.equal(action?.kind, "seek", `${aheadMs} ms ahead`);
    }
});

test("media that begins later than the picture stands is gone to", () => {
    assert.equal(look(new Watchdog(), { positionMs: 0, rangesMs: [[700, 3000]] }, 1).toMs, 701);
});

test("standing with data ahead: two nudges, then another MediaSource", () => {
    const watchdog = new Watchdog();
    const kinds = [];
    let positionMs = 1000;
    for (let nowMs = 0; kinds.length < 3 && nowMs < 10_000; nowMs += 100) {
        const action = watchdog.step({ nowMs, positionMs, wantsToPlay: true, isSeeking: false, targetMs: null, newestMs: -1, rangesMs: [[0, 5000]] });
        if (!action) continue;
        kinds.push(action.kind);
        if (action.kind === "seek") positionMs = action.toMs;
    }
    assert.deepEqual(kinds, ["seek", "seek", "rebuild"]);
});

test("nothing to play, paused, or seeking for a moment: nothing to do", () => {
    assert.equal(look(new Watchdog(), { positionMs: 1000, rangesMs: [[0, 1010]] }, 20), null);
    assert.equal(look(new Watchdog(), { positionMs: 1000, rangesMs: [] }, 20), null);
    assert.equal(look(new Watchdog(), { positionMs: 1000, rangesMs: [[0, 9000]], wantsToPlay: false }, 20), null);
    assert.equal(look(new Watchdog(), { positionMs: 1000, rangesMs: [[0, 9000]], isSeeking: true }, 20), null);
});

test("a picture beyond all media comes back to it", () => {
    assert.equal(look(new Watchdog(), { positionMs: 9000, rangesMs: [[0, 5000]] }, 2).toMs, 4700);
});

test("media that came and isn't there was taken away", () => {
    const action = look(new Watchdog(), { positionMs: 5000, rangesMs: [], newestMs: 6200 }, 3);
    assert.equal(action.kind, "rebuild");
    assert.ok(action.atMs <= 1200);
});
