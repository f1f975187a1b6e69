// The safety of steps: what fires when, and what never does.
import test from "node:test";
import assert from "node:assert/strict";
import { StepSafety } from "../../../Sources/Web/Files/console/step-safety.js";
import { FakeClock } from "./fake-clock.js";

const open = { id: "open", safety: "hold", token: "open:q3" };
const reveal = { id: "reveal", safety: "hold", token: "reveal:q2" };
const lock = { id: "lock", safety: "press", token: "lock:q2" };
const settleStep = { id: "settle", safety: "ask", token: "settle:" };

function setUp() {
    const clock = new FakeClock();
    const fired = [];
    const safety = new StepSafety({
        fire: (step) => fired.push(step.id), now: clock.now, setTimer: clock.setTimer,
        clearTimer: clock.clearTimer,
    });
    return { clock, fired, safety };
}

test("a harmless step fires at once, and once for a key that is held", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(lock);
    for (let at = 0; at < 30; at++) safety.down(lock, true);
    await clock.advance(3000);
    assert.deepEqual(fired, ["lock"]);
    safety.up("lock");
    safety.down(lock);
    assert.deepEqual(fired, ["lock", "lock"]);
});

test("a dangerous step fires when it was held for 600 ms, and once", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(open);
    await clock.advance(599);
    assert.deepEqual(fired, []);
    assert.ok(safety.progress > 0.99 && safety.progress <= 1);
    await clock.advance(1);
    assert.deepEqual(fired, ["open"]);
    for (let at = 0; at < 50; at++) safety.down(open, true);
    await clock.advance(5000);
    assert.deepEqual(fired, ["open"]);
    safety.up("open");
    assert.equal(safety.state.kind, "idle");
});

test("what was only touched waits for Enter, for 5 s", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(open);
    await clock.advance(80);
    safety.up("open");
    assert.equal(safety.state.kind, "armed");
    await clock.advance(4000);
    assert.equal(safety.enter(), true);
    assert.deepEqual(fired, ["open"]);
    assert.equal(safety.enter(), false);

    safety.down(open);
    safety.up("open");
    await clock.advance(5001);
    assert.equal(safety.enter(), false);
    assert.deepEqual(fired, ["open"]);
});

test("touching a key twice doesn't fire: only Enter or holding does", async () => {
    const { clock, fired, safety } = setUp();
    for (let at = 0; at < 5; at++) {
        safety.down(open);
        await clock.advance(60);
        safety.up("open");
        await clock.advance(400);
    }
    assert.deepEqual(fired, []);
});

test("a pointer's second press counts, a double click doesn't", async () => {
    const { clock, fired, safety } = setUp();
    const press = async () => {
        safety.down(open);
        await clock.advance(40);
        safety.up("open", true);
    };
    await press();
    await clock.advance(60);
    await press();
    assert.deepEqual(fired, []);
    await clock.advance(500);
    await press();
    assert.deepEqual(fired, ["open"]);
    assert.equal(safety.state.kind, "idle");
});

test("Enter on a focused button arms, and fires the second time", async () => {
    const { clock, fired, safety } = setUp();
    safety.click(open);
    safety.click(open);
    assert.deepEqual(fired, []);
    await clock.advance(400);
    safety.click(open);
    assert.deepEqual(fired, ["open"]);
});

test("a step that would do something else by now is let go of", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(open);
    await clock.advance(300);
    safety.offer([{ ...open, token: "open:q4" }, reveal]);
    assert.equal(safety.state.kind, "idle");
    await clock.advance(1000);
    assert.deepEqual(fired, []);

    safety.click(open);
    safety.offer([]);
    assert.equal(safety.enter(), false);
    assert.deepEqual(fired, []);
});

test("a step that is still the same is kept when the show changes", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(open);
    await clock.advance(300);
    safety.offer([{ ...open }, lock]);
    await clock.advance(300);
    assert.deepEqual(fired, ["open"]);
});

test("another key while one is held does nothing", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(open);
    safety.down(lock);
    safety.up("lock");
    await clock.advance(600);
    assert.deepEqual(fired, ["open"]);
});

test("touching another step lets go of the first", () => {
    const { fired, safety } = setUp();
    safety.click(open);
    safety.click(reveal);
    safety.enter();
    assert.deepEqual(fired, ["reveal"]);
});

test("Escape, or leaving the window, lets go", async () => {
    const { clock, fired, safety } = setUp();
    safety.down(open);
    assert.equal(safety.cancel(), true);
    await clock.advance(1000);
    assert.equal(safety.cancel(), false);
    assert.deepEqual(fired, []);
});

test("what asks first fires its question at once", () => {
    const { fired, safety } = setUp();
    safety.down(settleStep);
    safety.down(settleStep, true);
    assert.deepEqual(fired, ["settle"]);
});

test("a double click or a held Enter on a step that fires at once counts once", async () => {
    const { clock, fired, safety } = setUp();
    for (let press = 0; press < 2; press++) {
        safety.down(lock);
        safety.up("lock", true);
        await clock.advance(150);
    }
    for (let repeat = 0; repeat < 40; repeat++) {
        safety.click(lock);
        await clock.advance(30);
    }
    assert.deepEqual(fired, ["lock"]);
    await clock.advance(600);
    safety.click(lock);
    assert.deepEqual(fired, ["lock", "lock"]);
});
