// What the page says at each moment: the note under a question, the chip and poster, the spoken
// words.

import assert from "node:assert/strict";
import test from "node:test";
import { translator } from "../../../Sources/Web/Files/shared/i18n.js";
import { streamPath } from "../../../Sources/Web/Files/shared/stream-name.js";
import { claimsOf, isToken, readAddress } from "../../../Sources/Web/Files/viewer/address.js";
import { answerNote } from "../../../Sources/Web/Files/viewer/answer-note.js";
import { cleanName } from "../../../Sources/Web/Files/viewer/api.js";
import { newGame, reduceGame } from "../../../Sources/Web/Files/viewer/game-state.js";
import { chipOf, newPicture, posterOf, refusalOf }
    from "../../../Sources/Web/Files/viewer/picture-state.js";
import { cardOf } from "../../../Sources/Web/Files/viewer/question-screen.js";
import { speechFor } from "../../../Sources/Web/Files/viewer/speech.js";
import { readStreams } from "../../../Sources/Web/Files/viewer/streams.js";
import { atCue, atMe, player, playUntil, recordedShow, step, stringsOf } from "./replay.js";

const t = translator(stringsOf("en"), "en");

test("the note says what can be done and what became of it", () => {
    const open = playUntil(atCue("question", "q1"));
    const key = (/** @type {any} */ game, /** @type {string} */ timer = "running") =>
        answerNote(game, timer, true)?.key;
    assert.equal(key(open), "answer.tap");
    assert.equal(answerNote(open, "running", false)?.key, "answer.tapOnly");
    assert.equal(key(open, "closing"), "answer.last");
    assert.equal(key(open, "gone"), "answer.missed");
    const sending = reduceGame(open, { type: "sending", question: "q1", choice: 1 });
    assert.equal(key(sending), "answer.sending");
    assert.equal(key(playUntil((game) => game.kept.q1 === 1)), "answer.kept");
    assert.equal(key(playUntil((game, entry) => entry.value.code === "already_answered")),
        "refused.already_answered");
    assert.equal(key(playUntil(atCue("locked", "q2"))), "answer.keptLocked");
    assert.equal(key(playUntil((game) => game.quiz?.paused === true)), "answer.paused");
    const late = reduceGame(sending, { type: "receipt", question: "q1", choice: 1, isKept: false,
        code: "too_late", reason: "" });
    assert.equal(key(late, "closing"), "refused.too_late");
    assert.equal(key(playUntil(atCue("question", "q1"), newGame())), "answer.none");
    assert.equal(key(playUntil(atCue("lobby"))), undefined);
});

test("the card of a reveal has one cue's numbers and the question's words", () => {
    const card = cardOf(playUntil(atMe("reveal", "q1")), false);
    assert.deepEqual(card?.counts, [1, 2, 0, 0]);
    assert.equal(card?.correct, 1);
    assert.equal(card?.choice, 1);
    assert.equal(card?.options?.[1], "Canberra");
    assert.equal(card?.phase, "revealed");
    const reveal = recordedShow.find((/** @type {any} */ entry) => entry.value.phase === "reveal");
    const late = cardOf(step(newGame(), reveal), false);
    assert.equal(late?.text, undefined, "who came late isn't shown another question's words");
    assert.deepEqual(late?.counts, [1, 2, 0, 0]);
    assert.equal(cardOf(playUntil(atCue("lobby")), false), null);
});

const picture = (/** @type {object} */ more) => ({ state: "playing", hasPlayed: true, canPlay: true,
    delayMs: 1200, targetDelayMs: 1200, isStarting: false, isServerThere: true, needsTap: false,
        ...more });

test("at first it is being tuned in, or says what this browser can't do", () => {
    assert.equal(chipOf(newPicture(true, true)).key, "chip.connecting");
    assert.equal(posterOf(newPicture(true, true))?.title, "poster.connecting");
    assert.equal(posterOf(newPicture(false, true))?.text, "poster.noMse");
});

