// Charts: round axes, lines with gaps, and rows of values that stay bounded.
import test from "node:test";
import assert from "node:assert/strict";
import { Series, areaPath, chartTop, linePath,
    roundTop } from "../../../Sources/Web/Files/console/chart-scale.js";

test("axes end at round figures that aren't below the values", () => {
    const expected = [[0, 1], [-3, 1], [NaN, 1], [Infinity, 1], [1, 1], [1.1, 2], [2.2, 2.5],
        [3, 5], [5, 5], [7, 10],
        [10, 10], [11, 20], [416, 500], [2301, 2500], [0.03, 0.05]];
    for (const [value, top] of expected) assert.equal(roundTop(value), top, `${value}`);
    for (let value = 0.001; value < 1e9; value *= 1.37) {
        const top = roundTop(value);
        assert.ok(top >= value * 0.999999 && top <= value * 2.5001, `${value} -> ${top}`);
    }
    assert.equal(chartTop([null, 3, 7, null], 0), 10);
    assert.equal(chartTop([null], 30), 50);
});

test("lines stand at the right, and a gap in the values is one in the line", () => {
    const box = { width: 100, height: 10, top: 10, count: 5 };
    assert.equal(linePath([0, 5, 10], box), "M50 10L75 5L100 0");
    assert.equal(linePath([1, null, 3, NaN, 5], box), "M0 9M50 7M100 5");
    assert.equal(linePath([], box), "");
    assert.equal(linePath([20, 0], box), "M75 0L100 10", "what is above the axis is cut");
    assert.equal(linePath([9, 9, 9, 9, 9, 1, 1, 1, 1, 1], box), "M0 9L25 9L50 9L75 9L100 9");
    assert.equal(areaPath([0, 5, null, 10], { ...box, count: 4 }),
        "M0 10L0 10L33.3 5L33.3 10ZM100 10L100 0L100 10Z");
});

test("a series forgets its oldest", () => {
    const series = new Series(3);
    for (const value of [1, 2, undefined, 4, NaN]) series.push(value);
    assert.deepEqual(series.values, [null, 4, null]);
    assert.equal(series.newest, 4);
    series.fill([1, 2, 3, 4, "x"]);
    assert.deepEqual(series.values, [3, 4, null]);
    assert.equal(new Series(3).newest, null);
});
