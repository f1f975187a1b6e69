// One viewer at one stream: feeds the game's state from the player's cues, /me and receipts, and
// sends answers. Draws nothing.

import { BackOff } from "../shared/back-off.js";
import { claimsOf } from "./address.js";
import { requestMe, requestState } from "./api.js";
import { countdownAt, LiveClock, remainingMs } from "./countdown.js";
import { readMe, readMessageCue, readQuizCue } from "./cue-reader.js";
import { Forecast } from "./forecast.js";
import { canAnswer, newGame, reduceGame } from "./game-state.js";
import { keepShow, keepToken, recallShow } from "./memory.js";

/** Used until the player has measured how far the picture is behind, ms. */
const DELAY_GUESS_MS = 1200;
/** The end of a show, with its winners, is shown for so long, ms. */
const OVER_MS = 90000;
/** After a failure `/me` is asked again after so long at first, and at the most, ms. */
const RETRY_MS = 1000;
const RETRY_MS_MAX = 20000;
/** Everyone asks after a reveal: spread out, so that it is no more than so many a millisecond. */
const ME_PER_MS = 5;
const ME_SPREAD_MS_MAX = 3000;

/**
 * What the player calls the fate of an answer that got no receipt, and what it is called here.
 * @type {Record<string, string>}
 */
const PLAYER_CODES = { unauthorized: "token", unreachable: "undecided", stopped: "unsent",
    too_many: "too_fast", not_allowed: "other" };

/**
 * @typedef {import("./game-state.js").Game} Game
 * @typedef {import("./game-state.js").GameEvent} GameEvent
 * @typedef {import("./cue-reader.js").QuestionCue} QuestionCue
 */

