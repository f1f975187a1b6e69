// The connection: WebSocket first, HTTP where it is blocked, made anew for ever, with words for each end.
import test from "node:test";
import assert from "node:assert/strict";
import { Connection } from "../../../Sources/Web/Files/player/connection.js";
import { BackOff } from "../../../Sources/Web/Files/shared/back-off.js";
import { FakeWorld, response } from "./support/fake-world.mjs";

function setUp(token) {
    const it = { world: new FakeWorld(), opened: [], bytes: [], texts: [], pongs: [], ends: [], refuse: "" };
    it.connection = new Connection("http://host/live/demo.flv", token, {
        onOpen: (transport) => it.opened.push(transport),
        onBytes: (bytes) => { if (it.refuse) throw new Error(it.refuse); it.bytes.push(...bytes); },
        onText: (value) => it.texts.push(value),
        onPong: (sentMs, pong) => it.pongs.push([sentMs, pong]),
        onEnd: (end) => it.ends.push(end),
    }, it.world.world, new BackOff({ random: () => 1 }));
    it.connection.open();
    return it;
}

test("a WebSocket with our subprotocols, bytes and texts", async () => {
    const it = setUp("a.b.c");
    const { socket } = it.world;
    assert.equal(socket.url, "ws://host/live/demo.flv");
    assert.deepEqual(socket.protocols, ["fanfare", "fanfare.token.a.b.c"]);
    assert.equal(it.connection.send({ type: "x" }), false);
    socket.open();
    assert.deepEqual(it.opened, ["ws"]);
    socket.get(Uint8Array.from([1, 2]).buffer);
    socket.get('{"type":"receipt"}');
    for (const text of ["{", "null", "3", `"${"x".repeat(70_000)}"`]) socket.get(text);
    assert.deepEqual(it.bytes, [1, 2]);
    assert.deepEqual(it.texts, [{ type: "receipt" }]);
    assert.ok(it.connection.send({ type: "answer" }));
    it.connection.setToken("d");
    assert.deepEqual(socket.sent.slice(-2), [{ type: "answer" }, { type: "token", token: "d" }]);
    it.connection.close();
    assert.equal(it.ends.length, 0);
});

test("pings at first often, then each 5 s; pongs are told with their sending time", async () => {
    const it = setUp();
    const { socket } = it.world;
    socket.open();
    const pings = () => socket.sent.filter(({ type }) => type === "ping");
    assert.equal(pings().length, 1);
    it.world.nowMs += 30;
    socket.get(JSON.stringify({ type: "pong", t: pings()[0].t, serverMs: 5 }));
    assert.deepEqual(it.pongs, [[1000, { type: "pong", t: 1, serverMs: 5 }]]);
    socket.get(JSON.stringify({ type: "pong", t: 1 }));
    socket.get(JSON.stringify({ type: "pong", t: 99 }));
    assert.equal(it.pongs.length, 1);
    for (let second = 0; second < 24; second++) {
        socket.get(new ArrayBuffer(1));
        await it.world.pass(1000);
    }
    assert.ok(pings().length >= 9 && pings().length <= 12, String(pings().length));
});

test("a lost connection is made anew, quickly at first, then slower", async () => {
    const it = setUp();
    it.world.socket.open();
    it.world.socket.fail();
    assert.equal(it.ends[0].code, "lost");
    await it.world.pass(249);
    assert.equal(it.world.sockets.length, 1);
    await it.world.pass(2);
    assert.equal(it.world.sockets.length, 2);
    it.world.socket.fail();
    await it.world.rest();
    assert.equal(it.ends[1].code, "unreachable");
    await it.world.pass(499);
    assert.equal(it.world.sockets.length, 2);
    await it.world.pass(2);
    assert.equal(it.world.sockets.length, 3);
});

test("a stream's end isn't the end of trying", async () => {
    const it = setUp();
    it.world.socket.open();
    it.world.socket.end(1000);
    assert.equal(it.ends[0].code, "stream_ended");
    await it.world.pass(300);
    assert.equal(it.world.sockets.length, 2);
});

