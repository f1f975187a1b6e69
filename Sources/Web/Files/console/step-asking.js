// What steps ask before they are done: why, which option, and whether it is really meant.
import { element, setText, typed } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, field, fillOptions, input, select } from "./dom-lists.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

/**
 * Sends a step; what the server wants confirmed is asked in a dialog of its own.
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {string} show
 * @param {import("./show-steps.js").ShowStep} step
 * @param {any} body
 * @param {number | undefined} version what was on the screen when it was asked
 * @returns {Promise<string>} a sentence if it wasn't done
 */
async function sendStep(app, show, step, body, version) {
    const outcome = await app.order(show, step.command, step.label, { body, version });
    if (outcome.error?.confirm || outcome.error?.code === "unseen") {
        askToConfirm(app, show, { ...step, body }, outcome.error);
        return "";
    }
    if (outcome.data?.confirm === "second-person") {
        app.say(consoleText.outcome.secondPerson, "look");
    }
    return outcome.state === "done" ? "" : outcome.text ?? consoleText.outcome.refused;
}

/**
 * The server does it if it is said that it is meant all the same.
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {string} show
 * @param {import("./show-steps.js").ShowStep} step
 * @param {import("./staff-api.js").StaffError} error
 */
export function askToConfirm(app, show, step, error) {
    const word = error.confirm ?? "force";
    const text = consoleText.ask;
    const version = app.store.show(show)?.version;
    openDialog({
        title: error.code === "unseen" ? text.unseenTitle : word === "early" ? text.earlyTitle
            : text.confirmTitle,
        detail: error.message, action: text.allTheSame, isDangerous: true,
        act: () => sendStep(app, show, step, { ...step.body, [word]: true }, version),
    });
}

/**
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {string} show
 * @param {import("./show-steps.js").ShowStep} step
 * @param {import("./show-questions.js").ShowQuestions} questions
 */
export function askForStep(app, show, step, questions) {
    const state = app.store.show(show);
    if (!state) return;
    const text = consoleText.ask;
    if (step.id === "void") askVoid(app, state, step);
    else if (step.id === "correct") askCorrect(app, state, step, questions);
    else if (step.id === "settle") void askSettle(app, state, step);
    else {
        const isFinish = step.id === "finish";
        openDialog({
            title: isFinish ? text.finishTitle : text.reopenTitle,
            detail: isFinish ? text.finishDetail : text.reopenDetail,
            action: step.label, isDangerous: isFinish,
            act: ofTheShow(app, state, (version) => sendStep(app, show, step, {}, version)),
        });
    }
}

/**
 * What a dialog does to the version of the show that its host has seen. Once the host was told that
 * somebody was quicker, that is the newest: what was typed needn't be typed again.
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {import("./staff-types.js").ShowState} state
 * @param {(version: number) => string | Promise<string>} send
 * @returns {() => Promise<string>}
 */
function ofTheShow(app, state, send) {
    let { version } = state;
    return async () => {
        const words = await send(version);
        if (words) version = app.store.show(state.id)?.version ?? version;
        return words;
    };
}

/**
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {import("./staff-types.js").ShowState} state
 * @param {import("./show-steps.js").ShowStep} step
 */
function askVoid(app, state, step) {
    const text = consoleText.ask;
    const reason = input("text", { maxlength: 300 });
    const itsField = field(text.reason, reason);
    const chips = element("div", { class: "reason-chips" }, ...text.reasons.map((words) =>
        button(words, () => {
            reason.value = words;
            reason.focus();
        }, { class: "button-small" })));
    const question = state.question?.question;
    openDialog({
        title: text.voidTitle(question?.text ?? ""), detail: text.voidDetail,
        body: [itsField.element, chips], action: step.label, isDangerous: true,
        act: ofTheShow(app, state, (version) => {
            const value = reason.value.trim();
            itsField.fail(value ? "" : text.reasonMissing);
            if (!value) return text.reasonMissing;
            return sendStep(app, state.id, step, { reason: value, question: question?.id },
                version);
        }),
    });
}

/**
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {import("./staff-types.js").ShowState} state
 * @param {import("./show-steps.js").ShowStep} step
 * @param {import("./show-questions.js").ShowQuestions} questions
 */
function askCorrect(app, state, step, questions) {
    const text = consoleText.ask;
    const asked = questions.records.filter((record) => record.state !== "waiting"
        && record.state !== "void");
    const which = select(asked.map(({ question }, at) =>
        [question.id, `${at + 1}. ${question.text}`]),
        () => fill());
    which.value = state.question?.question.id ?? asked[asked.length - 1]?.question.id ?? "";
    const option = select([]);
    const optionField = field(text.correctOption, option);
    const reason = input("text", { maxlength: 300 });
    const reasonField = field(text.correctReason, reason);
    const fill = () => {
        const record = asked.find(({ question }) => question.id === which.value);
        const offered = record?.question.options ?? [];
        fillOptions(option, offered.map((words, at) => {
            const isRight = at + 1 === record?.question.correct;
            const mark = isRight ? ` (${consoleText.run.right})` : "";
            return [String(at + 1), `${at + 1}. ${words}${mark}`];
        }));
        option.value = String(record?.question.correct ?? 1);
    };
    fill();
    openDialog({
        title: text.correctTitle, detail: text.correctDetail, action: step.label, isDangerous: true,
        body: [field(text.correctWhich, which).element, optionField.element, reasonField.element],
        act: ofTheShow(app, state, (version) => {
            const record = asked.find(({ question }) => question.id === which.value);
            const isSame = Number(option.value) === record?.question.correct;
            optionField.fail(isSame ? text.correctSame : "");
            const needsReason = record?.state === "revealed" && !reason.value.trim();
            reasonField.fail(needsReason ? text.reasonMissing : "");
            if (isSame || needsReason) return isSame ? text.correctSame : text.reasonMissing;
            const body = { question: which.value, correct: Number(option.value),
                ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) };
            return sendStep(app, state.id, step, body, version);
        }),
    });
}

/**
 * Says the sum before it is divided, as the server has reckoned it.
 * @param {import("./console-app.js").ConsoleApp} app
 * @param {import("./staff-types.js").ShowState} state
 * @param {import("./show-steps.js").ShowStep} step
 */
async function askSettle(app, state, step) {
    const text = consoleText.ask;
    const sentence = element("p", { class: "settle-sentence", dir: "auto" });
    setText(sentence, state.settlement?.sentence ?? "");
    try {
        const reply = await app.api.get(`/shows/${pathPart(state.id)}/settlement`);
        setText(sentence, String(reply?.sentence ?? ""));
    } catch (error) {
        setText(sentence, error instanceof Error ? error.message : "");
    }
    const asked = state.settleAsked;
    const second = asked && asked.by !== app.by ? typed(text.settleAsked(asked.by), "settle-asked")
        : app.store.session?.settleNeedsSecond ? element(
            "p", { class: "hint", text: text.settleSecond })
            : null;
    openDialog({
        title: text.settleTitle, body: [sentence, second], action: step.label, isDangerous: true,
        act: () => sendStep(app, state.id, step, {}, state.version),
    });
}
