// Cues as they may be used: checked field by field, bounded, or passed over.

/** The most of anything that is taken from a cue. */
const TEXT_LENGTH_MAX = 4000;
const OPTION_COUNT_MAX = 8;
const NAME_COUNT_MAX = 50;
const TOP_COUNT_MAX = 10;

/**
 * @typedef {{minorUnits?: number, amount?: string, currency?: string}} Money
 * @typedef {{place: number, name: string, score: number}} Standing
 * @typedef {{seq: number, pts: number, show: string, rehearsal: boolean, paused: boolean}} CueHead
 * @typedef {CueHead & {phase: "lobby", title: string, players: number, startsAt?: number,
 *   prize?: Money}} LobbyCue
 * @typedef {CueHead & {phase: "question", question: string, number: number, of: number,
 *   text: string, options: string[], windowMs: number, deadlinePts: number,
 *   media?: string}} QuestionCue
 * @typedef {CueHead & {phase: "locked", question: string}} LockedCue
 * @typedef {CueHead & {phase: "reveal", question: string, correct: number, counts: number[],
 *   correctCount: number, wrongCount: number, missingCount: number, revived: number,
 *   survivors: number, explanation?: string, corrected: boolean, was?: number, returned?: number,
 *   reason?: string}} RevealCue
 * @typedef {CueHead & {phase: "void", question: string, reason: string}} VoidCue
 * @typedef {CueHead & {phase: "standings", top: Standing[]}} StandingsCue
 * @typedef {CueHead & {phase: "winners", count: number, names: string[], share?: number,
 *   currency?: string, shareAmount?: string}} WinnersCue
 * @typedef {CueHead & {phase: "correction", question: string, was: number, correct: number,
 *   returned: number, reason: string, survivors: number}} CorrectionCue
 * @typedef {CueHead & {phase: "over"}} OverCue
 * @typedef {LobbyCue|QuestionCue|LockedCue|RevealCue|VoidCue|StandingsCue|WinnersCue|CorrectionCue
 *   |OverCue} QuizCue
 *
 * @typedef {{kind: "announcement", seq: number, text: string, level: "info"|"warning"}
 *   | {kind: "retract", seq: number, ids: number[]}
 *   | {kind: "audience", seq: number, viewers: number}} MessageCue
 */

/**
 * @param {unknown} value What came as an `onQuiz`, or as the reply of `/state`.
 * @returns {QuizCue|null} Null for what isn't a cue or is of a phase not known here.
 */
export function readQuizCue(value) {
    const cue = record(value);
    if (!cue || typeof cue.phase !== "string") return null;
    const head = { seq: number(cue.seq) ?? 0, pts: number(cue.pts) ?? 0, show: text(cue.show) ?? "",
        rehearsal: cue.rehearsal === true, paused: cue.paused === true };
    const question = text(cue.question) ?? "";
    switch (cue.phase) {
    case "lobby":
        return { ...head, phase: "lobby", title: text(cue.title) ?? "", players: count(cue.players),
            startsAt: number(cue.startsAt), prize: money(cue.prize) };
    case "question": {
        const options = list(cue.options, OPTION_COUNT_MAX).map((option) => text(option) ?? "");
        const windowMs = number(cue.windowMs);
        if (!question || options.length < 2 || windowMs === undefined) return null;
        return { ...head, phase: "question", question, number: count(cue.number), of: count(cue.of),
            text: text(cue.text) ?? "", options, windowMs,
            deadlinePts: number(cue.deadlinePts) ?? head.pts + windowMs, media: text(cue.media) };
    }
    case "locked":
        return question ? { ...head, phase: "locked", question } : null;
    case "reveal":
        if (!question || number(cue.correct) === undefined) return null;
        return { ...head, phase: "reveal", question, correct: count(cue.correct),
            counts: list(cue.counts, OPTION_COUNT_MAX).map(count),
            correctCount: count(cue.correctCount), wrongCount: count(cue.wrongCount),
            missingCount: count(cue.missingCount), revived: count(cue.revived),
            survivors: count(cue.survivors), explanation: text(cue.explanation),
            corrected: cue.corrected === true, was: number(cue.was),
            returned: number(cue.returned), reason: text(cue.reason) };
    case "void":
        return { ...head, phase: "void", question, reason: text(cue.reason) ?? "" };
    case "standings":
        return { ...head, phase: "standings", top: list(cue.top, TOP_COUNT_MAX).map(standing) };
    case "winners":
        return { ...head, phase: "winners", count: count(cue.count),
            names: list(cue.names, NAME_COUNT_MAX).map((name) => text(name) ?? ""),
            share: number(cue.share), currency: text(cue.currency),
            shareAmount: text(cue.shareAmount) };
    case "correction":
        return { ...head, phase: "correction", question, was: count(cue.was),
            correct: count(cue.correct), returned: count(cue.returned),
            reason: text(cue.reason) ?? "", survivors: count(cue.survivors) };
    case "over":
        return { ...head, phase: "over" };
    default:
        return null;
    }
}

