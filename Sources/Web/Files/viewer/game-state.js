// What a viewer knows of the game, as one value: (state, event) -> state. The stream's cues, the
// replies of /me and the receipts are its only inputs, so each screen can be tried from a log.

/**
 * @typedef {import("./cue-reader.js").QuizCue} QuizCue
 * @typedef {import("./cue-reader.js").QuestionCue} QuestionCue
 * @typedef {import("./cue-reader.js").CorrectionCue} CorrectionCue
 * @typedef {import("./cue-reader.js").WinnersCue} WinnersCue
 * @typedef {import("./cue-reader.js").MessageCue} MessageCue
 * @typedef {import("./cue-reader.js").Me} Me
 *
 * @typedef {{code: string, reason: string, choice: number}} Refusal
 * @typedef {"none"|"unknown"|"stranger"|"playing"|"eliminated"|"watching"|"kicked"|"banned"} Role
 *   none: no token; unknown: a token, and nothing known of it yet; stranger: of another show.
 * @typedef {{question: string, role: Role, revivesLeft: number, score: number}} Before
 *
 * @typedef {object} Game
 * @property {QuizCue|null} quiz The cue that stands (never a correction).
 * @property {number} quizSeq The highest seen.
 * @property {number} messageSeq The highest seen of announcements and what takes them down.
 * @property {number} audienceSeq The highest seen of viewer counts.
 * @property {QuizCue|null} forecast What `/state` told while there was no stream.
 * @property {QuestionCue|null} question The newest, for its words at the lock and the reveal.
 * @property {string} title The show's, from its lobby.
 * @property {WinnersCue|null} winners They stay to be seen when the show is over.
 * @property {CorrectionCue|null} correction An earlier question that was judged anew.
 * @property {Role|null} roleAtCorrection How the player stood when the correction came.
 * @property {{seq: number, text: string, level: "info"|"warning"}|null} announcement
 * @property {number|null} viewers
 * @property {boolean} hasToken
 * @property {string} tokenShow The show the token is for; empty where that isn't known.
 * @property {string} tokenName
 * @property {Me|null} me
 * @property {number} meSeq The `quizSeq` at which `me` was asked for: it is no older than that cue.
 * @property {boolean} isStranger `/me` knows no place for this player.
 * @property {Before|null} before How the player stood as the newest question came.
 * @property {{question: string, choice: number}|null} sending
 * @property {Record<string, number>} kept The choice of each answer that counts, by question.
 * @property {Record<string, Refusal>} refused
 *
 * @typedef {{type: "quiz", cue: QuizCue}
 *   | {type: "message", cue: MessageCue}
 *   | {type: "forecast", cue: QuizCue|null}
 *   | {type: "memory", question: QuestionCue|null, before: Before|null, title: string,
 *     winners: WinnersCue|null}
 *   | {type: "identity", hasToken: boolean, show: string, name: string}
 *   | {type: "me", me: Me, seq: number}
 *   | {type: "stranger", seq: number}
 *   | {type: "sending", question: string, choice: number}
 *   | {type: "receipt", question: string, choice: number, isKept: boolean, code: string,
 *     reason: string}
 *   | {type: "dismissCorrection"}} GameEvent
 */

/** @returns {Game} */
export function newGame() {
    return {
        quiz: null, quizSeq: 0, messageSeq: 0, audienceSeq: 0, forecast: null, question: null,
        title: "", winners: null, correction: null, roleAtCorrection: null, announcement: null,
        viewers: null, hasToken: false, tokenShow: "", tokenName: "", me: null, meSeq: -1,
        isStranger: false, before: null, sending: null, kept: {}, refused: {},
    };
}

/**
 * @param {Game} game
 * @param {GameEvent} event
 * @returns {Game} The same value where nothing has changed.
 */
export function reduceGame(game, event) {
    switch (event.type) {
    case "quiz": return withQuiz(game, event.cue);
    case "message": return withMessage(game, event.cue);
    case "forecast": return game.quiz ? game : { ...game, forecast: event.cue };
    case "memory": return withMemory(game, event);
    case "identity": return {
        ...game, hasToken: event.hasToken, tokenShow: event.show, tokenName: event.name, me: null,
        meSeq: -1, isStranger: false, before: null, sending: null, kept: {}, refused: {},
    };
    case "me": return withMe(game, event.me, event.seq);
    case "stranger": return event.seq < game.meSeq ? game
        : { ...game, isStranger: true, me: null, meSeq: event.seq };
    case "sending": return {
        ...game, sending: { question: event.question, choice: event.choice },
        refused: without(game.refused, event.question),
    };
    case "receipt": return withReceipt(game, event);
    case "dismissCorrection": return { ...game, correction: null };
    }
}

