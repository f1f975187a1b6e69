// The recorded show, played into the game's state as the page does it.

import { readFileSync } from "node:fs";
import { readMe, readMessageCue, readQuizCue }
    from "../../../Sources/Web/Files/viewer/cue-reader.js";
import { newGame, reduceGame } from "../../../Sources/Web/Files/viewer/game-state.js";

/**
 * @param {string} language
 * @returns {Record<string, any>} The page's words.
 */
export function stringsOf(language) {
    return JSON.parse(readFileSync(new URL(
        `../../../Sources/Web/Files/viewer/strings/${language}.json`, import.meta.url), "utf8"));
}

/** What a server said in a real show of three questions, to everybody and to one of its players. */
export const recordedShow = JSON.parse(
    readFileSync(new URL("./recorded-show.json", import.meta.url), "utf8"));

/**
 * @param {any} game
 * @param {any} entry One of the recorded.
 * @returns {any} The game after it.
 */
export function step(game, entry) {
    if (entry.type === "me") {
        return reduceGame(game, { type: "me", me: readMe(entry.value), seq: game.quizSeq });
    }
    if (entry.type === "receipt") {
        const { question, choice, status, code = "", reason = "" } = entry.value;
        return reduceGame(game,
            { type: "receipt", question, choice, isKept: status === "accepted", code, reason });
    }
    const isQuiz = entry.name === "onQuiz";
    const cue = isQuiz ? readQuizCue(entry.value) : readMessageCue(entry.value);
    if (cue === null) throw new Error(`Not read: ${JSON.stringify(entry)}`);
    return reduceGame(game, { type: isQuiz ? "quiz" : "message", cue });
}

/**
 * @param {(game: any, entry: any) => boolean} isEnd
 * @param {any} [start]
 * @returns {any} The game after the first entry for which `isEnd` holds.
 */
export function playUntil(isEnd, start = player()) {
    let game = start;
    for (const entry of recordedShow) {
        game = step(game, entry);
        if (isEnd(game, entry)) return game;
    }
    throw new Error("The recorded show has no such moment.");
}

/** @returns {any} A game of who has a token and nothing else yet. */
export function player() {
    return reduceGame(newGame(), { type: "identity", hasToken: true, show: "", name: "Zoë" });
}

/**
 * @param {string} phase
 * @param {string} [question]
 * @returns {(game: any, entry: any) => boolean}
 */
export function atCue(phase, question) {
    return (game, entry) => entry.type === "cue" && entry.value.phase === phase
        && (question === undefined || entry.value.question === question);
}

/**
 * @param {string} phase
 * @param {string} [question]
 * @returns {(game: any, entry: any) => boolean} At the first /me behind that cue.
 */
export function atMe(phase, question) {
    return (game, entry) => entry.type === "me" && game.quiz?.phase === phase
        && (question === undefined || game.quiz.question === question);
}
