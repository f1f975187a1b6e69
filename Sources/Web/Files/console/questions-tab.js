// The question bank: a show's questions with editing, ordering, spares, preview and import.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fillList, panel } from "./dom-lists.js";
import { ImportPanel } from "./import-panel.js";
import { cardOfQuestion, previewCard } from "./now-next.js";
import { openQuestionEditor } from "./question-editor.js";
import { QuestionOrder } from "./question-order.js";
import { pathPart, staffFile } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

/** What is chosen is previewed. */
export class QuestionsTab {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     * @param {import("./show-questions.js").ShowQuestions} questions
     */
    constructor(app, show, questions) {
        const text = consoleText.bank;
        this.app = app;
        this.show = show;
        this.questions = questions;
        this.order = new QuestionOrder(app, show, questions);
        this.chosen = "";
        this.add = button(text.add, () => openQuestionEditor(app, show, null),
            { class: "is-primary" });
        this.shuffle = button(text.shuffle, () => void app.order(show, "shuffle", text.shuffle));
        const files = element("span", { class: "files" }, ...["csv", "json"].map((ending) =>
            element("a", { class: "button button-small", text: ending.toUpperCase(),
                attributes: { href: staffFile(`/shows/${pathPart(show)}/questions.${ending}`),
                    download: `${show}-questions.${ending}` } })));
        this.rows = element("tbody", {});
        this.table = element("table", { class: "table table-bank" },
            element("thead", {}, element("tr", {}, ...[...Object.values(text.columns), ""]
                .map((words) =>
                element("th", { text: words, attributes: { scope: "col" } })))), this.rows);
        this.none = element("p", { class: "empty", text: text.none });
        this.hint = element("p", { class: "hint", text: consoleText.run.moveHint });
        this.card = previewCard();
        this.explanation = element("p", { class: "preview-explanation", dir: "auto" });
        this.preview = panel(text.preview, { class: "panel-preview" },
            element("div", { class: "preview" }, this.card.element), this.explanation);
        this.importer = new ImportPanel(app, show);
        this.element = element("div", { class: "bank" },
            panel(text.title, { class: "panel-bank", beside: [files, this.shuffle, this.add] },
                this.none, this.table, this.hint),
            element("div", { class: "bank-side" }, this.preview, this.importer.element));
        this.importer.receiveDrops(this.element);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const { records } = this.questions;
        const isUp = this.app.store.link.state === "up";
        const mayEdit = this.app.mayHost && state.phase !== "finished" && state.phase !== "settled";
        this.mayEdit = mayEdit;
        for (const each of [this.add, this.shuffle]) {
            each.hidden = !mayEdit;
            each.disabled = !isUp;
        }
        this.hint.hidden = !mayEdit || records.length < 2;
        this.none.hidden = records.length > 0 || !this.questions.isKnown;
        this.table.hidden = records.length === 0;
        this.importer.update(state);
        let number = 0;
        const rows = records.map((record) => ({ record,
            number: record.state === "void" || (record.question.spare && record.state === "waiting")
                ? null : ++number }));
        if (!records.some(({ question }) => question.id === this.chosen)) {
            this.chosen = records[0]?.question.id ?? "";
        }
        fillList(this.rows, rows, ({ record }) => JSON.stringify(record.question),
            ({ record }) => this.makeRow(record),
            (made, row) => this.updateRow(made, row.record, row.number));
        this.updatePreview();
    }

    /** @param {import("./staff-types.js").QuestionRecord} record */
    makeRow(record) {
        const { question } = record;
        const text = consoleText.bank;
        const isWaiting = () => this.questions.records.some((other) =>
            other.question.id === question.id && other.state === "waiting");
        const options = element("ol", { class: "bank-options" },
            ...question.options.map((option, at) =>
            element("li", { attributes: { "data-right": at + 1 === question.correct ? "true"
                : null } },
                typed(option), at + 1 === question.correct
                    ? element("span", { class: "for-readers", text: ` (${consoleText.run.right})` })
                        : null)));
        const row = element("tr", { class: "bank-row", attributes: { tabindex: 0 }, on: {
            focusin: () => this.choose(question.id), click: () => this.choose(question.id),
        } },
        element("td", { class: "cell-number" }),
        element("td", { class: "cell-text" }, typed(question.text),
            question.explanation ? typed(question.explanation, "cell-note") : null),
        element("td", {}, options),
        element("td", { class: "cell-time", text: `${question.windowMs / 1000} s` }),
        element("td", {}, element("span", { class: "chip" })),
        element("td", { class: "cell-actions" },
            button(text.edit, () => openQuestionEditor(this.app, this.show, question),
                { class: "button-small", label: `${text.edit}: ${question.text}` }),
            button(text.remove, () => this.askRemove(question),
                { class: "button-small", label: `${text.remove}: ${question.text}` })));
        this.order.attach(row, question.id, isWaiting);
        return row;
    }

    /**
     * @param {HTMLElement} row
     * @param {import("./staff-types.js").QuestionRecord} record
     * @param {number | null} number
     */
    updateRow(row, record, number) {
        const isWaiting = record.state === "waiting";
        const isMovable = isWaiting && this.order.isPossible && this.mayEdit === true;
        setAttributes(row, { "draggable": isMovable ? "true" : null, "data-state": record.state,
            "data-chosen": record.question.id === this.chosen ? "true" : null });
        const [cell] = row.children;
        setText(cell, number === null ? "–" : String(number));
        const chip = /** @type {HTMLElement} */ (row.querySelector(".chip"));
        const isSpare = record.question.spare && isWaiting;
        setText(chip, isSpare ? consoleText.run.spare : consoleText.bank.states[record.state]);
        chip.dataset.phase = isSpare ? "spare" : record.state;
        for (const each of /** @type {NodeListOf<HTMLButtonElement>} */ (
            row.querySelectorAll(".cell-actions button"))) {
            each.hidden = !isWaiting || !this.mayEdit;
            each.disabled = this.app.store.link.state !== "up";
        }
    }

    /** @param {string} id */
    choose(id) {
        if (this.chosen === id) return;
        this.chosen = id;
        for (const row of this.rows.children) {
            row.removeAttribute("data-chosen");
        }
        this.app.store.tell("questions");
    }

    updatePreview() {
        const question = this.questions.question(this.chosen);
        this.preview.hidden = !question;
        if (!question) return;
        this.card.update({ ...cardOfQuestion(question), phase: "revealed",
            correct: question.correct - 1,
            counts: null });
        setText(this.explanation, question.explanation ?? "");
    }

    /** @param {import("./staff-types.js").Question} question */
    askRemove(question) {
        const text = consoleText.bank;
        openDialog({
            title: text.removeAsk(question.text), detail: text.removeDetail, action: text.remove,
                isDangerous: true,
            act: async () => {
                const outcome = await this.app.order(
                    this.show, `questions/${pathPart(question.id)}`,
                    `${text.remove}: ${question.text}`, { method: "DELETE" });
                return outcome.state === "done" ? "" : outcome.text ?? "";
            },
        });
    }
}