/**
 * How the player stands in the show that is on.
 * @param {Game} game
 * @returns {Role}
 */
export function roleOf(game) {
    if (!game.hasToken) return "none";
    const show = game.quiz?.show ?? game.forecast?.show ?? "";
    if (game.tokenShow && show && game.tokenShow !== show) return "stranger";
    if (game.isStranger) return "stranger";
    if (!game.me) return "unknown";
    const { status } = game.me;
    const isKnown = status === "playing" || status === "eliminated" || status === "watching"
        || status === "kicked" || status === "banned";
    return isKnown ? /** @type {Role} */ (status) : "unknown";
}

/** Refusals after which the same tap may be tried again. */
const PASSING_CODES = new Set(["not_open", "paused", "no_such_option", "not_kept", "undecided",
    "unsent", "too_fast", "failed"]);

/**
 * Whether the refusal of an answer leaves the question open for another try.
 * @param {string} code
 * @returns {boolean}
 */
export function isPassing(code) {
    return PASSING_CODES.has(code);
}

/**
 * Whether a tap on an option is to be sent.
 * @param {Game} game
 * @returns {boolean}
 */
export function canAnswer(game) {
    const { quiz } = game;
    if (quiz?.phase !== "question" || quiz.paused) return false;
    const role = roleOf(game);
    if (role !== "playing" && role !== "unknown") return false;
    if (game.sending?.question === quiz.question
        || game.kept[quiz.question] !== undefined) return false;
    const refusal = game.refused[quiz.question];
    return !refusal || isPassing(refusal.code);
}

/**
 * What came of the question that is revealed, for this player.
 * @param {Game} game
 * @returns {"right"|"wrong"|"missing"|"none"} none: the player wasn't asked.
 */
export function outcomeOf(game) {
    const { quiz } = game;
    if (quiz?.phase !== "reveal") return "none";
    const choice = game.kept[quiz.question];
    if (choice !== undefined) return choice === quiz.correct ? "right" : "wrong";
    const wasAsked = game.before?.question === quiz.question && game.before.role === "playing";
    return wasAsked ? "missing" : "none";
}

/**
 * How the player stands after the reveal. Only a /me that is as new as the reveal is believed.
 * @param {Game} game
 * @returns {"unknown"|"in"|"revived"|"out"|"aside"} aside: wasn't in before either.
 */
export function fateOf(game) {
    const { quiz, me, before } = game;
    if (quiz?.phase !== "reveal" || !me || game.meSeq < quiz.seq) return "unknown";
    const wasIn = before?.question !== quiz.question || before.role === "playing";
    if (me.status === "playing") {
        const isRevived = before?.question === quiz.question && me.revivesLeft < before.revivesLeft;
        return isRevived ? "revived" : "in";
    }
    return me.status === "eliminated" && wasIn && outcomeOf(game) !== "none" ? "out" : "aside";
}

/**
 * Whether a correction has brought this player back into the game.
 * @param {Game} game
 * @returns {boolean}
 */
export function isBack(game) {
    return game.correction !== null && game.roleAtCorrection === "eliminated"
        && game.meSeq >= game.correction.seq && roleOf(game) === "playing";
}

/**
 * Points that the revealed question brought, where /me is as new as the reveal.
 * @param {Game} game
 * @returns {number} 0 where nothing is known.
 */
export function gainOf(game) {
    const { quiz, me, before } = game;
    if (quiz?.phase !== "reveal" || !me || game.meSeq < quiz.seq) return 0;
    return before?.question === quiz.question ? Math.max(0, me.score - before.score) : 0;
}

/**
 * @param {Game} game
 * @param {QuizCue} cue
 * @returns {Game}
 */
