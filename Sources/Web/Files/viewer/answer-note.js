// The one sentence under an open or locked question: what the player can do, or what became of it.

import { canAnswer, roleOf } from "./game-state.js";

/**
 * @typedef {{key: string, tone: "quiet"|"good"|"bad"|"wait"}} Note
 */

/** Codes of refusals that have words of their own in each language. */
export const REFUSAL_CODES = ["not_joined", "banned", "kicked", "watching", "eliminated",
    "joined_after_opening", "other_show", "unknown_question", "not_open", "voided", "too_late",
    "no_such_option", "already_answered", "paused", "show_over", "not_kept", "undecided", "unsent",
    "too_fast", "failed", "token"];

/**
 * @param {string} code
 * @returns {string} The key of its words.
 */
export function refusalKey(code) {
    return REFUSAL_CODES.includes(code) ? `refused.${code}` : "refused.other";
}

/**
 * @param {import("./game-state.js").Game} game
 * @param {string|null} timer The countdown's phase.
 * @param {boolean} hasKeys Whether number keys answer.
 * @returns {Note|null}
 */
export function answerNote(game, timer, hasKeys) {
    const { quiz } = game;
    if (quiz?.phase !== "question" && quiz?.phase !== "locked") return null;
    const isLocked = quiz.phase === "locked";
    if (game.kept[quiz.question] !== undefined) {
        const refusal = game.refused[quiz.question];
        if (refusal?.code === "already_answered") return { key: refusalKey(refusal.code), tone: "quiet" };
        return { key: isLocked ? "answer.keptLocked" : "answer.kept", tone: "good" };
    }
    if (game.sending?.question === quiz.question) return { key: "answer.sending", tone: "wait" };
    const refusal = game.refused[quiz.question];
    if (refusal) return { key: refusalKey(refusal.code), tone: "bad" };
    const role = roleOf(game);
    if (role !== "playing" && role !== "unknown") return { key: `answer.${role}`, tone: "quiet" };
    if (isLocked) {
        const wasAsked = game.before?.question === quiz.question && game.before.role === "playing";
        return { key: wasAsked ? "answer.missed" : "answer.locked", tone: "quiet" };
    }
    if (quiz.paused) return { key: "answer.paused", tone: "wait" };
    if (timer === "gone") return { key: "answer.missed", tone: "quiet" };
    if (timer === "closing") return { key: "answer.last", tone: "wait" };
    if (!canAnswer(game)) return null;
    return { key: hasKeys ? "answer.tap" : "answer.tapOnly", tone: "quiet" };
}
