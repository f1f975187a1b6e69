// Names of streams and shows, and a stream's address.

import assert from "node:assert/strict";
import test from "node:test";
import { isName, streamOfPath, streamPath }
    from "../../../Sources/Web/Files/shared/stream-name.js";

test("a name is of 1 to 64 letters, digits, - and _", () => {
    for (const name of ["demo", "A-b_9", "x".repeat(64)]) assert.ok(isName(name), name);
    for (const bad of ["", "x".repeat(65), "a/b", "..", "a b", "ä", "demo\n", 5, null, undefined]) {
        assert.ok(!isName(bad), String(bad));
    }
});

test("a stream's path leads to it and back", () => {
    assert.equal(streamPath("demo"), "/live/demo.flv");
    assert.equal(streamPath("a/../b"), "/live/a%2F..%2Fb.flv");
    assert.equal(streamOfPath("/live/demo.flv"), "demo");
    assert.equal(streamOfPath("/proxy/live/demo.flv"), "demo");
    for (const other of ["/live/.flv", "/live/a/b.flv", "/live/a%2Fb.flv", "/live/demo.mp4", "/"]) {
        assert.equal(streamOfPath(other), null, other);
    }
});
