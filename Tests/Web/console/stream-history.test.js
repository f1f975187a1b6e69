// A stream's history: what the server kept, then a figure a second.
import test from "node:test";
import assert from "node:assert/strict";
import { StreamHistory, historyCount } from "../../../Sources/Web/Files/console/stream-history.js";

const stream = (more = {}) => ({ name: "demo", state: "live", viewers: 12, bitrateKbps: 416,
    framesPerSecond: 30, keyframeIntervalMs: 1000, feed: { videoKbps: 320, audioKbps: 96 },
        joins: 100, drops: 3, ...more });

test("figures that come sooner than a second are passed over", () => {
    const history = new StreamHistory("demo");
    assert.equal(history.take(stream(), 0), true);
    assert.equal(history.take(stream(), 250), false);
    assert.equal(history.take(stream(), 1000), true);
    assert.deepEqual(history.series.viewers.values, [12, 12]);
});

test("who came and was dropped is counted from the totals, over a restart too", () => {
    const history = new StreamHistory("demo");
    const joins = [100, 104, 104, 2];
    joins.forEach((each, at) => history.take(stream({ joins: each }), at * 1000));
    assert.deepEqual(history.series.joins.values, [null, 4, 0, 2]);
    assert.equal(history.lastMinute("joins"), 6);
});

test("a stream that is gone is at zero, not forgotten", () => {
    const history = new StreamHistory("demo");
    history.take(stream(), 0);
    // What it was last measured at isn't what comes.
    history.take(stream({ state: "waiting", feed: undefined }), 1000);
    history.take(undefined, 2000);
    assert.deepEqual(history.series.fps.values, [30, 0, 0]);
    assert.deepEqual(history.series.viewers.values, [12, 12, 0]);
});

test("the server's past comes before, bounded; a bad reply changes nothing", async () => {
    const history = new StreamHistory("demo");
    history.take(stream(), 0);
    await history.fetch({ get: async () => ({ stepMs: 1000,
        series: { viewers: Array(5000).fill(7), fps: "x" } }) });
    assert.equal(history.series.viewers.values.length, historyCount);
    assert.equal(history.series.viewers.newest, 12);
    assert.deepEqual(history.series.fps.values, [30]);
    for (const reply of [null, {}, { stepMs: 60_000, series: {} }, { stepMs: 1000 }]) {
        await history.fetch({ get: async () => reply });
    }
    await history.fetch({ get: async () => {
        throw new Error("404");
    } });
    assert.equal(history.series.viewers.newest, 12);
});
