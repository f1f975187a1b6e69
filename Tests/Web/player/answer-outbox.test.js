// An answer's way to its receipt, over everything that may happen to it.
import test from "node:test";
import assert from "node:assert/strict";
import { AnswerOutbox } from "../../../Sources/Web/Files/player/answer-outbox.js";

function world(post = async () => ({ status: 200, body: {} })) {
    const it = { nowMs: 0, sent: [], posted: [] };
    it.outbox = new AnswerOutbox({
        send: (message) => it.sent.push(message),
        post: (message) => { it.posted.push(message); return post(message); },
        nowMs: () => it.nowMs,
    });
    it.pass = (ms) => { it.nowMs += ms; it.outbox.tick(); };
    return it;
}

const receipt = { type: "receipt", question: "q", choice: 1, status: "accepted" };

test("sent at once over the socket, settled by the receipt", async () => {
    const it = world();
    it.outbox.setSocket(true);
    const promise = it.outbox.answer("q", 1, "show");
    assert.deepEqual(it.sent, [{ type: "answer", question: "q", choice: 1, show: "show" }]);
    assert.ok(it.outbox.receive(receipt));
    assert.deepEqual(await promise, { status: "accepted", question: "q", choice: 1 });
    it.pass(60_000);
    assert.equal(it.sent.length, 1);
});

test("sent again when nothing comes, and over another connection", async () => {
    const it = world();
    it.outbox.setSocket(true);
    const promise = it.outbox.answer("q", 1);
    it.pass(2600);
    assert.equal(it.sent.length, 2);
    it.outbox.setSocket(false);
    it.pass(100);
    it.outbox.setSocket(true);
    assert.equal(it.sent.length, 3);
    it.outbox.receive(receipt);
    assert.equal((await promise).status, "accepted");
});

test("the same answer twice is one; another to the same question is refused", async () => {
    const it = world();
    it.outbox.setSocket(true);
    const first = it.outbox.answer("q", 1);
    assert.equal(it.outbox.answer("q", 1), first);
    assert.equal((await it.outbox.answer("q", 2)).code, "already_answered");
    assert.equal(it.sent.length, 1);
});

test("by POST without a socket", async () => {
    const it = world(async () => ({ status: 200, body: receipt }));
    assert.equal((await it.outbox.answer("q", 1)).status, "accepted");
    assert.equal(it.posted.length, 1);
});

test("a POST that fails is tried again; one that is refused tells why", async () => {
    let tries = 0;
    const it = world(async () => {
        if (++tries === 1) throw new Error("network");
        return { status: 409, body: { ...receipt, status: "refused", code: "too_late", reason: "Too late." } };
    });
    const promise = it.outbox.answer("q", 1);
    await new Promise((resolve) => { setImmediate(resolve); });
    it.pass(2600);
    assert.deepEqual(await promise, { status: "refused", question: "q", choice: 1, code: "too_late", reason: "Too late." });
    const other = world(async () => ({ status: 401, body: { type: "error", status: 401, error: "A token is needed." } }));
    assert.equal((await other.outbox.answer("q", 1)).code, "unauthorized");
});

test("what wasn't kept is sent again", async () => {
    const it = world();
    it.outbox.setSocket(true);
    const promise = it.outbox.answer("q", 1);
    it.outbox.receive({ ...receipt, status: "refused", code: "not_kept", reason: "" });
    it.pass(600);
    assert.equal(it.sent.length, 2);
    it.outbox.receive(receipt);
    assert.equal((await promise).status, "accepted");
});

test("errors about an answer settle it; others are others' business", async () => {
    const it = world();
    it.outbox.setSocket(true);
    assert.equal(it.outbox.receive({ type: "error", status: 401, error: "x" }), false);
    const promise = it.outbox.answer("q", 1);
    it.outbox.receive({ type: "error", status: 400, error: "x" });
    it.outbox.receive({ type: "error", status: 429, error: "x" });
    it.pass(1100);
    assert.equal(it.sent.length, 2);
    it.outbox.receive({ type: "error", status: 401, error: "A token is needed." });
    assert.deepEqual(await promise, { status: "refused", question: "q", choice: 1, code: "unauthorized", reason: "A token is needed." });
});

test("given up in the end, with words; and bounded", async () => {
    const it = world();
    it.outbox.setSocket(true);
    const promise = it.outbox.answer("q", 1);
    for (let second = 0; second < 50; second++) it.pass(1000);
    assert.equal((await promise).code, "unreachable");
    for (let index = 0; index < 32; index++) it.outbox.answer(`q${index}`, 0);
    assert.equal((await it.outbox.answer("one more", 0)).code, "too_many");
    const last = it.outbox.answer("q0", 0);
    it.outbox.close();
    assert.equal((await last).code, "stopped");
});
