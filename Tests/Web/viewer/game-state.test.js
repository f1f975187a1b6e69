// The game's state: from the cues, /me and receipts of a real show to what a player is shown.

import assert from "node:assert/strict";
import test from "node:test";
import { canAnswer, fateOf, gainOf, isBack, newGame, outcomeOf, reduceGame, roleOf }
    from "../../../Sources/Web/Files/viewer/game-state.js";
import { readMessageCue, readQuizCue } from "../../../Sources/Web/Files/viewer/cue-reader.js";
import { atCue, atMe, player, playUntil, recordedShow, step } from "./replay.js";

const question = (/** @type {object} */ more = {}) => readQuizCue({ seq: 10, pts: 1000, show: "s",
    phase: "question", question: "q1", number: 1, of: 3, text: "?", options: ["a", "b"],
        windowMs: 8000,
    deadlinePts: 9000, ...more });
const me = (/** @type {object} */ more = {}) =>
    ({ show: "s", player: "p", name: "Zoë", status: "playing",
    revivesLeft: 1, score: 0, receipts: [], ...more });
const send = (/** @type {any} */ game, /** @type {any[]} */ ...events) =>
    events.reduce((state, event) => reduceGame(state, event), game);

test("a whole recorded show is followed to its end", () => {
    let game = player();
    for (const entry of recordedShow) game = step(game, entry);
    assert.equal(game.quiz.phase, "over");
    assert.equal(game.title, "Friday Final");
    assert.equal(game.winners.shareAmount, "1000.00");
    assert.equal(game.me.hasWon, false);
    assert.deepEqual(Object.keys(game.kept), ["q1", "q3"], "the voided question's answer is gone");
});

test("a cue that isn't newer changes nothing", () => {
    let game = player();
    for (const entry of recordedShow) {
        game = step(game, entry);
        if (entry.type === "cue") assert.equal(step(game, entry), game, "the same cue again");
    }
});

test("a question can be answered once, and the receipt is kept", () => {
    const open = playUntil(atCue("question", "q1"));
    assert.equal(roleOf(open), "playing");
    assert.ok(canAnswer(open));
    const sending = send(open, { type: "sending", question: "q1", choice: 1 });
    assert.ok(!canAnswer(sending), "nothing more while it is on its way");
    const kept = send(sending, { type: "receipt", question: "q1", choice: 1, isKept: true });
    assert.equal(kept.kept.q1, 1);
    assert.equal(kept.sending, null);
    assert.ok(!canAnswer(kept));
});

test("the first answer stands when another is refused", () => {
    const after = playUntil((game, entry) => entry.value.code === "already_answered");
    assert.equal(after.kept.q1, 1);
    assert.equal(after.refused.q1.code, "already_answered");
});

test("right, revived, voided, out: as /me says behind each reveal", () => {
    const right = playUntil(atMe("reveal", "q1"));
    assert.equal(outcomeOf(right), "right");
    assert.equal(fateOf(right), "in");
    assert.equal(gainOf(right), 1);
    const revived = playUntil(atMe("reveal", "q2"));
    assert.equal(outcomeOf(revived), "wrong");
    assert.equal(fateOf(revived), "revived");
    const out = playUntil(atMe("reveal", "q3"));
    assert.equal(outcomeOf(out), "wrong");
    assert.equal(fateOf(out), "out");
    assert.equal(roleOf(out), "eliminated");
});

test("until /me is as new as the reveal, nothing is said of the player's fate", () => {
    const revealed = playUntil(atCue("reveal", "q2"));
    assert.equal(outcomeOf(revealed), "wrong", "the choice and the cue suffice for that");
    assert.equal(fateOf(revealed), "unknown");
    const stale = send(revealed,
        { type: "me", me: me({ revivesLeft: 1 }), seq: revealed.quizSeq - 1 });
    assert.equal(fateOf(stale), "unknown");
});

test("an older /me doesn't replace a newer one", () => {
    const game = send(player(), { type: "me", me: me({ score: 5 }), seq: 20 });
    assert.equal(send(game, { type: "me", me: me({ score: 1 }), seq: 19 }), game);
});

