// Says which steps a show can take now, by which key and with which safety, and which is next.
import { consoleText } from "./strings/en.js";

/**
 * @typedef {object} ShowStep
 * @property {string} id
 * @property {string} key the key's letter, in small
 * @property {string} label
 * @property {string} detail what exactly it would do
 * @property {import("./step-safety.js").Safety} safety
 * @property {boolean} isPossible
 * @property {string} whyNot if it isn't
 * @property {boolean} isNext the step that the run of the show asks for
 * @property {string} command the path's last word
 * @property {any} body
 * @property {string} token what it would do, exactly: a touched step is let go when it changes
 */

/** The keys in the order of the desk. Unchanged by whatever the show has come to. */
const stepKeys = /** @type {Record<string, string>} */ ({
    doors: "b", open: "o", lock: "l", reveal: "r", standings: "n", pause: "p", last: "e",
    void: "v", correct: "c", finish: "f", settle: "s", reopen: "u",
});

/**
 * @param {import("./staff-types.js").ShowState} state
 * @param {{nextQuestion?: import("./staff-types.js").Question}} [more]
 * @returns {ShowStep[]} always all of them, so that nothing jumps
 */
export function stepsOf(state, more = {}) {
    const text = consoleText.steps;
    const { question } = state;
    const isLive = state.phase === "live";
    const running = isLive && !state.isPaused;
    const isAnswering = question?.state === "open";
    const isOver = !question || question.state === "revealed" || question.state === "void";
    const whyPaused = state.isPaused ? text.why.paused : "";
    const next = nextStepID(state);
    const nextNumber = state.askedCount + 1;
    const willBeLast = nextNumber >= state.plannedCount;

    /**
     * @param {string} id
     * @param {import("./step-safety.js").Safety} safety
     * @param {string} label
     * @param {string} detail
     * @param {string} whyNot
     * @param {string} command
     * @param {any} [body]
     * @param {string} [token]
     * @returns {ShowStep}
     */
    const step = (id, safety, label, detail, whyNot, command, body, token) => ({
        id, key: stepKeys[id], label, detail, safety,
        isPossible: whyNot === "", whyNot, isNext: next === id, command, body: body ?? {},
        token: `${id}:${token ?? question?.question.id ?? ""}`,
    });

    const isEntry = state.phase === "draft";
    const openable = (state.phase === "lobby" || running) && isOver;
    return [
        step("doors", "hold", text.doors, text.doorsDetail,
            isEntry ? (state.waitingCount === 0 ? text.why.noQuestions : "")
                : text.why.doorsOpen, "lobby", {}, ""),
        step("open", "hold",
            state.nextQuestion && openable ? text.open(nextNumber) : text.openAny,
            more.nextQuestion ? more.nextQuestion.text : text.openDetail,
            openWhy(state, openable, whyPaused), "open",
            state.nextQuestion ? { question: state.nextQuestion } : {},
            `${state.nextQuestion ?? ""}${willBeLast ? ":last" : ""}`),
        question?.isLockPending
            ? step("lock", "hold", text.lockNow, text.lockNowDetail,
                isAnswering ? whyPaused : text.why.noneOpen, "lock", { force: true })
            : step("lock", "press", text.lock, text.lockDetail,
                isAnswering ? whyPaused : text.why.noneOpen, "lock"),
        step("reveal", "hold", text.reveal, text.revealDetail,
            question?.state === "locked" ? whyPaused : text.why.noneLocked, "reveal"),
        step("standings", "press", text.standings, text.standingsDetail,
            isLive && question && isOver ? whyPaused : text.why.notOverYet, "next"),
        state.isPaused
            ? step("pause", "press", text.resume, text.resumeDetail, isLive ? "" : text.why.notLive,
                "resume")
            : step("pause", "press", text.pause, text.pauseDetail, isLive ? "" : text.why.notLive,
                "pause"),
        step("last", "press", text.last, text.lastDetail,
            (isLive || state.phase === "lobby") && state.waitingCount > 0
                ? (willBeLast ? text.why.isLast : "") : text.why.noneWaiting, "last"),
        step("void", "ask", text.void, text.voidDetail,
            isLive && question && question.state !== "void" && question.state !== "waiting"
                ? "" : text.why.noneOn, "void"),
        step("correct", "ask", text.correct, text.correctDetail,
            question || state.askedCount > 0 ? "" : text.why.noneAsked, "correct"),
        step("finish", "ask", text.finish, text.finishDetail,
            isLive && isOver ? whyPaused : text.why.notOverYet, "finish"),
        step("settle", "ask", text.settle, text.settleDetail,
            state.phase === "finished" ? "" : text.why.notFinished, "settle"),
        step("reopen", "ask", text.reopen, text.reopenDetail,
            state.phase === "finished" ? "" : text.why.notFinished, "reopen"),
    ];
}

/**
 * @param {import("./staff-types.js").ShowState} state
 * @param {boolean} openable
 * @param {string} whyPaused
 */
function openWhy(state, openable, whyPaused) {
    const { why } = consoleText.steps;
    if (state.phase === "draft") return why.doorsFirst;
    if (state.phase === "finished" || state.phase === "settled") return why.over;
    if (whyPaused) return whyPaused;
    if (!openable) return why.oneIsOn;
    return state.nextQuestion ? "" : why.noneWaiting;
}

/**
 * The step that the run of the show asks for now.
 * @param {import("./staff-types.js").ShowState} state
 * @returns {string}
 */
export function nextStepID(state) {
    if (state.phase === "draft") return "doors";
    if (state.phase === "lobby") return "open";
    if (state.phase === "finished") return "settle";
    if (state.phase === "settled") return "";
    if (state.isPaused) return "pause";
    // A lock that waits comes by itself: to hurry it is for who means to.
    if (state.question?.state === "open") return state.question.isLockPending ? "" : "lock";
    if (state.question?.state === "locked") return "reveal";
    if (state.isPlanDone) return "finish";
    return state.nextQuestion ? "open" : "finish";
}

/**
 * What viewers have on their screens now, as the cue that told them (options from 0).
 * @param {import("./staff-types.js").ShowState} state
 * @returns {{phase: "none" | "lobby" | "question" | "locked" | "reveal" | "void" | "standings"
 *     | "winners" | "over", isPaused: boolean, [more: string]: any}}
 */
export function viewersSee(state) {
    const isPaused = state.isPaused;
    const { question } = state;
    if (state.phase === "draft") return { phase: "none", isPaused };
    if (state.phase === "lobby") {
        return {
            phase: "lobby", isPaused, title: state.plan.title, players: state.tally.players,
            prize: state.plan.prize,
        };
    }
    if (state.phase === "finished" || state.phase === "settled") {
        return {
            phase: state.phase === "settled" ? "over" : "winners", isPaused,
            count: state.settlement?.winnerCount ?? 0, share: state.settlement?.shareAmount,
            currency: state.settlement?.prize?.currency,
        };
    }
    if (!question) return { phase: state.askedCount > 0 ? "standings" : "none", isPaused };
    const asked = {
        isPaused, question: question.question.id, number: question.number, of: question.of,
        text: question.question.text, options: question.question.options,
        windowMs: question.question.windowMs, media: question.question.mediaURL,
    };
    if (question.state === "revealed") {
        return {
            ...asked, phase: "reveal", correct: question.question.correct - 1,
            counts: question.counts, survivors: state.tally.survivors,
            explanation: question.question.explanation,
        };
    }
    if (question.state === "void") return { ...asked, phase: "void", reason: question.voidReason };
    return { ...asked, phase: question.state === "locked" ? "locked" : "question" };
}