/** A viewer at a stream. */
export class Watch {
    /**
     * @param {object} options
     * @param {string} options.stream
     * @param {any} options.player A FanfarePlayer.
     * @param {string|null} options.token
     * @param {(game: Game, before: Game) => void} options.onChange
     * @param {(reason: "badToken"|"stranger") => void} options.onProblem
     */
    constructor({ stream, player, token, onChange, onProblem }) {
        this.stream = stream;
        this.player = player;
        this.token = token;
        this.onChange = onChange;
        this.onProblem = onProblem;
        this.game = newGame();
        this.clock = new LiveClock();
        this.delayMs = DELAY_GUESS_MS;
        this.isOnAir = false;
        this.hasBeenOnAir = false;
        /** Whether the server answered when it was asked last. */
        this.isServerThere = false;
        /** The window of the question as this viewer met it. */
        this.window = { key: "", fullMs: 1 };
        /** @type {ReturnType<typeof setTimeout>|undefined} */
        this.meTimer = undefined;
        this.meBackOff = new BackOff({ firstMs: RETRY_MS, mostMs: RETRY_MS_MAX });
        this.forecast = new Forecast({ ask: () => this.#askState(),
            isDone: () => this.isOnAir || this.game.quiz !== null });
        player.addEventListener("cue", (/** @type {any} */ event) => this.#hear(event.detail));
        player.addEventListener("state", (/** @type {any} */ event) => this.#follow(event.detail));
        player.addEventListener("error", (/** @type {any} */ event) => {
            // The stream itself refuses the token; /me says for certain.
            if (event.detail?.code === "unauthorized" && this.token) this.askMe(0);
        });
        player.addEventListener("stats", (/** @type {any} */ event) => this.#measure(event.detail));
    }

    /** To be called once, when the page is ready to draw. */
    begin() {
        this.#dispatch({ type: "identity", hasToken: this.token !== null,
            ...claimsOf(this.token) });
        this.#remember();
        if (this.token) this.askMe(0);
        this.forecast.begin();
    }

    /**
     * A new player takes this viewer's place, or none does.
     * @param {string|null} token
     */
    setToken(token) {
        const isAnother = this.token !== null && this.token !== token;
        this.token = token;
        keepToken(this.stream, token);
        // A connection belongs to the player it began with: another one needs another connection.
        if (isAnother) this.player.stop();
        this.player.setToken(token ?? undefined);
        if (isAnother) this.player.start();
        this.#dispatch({ type: "identity", hasToken: token !== null, ...claimsOf(token) });
        if (token) this.askMe(0);
    }

    /**
     * Sends an answer, if one can be given.
     * @param {number} choice
     */
    async choose(choice) {
        const { quiz } = this.game;
        if (quiz?.phase !== "question" || choice < 0 || choice >= quiz.options.length) return;
        if (!this.canChoose()) return;
        const { question, show } = quiz;
        const { token } = this;
        this.#dispatch({ type: "sending", question, choice });
        const receipt = await this.#send(question, choice, show);
        if (this.game.quiz && this.game.quiz.show !== show) return;
        // Somebody else plays by now.
        if (token !== this.token) return;
        this.#dispatch({ type: "receipt", question, choice, ...receipt });
        // The server knows better how this player stands than this page did.
        if (!receipt.isKept) this.askMe(100);
    }

    /**
     * Whether a tap is to be sent now: not after the time beyond which it is bound to be refused.
     * @returns {boolean}
     */
    canChoose() {
        return canAnswer(this.game) && this.countdown()?.phase !== "gone";
    }

    /**
     * @returns {import("./countdown.js").CardCountdown|null} Null where no question is on.
     */
    countdown() {
        const { quiz } = this.game;
        if (quiz?.phase === "locked") return { phase: "locked", seconds: 0, fraction: 0 };
        if (quiz?.phase !== "question") return null;
        if (quiz.paused) return { phase: "paused", seconds: 0, fraction: 0 };
        const programmeNowMs = this.clock.now(performance.now());
        if (programmeNowMs === null) return null;
        const leftMs = remainingMs(quiz, programmeNowMs);
        const key = `${quiz.question} ${quiz.deadlinePts}`;
        if (key !== this.window.key) this.window = { key, fullMs: Math.max(1, leftMs) };
        return countdownAt(leftMs, this.window.fullMs);
    }

    /**
     * Whether a show's end was so long ago that the picture may have its place back.
     * @returns {boolean}
     */
    isPast() {
        const { quiz } = this.game;
        const programmeNowMs = this.clock.now(performance.now());
        return quiz?.phase === "over" && programmeNowMs !== null
            && programmeNowMs - quiz.pts > OVER_MS;
    }

    /** Takes the note of a correction down. */
    dismissCorrection() {
        this.#dispatch({ type: "dismissCorrection" });
    }

    /**
     * Asks how the player stands.
     * @param {number} delayMs
     */
    askMe(delayMs) {
        clearTimeout(this.meTimer);
        if (this.token) this.meTimer = setTimeout(() => this.#askMeNow(), delayMs);
    }

    /** @param {GameEvent} event */
    #dispatch(event) {
        const before = this.game;
        this.game = reduceGame(before, event);
        if (this.game !== before) this.onChange(this.game, before);
    }

    /** @param {{name: string, value: unknown, pts?: number, isStanding?: boolean}} cue */
    #hear(cue) {
        this.#tick(cue);
        if (cue.name === "onMessage") {
            const message = readMessageCue(cue.value);
            if (message) this.#dispatch({ type: "message", cue: message });
            return;
        }
        const quiz = cue.name === "onQuiz" ? readQuizCue(cue.value) : null;
        if (!quiz) return;
        const before = this.game;
        this.#dispatch({ type: "quiz", cue: quiz });
        if (this.game === before) return;
        this.#keep();
        const isFirst = before.quiz === null || before.quiz.show !== quiz.show;
        const asks = ["reveal", "void", "correction", "winners", "over"].includes(quiz.phase)
            || (this.game.me === null && !this.game.isStranger) || isFirst;
        if (asks) this.askMe(Math.random() * this.#spreadMs());
    }

    #spreadMs() {
        const { quiz } = this.game;
        if (quiz?.phase !== "reveal") return 500;
        const players = quiz.correctCount + quiz.wrongCount + quiz.missingCount;
        return Math.min(ME_SPREAD_MS_MAX, players / ME_PER_MS);
    }

