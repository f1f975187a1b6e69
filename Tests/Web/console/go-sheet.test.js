// The go / no-go sheet: one check that isn't good makes no go of all.
import test from "node:test";
import assert from "node:assert/strict";
import { goSheetOf } from "../../../Sources/Web/Files/console/go-sheet.js";

const check = (id, verdict) => ({ id, title: id, verdict, text: `${id} is ${verdict}` });

test("the worst check decides", () => {
    assert.equal(goSheetOf({ checks: [check("feed", "go"), check("disk", "go")] }).verdict, "go");
    assert.equal(goSheetOf({ checks: [check("feed", "go"), check("disk", "warn")] }).verdict,
        "warn");
    assert.equal(goSheetOf({ checks: [check("feed", "no-go"), check("disk", "warn")] }).verdict,
        "no-go");
});

test("nothing that was checked is no verdict, and what isn't known is no go", () => {
    for (const reply of [null, undefined, {}, { checks: [] }, { checks: "x" }]) assert.equal(
        goSheetOf(reply).verdict, null);
    assert.equal(goSheetOf({ checks: [check("feed", "green")] }).verdict, "no-go");
    assert.equal(goSheetOf({ checks: [null] }).verdict, "no-go");
});

test("checks come in the order of the walk, others last", () => {
    const sheet = goSheetOf({ checks: [check("moon", "go"), check("crowd", "go"),
        check("machine", "go"), check("feed", "warn")] });
    assert.deepEqual(sheet.checks.map((each) => each.id), ["machine", "feed", "crowd", "moon"]);
    assert.deepEqual(sheet.counts, { "go": 3, "warn": 1, "no-go": 0 });
});
