// Lockstep: comes home at 5 % at the most, jumps only when far off, backs off where the network can't.
import test from "node:test";
import assert from "node:assert/strict";
import { Lockstep } from "../../../Sources/Web/Files/player/lockstep.js";

/** Plays for some seconds, 10 looks a second.
 * @param {Lockstep} lockstep @param {{offsetMs: number, aheadMs?: number, stalls?: number, nowMs?: number}} state */
function run(lockstep, state, seconds, onStep = (_) => undefined) {
    state.nowMs ??= 0;
    for (let step = 0; step < seconds * 10; step++) {
        const { rate, seekByMs } = lockstep.step({ aheadMs: 1200, stalls: 0, isFresh: false, ...state });
        assert.ok(rate >= 0.95 && rate <= 1.05);
        state.offsetMs -= (rate - 1) * 100 + seekByMs;
        state.nowMs += 100;
        onStep({ rate, seekByMs });
    }
    return state;
}

test("from 1.5 s late or early it comes within 40 ms, without a jump", () => {
    for (const offsetMs of [1500, -1500, 120, -120]) {
        const state = run(new Lockstep(), { offsetMs }, 45, ({ seekByMs }) => assert.equal(seekByMs, 0));
        assert.ok(Math.abs(state.offsetMs) <= 40, `${offsetMs} became ${state.offsetMs}`);
    }
});

test("near its target it leaves the rate alone", () => {
    const lockstep = new Lockstep();
    const state = run(lockstep, { offsetMs: 200 }, 20);
    run(lockstep, state, 20, ({ rate }) => assert.equal(rate, 1));
});

test("beyond 2 s it jumps, as far as there is media", () => {
    const seeks = [];
    run(new Lockstep(), { offsetMs: 9000, aheadMs: 9500 }, 1, ({ seekByMs }) => seekByMs && seeks.push(seekByMs));
    assert.deepEqual(seeks, [9000]);
    assert.equal(new Lockstep().step({ nowMs: 0, offsetMs: 9000, aheadMs: 300, stalls: 0, isFresh: false }).seekByMs, 0);
    assert.equal(new Lockstep().step({ nowMs: 0, offsetMs: -3000, aheadMs: 300, stalls: 0, isFresh: false }).seekByMs, -3000);
});

test("after sleep a smaller step is a jump, too", () => {
    assert.equal(new Lockstep().step({ nowMs: 0, offsetMs: 600, aheadMs: 1800, stalls: 0, isFresh: true }).seekByMs, 600);
    assert.equal(new Lockstep().step({ nowMs: 0, offsetMs: 100, aheadMs: 1800, stalls: 0, isFresh: true }).seekByMs, 0);
});

test("it doesn't run dry", () => {
    assert.equal(new Lockstep().step({ nowMs: 0, offsetMs: 500, aheadMs: 100, stalls: 0, isFresh: false }).rate, 1);
});

test("stalls make it stay back, and calm lets it return", () => {
    const lockstep = new Lockstep();
    const state = run(lockstep, { offsetMs: 0, stalls: 3 }, 1);
    assert.equal(lockstep.extraMs, 250);
    for (let stalls = 4; stalls < 40; stalls++) run(lockstep, Object.assign(state, { stalls }), 0.1);
    assert.equal(lockstep.extraMs, 4000);
    run(lockstep, state, 15);
    assert.equal(lockstep.extraMs, 4000);
    run(lockstep, state, 200);
    assert.equal(lockstep.extraMs, 0);
    assert.ok(Math.abs(state.offsetMs) <= 40);
});

test("who stalls again right after a return waits longer before the next", () => {
    const lockstep = new Lockstep();
    const state = run(lockstep, { offsetMs: 0, stalls: 2 }, 25);
    assert.ok(lockstep.extraMs < 250);
    run(lockstep, Object.assign(state, { stalls: 3 }), 25);
    const after = lockstep.extraMs;
    assert.ok(after >= 250, "still held back after 25 s");
});
