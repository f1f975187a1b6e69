// The link to the server: comes back by itself, says when it is lost, and never floods.
import test from "node:test";
import assert from "node:assert/strict";
import { EventLink } from "../../../Sources/Web/Files/console/event-link.js";
import { FakeClock, settle } from "./fake-clock.js";

function setUp(connect) {
    const clock = new FakeClock();
    const log = [];
    const link = new EventLink({
        onEvent: (name, data) => log.push([name, data]), onState: (state) => log.push(state.state),
        onSignedOut: () => log.push("signed out"), random: () => 1, now: clock.now,
        setTimer: clock.setTimer, clearTimer: clock.clearTimer, fetcher: connect,
    });
    return { clock, link, log };
}

/** A response whose body is fed by hand. */
function openResponse(signal) {
    let wake = () => {};
    const pieces = [];
    let isOver = false;
    const reader = {
        async read() {
            while (pieces.length === 0 && !isOver && !signal.aborted) {
                await new Promise((resolve) => {
                    wake = resolve;
                });
            }
            if (signal.aborted) throw new DOMException("aborted", "AbortError");
            return pieces.length ? { done: false, value: new TextEncoder().encode(pieces.shift()) }
                : { done: true };
        },
    };
    signal.addEventListener("abort", () => wake());
    return {
        response: { status: 200, ok: true, body: { getReader: () => reader } },
        say(text) {
            pieces.push(text);
            wake();
        },
        end() {
            isOver = true;
            wake();
        },
    };
}

test("events come through, and what isn't JSON is passed over", async () => {
    let connection;
    const { link, log } = setUp(async (url, { signal }) => (
        connection = openResponse(signal)).response);
    link.start();
    await settle();
    connection.say("event: show\ndata: {\"id\":\"final\"}\n\nevent: show\ndata: {broken\n\n");
    await settle();
    assert.deepEqual(log, ["up", ["show", { id: "final" }]]);
    link.stop();
});

test("an end is a loss, and it connects anew", async () => {
    const connections = [];
    const { clock, link, log } = setUp(async (url, { signal }) => {
        connections.push(openResponse(signal));
        return connections[connections.length - 1].response;
    });
    link.start();
    await settle();
    connections[0].say(": hello\n\n");
    await settle();
    connections[0].end();
    await settle();
    assert.deepEqual(log, ["up", "lost"]);
    assert.equal(link.state.reason, "The server has ended the connection.");
    await clock.advance(250);
    assert.equal(connections.length, 2);
    connections[1].say(": hello\n\n");
    await settle();
    assert.equal(link.state.state, "up");
    assert.equal(link.state.tries, 0);
    link.stop();
});

test("12 s of silence are a loss, though the connection stands", async () => {
    let connection;
    const { clock, link, log } = setUp(async (url, { signal }) => (
        connection = openResponse(signal)).response);
    link.start();
    await settle();
    connection.say(": hello\n\n");
    await clock.advance(11_900);
    assert.equal(link.state.state, "up");
    connection.say(": alive\n\n");
    await clock.advance(11_900);
    assert.equal(link.state.state, "up");
    await clock.advance(200);
    assert.deepEqual(log, ["up", "lost"]);
    assert.match(link.state.reason, /12 s/);
    link.stop();
});

test("a server that can't be reached is tried for ever, at most every 5 s", async () => {
    let tries = 0;
    const { clock, link } = setUp(async () => {
        tries += 1;
        throw new TypeError("Failed to fetch");
    });
    link.start();
    await clock.advance(60_000);
    assert.ok(tries >= 12 && tries <= 20, `${tries} tries in a minute`);
    assert.equal(link.state.state, "lost");
    assert.equal(link.state.sinceMs, 0, "since the first failure");
    assert.equal(link.state.reason, "The server can't be reached.");
    link.hurry();
    await settle();
    assert.ok(tries >= 13);
    link.stop();
    const before = tries;
    await clock.advance(60_000);
    assert.equal(tries, before, "a stopped link tries no more");
});

test("without a session it says so", async () => {
    const { link, log } = setUp(async () => ({ status: 401, ok: false, body: null }));
    link.start();
    await settle();
    assert.ok(log.includes("signed out"));
    link.stop();
});
