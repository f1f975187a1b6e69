// What a screen reader is told, and when: a whole question can be played by ear, and no more is
// said.

import { answerNote, refusalKey } from "./answer-note.js";
import { canAnswer, fateOf, isBack, outcomeOf } from "./game-state.js";

/**
 * @typedef {import("./game-state.js").Game} Game
 * @typedef {import("../shared/i18n.js").Translate} Translate
 * @typedef {{text: string, isUrgent: boolean}} Speech
 */

/** Told at these numbers of seconds left, to who can still answer. */
export const TOLD_SECONDS = [10, 5];

/**
 * What a change of the game is worth saying.
 * @param {Game} before
 * @param {Game} game
 * @param {Translate} t
 * @returns {Speech[]}
 */
export function speechFor(before, game, t) {
    /** @type {Speech[]} */
    const said = [];
    const say = (/** @type {string} */ text, isUrgent = false) => said.push({ text, isUrgent });
    const announcement = game.announcement;
    if (announcement && announcement.seq !== before.announcement?.seq) {
        const isWarning = announcement.level === "warning";
        say(`${t(isWarning ? "notice.warning" : "notice.info")}: ${announcement.text}`, isWarning);
    }
    if (game.correction && game.correction !== before.correction) say(t("correction.title"));
    if (isBack(game) && !isBack(before)) say(t("correction.back"));
    if (game.quiz && game.quiz !== before.quiz) sayPhase(before, game, t, say);
    sayAnswer(before, game, t, say);
    return said;
}

/**
 * @param {Game} before
 * @param {Game} game
 * @param {Translate} t
 * @param {(text: string, isUrgent?: boolean) => void} say
 */
function sayPhase(before, game, t, say) {
    const { quiz } = game;
    if (!quiz) return;
    const old = before.quiz;
    switch (quiz.phase) {
    case "lobby":
        if (old?.phase !== "lobby" || old.show !== quiz.show) {
            say(`${t("lobby.eyebrow")}: ${quiz.title}`);
        }
        break;
    case "question": {
        const isNew = old?.phase !== "question" || old.question !== quiz.question;
        if (isNew) say(questionWords(game, quiz, t), true);
        else if (old.paused !== quiz.paused && quiz.paused) say(t("answer.paused"));
        break;
    }
    case "locked": {
        const note = answerNote(game, "locked", false);
        const rest = note && note.key !== "answer.locked" ? t(note.key) : "";
        say(`${t("speech.locked")} ${rest}`.trim());
        break;
    }
    case "reveal": {
        const answer = game.question?.question === quiz.question
            ? game.question.options[quiz.correct] : undefined;
        const words = answer ?? t("card.optionUnseen", { number: quiz.correct + 1 });
        const parts = [t(`reveal.${outcomeOf(game)}`), t("reveal.rightIs", { answer: words }),
            t("reveal.survivors", { n: quiz.survivors })];
        if (quiz.corrected) parts.unshift(t("reveal.corrected"));
        say(parts.map(sentence).join(" "), true);
        break;
    }
    case "void":
        say([t("void.title"), t("void.text")].map(sentence).join(" "), true);
        break;
    case "standings":
        say(t("standings.title"));
        break;
    case "winners":
        say(quiz.count > 0 ? t("winners.title", { n: quiz.count }) : t("winners.none"));
        break;
    case "over":
        say([t("over.title"), t("over.text")].map(sentence).join(" "));
        break;
    }
}

/**
 * @param {Game} game
 * @param {import("./cue-reader.js").QuestionCue} quiz
 * @param {Translate} t
 * @returns {string}
 */
function questionWords(game, quiz, t) {
    const options = quiz.options.map((text, index) =>
        t("speech.option", { number: index + 1, text }));
    const note = canAnswer(game) ? null : answerNote(game, "running", false);
    return [sentence(t("speech.question", { number: quiz.number, text: quiz.text })), ...options,
        note ? t(note.key) : ""].join(" ").trim();
}

/**
 * @param {Game} before
 * @param {Game} game
 * @param {Translate} t
 * @param {(text: string, isUrgent?: boolean) => void} say
 */
function sayAnswer(before, game, t, say) {
    const { quiz } = game;
    if (quiz?.phase === "question" || quiz?.phase === "locked") {
        const { question } = quiz;
        const wasSending = before.sending?.question === question;
        const isKept = game.kept[question] !== undefined && before.kept[question] === undefined;
        if (isKept && wasSending) say(t("answer.kept"));
        const refusal = game.refused[question];
        if (refusal && refusal !== before.refused[question]) say(t(refusalKey(refusal.code)), true);
    }
    const fate = fateOf(game);
    if (quiz?.phase !== "reveal" || fate === fateOf(before)) return;
    if (fate === "out") say(t("reveal.out"));
    else if (fate === "revived") say(revivedWords(game, t));
    else if (fate === "in" && outcomeOf(game) !== "none") say(t("reveal.in"));
}

/**
 * @param {Game} game
 * @param {Translate} t
 * @returns {string}
 */
export function revivedWords(game, t) {
    const left = game.me?.revivesLeft ?? 0;
    return left > 0 ? t("reveal.revived", { n: left }) : t("reveal.revivedLast");
}

/**
 * @param {string} words
 * @returns {string} With a mark at the end, so that voices pause there.
 */
function sentence(words) {
    return /[.!?:…。！？：]$/u.test(words) ? words : `${words}.`;
}
