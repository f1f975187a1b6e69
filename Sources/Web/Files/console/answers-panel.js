// Live answers: how many have answered, what they chose, who is still in, and the time that is
// left.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { percentages } from "../shared/format.js";
import { Figure, figures, fillList, panel } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { countText, secondsText, shareText } from "./units.js";

/** The question that is on, in figures. */
export class AnswersPanel {
    /** @param {import("./console-app.js").ConsoleApp} app @param {string} show */
    constructor(app, show) {
        const text = consoleText.run;
        this.app = app;
        this.show = show;
        this.players = new Figure(text.players);
        this.inGame = new Figure(text.inGame, "figure-big");
        this.out = new Figure(text.out);
        this.watching = new Figure(text.watching);
        this.revived = new Figure(text.revived);
        this.eliminated = new Figure(text.eliminated);
        this.timer = element("span", { class: "run-timer", attributes: { role: "timer" } });
        this.timerWords = element("span", { class: "run-timer-words" });
        this.answered = element("p", { class: "answered" });
        this.answeredBar = element("span", { class: "progress-done" });
        this.answeredBox = element("div", { class: "answered-box" }, this.answered,
            element("div", { class: "progress" }, this.answeredBar));
        this.bars = element("ol", { class: "bars" });
        this.none = element("p", { class: "empty", text: text.noQuestion });
        this.element = panel(text.answers, { class: "panel-answers" },
            element("div", { class: "answers-left" },
                element("div", { class: "answers-head" },
                    element("div", { class: "run-time" }, this.timer, this.timerWords),
                    this.answeredBox),
                this.bars, this.none),
            figures(this.inGame, this.players, this.out, this.watching, this.revived,
                this.eliminated));
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const { tally, question } = state;
        const text = consoleText.run;
        this.players.set(countText(tally.players));
        this.inGame.set(countText(tally.survivors));
        this.out.set(countText(tally.eliminated));
        this.watching.set(countText(tally.spectators));
        const isRevealed = question?.state === "revealed";
        this.revived.element.hidden = !isRevealed;
        this.eliminated.element.hidden = !isRevealed;
        this.revived.set(countText(question?.revivedCount));
        this.eliminated.set(countText(question?.eliminatedCount),
            (question?.eliminatedCount ?? 0) > 0 ? "look" : "");
        this.updateTimer(state);
        this.none.hidden = question !== undefined;
        this.answeredBox.hidden = !question;
        if (question) {
            const share = question.askedCount > 0 ? question.answeredCount / question.askedCount
                : 0;
            const answered = text.answered(countText(question.answeredCount),
                countText(question.askedCount));
            setText(this.answered, question.askedCount > 0 ? `${answered} · ${shareText(share)}`
                : answered);
            this.answeredBar.style.setProperty("--share", String(Math.min(1, share)));
        }
        this.updateBars(question);
    }

    /** @param {import("./staff-types.js").QuestionOn | undefined} question */
    updateBars(question) {
        const options = question?.question.options ?? [];
        const counts = options.map((_, at) => question?.counts[at] ?? 0);
        const shares = percentages(counts);
        const most = Math.max(1, ...counts);
        fillList(this.bars, options, (option, at) => `${question?.question.id}:${at}:${option}`,
            (option) =>
            element("li", { class: "bar" },
                element("span", { class: "bar-number" }), typed(option, "bar-words"),
                element("span", { class: "bar-track" }, element("span", { class: "bar-fill" })),
                element("span", { class: "bar-count" }), element("span", { class: "bar-share" })),
        (made, option, at) => {
            const isRight = question?.question.correct === at + 1;
            const [number, words, track, count, percent] = made.children;
            setText(number, String(at + 1));
            setAttributes(made, { "data-right": isRight ? "true" : null });
            setAttributes(words, { title: isRight ? `${option} (${consoleText.run.right})`
                : option });
            const share = String(counts[at] / most);
            /** @type {HTMLElement} */ (track).style.setProperty("--share", share);
            setText(count, countText(counts[at]));
            setText(percent, `${shares[at]} %`);
        });
    }

    /** @param {import("./staff-types.js").ShowState} state */
    updateTimer(state) {
        const text = consoleText.run;
        const { question } = state;
        const isOpen = question?.state === "open";
        const leftMs = this.app.store.leftMs(this.show, question?.remainingMs);
        const lockMs = this.app.store.leftMs(this.show, question?.lockableInMs);
        let shown = "–";
        let tone = "idle";
        let words = question ? consoleText.bank.states[question.state] : "";
        if (isOpen && question) {
            const isOver = (leftMs ?? 0) <= 0;
            shown = isOver ? "0.0" : secondsText(leftMs ?? 0);
            tone = state.isPaused ? "look" : isOver ? "bad" : (leftMs ?? 0) < 3000 ? "look"
                : "good";
            words = state.isPaused ? text.paused
                : question.isLockPending ? text.lockPending(`${secondsText(lockMs ?? 0)} s`)
                    : !isOver ? text.timeLeft
                        : (lockMs ?? 0) > 0 ? text.lockableIn(`${secondsText(lockMs ?? 0)} s`)
                            : text.lockableNow;
        }
        setText(this.timer, shown);
        this.timer.dataset.tone = tone;
        setText(this.timerWords, words);
    }
}
