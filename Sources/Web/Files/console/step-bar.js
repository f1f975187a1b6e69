// The steps as buttons in fixed places, each with its key, its safety and how it stands.
import { element, setAttributes, setText } from "../shared/dom.js";
import { panel } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";

/** Steps of the run; the others change or end it. */
const mainSteps = ["doors", "open", "lock", "reveal", "standings", "pause"];

/**
 * @typedef {object} StepButton
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} label
 * @property {HTMLElement} detail
 * @property {HTMLElement} hint
 */

/** One button for each step, made once. */
export class StepBar {
    /**
     * @param {import("./step-safety.js").StepSafety} safety
     * @param {() => import("./show-steps.js").ShowStep[]} steps those of now
     */
    constructor(safety, steps) {
        this.safety = safety;
        this.steps = steps;
        this.isBlocked = false;
        /** @type {Map<string, StepButton>} */
        this.buttons = new Map();
        this.main = element("div", { class: "steps-main" });
        this.more = element("div", { class: "steps-more" });
        this.legend = element("p", { class: "steps-legend", text: consoleText.steps.legend });
        this.element = panel(consoleText.steps.next, { class: "panel-steps" }, this.main, this.more,
            this.legend);
    }

    /**
     * @param {import("./show-steps.js").ShowStep[]} steps
     * @param {{isBlocked: boolean, busy?: import("./command-outbox.js").OrderEntry}} now
     */
    update(steps, now) {
        this.isBlocked = now.isBlocked;
        this.element.hidden = steps.length === 0;
        for (const step of steps) {
            const held = this.buttons.get(step.id) ?? this.make(step);
            const isOn = step.isPossible && !now.isBlocked;
            setText(held.label, step.label);
            setText(held.detail, step.isPossible ? step.detail : step.whyNot);
            // Disabled by ARIA alone: a focused button doesn't lose the focus when a step is over.
            setAttributes(held.button, {
                "aria-disabled": isOn ? null : "true",
                "data-next": step.isNext && isOn ? "true" : null,
                "data-busy": now.busy?.order.label === step.label ? now.busy.state : null,
            });
        }
        this.drawSafety(now.busy);
    }

    /** @param {import("./command-outbox.js").OrderEntry} [busy] */
    drawSafety(busy) {
        const { state } = this.safety;
        const text = consoleText.steps;
        for (const step of this.steps()) {
            const held = this.buttons.get(step.id);
            if (!held) continue;
            const itsKind = state.kind !== "idle" && state.step.id === step.id ? state.kind
                : "idle";
            setAttributes(held.button, { "data-safety": itsKind });
            const isBusy = busy !== undefined && busy.order.label === step.label;
            const said = isBusy ? (busy.state === "sent" ? text.sending
                : busy.state === "again" ? text.again : text.waiting)
                : itsKind === "armed" ? text.armed
                    : step.safety === "hold" ? text.hold : step.safety === "ask" ? text.askFirst
                        : "";
            setText(held.hint, said);
        }
    }

    /** @param {import("./show-steps.js").ShowStep} step @returns {StepButton} */
    make(step) {
        const label = element("span", { class: "step-label" });
        const detail = element("span", { class: "step-detail", dir: "auto" });
        const hint = element("span", { class: "step-hint" });
        const made = /** @type {HTMLButtonElement} */ (element("button", {
            class: "step", attributes: { "type": "button", "data-step": step.id,
                "aria-keyshortcuts": step.key.toUpperCase() },
        },
        element("kbd", { class: "step-key", text: step.key.toUpperCase() }),
        element("span", { class: "step-words" }, label, detail), hint,
        element("span", { class: "hold-ring", attributes: { "aria-hidden": "true" } })));
        const current = () => this.steps().find((other) => other.id === step.id);
        let isPointer = false;
        made.addEventListener("pointerdown", (event) => {
            const now = current();
            if (event.button !== 0 || !now?.isPossible || this.isBlocked) return;
            isPointer = true;
            this.safety.down(now);
        });
        for (const name of ["pointerup", "pointerleave", "pointercancel"]) {
            made.addEventListener(name, () => {
                if (isPointer) this.safety.up(step.id, name === "pointerup");
            });
        }
        made.addEventListener("contextmenu", (event) => event.preventDefault());
        made.addEventListener("click", (event) => {
            // A pointer has said all by going down and up; this is for keys and screen readers. One
            // that went away and was let go of elsewhere leaves no click behind.
            const isPointers = isPointer && event.detail > 0;
            isPointer = false;
            if (isPointers) return;
            const now = current();
            if (now?.isPossible && !this.isBlocked) this.safety.click(now);
        });
        const held = { button: made, label, detail, hint };
        this.buttons.set(step.id, held);
        (mainSteps.includes(step.id) ? this.main : this.more).append(made);
        return held;
    }
}