function withQuiz(game, cue) {
    if (cue.seq <= game.quizSeq) return game;
    let next = { ...game, quizSeq: cue.seq };
    if (cue.phase === "correction") {
        return { ...next, correction: cue, roleAtCorrection: roleOf(game) };
    }
    const showBefore = game.quiz?.show ?? game.question?.show ?? game.winners?.show;
    if (showBefore !== undefined && showBefore !== cue.show) {
        // Another show: nothing of the one before belongs to it.
        next = { ...next, question: null, title: "", winners: null, correction: null, me: null,
            meSeq: -1, isStranger: false, before: null, sending: null, kept: {}, refused: {} };
    }
    next = { ...next, quiz: cue, forecast: null };
    if (cue.phase === "lobby") next.title = cue.title;
    if (cue.phase === "winners") next.winners = cue;
    else if (cue.phase !== "over") next.winners = null;
    if (cue.phase === "question") {
        if (game.question?.question !== cue.question || game.question.show !== cue.show) {
            next.correction = null;
            next.before = beforeOf(next, cue.question);
        } else if (!next.before || next.before.role === "unknown") {
            next.before = beforeOf(next, cue.question);
        }
        next.question = cue;
        // Told as the clock stood, or before it ran: that is over by now.
        const refusal = next.refused[cue.question];
        if (refusal?.code === "paused" || refusal?.code === "not_open") {
            next.refused = without(next.refused, cue.question);
        }
    }
    if (cue.phase === "void") {
        // It counts for nobody, so neither does what was answered to it.
        next.kept = without(next.kept, cue.question);
        next.sending = next.sending?.question === cue.question ? null : next.sending;
    }
    if (cue.phase === "over" || cue.phase === "winners") next.sending = null;
    return next;
}

/**
 * @param {Game} game
 * @param {string} question
 * @returns {Before}
 */
function beforeOf(game, question) {
    return { question, role: roleOf(game), revivesLeft: game.me?.revivesLeft ?? 0,
        score: game.me?.score ?? 0 };
}

/**
 * @param {Game} game
 * @param {MessageCue} cue
 * @returns {Game}
 */
function withMessage(game, cue) {
    // Counted apart: a viewer count that is told first must not hide an announcement that stands.
    if (cue.kind === "audience") {
        return cue.seq < game.audienceSeq ? game
            : { ...game, audienceSeq: cue.seq, viewers: cue.viewers };
    }
    if (cue.seq <= game.messageSeq) return game;
    const next = { ...game, messageSeq: cue.seq };
    if (cue.kind === "announcement") {
        return { ...next, announcement: { seq: cue.seq, text: cue.text, level: cue.level } };
    }
    const isTakenDown = game.announcement && cue.ids.includes(game.announcement.seq);
    return isTakenDown ? { ...next, announcement: null } : next;
}

/**
 * What the page kept over a reload: the words of a question that is locked or revealed by now, and
 * the winners of a show that is over.
 * @param {Game} game
 * @param {{question: QuestionCue|null, before: Before|null, title: string,
 *   winners: WinnersCue|null}} memory
 * @returns {Game}
 */
function withMemory(game, { question, before, title, winners }) {
    return game.question ? game : { ...game, question, before, title, winners };
}

/**
 * @param {Game} game
 * @param {Me} me
 * @param {number} seq
 * @returns {Game}
 */
function withMe(game, me, seq) {
    if (seq < game.meSeq) return game;
    const kept = { ...game.kept };
    for (const receipt of me.receipts) kept[receipt.question] = receipt.choice;
    const next = { ...game, me, meSeq: seq, isStranger: false, kept };
    if (next.sending && kept[next.sending.question] !== undefined) next.sending = null;
    const { quiz } = next;
    // Who reloads while a question is open stands as /me says.
    const isOpen = quiz?.phase === "question";
    if (isOpen && (next.before?.question !== quiz.question || next.before.role === "unknown")) {
        next.before = beforeOf(next, quiz.question);
    }
    return next;
}

/**
 * @param {Game} game
 * @param {{question: string, choice: number, isKept: boolean, code: string, reason: string}}
 *   receipt
 * @returns {Game}
 */
function withReceipt(game, receipt) {
    const { question, choice } = receipt;
    const sending = game.sending?.question === question ? null : game.sending;
    if (receipt.isKept) {
        return { ...game, sending, kept: { ...game.kept, [question]: choice },
            refused: without(game.refused, question) };
    }
    const refusal = { code: receipt.code, reason: receipt.reason, choice };
    return { ...game, sending, refused: { ...game.refused, [question]: refusal } };
}

/**
 * @template Value
 * @param {Record<string, Value>} record
 * @param {string} key
 * @returns {Record<string, Value>}
 */
function without(record, key) {
    if (record[key] === undefined) return record;
    const rest = { ...record };
    delete rest[key];
    return rest;
}
