// The last command, how it stands and how it ended, in one place that doesn't move.
import { element, setText, typed } from "../shared/dom.js";
import { button } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { timeOfDay } from "./units.js";

/** The bar at the foot of the screen. */
export class CommandLine {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        this.app = app;
        this.label = typed("", "command-label");
        this.state = element("span", { class: "command-state" });
        this.text = element("span", { class: "command-text", dir: "auto" });
        this.giveUp = button(consoleText.outcome.giveUp, () => app.outbox.cancelAll(),
            { class: "button-small" });
        this.giveUp.hidden = true;
        // Said aloud when a command has ended; its way there is for the eyes.
        this.spoken = element("span", { class: "for-readers", attributes: { "aria-live": "polite" } });
        this.deed = element("span", { class: "command-deed" });
        this.element = element("footer", { class: "foot" },
            element("div", { class: "command" }, this.label, this.state, this.text, this.giveUp),
            this.deed, this.spoken);
        this.spokenNumber = 0;
        this.note = /** @type {{text: string, tone: string} | null} */ (null);
        app.outbox.subscribe(() => {
            this.note = null;
            this.update();
        });
    }

    /**
     * Says something that isn't a command's result.
     * @param {string} text
     * @param {string} [tone]
     */
    say(text, tone = "look") {
        this.note = { text, tone };
        setText(this.spoken, text);
        this.update();
    }

    update() {
        const entry = this.app.outbox.newest;
        const words = consoleText.outcome;
        if (this.note) {
            this.show("", "", this.note.text, this.note.tone);
        } else if (!entry) {
            this.show("", "", words.none, "idle");
        } else {
            const { state, order, tries, tookMs, text } = entry;
            const said = state === "again" ? words.again(tries) : state === "done" ? words.done(tookMs ?? 0)
                : words[state];
            const tone = state === "done" ? "good" : state === "refused" || state === "unknown" ? "bad"
                : state === "sent" ? "idle" : "look";
            this.show(order.label, said, text ?? "", tone);
            const isOver = tookMs !== undefined;
            if (isOver && this.spokenNumber !== entry.number) {
                this.spokenNumber = entry.number;
                setText(this.spoken, `${order.label}: ${said}. ${text ?? ""}`);
            }
        }
        this.giveUp.hidden = this.note !== null || entry?.state !== "again";
        const { deeds } = this.app.store;
        const deed = deeds[deeds.length - 1];
        if (deed) {
            const shape = `${deed.atMs}${deed.by}${deed.text}`;
            if (this.deed.dataset.shape !== shape) {
                this.deed.dataset.shape = shape;
                this.deed.replaceChildren(element("time", { text: timeOfDay(deed.atMs) }), " ",
                    typed(deed.by, "deed-by"), " ", typed(deed.text || deed.command));
            }
        }
    }

    /** @param {string} label @param {string} state @param {string} text @param {string} tone */
    show(label, state, text, tone) {
        setText(this.label, label);
        setText(this.state, state);
        setText(this.text, text);
        if (this.element.dataset.tone !== tone) this.element.dataset.tone = tone;
    }
}
