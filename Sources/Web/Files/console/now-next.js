// What viewers see now, as they see it, beside what comes next.
import { CARD_WORDS } from "../shared/card-words.js";
import { element, setText, typed } from "../shared/dom.js";
import { translator } from "../shared/i18n.js";
import { QuestionCard } from "../shared/question-card.js";
import { panel } from "./dom-lists.js";
import { viewersSee } from "./show-steps.js";
import { consoleText } from "./strings/en.js";
import { durationText, prizeText } from "./units.js";

const cardPhases = /** @type {Record<string, "open" | "locked" | "revealed">} */ ({
    question: "open", locked: "locked", reveal: "revealed", void: "locked",
});

/**
 * A question's card that can't be answered.
 * @returns {QuestionCard}
 */
export function previewCard() {
    return new QuestionCard(translator(CARD_WORDS, "en"), "en", () => {});
}

/**
 * @param {import("./staff-types.js").Question} question
 * @param {number} [number]
 * @param {number} [of]
 * @returns {import("../shared/question-card.js").CardModel}
 */
export function cardOfQuestion(question, number, of) {
    return {
        question: question.id, number, of, text: question.text, options: question.options,
        media: question.mediaURL, phase: "open", choice: null, answer: "none", canChoose: false,
    };
}

/** Two cards side by side. */
export class NowNext {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     * @param {import("./show-questions.js").ShowQuestions} questions
     */
    constructor(app, show, questions) {
        this.app = app;
        this.show = show;
        this.questions = questions;
        this.nowCard = previewCard();
        this.nextCard = previewCard();
        this.nowPlain = element("div", { class: "see-plain" });
        this.nextPlain = element("div", { class: "see-plain" });
        this.nowChip = element("span", { class: "chip" });
        this.nextChip = element("span", { class: "chip", attributes: { "data-phase": "next" } });
        this.answer = typed("", "next-answer");
        const text = consoleText.run;
        this.element = element("div", { class: "now-next" },
            panel(text.now, { class: "panel-now", beside: [this.nowChip] },
                element("div", { class: "preview" }, this.nowCard.element, this.nowPlain)),
            panel(text.next, { class: "panel-next", beside: [this.nextChip] },
                element("div", { class: "preview" }, this.nextCard.element, this.nextPlain),
                this.answer));
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        this.updateNow(state);
        this.updateNext(state);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    updateNow(state) {
        const text = consoleText.run;
        const see = viewersSee(state);
        const phase = cardPhases[see.phase];
        this.nowCard.element.hidden = !phase;
        this.nowPlain.hidden = phase !== undefined && see.phase !== "void";
        setText(this.nowChip, state.isPaused ? text.paused : phaseWord(see.phase));
        this.nowChip.dataset.phase = state.isPaused ? "paused" : see.phase;
        if (phase) {
            this.nowCard.update({
                question: see.question, number: see.number || undefined, of: see.of, text: see.text,
                options: see.options, media: see.media, phase, choice: null, answer: "none",
                canChoose: false, correct: see.correct ?? null, counts: see.counts ?? null,
            });
            const leftMs = this.app.store.leftMs(this.show, state.question?.remainingMs);
            this.nowCard.updateCountdown(countdownOf(state, leftMs));
        }
        const [title, detail] = plainWords(see);
        if (title) plain(this.nowPlain, title, detail);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    updateNext(state) {
        const text = consoleText.run;
        const next = state.phase === "finished" || state.phase === "settled" ? undefined
            : this.questions.question(state.nextQuestion);
        const words = thenWords(state);
        this.nextCard.element.hidden = !next;
        this.nextPlain.hidden = next !== undefined;
        this.nextChip.hidden = words === "";
        setText(this.nextChip, words);
        setText(this.answer, next
            ? `${text.rightAnswer}: ${next.correct}. ${next.options[next.correct - 1] ?? ""}` : "");
        if (next) {
            this.nextCard.update(cardOfQuestion(next, state.askedCount + 1,
                Math.max(state.plannedCount, state.askedCount + 1)));
        } else {
            const isOver = state.phase === "finished" || state.phase === "settled";
            plain(this.nextPlain, isOver ? words : text.nothingNext, settleWords(state));
        }
    }
}

/**
 * A title and a line below it, where viewers see no question.
 * @param {ReturnType<typeof viewersSee>} see
 * @returns {[title: string, detail: string]} both empty where they see one
 */
function plainWords(see) {
    const text = consoleText.run.see;
    const share = see.share ? `${see.share} ${see.currency ?? ""}`.trim() : "";
    switch (see.phase) {
        case "none": return [text.none, text.noneDetail];
        case "lobby": return [text.lobby, [see.title, consoleText.shows.players(see.players),
            prizeText(see.prize)].filter(Boolean).join(" · ")];
        case "void": return [text.void, see.reason ?? ""];
        case "standings": return [text.standings, text.standingsDetail];
        case "winners": return [text.winners, text.winnersDetail(see.count, share)];
        case "over": return [text.over, text.winnersDetail(see.count, share)];
        default: return ["", ""];
    }
}

/** @param {HTMLElement} place @param {string} title @param {string} detail */
function plain(place, title, detail) {
    const shape = `${title}\n${detail}`;
    if (place.dataset.shape === shape) return;
    place.dataset.shape = shape;
    place.replaceChildren(element("p", { class: "see-title", text: title }),
        typed(detail, "see-detail"));
}

/** @param {string} phase */
function phaseWord(phase) {
    const { shows, bank, run } = consoleText;
    const words = /** @type {Record<string, string>} */ ({
        none: "–", lobby: shows.phases.lobby, question: bank.states.open,
            locked: bank.states.locked,
        reveal: bank.states.revealed, void: bank.states.void, standings: run.see.standings,
        winners: run.see.winners, over: run.see.over,
    });
    return words[phase] ?? phase;
}

/**
 * Who wants to divide the prize and waits for a second person, and for how long.
 * @param {import("./staff-types.js").ShowState} state
 */
function settleWords(state) {
    const asked = state.phase === "finished" ? state.settleAsked : undefined;
    const leftMs = (asked?.expiresAtMs ?? 0) - Date.now();
    if (!asked || leftMs <= 0) return "";
    const left = durationText(Math.ceil(leftMs / 1000) * 1000);
    return `${consoleText.ask.settleAsked(asked.by)} ${consoleText.ask.settleWaits(left)}`;
}

/**
 * What a host does next, in words.
 * @param {import("./staff-types.js").ShowState} state
 */
function thenWords(state) {
    const text = consoleText.run;
    if (state.phase === "settled") return text.thenOver;
    if (state.phase === "finished") return text.thenSettle;
    if (state.phase === "draft") return text.thenDoors;
    if (state.isPaused) return text.thenResume;
    if (state.question?.state === "open") {
        return state.question.isLockPending ? text.thenWait : text.thenLock;
    }
    if (state.question?.state === "locked") return text.thenReveal;
    return state.isPlanDone ? text.thenFinish : "";
}

/**
 * @param {import("./staff-types.js").ShowState} state
 * @param {number | undefined} leftMs
 * @returns {import("../shared/question-card.js").CardCountdown | null}
 */
function countdownOf(state, leftMs) {
    const { question } = state;
    if (!question || (question.state !== "open" && question.state !== "locked")) return null;
    const windowMs = Math.max(1, question.question.windowMs);
    const fraction = Math.max(0, Math.min(1, (leftMs ?? 0) / windowMs));
    const seconds = Math.max(1, Math.ceil((leftMs ?? 0) / 1000));
    const phase = question.state === "locked" ? "locked" : state.isPaused ? "paused"
        : (leftMs ?? 0) > 0 ? "running" : "closing";
    return { phase, seconds, fraction };
}
