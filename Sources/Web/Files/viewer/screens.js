// The screens around the questions: lobby, question taken back, standings, winners, the end.

import { element, icon, typed } from "../shared/dom.js";
import { formatCountdown, formatMoment, formatMoney, formatNumber } from "../shared/format.js";
import { roleOf } from "./game-state.js";

/**
 * @typedef {import("./game-state.js").Game} Game
 * @typedef {{t: import("../shared/i18n.js").Translate, language: string}} Words
 */

const CONFETTI_COUNT = 28;

/**
 * @param {Game} game
 * @param {import("./cue-reader.js").LobbyCue} cue
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function lobbyScreen(game, cue, { t, language }) {
    const role = roleOf(game);
    const facts = element("dl", { class: "facts" });
    const sum = cue.prize ? formatMoney(cue.prize, language, true) : "";
    if (sum) {
        facts.append(element("div", { class: "fact fact-prize" },
            element("dt", { text: t("lobby.prize") }), element("dd", { text: sum })));
    }
    if (cue.startsAt !== undefined) {
        facts.append(element("div", { class: "fact fact-start" },
            element("dt", { text: t("lobby.startsIn"), attributes: { "data-starts-label": true } }),
            element("dd", { attributes: { "data-starts-at": cue.startsAt } }),
            element("dd", { class: "fact-small",
                text: t("lobby.startsAt", { moment: formatMoment(cue.startsAt, language, Date.now()) }) })));
    }
    const name = game.me?.name || game.tokenName;
    const isIn = role === "playing" || role === "unknown";
    const line = isIn ? t("lobby.in", { name }) : t("lobby.aside");
    const isForecast = game.quiz === null;
    return element("div", { class: "screen screen-lobby" },
        element("p", { class: "eyebrow", text: t(isForecast ? "lobby.forecast" : "lobby.eyebrow") }),
        element("h2", { class: "screen-title", text: cue.title, dir: "auto" }),
        facts.childNodes.length > 0 && facts,
        element("p", { class: "with-icon" }, icon("people"),
            element("span", { text: t("lobby.players", { n: cue.players }) })),
        role !== "none" && role !== "stranger"
            && element("p", { class: "screen-text", text: line, dir: "auto" }));
}

/**
 * Brings the lobby's countdown to now.
 * @param {ParentNode} within
 * @param {number} nowMs Wall time.
 * @param {import("../shared/i18n.js").Translate} t
 */
export function tickLobby(within, nowMs, t) {
    const target = /** @type {HTMLElement|null} */ (within.querySelector("[data-starts-at]"));
    const label = within.querySelector("[data-starts-label]");
    if (!target || !label) return;
    const leftMs = Number(target.dataset.startsAt) - nowMs;
    const words = leftMs > 0 ? formatCountdown(leftMs) : "";
    if (target.textContent !== words) target.textContent = words;
    const name = t(leftMs > 0 ? "lobby.startsIn" : "lobby.startsNow");
    if (label.textContent !== name) label.textContent = name;
}

