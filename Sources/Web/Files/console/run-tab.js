// The run of a show: the sheet, what viewers see, what comes next, and the steps by their keys.
import { element } from "../shared/dom.js";
import { AnnouncePanel } from "./announce-panel.js";
import { AnswersPanel } from "./answers-panel.js";
import { DeedsPanel } from "./deeds-panel.js";
import { panel } from "./dom-lists.js";
import { NowNext } from "./now-next.js";
import { RunSheetPanel } from "./run-sheet-panel.js";
import { stepsOf } from "./show-steps.js";
import { askForStep, askToConfirm } from "./step-asking.js";
import { StepBar } from "./step-bar.js";
import { StepSafety } from "./step-safety.js";
import { consoleText } from "./strings/en.js";

/** Where a host is during the show. */
export class RunTab {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     * @param {import("./show-questions.js").ShowQuestions} questions
     */
    constructor(app, show, questions) {
        this.app = app;
        this.show = show;
        this.questions = questions;
        /** @type {import("./show-steps.js").ShowStep[]} */
        this.steps = [];
        this.isActing = false;
        this.safety = new StepSafety({
            fire: (step) => void this.fire(step),
            onChange: (state) => this.safetyChanged(state),
            onLetGo: () => this.app.say(consoleText.steps.letGo, "idle"),
        });
        this.bar = new StepBar(this.safety, () => this.steps);
        this.sheet = new RunSheetPanel(app, show, questions);
        this.nowNext = new NowNext(app, show, questions);
        this.answers = new AnswersPanel(app, show);
        this.announce = new AnnouncePanel(app);
        this.deeds = new DeedsPanel(app, show);
        this.monitorSlot = element("div", { class: "monitor-slot" });
        this.element = element("div", { class: "run" },
            this.sheet.element,
            element("div", { class: "run-middle" }, this.nowNext.element, this.answers.element,
                this.bar.element),
            element("div", { class: "run-side" },
                panel(consoleText.monitor.title, { class: "panel-monitor panel-monitor-small" },
                    this.monitorSlot),
                this.announce.element, this.deeds.element));
        this.onBlur = () => void this.safety.cancel();
    }

    /** It comes onto the screen. */
    enter() {
        window.addEventListener("blur", this.onBlur);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const { app } = this;
        const nextQuestion = this.questions.question(state.nextQuestion);
        this.steps = app.mayHost ? stepsOf(state, { nextQuestion }) : [];
        const isBlocked = app.store.link.state !== "up" || app.store.staleShows.has(this.show);
        this.safety.offer(isBlocked ? [] : this.steps.filter((step) => step.isPossible));
        this.bar.update(this.steps, { isBlocked, busy: app.outbox.busy(`show:${this.show}`) });
        this.sheet.update(state);
        this.nowNext.update(state);
        this.answers.update(state);
        this.announce.update(state.stream);
        this.deeds.update(state);
    }

    /** @param {import("./step-safety.js").SafetyState} state */
    safetyChanged(state) {
        const text = consoleText.steps;
        if (state.kind === "armed") {
            const step = this.steps.find((other) => other.id === state.step.id);
            this.app.say(text.armedSaid(step?.label ?? ""));
        }
        this.bar?.drawSafety();
    }

    /** @param {import("./step-safety.js").SafeStep} touched */
    async fire(touched) {
        const step = this.steps.find((other) => other.id === touched.id);
        const state = this.app.store.show(this.show);
        const isMeant = step?.isPossible && step.token === touched.token;
        if (!step || !state || !isMeant || this.isActing) return;
        if (this.app.store.link.state !== "up") {
            this.app.say(consoleText.link.shout, "bad");
            return;
        }
        if (step.safety === "ask") {
            askForStep(this.app, this.show, step, this.questions);
            return;
        }
        this.isActing = true;
        try {
            const outcome = await this.app.order(this.show, step.command, step.label,
                { body: step.body });
            if (outcome.error?.confirm || outcome.error?.code === "unseen") {
                askToConfirm(this.app, this.show, step, outcome.error);
            } else if (outcome.state === "busy" && outcome.text) {
                this.app.say(outcome.text);
            }
        } finally {
            this.isActing = false;
        }
    }

    /** @param {KeyboardEvent} event @returns {boolean} */
    keyDown(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return false;
        if (event.key === "Escape") return this.safety.cancel();
        if (event.key === "Enter" && this.safety.state.kind === "armed") {
            if (!event.repeat) this.safety.enter();
            return true;
        }
        const step = this.stepOf(event);
        if (!step) return false;
        if (this.bar.isBlocked) {
            if (!event.repeat) this.app.say(consoleText.link.shout, "bad");
        } else if (step.isPossible) {
            this.safety.down(step, event.repeat);
        } else if (!event.repeat) {
            this.app.say(`${step.label}: ${step.whyNot}`);
        }
        return true;
    }

    /** @param {KeyboardEvent} event */
    keyUp(event) {
        const step = this.stepOf(event);
        if (step) this.safety.up(step.id);
    }

    /** @param {KeyboardEvent} event */
    stepOf(event) {
        const key = event.key.toLowerCase();
        return this.steps.find((step) => step.key === key);
    }

    leave() {
        window.removeEventListener("blur", this.onBlur);
        this.safety.cancel();
    }
}
