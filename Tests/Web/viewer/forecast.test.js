// Asking for the show to come: seldom where cues tell of it, sooner where nothing does, and never
// against the server's wish.

import assert from "node:assert/strict";
import test from "node:test";
import { Forecast } from "../../../Sources/Web/Files/viewer/forecast.js";
import { FakeClock } from "../console/fake-clock.js";

/** @param {object} [more] */
function setUp({ random = 0.5, reply = { status: 200, retryAfterMs: 0 } } = {}) {
    const clock = new FakeClock();
    /** @type {number[]} */
    const askedAtMs = [];
    const it = { clock, askedAtMs, reply, isDone: false, onAsk: () => {} };
    const forecast = new Forecast({ random: () => random, setTimer: clock.setTimer,
        clearTimer: clock.clearTimer, isDone: () => it.isDone,
        ask: async () => {
            askedAtMs.push(clock.nowMs);
            it.onAsk();
            return it.reply;
        } });
    return Object.assign(it, { forecast });
}

test("without a connection it is asked every few seconds", async () => {
    const { clock, forecast, askedAtMs } = setUp();
    forecast.begin();
    await clock.advance(19_000);
    assert.deepEqual(askedAtMs, [3000, 11_000, 19_000]);
});

test("with a connection it is asked seldom, and a lost one brings the next question forward",
    async () => {
        const { clock, forecast, askedAtMs } = setUp();
        forecast.begin();
        forecast.setConnected(true);
        await clock.advance(64_000);
        assert.deepEqual(askedAtMs, [3000, 33_000, 63_000]);
        forecast.setConnected(false);
        await clock.advance(16_000);
        assert.deepEqual(askedAtMs.slice(3), [72_000, 80_000]);
    });

test("a connection that is lost while it is asked doesn't make it ask twice", async () => {
    const it = setUp();
    it.forecast.begin();
    it.forecast.setConnected(true);
    it.onAsk = () => it.forecast.setConnected(false);
    await it.clock.advance(27_000);
    assert.deepEqual(it.askedAtMs, [3000, 11_000, 19_000, 27_000]);
});

test("an audience doesn't ask as one", async () => {
    const [early, late] = [setUp({ random: 0 }), setUp({ random: 1 })];
    for (const { clock, forecast } of [early, late]) {
        forecast.begin();
        forecast.setConnected(true);
        await clock.advance(60_000);
    }
    assert.deepEqual(early.askedAtMs, [2250, 24_750, 47_250]);
    assert.deepEqual(late.askedAtMs, [3750, 41_250]);
});

test("a busy server is asked no sooner than it wishes, and less and less", async () => {
    const busy = setUp({ random: 1, reply: { status: 503, retryAfterMs: 20_000 } });
    busy.forecast.begin();
    await busy.clock.advance(120_000);
    assert.deepEqual(busy.askedAtMs, [3750, 31_750, 67_750, 119_750]);
    busy.reply = { status: 200, retryAfterMs: 10_000 };
    await busy.clock.advance(120_000);
    assert.deepEqual(busy.askedAtMs.slice(4), [199_750, 219_750, 239_750]);
});

test("once cues tell it asks no more, until it is begun anew", async () => {
    const it = setUp();
    it.forecast.begin();
    it.forecast.begin();
    await it.clock.advance(3000);
    it.isDone = true;
    await it.clock.advance(60_000);
    assert.deepEqual(it.askedAtMs, [3000]);
    it.isDone = false;
    it.forecast.begin();
    await it.clock.advance(3000);
    assert.deepEqual(it.askedAtMs, [3000, 66_000]);
});
