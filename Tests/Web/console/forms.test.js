// Forms: what is sent for what was typed, and the sentence for what won't do.
import test from "node:test";
import assert from "node:assert/strict";
import { planBody, planFaults } from "../../../Sources/Web/Files/console/plan-values.js";
import { draftFaults, draftOf } from "../../../Sources/Web/Files/console/question-draft.js";

const values = (more = {}) => ({
    title: "Friday", id: "", stream: "", mode: "knockout", reviveCount: "", bestCount: "",
        amount: "", currency: "",
    remainderRule: "kept", questionCount: "", entryClosesAtQuestion: "", startsAt: "",
        isRehearsal: "", guestsMayWin: "",
    locksWhenAllAnswered: "", graceMs: "", lagMsMax: "", speedLagMsMax: "", defaultLagMs: "",
        pointsBase: "",
    pointsSpeed: "", ...more,
});

test("a title is enough for a show", () => {
    assert.deepEqual(planFaults(values()), {});
    assert.deepEqual(planBody(values(), true), { title: "Friday", mode: "knockout" });
});

test("what is typed gets where it belongs", () => {
    const body = planBody(values({ id: "fri", amount: "1000.00", currency: "chf",
        remainderRule: "toTheFirst",
        reviveCount: "0", questionCount: "7", isRehearsal: "true", bestCount: "3" }), true);
    assert.deepEqual(body, { title: "Friday", mode: "knockout", id: "fri", reviveCount: 0,
        questionCount: 7,
        isRehearsal: true, prize: { amount: "1000.00", currency: "CHF",
            remainderRule: "toTheFirst" } });
    const points = planBody(values({ mode: "points", bestCount: "3", reviveCount: "1" }), false);
    assert.deepEqual(points, { title: "Friday", mode: "points", bestCount: 3 });
});

test("what won't do is told at its field", () => {
    const faults = planFaults(values({ title: "", id: "a b", amount: "1,000", reviveCount: "1.5",
        graceMs: "-4" }));
    assert.deepEqual(Object.keys(faults).sort(), ["amount", "graceMs", "id", "reviveCount",
        "title"]);
    assert.ok(planFaults(values({ amount: "5", currency: "EURO" })).currency);
});

const draft = (more = {}) => ({ text: " Two and two? ", options: ["3", "4 "], correct: 2,
    seconds: "7.5",
    explanation: "", media: "", isSpare: false, ...more });

test("a question is sent trimmed, options from 1", () => {
    assert.deepEqual(draftFaults(draft()), {});
    assert.deepEqual(draftOf(draft()), { text: "Two and two?", options: ["3", "4"], correct: 2,
        windowMs: 7500, spare: false });
});

test("a question that won't do says why", () => {
    assert.ok(draftFaults(draft({ text: " " })).text);
    assert.ok(draftFaults(draft({ options: ["3"] })).options);
    assert.ok(draftFaults(draft({ options: ["3", " "] })).options);
    assert.ok(draftFaults(draft({ correct: 0 })).options);
    assert.ok(draftFaults(draft({ correct: 3 })).options);
    for (const seconds of ["", "0", "301", "x"]) assert.ok(
        draftFaults(draft({ seconds })).seconds, seconds);
});
