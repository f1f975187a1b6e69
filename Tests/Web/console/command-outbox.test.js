// The outbox: one key for a command however often it is sent, nothing twice, and how it stands.
import test from "node:test";
import assert from "node:assert/strict";
import { CommandOutbox,
    makeCommandKey } from "../../../Sources/Web/Files/console/command-outbox.js";
import { StaffError } from "../../../Sources/Web/Files/console/staff-api.js";
import { FakeClock, settle } from "./fake-clock.js";

const open = { lane: "show:final", label: "Open question 3", method: "POST",
    path: "/shows/final/open" };

function setUp(replies, options = {}) {
    const clock = new FakeClock();
    const sent = [];
    let keys = 0;
    const outbox = new CommandOutbox({
        ...clock, setTimer: clock.setTimer, clearTimer: clock.clearTimer, now: clock.now,
        makeKey: () => `key-${++keys}`,
        send: (order, key) => {
            sent.push({ order, key });
            const reply = replies.shift();
            return typeof reply === "function" ? reply() : reply instanceof Error
                ? Promise.reject(reply) : reply;
        },
        ...options,
    });
    const states = [];
    outbox.subscribe((entry) => states.push(entry.state));
    return { clock, outbox, sent, states };
}

const lost = () => new StaffError(0, "The server can't be reached.");
const done = () => Promise.resolve({ status: 200, data: { version: 8 } });

test("a command that is answered at once is sent and done", async () => {
    const { outbox, sent, states } = setUp([done()]);
    const outcome = await outbox.submit(open);
    assert.equal(outcome.state, "done");
    assert.equal(outcome.data.version, 8);
    assert.deepEqual(states, ["sent", "done"]);
    assert.equal(sent.length, 1);
    assert.equal(outbox.busy("show:final"), undefined);
});

test("after 100 ms without an answer it says that it waits", async () => {
    let answer;
    const { clock, outbox, states } = setUp([new Promise((resolve) => {
        answer = resolve;
    })]);
    const outcome = outbox.submit(open);
    await clock.advance(99);
    assert.deepEqual(states, ["sent"]);
    await clock.advance(1);
    assert.deepEqual(states, ["sent", "waiting"]);
    answer({ status: 200, data: {} });
    assert.equal((await outcome).state, "done");
    assert.equal(outbox.newest.tookMs, 100);
});

test("a lost answer is asked for again under the same key", async () => {
    const { clock, outbox, sent, states } = setUp([lost(), new StaffError(503, "Busy."), done()]);
    const outcome = outbox.submit(open);
    await clock.advance(1000);
    assert.equal((await outcome).state, "done");
    assert.deepEqual(sent.map((each) => each.key), ["key-1", "key-1", "key-1"]);
    assert.deepEqual(states, ["sent", "again", "again", "done"]);
    assert.equal(outbox.newest.tries, 3);
});

test("a step that can't be delivered is given up soon: it must not come late", async () => {
    const { clock, outbox, sent } = setUp(Array.from({ length: 50 }, lost));
    const outcome = outbox.submit(open);
    await clock.advance(60_000);
    const { state, text } = await outcome;
    assert.equal(state, "unknown");
    assert.match(text, /isn't known/);
    assert.ok(outbox.newest.tookMs <= 8000, `gave up after ${outbox.newest.tookMs} ms`);
    assert.ok(sent.length >= 5);
    assert.equal(clock.timers.length, 0);
});

test("a second press while the first is on its way sends nothing", async () => {
    let answer;
    const { outbox, sent } = setUp([new Promise((resolve) => {
        answer = resolve;
    })]);
    const first = outbox.submit(open);
    const second = await outbox.submit({ ...open, label: "Lock" });
    assert.equal(second.state, "busy");
    assert.match(second.text, /Open question 3/);
    answer({ status: 200, data: {} });
    await first;
    assert.equal(sent.length, 1);
});

test("other lanes don't wait", async () => {
    const { outbox, sent } = setUp([new Promise(() => {}), done()]);
    void outbox.submit(open);
    const other = await outbox.submit({ ...open, lane: "player:final:ann" });
    assert.equal(other.state, "done");
    assert.notEqual(sent[0].key, sent[1].key);
});

test("a refusal is final, with the server's sentence", async () => {
    const refusal = new StaffError(409, "No question is open; open one first.");
    const { outbox, sent } = setUp([refusal]);
    const outcome = await outbox.submit(open);
    assert.equal(outcome.state, "refused");
    assert.equal(outcome.error, refusal);
    assert.equal(outcome.text, "No question is open; open one first.");
    assert.equal(sent.length, 1);
});

test("while the server is lost nothing is sent, and nothing is kept for later", async () => {
    let isUp = false;
    const { outbox, sent } = setUp([done()], { isUp: () => isUp });
    assert.equal((await outbox.submit(open)).state, "offline");
    isUp = true;
    await settle();
    assert.equal(sent.length, 0);
});

test("what is tried again can be called off", async () => {
    const { clock, outbox, sent } = setUp([lost(), done()]);
    const outcome = outbox.submit(open);
    await clock.advance(50);
    outbox.cancelAll();
    assert.equal((await outcome).state, "cancelled");
    await clock.advance(10_000);
    assert.equal(sent.length, 1);
});

test("a fault of ours isn't taken for an answer", async () => {
    const { clock, outbox } = setUp([new TypeError("x"), done()]);
    const outcome = outbox.submit(open);
    await clock.advance(1000);
    assert.equal((await outcome).state, "done");
});

test("only the last commands are remembered", async () => {
    const { outbox } = setUp(Array.from({ length: 100 }, done));
    for (let at = 0; at < 100; at++) await outbox.submit(open);
    assert.equal(outbox.entries.length, 30);
    assert.equal(outbox.newest.number, 100);
});

test("keys differ, and are what the server takes", () => {
    const keys = new Set(Array.from({ length: 1000 }, makeCommandKey));
    assert.equal(keys.size, 1000);
    for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});
