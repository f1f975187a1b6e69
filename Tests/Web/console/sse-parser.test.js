// Events are read the same however their stream is cut into pieces.
import test from "node:test";
import assert from "node:assert/strict";
import { SSEParser } from "../../../Sources/Web/Files/console/sse-parser.js";

const text =
    "retry: 1000\n\n: alive\r\n\r\nevent: show\r\nid: 3.0\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n"
    + "data:plain\n\nevent: deed\ndata:  {\"by\":\"Ζωή\"}\n\nevent: lonely\n\n: alive\n";
const expected = [
    { name: "show", data: "{\"a\":\n1}" }, { name: "message", data: "plain" },
    { name: "deed", data: " {\"by\":\"Ζωή\"}" },
];

function read(pieces) {
    const events = [];
    let comments = 0;
    const parser = new SSEParser((event) => events.push(event), () => {
        comments += 1;
    });
    for (const piece of pieces) parser.feed(piece);
    return { events, comments };
}

test("whole, by letter, and cut at every place", () => {
    assert.deepEqual(read([text]), { events: expected, comments: 2 });
    assert.deepEqual(read([...text]), { events: expected, comments: 2 });
    for (let at = 1; at < text.length; at++) {
        assert.deepEqual(read([text.slice(0, at), text.slice(at)]).events, expected,
            `cut at ${at}`);
    }
});

test("a stream without an end of line is given up", () => {
    const parser = new SSEParser(() => {});
    assert.throws(() => {
        for (let at = 0; at < 100; at++) parser.feed("x".repeat(100_000));
    });
});

test("an event without an end is given up", () => {
    const parser = new SSEParser(() => {});
    assert.throws(() => {
        for (let at = 0; at < 100; at++) parser.feed(`data: ${"x".repeat(100_000)}\n`);
    });
});