/**
 * @param {unknown} value What came as an `onMessage`.
 * @returns {MessageCue|null}
 */
export function readMessageCue(value) {
    const cue = record(value);
    if (!cue) return null;
    const seq = number(cue.seq) ?? 0;
    switch (cue.kind) {
    case "announcement":
        return { kind: "announcement", seq, text: text(cue.text) ?? "",
            level: cue.level === "warning" ? "warning" : "info" };
    case "retract":
        return { kind: "retract", seq, ids: list(cue.ids, 1000).map((id) => number(id) ?? -1) };
    case "audience":
        return { kind: "audience", seq, viewers: count(cue.viewers) };
    default:
        return null;
    }
}

/**
 * @typedef {{show: string, player: string, name: string, status: string, revivesLeft: number,
 *   score: number, receipts: {question: string, choice: number}[], hasWon?: boolean,
 *   place?: number, payout?: Money}} Me
 */

/**
 * @param {unknown} value The reply of `/me`.
 * @returns {Me|null}
 */
export function readMe(value) {
    const me = record(value);
    if (!me || typeof me.status !== "string") return null;
    return {
        show: text(me.show) ?? "", player: text(me.player) ?? "", name: text(me.name) ?? "",
        status: me.status, revivesLeft: count(me.revivesLeft), score: number(me.score) ?? 0,
        receipts: list(me.receipts, 200).map((each) => ({
            question: text(record(each)?.question) ?? "", choice: count(record(each)?.choice),
        })),
        hasWon: typeof me.hasWon === "boolean" ? me.hasWon : undefined,
        place: number(me.place), payout: money(me.payout),
    };
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>|null}
 */
function record(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? /** @type {Record<string, unknown>} */ (value) : null;
}

/**
 * @param {unknown} value
 * @returns {string|undefined} Not an empty one.
 */
function text(value) {
    return typeof value === "string" && value !== "" ? value.slice(0, TEXT_LENGTH_MAX) : undefined;
}

/**
 * @param {unknown} value
 * @returns {number|undefined}
 */
function number(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/**
 * @param {unknown} value
 * @returns {number} Whole and not negative.
 */
function count(value) {
    return Math.max(0, Math.trunc(number(value) ?? 0));
}

/**
 * @param {unknown} value
 * @param {number} countMax
 * @returns {unknown[]}
 */
function list(value, countMax) {
    return Array.isArray(value) ? value.slice(0, countMax) : [];
}

/**
 * @param {unknown} value
 * @returns {Money|undefined}
 */
function money(value) {
    const sum = record(value);
    if (!sum) return undefined;
    return { minorUnits: number(sum.minorUnits), amount: text(sum.amount),
        currency: text(sum.currency) };
}

/**
 * @param {unknown} value
 * @returns {Standing}
 */
function standing(value) {
    const row = record(value) ?? {};
    return { place: count(row.place), name: text(row.name) ?? "", score: number(row.score) ?? 0 };
}
