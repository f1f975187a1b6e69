// What is typed to ban somebody.
import test from "node:test";
import assert from "node:assert/strict";
import { banOrder, looksLikeAddress,
    spanSeconds } from "../../../Sources/Web/Files/console/ban-form.js";

test("a time is read as people write it", () => {
    for (const [text, seconds] of /** @type {[string, number | null | undefined][]} */ ([
        ["90s", 90], ["30m", 1800], [" 2H ", 7200], ["7 d", 604_800], ["", null], ["  ", null],
        ["0s", undefined], ["2", undefined], ["h", undefined], ["-2h", undefined],
        ["2h30m", undefined], ["99999999d", undefined]])) {
        assert.equal(spanSeconds(text), seconds, text);
    }
});

test("what can't be an address isn't sent", () => {
    for (const good of ["203.0.113.7", "203.0.113.0/24", "2001:db8::/48", " ::1 "]) {
        assert.ok(looksLikeAddress(good), good);
    }
    for (const bad of ["", "7", "somewhere.example", "1.2.3.4/", "1.2.3.4 5.6.7.8", "1.2.3.4/9999"]) {
        assert.ok(!looksLikeAddress(bad), bad);
    }
});

test("an order has only what was said", () => {
    assert.deepEqual(banOrder(" 203.0.113.7 ", "2h", " floods "),
        { address: "203.0.113.7", reason: "floods", forS: 7200 });
    assert.deepEqual(banOrder("203.0.113.7", "", ""), { address: "203.0.113.7" });
    assert.equal(banOrder("nowhere", "2h", ""), null);
    assert.equal(banOrder("203.0.113.7", "soon", ""), null);
});
