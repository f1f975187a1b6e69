// The steps: what can be done in each state of a show, by which key, and what comes next.
import test from "node:test";
import assert from "node:assert/strict";
import { nextStepID, stepsOf, viewersSee } from "../../../Sources/Web/Files/console/show-steps.js";
import { onOf, questionOf, stateOf } from "./states.js";

const possible = (state) => stepsOf(state).filter((step) => step.isPossible).map((step) => step.id);
const stepIn = (state, id) => stepsOf(state).find((step) => step.id === id);

const states = {
    draft: stateOf({ phase: "draft" }),
    empty: stateOf({ phase: "draft", waitingCount: 0, nextQuestion: undefined }),
    lobby: stateOf({ phase: "lobby" }),
    open: stateOf({ askedCount: 1, nextQuestion: "q2", question: onOf("open") }),
    locked: stateOf({ askedCount: 1, nextQuestion: "q2", question: onOf("locked") }),
    revealed: stateOf({ askedCount: 1, nextQuestion: "q2", question: onOf("revealed") }),
    void: stateOf({ nextQuestion: "q2", question: onOf(
        "void", { number: 0, voidReason: "No sound" }) }),
    standings: stateOf({ askedCount: 1, nextQuestion: "q2" }),
    paused: stateOf({ askedCount: 1, nextQuestion: "q2", isPaused: true, question: onOf("open") }),
    planDone: stateOf({ askedCount: 3, isPlanDone: true, nextQuestion: undefined, waitingCount: 0,
        question: onOf("revealed", { isLast: true, number: 3 }) }),
    finished: stateOf({ phase: "finished", askedCount: 3 }),
    settled: stateOf({ phase: "settled", askedCount: 3 }),
};

test("what can be done in each state", () => {
    const expected = {
        draft: ["doors"], empty: [], lobby: ["open", "last"],
        open: ["lock", "pause", "last", "void", "correct"],
        locked: ["reveal", "pause", "last", "void", "correct"],
        revealed: ["open", "standings", "pause", "last", "void", "correct", "finish"],
        void: ["open", "standings", "pause", "last", "correct", "finish"],
        standings: ["open", "pause", "last", "correct", "finish"],
        paused: ["pause", "last", "void", "correct"],
        planDone: ["standings", "pause", "void", "correct", "finish"],
        finished: ["correct", "settle", "reopen"], settled: ["correct"],
    };
    for (const [name, ids] of Object.entries(expected)) {
        assert.deepEqual(possible(states[name]).sort(), [...ids].sort(), name);
    }
});

test("what the run of the show asks for next, and it can be done", () => {
    const expected = {
        draft: "doors", lobby: "open", open: "lock", locked: "reveal", revealed: "open",
            void: "open",
        standings: "open", paused: "pause", planDone: "finish", finished: "settle", settled: "",
    };
    for (const [name, id] of Object.entries(expected)) {
        assert.equal(nextStepID(states[name]), id, name);
        const next = stepsOf(states[name]).filter((step) => step.isNext);
        assert.equal(next.length, id ? 1 : 0, name);
        if (id) assert.ok(next[0].isPossible, name);
    }
});

test("every step is there in every state under its own key, and says why it can't be done", () => {
    const keys = stepsOf(states.draft).map((step) => `${step.id}:${step.key}`);
    assert.equal(new Set(keys.map((each) => each.split(":")[1])).size, 12);
    for (const [name, state] of Object.entries(states)) {
        assert.deepEqual(stepsOf(state).map((step) => `${step.id}:${step.key}`), keys, name);
        for (const step of stepsOf(state)) {
            assert.equal(step.isPossible, step.whyNot === "", `${name} ${step.id}`);
            assert.ok(step.label && step.detail, `${name} ${step.id}`);
        }
    }
});

test("open, reveal, void, finish and settle have a safety", () => {
    const safety = Object.fromEntries(stepsOf(states.open).map((step) => [step.id, step.safety]));
    for (const id of ["doors", "open", "reveal"]) assert.equal(safety[id], "hold", id);
    for (const id of ["void", "correct", "finish", "settle", "reopen"]) assert.equal(
        safety[id], "ask", id);
    for (const id of ["lock", "standings", "pause", "last"]) assert.equal(safety[id], "press", id);
});

test("opening names its question, so that no other is opened", () => {
    const step = stepIn(states.revealed, "open");
    assert.deepEqual(step.body, { question: "q2" });
    assert.notEqual(step.token, stepIn(stateOf({ ...states.revealed, nextQuestion: "q5" }),
        "open").token);
    assert.notEqual(step.token, stepIn(stateOf({ ...states.revealed, plannedCount: 2 }),
        "open").token,
        "that it is the last now is another step");
    assert.equal(step.token, stepIn(stateOf({ ...states.revealed, version: 99 }), "open").token);
});

test("a lock that waits can be had at once, by holding", () => {
    const state = stateOf({ askedCount: 1, question: onOf("open", { isLockPending: true }) });
    assert.equal(nextStepID(state), "", "and isn't what is asked for next");
    const step = stepIn(state, "lock");
    assert.deepEqual([step.safety, step.body], ["hold", { force: true }]);
});

test("what viewers see, in each state", () => {
    const phases = {
        draft: "none", lobby: "lobby", open: "question", locked: "locked", revealed: "reveal",
            void: "void",
        standings: "standings", paused: "question", finished: "winners", settled: "over",
    };
    for (const [name, phase] of Object.entries(phases)) assert.equal(
        viewersSee(states[name]).phase, phase, name);
});

test("the right answer isn't in what viewers see before the reveal", () => {
    for (const name of ["open", "locked", "paused", "void"]) {
        const see = viewersSee(states[name]);
        assert.equal(see.correct, undefined, name);
        assert.equal(see.counts, undefined, name);
    }
    const see = viewersSee(states.revealed);
    assert.equal(see.correct, questionOf("q1").correct - 1, "options count from 0 for viewers");
});
