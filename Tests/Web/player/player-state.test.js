// States and reports, as pages and consoles are told.
import test from "node:test";
import assert from "node:assert/strict";
import { nextState, reportedState, reportOf } from "../../../Sources/Web/Files/player/player-state.js";

const view = { link: "open", reason: undefined, hasFrame: false, isPlaying: false, interruptedMs: 1e9 };

test("from the first connection to the end", () => {
    assert.equal(nextState("stopped", { ...view, link: "connecting" }), "connecting");
    assert.equal(nextState("connecting", view), "waiting");
    assert.equal(nextState("waiting", { ...view, hasFrame: true, isPlaying: true }), "playing");
    assert.equal(nextState("playing", { ...view, hasFrame: true }), "buffering");
    assert.equal(nextState("playing", { ...view, hasFrame: true, link: "lost", reason: "lost" }), "connecting");
    assert.equal(nextState("playing", { ...view, hasFrame: true, link: "lost", reason: "stream_ended" }), "ended");
    assert.equal(nextState("ended", { ...view, hasFrame: true, link: "lost", reason: "not_on_air" }), "waiting");
});

test("what is still there plays on while the connection is made anew", () => {
    assert.equal(nextState("playing", { ...view, link: "lost", reason: "lost", hasFrame: true, isPlaying: true }), "playing");
});

test("a blink isn't told", () => {
    assert.equal(nextState("playing", { ...view, hasFrame: true, interruptedMs: 100 }), "playing");
    assert.equal(nextState("buffering", { ...view, hasFrame: true, interruptedMs: 100 }), "buffering");
});

test("reports have the numbers that are known", () => {
    assert.equal(reportedState("playing", true), "hidden");
    assert.equal(reportedState("failed", true), "failed");
    assert.equal(reportedState("ended", false), "connecting");
    const told = (stats) => JSON.parse(JSON.stringify(reportOf("playing", stats)));
    assert.deepEqual(told({ firstFrameMs: null, offsetMs: null, delayMs: null, stalls: 1, stallMs: 2, droppedFrames: 3 }),
        { type: "report", state: "playing", stalls: 1, stallMs: 2 });
    assert.deepEqual(told({ firstFrameMs: 310, offsetMs: 0, delayMs: 1200, stalls: 0, stallMs: 0 }),
        { type: "report", state: "playing", firstFrameMs: 310, stalls: 0, stallMs: 0, offsetMs: 0, delayMs: 1200 });
});
