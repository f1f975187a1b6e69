// The run sheet: every question with its state and planned length, in the order of asking.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { fillList, input, panel, scrollWithin } from "./dom-lists.js";
import { readPreference, writePreference } from "./preferences.js";
import { QuestionOrder } from "./question-order.js";
import { runSheetOf } from "./run-sheet.js";
import { consoleText } from "./strings/en.js";
import { clockLengthText } from "./units.js";

/** The left side of the run. */
export class RunSheetPanel {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     * @param {import("./show-questions.js").ShowQuestions} questions
     */
    constructor(app, show, questions) {
        const text = consoleText.run;
        this.app = app;
        this.questions = questions;
        this.order = new QuestionOrder(app, show, questions);
        const kept = Number(readPreference("talkSeconds") ?? "");
        this.talkSeconds = kept > 0 && kept <= 600 ? kept : 25;
        this.talk = input("number", { "min": 0, "max": 600, "step": 5, "value": this.talkSeconds,
            "aria-label": text.talk });
        this.talk.addEventListener("input", () => {
            const value = Number(this.talk.value);
            if (!Number.isFinite(value) || value < 0 || value > 600) return;
            this.talkSeconds = value;
            writePreference("talkSeconds", String(value));
        });
        this.total = element("span", { class: "sheet-total" });
        this.list = element("ol", { class: "sheet" });
        this.spareTitle = element("h3", { class: "sheet-spares", text: text.spares });
        this.spares = element("ol", { class: "sheet" });
        /** @type {Map<string, import("./run-sheet.js").RunRow>} */
        this.rows = new Map();
        this.hint = element("p", { class: "hint", text: text.moveHint });
        this.onID = "";
        this.element = panel(text.sheet, { class: "panel-sheet", beside: [this.total] },
            this.list, this.spareTitle, this.spares,
            element("div", { class: "sheet-foot" },
                element("label", { class: "sheet-talk" }, element("span", { text: text.talk }),
                    this.talk),
                this.hint));
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const text = consoleText.run;
        const sheet = runSheetOf(state, this.questions.records, this.talkSeconds * 1000);
        const planned = clockLengthText(sheet.plannedMs);
        setText(this.total, state.phase === "live"
            ? `${clockLengthText(sheet.leftMs)} ${text.left} / ${planned}`
                : `${planned} ${text.planned}`);
        this.rows = new Map([...sheet.rows, ...sheet.spares].map((row) => [row.question.id, row]));
        for (const [place, rows] of /** @type {const} */ (
            [[this.list, sheet.rows], [this.spares, sheet.spares]])) {
            fillList(place, rows, (row) => `${row.question.id}\n${row.question.text}`,
                (row) => this.makeRow(row), (made, row) => this.updateRow(made, row));
        }
        this.spareTitle.hidden = sheet.spares.length === 0;
        this.hint.hidden = !this.app.mayHost;
        const onID = sheet.rows.find((row) => row.place === "on"
            || row.place === "next")?.question.id ?? "";
        if (onID !== this.onID) {
            this.onID = onID;
            const shown = this.list.querySelector("[data-place=on], [data-place=next]");
            if (shown) scrollWithin(/** @type {HTMLElement} */ (this.list.parentElement), shown);
        }
    }

    /** @param {import("./run-sheet.js").RunRow} row */
    makeRow(row) {
        const { id } = row.question;
        const made = element("li", { class: "sheet-row", attributes: { "tabindex": 0,
            "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown" } },
            element("span", { class: "sheet-number" }), typed(row.question.text, "sheet-text"),
            element("span", { class: "sheet-tag" }), element("span", { class: "sheet-time" }));
        this.order.attach(made, id, () => this.rows.get(id)?.state === "waiting");
        return made;
    }

    /** @param {HTMLElement} made @param {import("./run-sheet.js").RunRow} row */
    updateRow(made, row) {
        const text = consoleText.run;
        const [number, , tag, time] = made.children;
        const isMovable = row.state === "waiting" && this.order.isPossible;
        setAttributes(made, { "data-place": row.place, "data-state": row.state,
            "draggable": isMovable ? "true" : null,
            "aria-current": row.place === "on" ? "step" : null, "title": row.question.text });
        setText(number, row.number === null ? (row.state === "void" ? "×" : "–")
            : String(row.number));
        const words = row.state === "open" || row.state === "locked" || row.state === "void"
            ? consoleText.bank.states[row.state]
            : row.place === "beyond" ? text.beyond : row.isLast ? text.last : "";
        setText(tag, words);
        setText(time, row.state === "waiting" && row.place !== "spare" && row.place !== "beyond"
            ? clockLengthText(row.plannedMs) : row.state === "revealed" ? "✓" : "");
    }
}