test("the chip and the poster name the picture's state", () => {
    const seen = (/** @type {object} */ more) => {
        const now = picture(more);
        return [chipOf(now).key, posterOf(now)?.title ?? null];
    };
    assert.deepEqual(seen({}), ["chip.live", null]);
    assert.deepEqual(seen({ delayMs: 9700 }), ["chip.buffering", null], "late isn't live");
    assert.deepEqual(seen({ delayMs: 9700, targetDelayMs: 9000 }), ["chip.live", null]);
    assert.deepEqual(seen({ state: "buffering" }), ["chip.buffering", null]);
    assert.deepEqual(seen({ state: "connecting" }), ["chip.reconnecting", "poster.reconnecting"]);
    assert.deepEqual(seen({ state: "waiting", hasPlayed: false }),
        ["chip.waiting", "poster.waiting"]);
    assert.deepEqual(seen({ state: "waiting", hasPlayed: false, isStarting: true }),
        ["chip.connecting", "poster.connecting"], "for a moment nothing is said of waiting");
    assert.deepEqual(seen({ state: "connecting", hasPlayed: false }),
        ["chip.waiting", "poster.waiting"],
        "a server that answers has just no stream yet");
    assert.deepEqual(seen({ state: "connecting", hasPlayed: false, isServerThere: false }),
        ["chip.connecting", "poster.connecting"]);
    assert.deepEqual(seen({ state: "ended" }), ["chip.ended", "poster.ended"]);
    assert.deepEqual(seen({ state: "failed" }), ["chip.failed", "poster.failed"]);
    assert.deepEqual(seen({ state: "buffering", needsTap: true })[1], "poster.stopped");
    assert.deepEqual(seen({ lacksCodec: true, hasPicture: false }), ["chip.failed", "poster.failed"]);
    assert.deepEqual(seen({ lacksCodec: true, hasPicture: true }), ["chip.live", null],
        "where sound alone is missing there is something to see");
    const none = picture({ canPlay: false, state: "failed" });
    assert.equal(posterOf(none)?.text, "poster.noMse");
    assert.ok(posterOf(none)?.hasAddress);
});

test("who is refused is told so, and why, and isn't asked to wait", () => {
    const text = "The signed URL has expired. Ask for a new one.";
    const refusal = refusalOf({ code: "forbidden", text });
    for (const more of [{ hasPlayed: false }, { hasPlayed: true }, { isStarting: true }]) {
        const now = picture({ state: "connecting", refusal, ...more });
        assert.equal(chipOf(now).key, "chip.forbidden");
        const poster = posterOf(now);
        assert.deepEqual([poster?.title, poster?.text, poster?.tone, poster?.sentence],
            ["poster.forbidden", "poster.forbiddenText", "bad", text]);
    }
    const full = picture({ state: "connecting", refusal: refusalOf({ code: "full", text: "x" }) });
    assert.deepEqual([chipOf(full).key, posterOf(full)?.title], ["chip.full", "poster.full"]);
    assert.equal(posterOf(full)?.sentence, undefined);
    for (const code of ["unreachable", "lost", "unauthorized", undefined]) {
        assert.equal(refusalOf({ code, text }), null, code);
    }
    for (const state of ["playing", "waiting", "ended", "buffering"]) {
        assert.notEqual(posterOf(picture({ state, refusal }))?.title, "poster.forbidden", state);
    }
});