    /** @param {{value: any, isStanding?: boolean}} cue */
    #tick(cue) {
        const { programmeMs } = this.player;
        const localMs = performance.now();
        if (typeof programmeMs === "number") {
            if (!this.clock.isExact) this.clock.guess(programmeMs + this.delayMs, localMs);
        } else if (typeof cue.value?.pts === "number" && cue.isStanding !== true) {
            this.clock.guess(cue.value.pts + DELAY_GUESS_MS, localMs);
        }
    }

    /**
     * @param {{delayMs?: number|null, targetDelayMs?: number, transport?: string|null}} stats
     */
    #measure(stats) {
        this.forecast.setConnected(Boolean(stats.transport));
        // Without a picture the player's programme time is just as far behind as it is meant to be.
        const delayMs = stats.delayMs ?? stats.targetDelayMs;
        if (typeof delayMs !== "number" || !Number.isFinite(delayMs)) return;
        this.delayMs = delayMs;
        const { programmeMs } = this.player;
        if (typeof programmeMs === "number") {
            this.clock.observe(programmeMs + delayMs, performance.now());
        }
    }

    /** @param {{state: string}} detail */
    #follow({ state }) {
        const isOnAir = state === "playing";
        if (isOnAir && !this.isOnAir && this.hasBeenOnAir && this.token) {
            this.askMe(Math.random() * 2000);
        }
        if (!isOnAir && (state === "waiting" || state === "ended")) this.clock.forget();
        this.isOnAir = isOnAir;
        this.hasBeenOnAir ||= isOnAir;
        // While nothing is on air no cue tells of the show that is to come.
        if (!isOnAir) this.forecast.begin();
    }

    /**
     * @param {string} question
     * @param {number} choice
     * @param {string} show
     * @returns {Promise<{isKept: boolean, code: string, reason: string}>}
     */
    async #send(question, choice, show) {
        try {
            const receipt = await this.player.answer(question, choice, { show });
            if (receipt?.status === "accepted") return { isKept: true, code: "", reason: "" };
            const code = String(receipt?.code ?? "failed");
            return { isKept: false, code: PLAYER_CODES[code] ?? code,
                reason: String(receipt?.reason ?? "") };
        } catch (error) {
            const code = String(/** @type {any} */ (error)?.code ?? "unsent");
            return { isKept: false, code: PLAYER_CODES[code] ?? code, reason: "" };
        }
    }

    async #askMeNow() {
        const { token } = this;
        if (!token) return;
        const seq = this.game.quizSeq;
        const reply = await requestMe(token);
        if (token !== this.token) return;
        const me = reply.status === 200 ? readMe(reply.body) : null;
        if (me) {
            this.meBackOff.reset();
            this.#dispatch({ type: "me", me, seq });
            this.#keep();
        } else if (reply.status === 401) {
            const show = this.game.quiz?.show ?? "";
            const { tokenShow } = this.game;
            this.setToken(null);
            this.onProblem(tokenShow && show && tokenShow !== show ? "stranger" : "badToken");
        } else if (reply.status === 409) {
            this.#dispatch({ type: "stranger", seq });
        } else {
            this.askMe(this.meBackOff.nextMs(reply.retryAfterMs));
        }
    }

    async #askState() {
        const reply = await requestState(this.stream);
        this.isServerThere = reply.status === 200;
        if (this.isServerThere) {
            const cue = readQuizCue(reply.body);
            this.#dispatch({ type: "forecast", cue: cue?.phase === "lobby" ? cue : null });
        }
        return reply;
    }

    #keep() {
        const { question, before, title, winners } = this.game;
        keepShow(this.stream, { question, before, title, winners });
    }

    #remember() {
        const kept = recallShow(this.stream);
        const question = readQuizCue(kept.question);
        const winners = readQuizCue(kept.winners);
        const before = /** @type {any} */ (kept.before);
        const isBefore = typeof before?.question === "string" && typeof before.role === "string"
            && typeof before.revivesLeft === "number" && typeof before.score === "number";
        this.#dispatch({ type: "memory",
            question: question?.phase === "question" ? question : null,
            before: isBefore ? before : null,
            winners: winners?.phase === "winners" ? winners : null,
            title: typeof kept.title === "string" ? kept.title.slice(0, 500) : "" });
    }
}
