// The countdown: by the stream's clock, never 0 while an answer would count.

import assert from "node:assert/strict";
import test from "node:test";
import { countdownAt, LiveClock, remainingMs }
    from "../../../Sources/Web/Files/viewer/countdown.js";

const question = { deadlinePts: 20000, windowMs: 10000 };

test("the window ends at the deadline, by the server's programme time", () => {
    assert.equal(remainingMs(question, 10000), 10000);
    assert.equal(remainingMs(question, 13000), 7000);
    assert.equal(remainingMs(question, 20500), -500);
    assert.equal(remainingMs(question, 5000), 10000, "never more than the window");
});

test("it never shows 0: the last second is 1, then comes the last moment, then it is over", () => {
    assert.deepEqual(countdownAt(8800, 8800), { phase: "running", seconds: 9, fraction: 1 });
    assert.equal(countdownAt(1000, 8800).seconds, 1);
    assert.equal(countdownAt(1, 8800).seconds, 1);
    for (let leftMs = 8800; leftMs > 0; leftMs -= 50) assert.ok(countdownAt(leftMs,
        8800).seconds >= 1);
    assert.equal(countdownAt(0, 8800).phase, "closing");
    assert.equal(countdownAt(-4499, 8800).phase, "closing", "a lag may be granted up to here");
    assert.equal(countdownAt(-4500, 8800).phase, "gone");
});

test("the ring is full at first sight and empties evenly", () => {
    assert.equal(countdownAt(4400, 8800).fraction, 0.5);
    assert.equal(countdownAt(9000, 8800).fraction, 1);
});

test("the clock follows what the player measures, without a visible step", () => {
    const clock = new LiveClock();
    assert.equal(clock.now(0), null);
    clock.observe(5000, 1000);
    assert.equal(clock.now(2000), 6000);
    clock.observe(6100, 2000);
    const now = clock.now(2000);
    assert.ok(now !== null && now > 6000 && now < 6100, `eased, ${now}`);
    clock.observe(9000, 3000);
    assert.equal(clock.now(3000), 9000, "a real jump is taken as it is");
});

test("guesses give way to measurements, and the fastest guess is the nearest", () => {
    const clock = new LiveClock();
    clock.guess(5000, 1000);
    clock.guess(5500, 2000);
    assert.equal(clock.now(2000), 6000, "a late cue doesn't slow it");
    clock.guess(7000, 2500);
    assert.equal(clock.now(2500), 7000);
    clock.observe(6000, 2500);
    assert.equal(clock.now(2500), 6000);
    clock.guess(9000, 2500);
    assert.equal(clock.now(2500), 6000, "no guess after a measurement");
    clock.forget();
    assert.equal(clock.now(0), null);
});