test("HTTP where WebSockets are blocked, with the clock's address", async () => {
    const it = setUp("tok");
    const chunks = [Uint8Array.from([7])];
    it.world.answer = async (url) => url.includes("clock")
        ? response(200, {}, { json: { serverMs: 1, programmeMs: 2 } }) : response(200, {}, { chunks });
    it.world.socket.fail();
    await it.world.rest();
    assert.deepEqual(it.opened, ["http"]);
    assert.equal(it.world.requests[0].headers.Authorization, "Bearer tok");
    assert.equal(it.world.requests[1].url, "http://host/api/v1/clock?stream=demo");
    assert.equal(it.pongs[0][1].programmeMs, 2);
    assert.deepEqual(it.bytes, [7]);
    assert.equal(it.connection.send({}), false);
    chunks.push("end");
    await it.world.rest();
    assert.equal(it.ends[0].code, "stream_ended");
    await it.world.pass(300);
    assert.equal(it.world.sockets.length, 2, "the WebSocket is tried again first");
    it.connection.close();
});

test("a page before the stream: the WebSocket is tried again when HTTP finds it on air", async () => {
    const it = setUp();
    it.world.nowMs += 5000;
    it.world.answer = async () => response(200, {}, { chunks: [] });
    it.world.socket.fail();
    await it.world.rest();
    assert.deepEqual(it.opened, []);
    assert.equal(it.world.sockets.length, 2);
    it.world.socket.open();
    assert.deepEqual(it.opened, ["ws"]);
    it.connection.close();
});

test("each refusal has its code, and Retry-After is heeded", async () => {
    for (const [status, code] of [[404, "not_on_air"], [401, "unauthorized"], [403, "forbidden"], [503, "full"], [500, "unreachable"]]) {
        const it = setUp();
        it.world.answer = async () => response(status, status === 503 ? { "retry-after": "7" } : {});
        it.world.socket.fail();
        await it.world.rest();
        assert.equal(it.ends[0].code, code);
        assert.match(it.ends[0].text, /^[A-Z].*\.$/);
        await it.world.pass(status === 503 ? 7000 : status === 401 || status === 403 ? 5000 : 200);
        assert.equal(it.world.sockets.length, 1);
        await it.world.pass(400);
        assert.equal(it.world.sockets.length, 2);
        it.connection.close();
    }
});

test("who is forbidden to watch hears the server's own sentence", async () => {
    const bytes = (text) => new TextEncoder().encode(text);
    const own = "The server doesn't let you watch from here.";
    const long = "é".repeat(1000);
    for (const [chunks, text] of [
        [[bytes('{"error":"The signed URL has '), bytes('expired."}'), "end"], "The signed URL has expired."],
        [[bytes(`{"error":"${long}"}`), "end"], long.slice(0, 300)],
        [[bytes("<h1>403</h1>"), "end"], own],
        [[bytes('{"error":{"a":1}}'), "end"], own],
        [[bytes('{"error":""}'), "end"], own],
        [["end"], own],
        [[bytes(`{"error":"${"x".repeat(5000)}"}`), "end"], own],
        [[new Uint8Array(3000), new Uint8Array(3000)], own],
    ]) {
        const it = setUp();
        it.world.answer = async () => response(403, {}, { chunks: [...chunks] });
        it.world.socket.fail();
        await it.world.rest();
        assert.deepEqual([it.ends[0].code, it.ends[0].text], ["forbidden", text]);
        it.connection.close();
    }
});

test("silence ends a connection; pongs without media do, too, later", async () => {
    const it = setUp();
    it.world.socket.open();
    await it.world.pass(9500);
    assert.equal(it.ends[0].code, "lost");
    const other = setUp();
    const { socket } = other.world;
    socket.open();
    for (let second = 0; second < 34 && other.ends.length === 0; second++) {
        socket.get(JSON.stringify({ type: "note" }));
        await other.world.pass(1000);
        if (second < 29) assert.equal(other.ends.length, 0, `second ${second}`);
    }
    assert.equal(other.ends[0].code, "lost");
});

test("an upgrade that is swallowed falls back to HTTP", async () => {
    const it = setUp();
    it.world.answer = async () => response(200, {}, { chunks: [Uint8Array.from([1])] });
    await it.world.pass(10_100);
    assert.deepEqual(it.opened, ["http"]);
    it.connection.close();
});

test("bytes that can't be read end the connection in words", async () => {
    const it = setUp();
    it.refuse = "An FLV tag is too large.";
    it.world.socket.open();
    it.world.socket.get(new ArrayBuffer(3));
    assert.deepEqual([it.ends[0].code, it.ends[0].text], ["broken", "An FLV tag is too large."]);
});

test("closed is closed", async () => {
    const it = setUp();
    const { socket } = it.world;
    it.connection.close();
    socket.open();
    socket.fail();
    await it.world.pass(60_000);
    assert.deepEqual([it.ends.length, it.opened.length, it.world.sockets.length], [0, 0, 1]);
});