/**
 * @param {import("./cue-reader.js").VoidCue} cue
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function voidScreen(cue, { t }) {
    return element("div", { class: "screen screen-void" },
        element("p", { class: "screen-icon" }, icon("back")),
        element("h2", { class: "screen-title", text: t("void.title") }),
        element("p", { class: "screen-text", text: t("void.text") }),
        cue.reason !== "" && element("p", { class: "screen-text", dir: "auto",
            text: t("void.reason", { reason: cue.reason }) }));
}

/**
 * @param {Game} game
 * @param {import("./cue-reader.js").StandingsCue} cue
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function standingsScreen(game, cue, { t, language }) {
    const rows = cue.top.map((row) => element("tr", { class: row.place <= 3 ? "is-top" : "" },
        element("td", {}, element("span", { class: `place place-${Math.min(4, row.place)}`,
            text: formatNumber(row.place, language) })),
        element("th", { attributes: { scope: "row" } }, typed(row.name)),
        element("td", { class: "score", text: formatNumber(row.score, language) })));
    const heads = ["place", "name", "score"].map((name) =>
        element("th", { text: t(`standings.${name}`), attributes: { scope: "col" } }));
    const role = roleOf(game);
    const isPlayer = game.me !== null && (role === "playing" || role === "eliminated");
    return element("div", { class: "screen screen-standings" },
        element("h2", { class: "screen-title", text: t("standings.title") }),
        rows.length === 0 ? element("p", { class: "screen-text", text: t("standings.empty") })
            : element("table", { class: "standings" },
                element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)),
        isPlayer && element("p", { class: "screen-text",
            text: t("standings.you", { score: game.me?.score ?? 0 }) }));
}

/**
 * @param {Game} game
 * @param {import("./cue-reader.js").WinnersCue} cue
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function winnersScreen(game, cue, { t, language }) {
    const isDivided = cue.share !== undefined || cue.shareAmount !== undefined;
    const share = isDivided ? formatMoney({ minorUnits: cue.share, amount: cue.shareAmount,
        currency: cue.currency }, language) : "";
    const more = cue.count - cue.names.length;
    const names = element("ul", { class: "names" },
        ...cue.names.map((name) => element("li", {}, typed(name))),
        more > 0 && element("li", { class: "names-more", text: t("winners.more", { n: more }) }));
    const mine = ownResult(game, { t, language });
    return element("div", { class: `screen screen-winners${mine?.isWinner ? " has-won" : ""}` },
        mine?.isWinner && confetti(),
        mine?.element,
        element("p", { class: "screen-icon" }, icon("trophy")),
        element("h2", { class: "screen-title",
            text: cue.count > 0 ? t("winners.title", { n: cue.count }) : t("winners.none") }),
        share !== "" && cue.count > 0 && element("p", { class: "share" },
            element("span", { text: t(cue.count === 1 ? "winners.shareOne" : "winners.share") }),
            element("strong", { text: share })),
        cue.names.length > 0 && element("h3", { class: "for-readers", text: t("winners.names") }),
        cue.names.length > 0 && names);
}

/**
 * @param {Game} game
 * @param {Words} words
 * @returns {{element: HTMLElement, isWinner: boolean}|null}
 */
function ownResult(game, { t, language }) {
    const { me } = game;
    if (!me || me.hasWon === undefined || game.meSeq < (game.quiz?.seq ?? 0)) return null;
    if (!me.hasWon) {
        if (me.status !== "playing" && me.status !== "eliminated") return null;
        return { isWinner: false,
            element: element("p", { class: "own-result", text: t("winners.youNot") }) };
    }
    const sum = me.payout ? formatMoney(me.payout, language) : "";
    const isPaid = sum !== "" && me.payout?.minorUnits !== 0;
    return { isWinner: true, element: element("div", { class: "own-result own-win" },
        element("strong", { text: isPaid ? t("winners.youWonSum", { sum }) : t("winners.youWon") }),
        me.place !== undefined && element("span", { text: t("winners.youPlace", { n: me.place }) })) };
}

/** @returns {HTMLElement} */
function confetti() {
    const pieces = Array.from({ length: CONFETTI_COUNT }, (_, index) => {
        const piece = element("i", { class: `confetti-${index % 4}` });
        piece.style.setProperty("--at", `${(index * 37) % 100}%`);
        piece.style.setProperty("--wait", `${(index * 137) % 1600}ms`);
        return piece;
    });
    return element("div", { class: "confetti", attributes: { "aria-hidden": "true" } }, ...pieces);
}

/**
 * The end: with the winners for who has seen them, as this comes right behind them.
 * @param {Game} game
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function overScreen(game, words) {
    const { t } = words;
    const ending = element("div", { class: "screen screen-over" },
        element("h2", { class: "screen-title", text: t("over.title") }),
        element("p", { class: "screen-text", text: t("over.text") }));
    if (game.winners) return element("div", { class: "screen" }, winnersScreen(game, game.winners, words), ending);
    const mine = ownResult(game, words);
    return mine ? element("div", { class: "screen" }, mine.element, ending) : ending;
}

/**
 * @param {boolean} isOnAir
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function idleScreen(isOnAir, { t }) {
    return element("div", { class: "screen screen-idle" },
        element("h2", { class: "screen-title", text: t(isOnAir ? "none.title" : "none.waiting") }),
        element("p", { class: "screen-text", text: t("none.text") }));
}
