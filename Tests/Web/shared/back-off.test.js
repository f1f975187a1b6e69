// Waits between tries: longer and longer, bounded, and never everybody's at once.

import assert from "node:assert/strict";
import test from "node:test";
import { BackOff, spread } from "../../../Sources/Web/Files/shared/back-off.js";

test("tries grow apart, up to 5 s, and never fall together", () => {
    const fixed = new BackOff({ random: () => 1 });
    const waits = Array.from({ length: 10 }, () => fixed.nextMs());
    assert.equal(waits[0], 250);
    assert.ok(waits.every((wait, index) => index === 0 || wait >= waits[index - 1]));
    assert.equal(waits[9], 5000);
    fixed.reset();
    assert.equal(fixed.nextMs(), 250);
    assert.equal(new BackOff({ random: () => 0 }).nextMs(), 125);
    assert.ok(new BackOff().nextMs(3000) >= 3125);
    assert.ok(new BackOff({ random: () => 0 }).nextMs(1e9) <= 60_125);
});

test("each wait is twice the one before, from the first to the most", () => {
    const backOff = new BackOff({ random: () => 1 });
    const waits = Array.from({ length: 7 }, () => backOff.nextMs());
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 5000, 5000]);
    const lucky = new BackOff({ firstMs: 200, mostMs: 600, random: () => 0 });
    assert.deepEqual([lucky.nextMs(), lucky.nextMs(), lucky.nextMs()], [100, 200, 300]);
});

test("a span for everybody is a quarter shorter or longer for each", () => {
    assert.equal(spread(4000, () => 0), 3000);
    assert.equal(spread(4000, () => 0.5), 4000);
    assert.equal(spread(4000, () => 1), 5000);
    const ms = spread(4000);
    assert.ok(ms >= 3000 && ms <= 5000, String(ms));
});
