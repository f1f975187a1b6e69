// The run sheet: places, numbers, planned lengths, and orders.
import test from "node:test";
import assert from "node:assert/strict";
import { movedOrder, plannedMsOf, runSheetOf,
    waitingIDs } from "../../../Sources/Web/Files/console/run-sheet.js";
import { onOf, plan, questionOf, stateOf } from "./states.js";

const record = (id, state, more) => ({ question: questionOf(id, more), state });
const show = (row) => `${row.question.id} ${row.place} ${row.number ?? "-"}${row.isLast ? " last"
    : ""}`;

test("before the show all that is planned has its number and time", () => {
    const records = [record("q1", "waiting"), record("q2", "waiting"),
        record("s1", "waiting", { spare: true }),
        record("q3", "waiting")];
    const sheet = runSheetOf(stateOf({ phase: "lobby" }), records, 25_000);
    assert.deepEqual(sheet.rows.map(show), ["q1 next 1", "q2 waiting 2", "q3 waiting 3 last"]);
    assert.deepEqual(sheet.spares.map(show), ["s1 spare -"]);
    assert.equal(sheet.plannedMs, 3 * 39_500);
    assert.equal(sheet.leftMs, sheet.plannedMs);
    assert.deepEqual(sheet.rows.map((row) => row.startsInMs), [0, 39_500, 79_000]);
});

test("in the show what was asked is over, voided ones have no number, a spare takes the place",
    () => {
    const records = [record("q1", "revealed"), record("q2", "void"), record("q3", "open"),
        record("q4", "waiting"),
        record("s1", "waiting", { spare: true })];
    const state = stateOf({ askedCount: 2, plannedCount: 3, nextQuestion: "q4",
        question: onOf("open", { question: questionOf("q3"), number: 2 }) });
    assert.deepEqual(runSheetOf(state, records, 0).rows.map(show),
        ["q1 asked 1", "q2 asked -", "q3 on 2", "q4 next 3 last"]);
    const spareNext = stateOf({ askedCount: 2, plannedCount: 3, nextQuestion: "s1" });
    const sheet = runSheetOf(spareNext, records.filter((each) => each.question.id !== "q4"), 0);
    assert.equal(show(sheet.rows[3]), "s1 next 3 last");
});

test("what waits beyond the plan is told so, and costs no time", () => {
    const records = [record("q1", "waiting"), record("q2", "waiting"), record("q3", "waiting")];
    const sheet = runSheetOf(stateOf({ phase: "lobby", plannedCount: 2 }), records, 0);
    assert.deepEqual(sheet.rows.map(show), ["q1 next 1", "q2 waiting 2 last", "q3 beyond -"]);
    assert.equal(sheet.plannedMs, 2 * plannedMsOf(questionOf("q1"), plan, 0));
    assert.equal(runSheetOf(stateOf({ phase: "finished", plannedCount: 3 }), records, 0).leftMs, 0);
});

test("a question is on until the plan's grace and counted lag are over", () => {
    assert.equal(plannedMsOf(questionOf("q1"), plan, 25_000), 10_000 + 500 + 4000 + 25_000);
    const slow = { ...plan, graceMs: 2000, lagMsMax: 8000 };
    const records = [record("q1", "waiting")];
    const state = stateOf({ plan: slow, phase: "lobby", plannedCount: 1 });
    assert.equal(runSheetOf(state, records, 0).plannedMs, 20_000);
});

test("an empty show has an empty sheet", () => {
    assert.deepEqual(runSheetOf(stateOf({ plannedCount: 0 }), [], 0),
        { rows: [], spares: [], plannedMs: 0, leftMs: 0 });
});

test("moving keeps each question, once", () => {
    const ids = ["a", "b", "c", "d"];
    assert.deepEqual(movedOrder(ids, "d", 0), ["d", "a", "b", "c"]);
    assert.deepEqual(movedOrder(ids, "a", 2), ["b", "c", "a", "d"]);
    assert.equal(movedOrder(ids, "a", 0), null);
    assert.equal(movedOrder(ids, "a", -5), null);
    assert.deepEqual(movedOrder(ids, "a", 99), ["b", "c", "d", "a"]);
    assert.equal(movedOrder(ids, "x", 1), null);
    for (const id of ids) {
        for (let to = 0; to < 4; to++) {
            const moved = movedOrder(ids, id, to);
            if (moved) assert.deepEqual([...moved].sort(), ids);
        }
    }
});

test("an order names all that waits, spares too", () => {
    const records = [record("q1", "open"), record("q2", "waiting"),
        record("s", "waiting", { spare: true })];
    assert.deepEqual(waitingIDs(records), ["q2", "s"]);
});

test("the show's own state counts where the list is a moment older", () => {
    const records = [record("q1", "waiting"), record("q2", "waiting"), record("q3", "waiting")];
    const state = stateOf({ askedCount: 1, plannedCount: 3, nextQuestion: "q2",
        question: onOf("open") });
    assert.deepEqual(runSheetOf(state, records, 0).rows.map(show),
        ["q1 on 1", "q2 next 2", "q3 waiting 3 last"]);
});

test("after the finish nothing comes any more", () => {
    const records = [record("q1", "revealed"), record("q2", "waiting")];
    const state = stateOf({ phase: "finished", askedCount: 1, nextQuestion: "q2" });
    assert.deepEqual(runSheetOf(state, records, 0).rows.map(show), ["q1 asked 1", "q2 beyond -"]);
});
