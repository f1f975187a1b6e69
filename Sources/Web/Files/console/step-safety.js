// Decides when a key or a press fires a step: at once, when held, or by a second key.

/**
 * @typedef {"press" | "hold" | "ask"} Safety press: fires at once; hold: when held for 600 ms, or
 *     by Enter (or another press) after it was touched; ask: opens a question that has its own
 *     safety
 * @typedef {{id: string, safety: Safety, token: string}} SafeStep token: what it would do, exactly
 * @typedef {{kind: "idle"} | {kind: "holding", step: SafeStep, sinceMs: number}
 *     | {kind: "armed", step: SafeStep, sinceMs: number}
 *     | {kind: "spent", step: SafeStep}} SafetyState
 */

/** How long a key is held until it fires, ms. */
export const safetyHoldMs = 600;
/** How long a touched step waits for its second key, ms. */
export const safetyArmMs = 5000;
/** A second press sooner than this is a double click, ms. */
const doublePressMs = 350;
/** So soon a step that fires at once doesn't fire again: it may mean the opposite by then, ms. */
const pressAgainMs = 600;

/** One for a screen: at most one step is being held or armed. */
export class StepSafety {
    /**
     * @param {{fire: (step: SafeStep) => void, onChange?: (state: SafetyState) => void,
     *     onLetGo?: () => void, now?: () => number,
     *     setTimer?: (work: () => void, ms: number) => any,
     *     clearTimer?: (timer: any) => void}} options
     */
    constructor(options) {
        this.fire = options.fire;
        this.onChange = options.onChange ?? (() => {});
        this.onLetGo = options.onLetGo ?? (() => {});
        this.now = options.now ?? (() => performance.now());
        this.setTimer = options.setTimer ?? ((work, ms) => setTimeout(work, ms));
        this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
        /** @type {SafetyState} */
        this.state = { kind: "idle" };
        this.timer = undefined;
        this.pressed = { id: "", atMs: -Infinity };
    }

    /**
     * Fires a step that needs no second key; a double click or a held Enter counts once.
     * @param {SafeStep} step
     */
    press(step) {
        const { id, atMs } = this.pressed;
        this.pressed = { id: step.id, atMs: this.now() };
        if (id === step.id && this.now() - atMs < pressAgainMs) return;
        this.fire(step);
    }

    /**
     * A key or button went down.
     * @param {SafeStep} step
     * @param {boolean} [isRepeat] the keyboard's own repeating
     */
    down(step, isRepeat = false) {
        if (isRepeat || this.state.kind === "spent" || this.state.kind === "holding") return;
        if (step.safety !== "hold") {
            this.become({ kind: "spent", step });
            this.press(step);
            return;
        }
        const wasArmed = this.state.kind === "armed" && this.state.step.id === step.id
            ? this.state : null;
        this.become({ kind: "holding", step, sinceMs: this.now() });
        this.wasArmedAtMs = wasArmed?.sinceMs;
        this.timer = this.setTimer(() => this.spend(step), safetyHoldMs);
    }

    /**
     * It was let go.
     * @param {string} id of the step
     * @param {boolean} [isPointer] a press of a button, whose second one counts as second key
     */
    up(id, isPointer = false) {
        const { state } = this;
        if (state.kind === "idle" || state.step.id !== id) return;
        if (state.kind === "spent") {
            this.become({ kind: "idle" });
        } else if (state.kind === "holding") {
            const armedAtMs = this.wasArmedAtMs;
            if (isPointer && armedAtMs !== undefined && this.now() - armedAtMs >= doublePressMs) {
                this.spend(state.step);
                this.become({ kind: "idle" });
            } else {
                this.arm(state.step);
            }
        }
    }

    /**
     * A button was pressed as screen readers and the Enter key do: without down and up.
     * @param {SafeStep} step
     */
    click(step) {
        if (step.safety !== "hold") {
            if (this.state.kind === "spent") return;
            this.press(step);
            return;
        }
        if (this.state.kind === "armed" && this.state.step.id === step.id) {
            if (this.now() - this.state.sinceMs >= doublePressMs) this.enter();
            return;
        }
        this.arm(step);
    }

    /** The second key. @returns {boolean} whether a step waited for it */
    enter() {
        if (this.state.kind !== "armed") return false;
        const { step } = this.state;
        this.clearTimer(this.timer);
        this.become({ kind: "idle" });
        this.fire(step);
        return true;
    }

    /** Nothing fires by what was held or armed. @returns {boolean} whether anything was */
    cancel() {
        const was = this.state.kind;
        this.clearTimer(this.timer);
        if (was !== "idle") this.become({ kind: "idle" });
        if (was === "armed") this.onLetGo();
        return was === "holding" || was === "armed";
    }

    /**
     * What can be done now; a step that would do something else than when it was touched is let
     * go of.
     * @param {SafeStep[]} steps
     */
    offer(steps) {
        const { state } = this;
        if (state.kind !== "holding" && state.kind !== "armed") return;
        const now = steps.find((step) => step.id === state.step.id);
        if (!now || now.token !== state.step.token) this.cancel();
    }

    /** How far a hold has come, 0 to 1. */
    get progress() {
        if (this.state.kind !== "holding") return 0;
        return Math.min(1, (this.now() - this.state.sinceMs) / safetyHoldMs);
    }

    /** @param {SafeStep} step */
    spend(step) {
        this.clearTimer(this.timer);
        this.become({ kind: "spent", step });
        this.fire(step);
    }

    /** @param {SafeStep} step */
    arm(step) {
        this.clearTimer(this.timer);
        this.become({ kind: "armed", step, sinceMs: this.now() });
        this.timer = this.setTimer(() => this.cancel(), safetyArmMs);
    }

    /** @param {SafetyState} state */
    become(state) {
        this.state = state;
        this.onChange(state);
    }
}