test("a whole show by ear: what is said, and how urgently", () => {
    /** @type {string[]} */
    const heard = [];
    let game = player();
    for (const entry of recordedShow) {
        let next = step(game, entry);
        if (entry.type === "receipt" && entry.value.status === "accepted") {
            const { question, choice } = entry.value;
            game = reduceGame(game, { type: "sending", question, choice });
            next = step(game, entry);
        }
        for (const { text, isUrgent } of speechFor(game, next, t)) {
            heard.push(`${isUrgent ? "!" : ""}${text}`);
        }
        game = next;
    }
    assert.deepEqual(heard.slice(0, 8), [
        "That was the show. Thank you for watching and playing.",
        "Doors are open: Friday Final",
        "!Question 1: Which is Australia's capital? 1: Sydney. 2: Canberra. 3: Perth. "
            + "4: Melbourne.",
        "Your answer is kept.",
        "!You had answered already, and your first answer counts.",
        "Answers are closed. Your answer is kept. Now wait for the result.",
        "!Right! The right answer: Canberra. 4 players still in.",
        "You’re still in.",
    ]);
    const text = heard.join("\n");
    assert.ok(text.includes("A revive saved you. It was your last one."));
    assert.ok(text.includes("An earlier question was judged anew"));
    assert.ok(text.includes("!Question taken back. It counts for nobody."));
    assert.ok(text.includes("Announcement: Two minutes"));
    assert.ok(text.includes("You’re out. Stay and watch how it ends."));
    assert.ok(text.includes("We have a winner!"));
    assert.ok(heard.length < recordedShow.length, `sparingly: ${heard.join("\n")}`);
});

test("the address gives a stream, a token, a language, and loses the token", () => {
    const token = "aaa.bbb.ccc";
    assert.deepEqual(readAddress(`http://h/watch/demo?lang=de#token=${token}`),
        { stream: "demo", token, signature: "", language: "de", clean: "/watch/demo?lang=de" });
    assert.equal(readAddress("http://h/?stream=show").stream, "show");
    assert.equal(readAddress("http://h/").stream, null);
    assert.equal(readAddress("http://h/?stream=../x").stream, null);
    assert.equal(readAddress("http://h/watch/a%2Fb").stream, null);
    const bad = readAddress("http://h/#token=<script>&x=1");
    assert.equal(bad.token, null);
    assert.equal(bad.clean, "/#x=1");
});

test("what signs the page's address signs its stream's", () => {
    const own = readAddress("http://h/watch/show?for=play%2Fshow&lang=de&exp=17&sig=a-_b#token=a.b.c");
    assert.equal(own.signature, "for=play%2Fshow&exp=17&sig=a-_b");
    assert.equal(own.clean, "/watch/show?for=play%2Fshow&lang=de&exp=17&sig=a-_b");
    assert.equal(streamPath("show", own.signature),
        "/live/show.flv?for=play%2Fshow&exp=17&sig=a-_b");
    const theirs = readAddress("http://h/watch/show?txSecret=abc&txTime=6553FF10&x=1");
    assert.equal(theirs.signature, "txSecret=abc&txTime=6553FF10");
    const odd = readAddress("http://h/watch/show?sig=%26token%3Dx");
    assert.equal(odd.signature, "sig=%26token%3Dx");
});

test("a token is looked at with care", () => {
    assert.ok(isToken("a.b.c"));
    for (const bad of ["", "a.b", "a.b.c.d", "a b.c.d", `${"a".repeat(1900)}.b.c`, 5, null]) {
        assert.ok(!isToken(bad), String(bad));
    }
    const payload = Buffer.from(JSON.stringify({ name: "Zoë 俊",
        show: "s1" })).toString("base64url");
    assert.deepEqual(claimsOf(`x.${payload}.y`), { name: "Zoë 俊", show: "s1" });
    for (const bad of [null, "", "x", "x.!!.y",
        `x.${Buffer.from("null").toString("base64url")}.y`]) {
        assert.deepEqual(claimsOf(bad), { name: "", show: "" });
    }
});

test("names are cleaned as the server wants them", () => {
    assert.equal(cleanName("  Zoë   the\tGreat "), "Zoë the Great");
    assert.equal(cleanName("a\u202eb\u2066c"), "abc");
    assert.equal(cleanName(" \u200e "), null);
    assert.equal(cleanName("俊".repeat(21)), "俊".repeat(21));
    assert.equal(cleanName("俊".repeat(22)), null, "64 bytes");
});

test("a list of streams is read with care", () => {
    assert.deepEqual(readStreams({ streams: [{ name: "demo", state: "live", viewers: 3 },
        { name: "../x" },
        null, { name: "b", viewers: "many" }] }),
    [{ name: "demo", state: "live", viewers: 3 }, { name: "b", state: "", viewers: 0 }]);
    assert.deepEqual(readStreams(null), []);
});
