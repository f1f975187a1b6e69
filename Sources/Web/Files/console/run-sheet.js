// Plans a show's run: which question comes when, how long it will be, and how it is put in order.

/**
 * @typedef {object} RunRow
 * @property {import("./staff-types.js").Question} question
 * @property {import("./staff-types.js").QuestionState} state
 * @property {"asked" | "on" | "next" | "waiting" | "beyond" | "spare"} place beyond: waiting, but
 *     the plan is done before its turn comes
 * @property {number | null} number in the run, from 1
 * @property {boolean} isLast
 * @property {number} plannedMs
 * @property {number} startsInMs planned, from now, for what is to come
 */

/**
 * How long a question takes on air: between a window's end and the lock the plan's grace and the
 * most counted lag may pass.
 * @param {import("./staff-types.js").Question} question
 * @param {import("./staff-types.js").ShowPlan} plan
 * @param {number} talkMs what the host says before, between and after
 */
export function plannedMsOf(question, plan, talkMs) {
    return question.windowMs + plan.graceMs + plan.lagMsMax + talkMs;
}

/**
 * @param {import("./staff-types.js").ShowState} state
 * @param {import("./staff-types.js").QuestionRecord[]} records in the order of asking
 * @param {number} talkMs
 * @returns {{rows: RunRow[], spares: RunRow[], plannedMs: number, leftMs: number}}
 */
export function runSheetOf(state, records, talkMs) {
    /** @type {RunRow[]} */
    const rows = [];
    /** @type {RunRow[]} */
    const spares = [];
    const onID = state.question?.question.id;
    let number = 0;
    let leftMs = 0;
    let plannedMs = 0;
    const isOver = state.phase === "finished" || state.phase === "settled";
    let toAsk = isOver ? 0 : Math.max(0, state.plannedCount - state.askedCount);
    for (const { question, state: listedState } of records) {
        // The list may be a moment older than the show.
        const questionState = question.id === onID && state.question ? state.question.state
            : listedState;
        const itsMs = plannedMsOf(question, state.plan, talkMs);
        /** @type {RunRow} */
        const row = {
            question, state: questionState, place: "asked", number: null, isLast: false,
            plannedMs: itsMs, startsInMs: 0,
        };
        if (questionState !== "waiting") {
            if (questionState !== "void") row.number = ++number;
            row.place = question.id === onID ? "on" : "asked";
            row.isLast = question.id === onID && state.question?.isLast === true;
            if (questionState !== "void") plannedMs += itsMs;
            if (row.place === "on" && questionState === "open") leftMs += itsMs;
            rows.push(row);
        } else if (question.spare && question.id !== state.nextQuestion) {
            row.place = "spare";
            spares.push(row);
        } else {
            if (toAsk > 0) {
                toAsk -= 1;
                row.number = ++number;
                row.place = question.id === state.nextQuestion ? "next" : "waiting";
                row.isLast = toAsk === 0;
                row.startsInMs = leftMs;
                leftMs += itsMs;
                plannedMs += itsMs;
            } else {
                row.place = "beyond";
            }
            rows.push(row);
        }
    }
    return { rows, spares, plannedMs, leftMs: isOver ? 0 : leftMs };
}

/**
 * The waiting questions' ids with one of them moved.
 * @param {string[]} ids
 * @param {string} id
 * @param {number} to its new place among them
 * @returns {string[] | null} null if nothing would change
 */
export function movedOrder(ids, id, to) {
    const from = ids.indexOf(id);
    const place = Math.max(0, Math.min(ids.length - 1, to));
    if (from < 0 || place === from) return null;
    const moved = ids.filter((other) => other !== id);
    moved.splice(place, 0, id);
    return moved;
}

/**
 * @param {import("./staff-types.js").QuestionRecord[]} records
 * @returns {string[]} the ids of what waits, spares too: that is what an order names
 */
export function waitingIDs(records) {
    return records.filter((record) => record.state === "waiting")
        .map((record) => record.question.id);
}