test("a pause stops answers, and its refusal is forgotten as the clock goes on", () => {
    const paused = playUntil((game) => game.quiz?.paused === true);
    assert.ok(!canAnswer(paused));
    const refused = playUntil((game, entry) => entry.value.code === "paused");
    assert.equal(refused.refused.q2.code, "paused");
    const resumed = playUntil((game) => game.quiz?.question === "q2" && !game.quiz.paused
        && game.quiz.seq > paused.quiz.seq);
    assert.ok(canAnswer(resumed));
    assert.equal(resumed.refused.q2, undefined);
});

test("a correction is an event: what stands stays, and comes again", () => {
    const before = playUntil(atMe("reveal", "q2"));
    const corrected = playUntil(atCue("correction"));
    assert.deepEqual(corrected.quiz, before.quiz);
    assert.equal(corrected.correction.reason, "An old map");
    assert.equal(send(corrected, { type: "dismissCorrection" }).correction, null);
    const next = playUntil(atCue("question", "q3"));
    assert.equal(next.correction, null, "gone with the next question");
});

test("a correction that brings a player back says so, once /me knows", () => {
    const out = send(player(), { type: "me", me: me({ status: "eliminated" }), seq: 0 },
        { type: "quiz", cue: question() });
    const corrected = send(out, { type: "quiz", cue: readQuizCue({ seq: 11, pts: 1, show: "s",
        phase: "correction", question: "q0", was: 1, correct: 0, returned: 1, reason: "x",
        survivors: 2 }) });
    assert.ok(!isBack(corrected));
    assert.ok(isBack(send(corrected, { type: "me", me: me(), seq: 11 })));
    assert.ok(!isBack(send(corrected, { type: "me", me: me({ status: "eliminated" }), seq: 11 })));
});

test("who was asked and gave nothing is told so; who wasn't asked isn't", () => {
    const reveal = { type: "quiz",
        cue: readQuizCue({ seq: 12, pts: 9500, show: "s", phase: "reveal",
        question: "q1", correct: 1, counts: [0, 1], correctCount: 1, wrongCount: 0, missingCount: 1,
        revived: 0, survivors: 1 }) };
    const asked = send(player(), { type: "me", me: me(), seq: 0 },
        { type: "quiz", cue: question() }, reveal);
    assert.equal(outcomeOf(asked), "missing");
    const watching = send(player(), { type: "me", me: me({ status: "watching" }), seq: 0 },
        { type: "quiz", cue: question() }, reveal);
    assert.equal(outcomeOf(watching), "none");
    const late = send(player(), reveal, { type: "me", me: me({ status: "watching" }), seq: 12 });
    assert.equal(outcomeOf(late), "none");
    assert.equal(fateOf(late), "aside");
});

test("a reload in each phase puts the player back", () => {
    for (const phase of ["question", "locked", "reveal"]) {
        const full = playUntil(atMe("reveal", "q2"));
        const at = phase === "reveal" ? full : playUntil((game, entry) =>
            atCue(phase, "q2")(game, entry)
                && game.kept.q2 === (phase === "question" ? undefined : 0));
        // What stands is told anew, and /me; the words of the question come from the tab's memory.
        const memory = { type: "memory", question: at.question, before: at.before,
            title: at.title, winners: null };
        const standing = recordedShow.find((/** @type {any} */ entry) =>
            entry.value.seq === at.quiz.seq);
        const back = send(step(send(player(), memory), standing), { type: "me", me: at.me,
            seq: at.quiz.seq });
        assert.equal(back.question.text, "How many legs has a spider?");
        assert.equal(back.title, "Friday Final");
        assert.equal(outcomeOf(back), outcomeOf(at));
        if (phase === "reveal") assert.equal(fateOf(back), "revived");
    }
});

test("a memory of another show is dropped with its first cue", () => {
    const game = send(player(), { type: "memory", question: question({ show: "old" }), before: null,
        title: "Old", winners: null }, { type: "quiz", cue: question() });
    assert.equal(game.title, "");
    assert.equal(game.question.show, "s");
});

