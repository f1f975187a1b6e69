// Edits one question, or makes a new one, with the viewer's card beside it.
import { element, setText } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, field, input } from "./dom-lists.js";
import { cardOfQuestion, previewCard } from "./now-next.js";
import { draftFaults, draftOf } from "./question-draft.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

/**
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {string} show
 * @param {import("./staff-types.js").Question | null} question null for a new one
 */
export function openQuestionEditor(app, show, question) {
    const text = consoleText.editor;
    const version = app.store.show(show)?.version;
    const words = /** @type {HTMLTextAreaElement} */ (element("textarea",
        { class: "input", dir: "auto", attributes: { rows: 2, maxlength: 500 } }));
    words.value = question?.text ?? "";
    const textField = field(text.text, words, { class: "field-wide" });
    const optionList = element("div", { class: "editor-options", attributes: { "role": "radiogroup", "aria-label": text.right } });
    const optionFault = element("p", { class: "field-fault", attributes: { role: "alert" } });
    /** @type {{choice: HTMLInputElement, words: HTMLInputElement}[]} */
    const options = [];
    const addOption = (/** @type {string} */ value) => {
        const number = options.length + 1;
        const choice = input("radio", { "name": "right-option", "value": number,
            "aria-label": `${text.option(number)}: ${text.right}` });
        const itsWords = input("text", { "maxlength": 200, "aria-label": text.option(number), "dir": "auto" });
        itsWords.value = value;
        options.push({ choice, words: itsWords });
        optionList.append(element("div", { class: "editor-option" }, choice,
            element("span", { class: "editor-number", text: number }), itsWords));
        more.disabled = options.length >= 8;
        fewer.disabled = options.length <= 2;
    };
    const more = button(text.addOption, () => {
        addOption("");
        options[options.length - 1].words.focus();
    }, { class: "button-small" });
    const fewer = button(text.removeOption, () => {
        options.pop();
        optionList.lastElementChild?.remove();
        more.disabled = false;
        fewer.disabled = options.length <= 2;
        draw();
    }, { class: "button-small" });
    for (const option of question?.options ?? ["", "", ""]) addOption(option);
    const right = options[(question?.correct ?? 0) - 1];
    if (right) right.choice.checked = true;
    const seconds = input("number", { min: 1, max: 300, step: 0.5, value: (question?.windowMs ?? 10_000) / 1000 });
    const windowField = field(text.window, seconds);
    const explanation = input("text", { maxlength: 500, dir: "auto", value: question?.explanation ?? "" });
    const media = input("url", { maxlength: 500, value: question?.mediaURL ?? "" });
    const spare = input("checkbox");
    spare.checked = question?.spare ?? false;
    const card = previewCard();
    const values = () => ({
        text: words.value, options: options.map((option) => option.words.value),
        correct: options.findIndex((option) => option.choice.checked) + 1, seconds: seconds.value,
        explanation: explanation.value, media: media.value, isSpare: spare.checked,
    });
    const draw = () => {
        const { text: asked, options: offered, correct } = values();
        card.update({
            ...cardOfQuestion({ id: question?.id ?? "new", text: asked, options: offered, correct,
                windowMs: 0, spare: false, mediaURL: /^https:\/\//.test(media.value) ? media.value : undefined }),
            phase: "revealed", correct: correct - 1, counts: null,
        });
    };
    const form = element("div", { class: "editor-form", on: { input: draw } },
        textField.element, optionList, element("p", { class: "editor-more" }, more, fewer), optionFault,
        element("div", { class: "form-grid" }, windowField.element,
            field(text.media, media).element), field(text.explanation, explanation).element,
        field(text.spare, spare).element);
    openDialog({
        title: question ? text.title : text.newTitle, class: "dialog-wide", isPlain: true, action: text.keep,
        body: [form, element("div", { class: "editor-preview preview" }, card.element)],
        act: async () => {
            const faults = draftFaults(values());
            textField.fail(faults.text ?? "");
            windowField.fail(faults.seconds ?? "");
            setText(optionFault, faults.options ?? "");
            const [fault] = Object.values(faults);
            if (fault) return fault;
            const draft = draftOf(values());
            const outcome = question
                ? await app.order(show, `questions/${pathPart(question.id)}`, text.title,
                    { method: "PUT", body: draft, version })
                : await app.order(show, "questions", text.newTitle, { body: { questions: [draft] } });
            return outcome.state === "done" ? ""
                : outcome.error?.rows?.map((row) => row.error).join(" ") || (outcome.text ?? "");
        },
    });
    draw();
}
