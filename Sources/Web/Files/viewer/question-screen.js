// A question from its opening to its result: the card, what the player can do, the verdict.

import { element, icon, setAttributes } from "../shared/dom.js";
import { QuestionCard } from "../shared/question-card.js";
import { answerNote } from "./answer-note.js";
import { fateOf, gainOf, outcomeOf } from "./game-state.js";
import { revivedWords } from "./speech.js";

/**
 * @typedef {import("./game-state.js").Game} Game
 * @typedef {import("../shared/question-card.js").CardModel} CardModel
 * @typedef {import("../shared/question-card.js").CardCountdown} CardCountdown
 */

/**
 * The card for what stands: each number on it is of one cue.
 * @param {Game} game
 * @param {boolean} canChoose
 * @returns {CardModel|null} Null where no question is on.
 */
export function cardOf(game, canChoose) {
    const { quiz } = game;
    if (quiz?.phase !== "question" && quiz?.phase !== "locked" && quiz?.phase !== "reveal") return null;
    const asked = game.question?.question === quiz.question && game.question.show === quiz.show
        ? game.question : null;
    const refusal = game.refused[quiz.question];
    const isSending = game.sending?.question === quiz.question;
    const kept = game.kept[quiz.question];
    const choice = kept ?? (isSending ? game.sending?.choice : undefined) ?? null;
    return {
        question: quiz.question, number: asked?.number, of: asked?.of, text: asked?.text,
        options: asked?.options, media: asked?.media,
        phase: quiz.phase === "question" ? "open" : quiz.phase === "locked" ? "locked" : "revealed",
        choice, canChoose,
        answer: kept !== undefined ? "kept" : isSending ? "sending" : refusal ? "refused" : "none",
        correct: quiz.phase === "reveal" ? quiz.correct : null,
        was: quiz.phase === "reveal" && quiz.corrected ? quiz.was ?? null : null,
        counts: quiz.phase === "reveal" ? quiz.counts : null,
    };
}

/** The screen of a question. */
export class QuestionScreen {
    /**
     * @param {object} options
     * @param {import("../shared/i18n.js").Translate} options.t
     * @param {string} options.language
     * @param {(choice: number) => void} options.onChoose
     */
    constructor({ t, language, onChoose }) {
        this.t = t;
        this.card = new QuestionCard(t, language, onChoose);
        this.verdict = element("div", { class: "verdict", attributes: { hidden: true } });
        this.note = element("p", { class: "note" });
        this.facts = element("div", { class: "reveal-facts", attributes: { hidden: true } });
        this.element = element("div", { class: "screen screen-question" },
            this.verdict, this.card.element, this.note, this.facts);
        this.drawn = { note: "", verdict: "", facts: "" };
    }

    /**
     * @param {Game} game
     * @param {{canChoose: boolean, countdown: CardCountdown|null, hasKeys: boolean}} now
     */
    update(game, { canChoose, countdown, hasKeys }) {
        const model = cardOf(game, canChoose);
        if (!model) return;
        this.card.update(model);
        this.tick(game, { canChoose, countdown, hasKeys });
        this.#drawVerdict(game);
        this.#drawFacts(game);
    }

    /**
     * What the clock alone changes.
     * @param {Game} game
     * @param {{canChoose: boolean, countdown: CardCountdown|null, hasKeys: boolean}} now
     */
    tick(game, { canChoose, countdown, hasKeys }) {
        this.card.updateCountdown(countdown);
        if (this.card.model && this.card.model.canChoose !== canChoose) {
            this.card.update({ ...this.card.model, canChoose });
        }
        const note = answerNote(game, countdown?.phase ?? null, hasKeys);
        const words = note ? this.t(note.key) : "";
        if (words === this.drawn.note) return;
        this.drawn.note = words;
        const names = { good: "check", bad: "warning", wait: "clock", quiet: "info" };
        this.note.replaceChildren();
        if (note) {
            this.note.append(icon(names[note.tone]), element("span", { text: words }));
        }
        setAttributes(this.note, { "data-tone": note?.tone ?? null, hidden: note === null });
    }

    /** @param {Game} game */
    #drawVerdict(game) {
        const { quiz } = game;
        if (quiz?.phase !== "reveal") {
            setAttributes(this.verdict, { hidden: true });
            this.drawn.verdict = "";
            return;
        }
        const { t } = this;
        const outcome = outcomeOf(game);
        const fate = fateOf(game);
        const lines = [];
        if (fate === "in" && outcome !== "none") lines.push(t("reveal.in"));
        if (fate === "revived") lines.push(revivedWords(game, t));
        if (fate === "out") lines.push(t("reveal.out"));
        const gain = gainOf(game);
        const key = JSON.stringify([outcome, lines, gain]);
        if (key === this.drawn.verdict) return;
        this.drawn.verdict = key;
        const names = { right: "check", wrong: "cross", missing: "clock", none: "info" };
        this.verdict.replaceChildren(
            element("span", { class: "verdict-icon" }, icon(names[outcome])),
            element("p", { class: "verdict-words" },
                element("strong", { text: t(`reveal.${outcome}`) }),
                ...lines.map((line) => element("span", { text: line }))));
        // In a knockout a right answer is one point, which goes without saying.
        if (gain > 1) {
            this.verdict.append(element("span", { class: "verdict-gain",
                text: t("reveal.gain", { n: gain }) }));
        }
        setAttributes(this.verdict, { hidden: false, "data-outcome": outcome, "data-fate": fate });
    }

    /** @param {Game} game */
    #drawFacts(game) {
        const { quiz } = game;
        if (quiz?.phase !== "reveal") {
            setAttributes(this.facts, { hidden: true });
            this.drawn.facts = "";
            return;
        }
        const key = `${quiz.show} ${quiz.seq}`;
        if (key === this.drawn.facts) return;
        this.drawn.facts = key;
        const { t } = this;
        const counts = [t("reveal.correct", { n: quiz.correctCount }),
            t("reveal.wrongCount", { n: quiz.wrongCount })];
        if (quiz.missingCount > 0) counts.push(t("reveal.missingCount", { n: quiz.missingCount }));
        if (quiz.revived > 0) counts.push(t("reveal.revivedCount", { n: quiz.revived }));
        const corrected = quiz.corrected && element("div", { class: "corrected" },
            element("p", {}, element("strong", { text: t("reveal.corrected") })),
            quiz.reason !== undefined && element("p", { text: quiz.reason, dir: "auto" }),
            (quiz.returned ?? 0) > 0
                && element("p", { text: t("reveal.returned", { n: quiz.returned ?? 0 }) }));
        this.facts.replaceChildren();
        if (quiz.explanation) {
            this.facts.append(element("p", { class: "explanation", text: quiz.explanation, dir: "auto" }));
        }
        if (corrected) this.facts.append(corrected);
        this.facts.append(
            element("p", { class: "survivors" }, icon("people"),
                element("span", { text: t("reveal.survivors", { n: quiz.survivors }) })),
            element("p", { class: "counts" }, ...counts.map((words) => element("span", { text: words }))));
        setAttributes(this.facts, { hidden: false });
    }

    /** Puts the focus on the question. */
    focus() {
        this.card.focus();
    }
}