test("the winners are there after a reload at the end, and not those of another show", () => {
    const { question: asked, before, title, winners } = playUntil(atCue("winners"));
    assert.equal(winners.names.length, 1);
    const memory = { type: "memory", question: asked, before, title, winners };
    const over = { type: "quiz", cue: { seq: 900, pts: 0, show: winners.show, phase: "over" } };
    assert.deepEqual(send(player(), memory, over).winners, winners);
    assert.deepEqual(send(player(), { ...memory, question: null }, over).winners, winners);
    for (const kept of [asked, null]) {
        const other = send(player(), { ...memory, question: kept },
            { type: "quiz", cue: { ...over.cue, show: "another" } });
        assert.equal(other.winners, null);
    }
});

test("another show on the same stream starts from nothing", () => {
    const end = playUntil(atCue("over"));
    const next = send(end, { type: "quiz", cue: question({ seq: end.quizSeq + 1 }) });
    assert.deepEqual(next.kept, {});
    assert.equal(next.me, null);
    assert.equal(next.winners, null);
});

test("a token for another show makes a stranger, who can't answer", () => {
    const game = send(newGame(), { type: "identity", hasToken: true, show: "other", name: "Zoë" },
        { type: "quiz", cue: question() });
    assert.equal(roleOf(game), "stranger");
    assert.ok(!canAnswer(game));
});

test("nobody without a place can answer", () => {
    const open = { type: "quiz", cue: question() };
    assert.ok(!canAnswer(send(newGame(), open)), "no token");
    for (const status of ["eliminated", "watching", "kicked", "banned"]) {
        const game = send(player(), open, { type: "me", me: me({ status }), seq: 10 });
        assert.equal(roleOf(game), status);
        assert.ok(!canAnswer(game), status);
    }
});

test("a refusal that passes leaves the question open, another doesn't", () => {
    const open = send(player(), { type: "me", me: me(), seq: 0 },
        { type: "quiz", cue: question() });
    const refuse = (/** @type {string} */ code) => send(open,
        { type: "sending", question: "q1", choice: 0 },
        { type: "receipt", question: "q1", choice: 0, isKept: false, code, reason: "" });
    for (const code of ["not_kept", "undecided", "unsent",
        "not_open"]) assert.ok(canAnswer(refuse(code)), code);
    for (const code of ["too_late", "eliminated", "voided", "a_new_code"]) {
        assert.ok(!canAnswer(refuse(code)), code);
    }
});

test("announcements stand until another comes or they are taken down", () => {
    const shown = playUntil((game) => game.announcement !== null);
    assert.equal(shown.announcement.text, "Two minutes");
    const gone = playUntil((game, entry) => entry.value.kind === "retract");
    assert.equal(gone.announcement, null);
});

test("a viewer count that is told first doesn't hide an announcement that stands", () => {
    const game = send(newGame(),
        { type: "message", cue: readMessageCue({ kind: "audience", seq: 9, viewers: 1200 }) },
        { type: "message",
            cue: readMessageCue({ kind: "announcement", seq: 4, text: "Hi", level: "info" }) });
    assert.equal(game.viewers, 1200);
    assert.equal(game.announcement?.text, "Hi");
    const later = send(game,
        { type: "message", cue: readMessageCue({ kind: "audience", seq: 12, viewers: 1300 }) });
    assert.equal(later.viewers, 1300);
    assert.equal(later.announcement?.text, "Hi");
});

test("what isn't a cue is passed over, and what is too long is cut", () => {
    for (const value of [null, 1, "x", [], {}, { phase: "new" }, { phase: "question" },
        { phase: "question", question: "q", options: ["one"], windowMs: 1 },
        { phase: "reveal", question: "q" }, { phase: "locked" }]) {
        assert.equal(readQuizCue(value), null, JSON.stringify(value));
    }
    const long = question({ text: "x".repeat(9000), options: Array(40).fill("o"), number: -3.5,
        media: 7 });
    assert.equal(long?.phase === "question" && long.text.length, 4000);
    assert.equal(long?.phase === "question" && long.options.length, 8);
    assert.equal(long?.phase === "question" && long.number, 0);
    assert.equal(long?.phase === "question" && long.media, undefined);
    assert.equal(readMessageCue({ kind: "chat" }), null);
});
