// Makes a plan for the API of what stands in the form, and says what won't do.
import { isName } from "../shared/stream-name.js";
import { consoleText } from "./strings/en.js";

/** Whole numbers of the plan that may be left empty. */
const planNumbers = ["reviveCount", "bestCount", "questionCount", "entryClosesAtQuestion",
    "graceMs",
    "lagMsMax", "speedLagMsMax", "defaultLagMs", "pointsBase", "pointsSpeed"];

/**
 * @param {Record<string, string>} values
 * @returns {Record<string, string>} a sentence for each field that won't do
 */
export function planFaults(values) {
    const text = consoleText.plan;
    /** @type {Record<string, string>} */
    const faults = {};
    if (!values.title) faults.title = text.titleMissing;
    if (values.id && !isName(values.id)) faults.id = text.idWrong;
    if (values.stream && !isName(values.stream)) faults.stream = text.idWrong;
    for (const name of planNumbers) {
        if (values[name] && !/^\d{1,9}$/.test(values[name])) faults[name] = text.numberWrong;
    }
    if (values.amount && !/^\d{1,15}(\.\d{1,4})?$/.test(values.amount)) faults.amount =
        text.prizeWrong;
    if (values.amount && !/^[A-Za-z]{3}$/.test(values.currency || "EUR")) {
        faults.currency = text.currencyMissing;
    }
    return faults;
}

/**
 * @param {Record<string, string>} values that have no faults
 * @param {boolean} isNew
 * @returns {Record<string, any>}
 */
export function planBody(values, isNew) {
    /** @type {Record<string, any>} */
    const body = { title: values.title, mode: values.mode };
    if (isNew && values.id) body.id = values.id;
    const isPoints = values.mode === "points";
    const elsewhere = isPoints ? ["reviveCount"] : ["bestCount", "pointsBase", "pointsSpeed",
        "speedLagMsMax"];
    for (const name of planNumbers) {
        if (values[name] && !elsewhere.includes(name)) body[name] = Number(values[name]);
    }
    for (const name of ["isRehearsal", "guestsMayWin", "locksWhenAllAnswered"]) {
        if (values[name] === "true") body[name] = true;
    }
    if (values.amount) {
        body.prize = { amount: values.amount, currency: (values.currency || "EUR").toUpperCase() };
        if (values.remainderRule) body.prize.remainderRule = values.remainderRule;
    }
    if (values.startsAt) {
        const atMs = new Date(values.startsAt).getTime();
        if (Number.isFinite(atMs)) body.startsAtMs = atMs;
    }
    return body;
}
