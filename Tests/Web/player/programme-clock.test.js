// The clock: right within half a round trip, unmoved by slow ones, quick after a step.
import test from "node:test";
import assert from "node:assert/strict";
import { ProgrammeClock } from "../../../Sources/Web/Files/player/programme-clock.js";
import { seeded } from "./support/files.mjs";

/** @param {ProgrammeClock} clock @param {number} atMs @param {number} upMs @param {number} downMs @param {number} aheadMs */
function trip(clock, atMs, upMs, downMs, aheadMs) {
    const serverMs = atMs + upMs + aheadMs;
    clock.addRoundTrip({ sentMs: atMs, receivedMs: atMs + upMs + downMs, serverMs: serverMs + 7000, programmeMs: serverMs });
}

test("the best of several round trips counts", () => {
    const clock = new ProgrammeClock();
    const random = seeded(2);
    for (let index = 0; index < 16; index++) {
        const queueMs = index === 5 ? 0 : 20 + random() * 300;
        trip(clock, index * 1000, 20, 20 + queueMs, -5000);
    }
    assert.ok(Math.abs(clock.programmeOffsetMs + 5000) < 1, String(clock.programmeOffsetMs));
    assert.ok(Math.abs(clock.serverOffsetMs - 2000) < 1);
    assert.equal(clock.roundTripMs, 40);
});

test("small corrections are led to, not jumped to", () => {
    const clock = new ProgrammeClock();
    trip(clock, 0, 40, 80, 1000);
    const first = clock.programmeOffsetMs;
    assert.ok(Math.abs(first - 980) < 0.001);
    trip(clock, 1000, 10, 10, 1000);
    assert.ok(clock.programmeOffsetMs > first && clock.programmeOffsetMs - first <= 21);
    trip(clock, 2000, 10, 10, 1000);
    assert.ok(Math.abs(clock.programmeOffsetMs - 1000) < 0.001);
});

test("after a step of the server's clock, what was measured before counts no more", () => {
    const clock = new ProgrammeClock();
    for (let index = 0; index < 10; index++) trip(clock, index * 1000, 5, 5, 1000);
    trip(clock, 11_000, 20, 20, 9000);
    assert.ok(Math.abs(clock.programmeOffsetMs - 9000) < 1);
});

test("without round trips, the earliest arrivals tell", () => {
    const clock = new ProgrammeClock();
    const random = seeded(4);
    for (let ms = 0; ms < 20_000; ms += 33) clock.addArrival(ms, ms + 500 + random() * 200);
    assert.ok(clock.programmeOffsetMs <= -495 && clock.programmeOffsetMs > -530, String(clock.programmeOffsetMs));
    // A burst of old media says nothing new; a jump forward does.
    clock.addArrival(19_000, 21_000);
    assert.ok(clock.programmeOffsetMs > -530);
    clock.addArrival(40_000, 21_100);
    assert.equal(Math.round(clock.programmeOffsetMs), 18_900);
});

test("a round trip outdoes arrivals, and nonsense is left out", () => {
    const clock = new ProgrammeClock();
    clock.addArrival(0, 1000);
    trip(clock, 1000, 10, 10, 500);
    assert.equal(clock.programmeOffsetMs, 500);
    clock.addArrival(0, 1);
    for (const bad of [NaN, Infinity, "x", 2 ** 60]) {
        clock.addRoundTrip({ sentMs: 2000, receivedMs: 2001, serverMs: bad, programmeMs: bad });
    }
    clock.addRoundTrip({ sentMs: 2000, receivedMs: 1000, serverMs: 1, programmeMs: 1 });
    clock.addRoundTrip({ sentMs: 2000, receivedMs: 90_000, serverMs: 1, programmeMs: 1 });
    clock.addRoundTrip({ sentMs: 2000, receivedMs: 2001 });
    assert.equal(clock.programmeOffsetMs, 500);
    clock.reset();
    assert.equal(clock.programmeOffsetMs, null);
});

test("the start told in the metadata serves until the first round trip of the programme", () => {
    const clock = new ProgrammeClock();
    clock.addRoundTrip({ sentMs: 0, receivedMs: 10, serverMs: 50_005 });
    clock.setStart(20_000, 10);
    assert.equal(clock.programmeOffsetMs, 30_000);
});
