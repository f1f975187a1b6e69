// Who this viewer is in the game, in one line: name, how it stands, revives, score.

import { element, icon, typed } from "../shared/dom.js";
import { formatNumber } from "../shared/format.js";
import { roleOf } from "./game-state.js";

/**
 * @param {import("./game-state.js").Game} game
 * @param {import("../shared/i18n.js").Translate} t
 * @param {string} language
 * @returns {Node[]} Nothing for who isn't a player.
 */
export function playerBar(game, t, language) {
    const role = roleOf(game);
    if (role === "none") return [];
    const name = game.me?.name || game.tokenName;
    const parts = [
        element("span", { class: "who-initial", text: [...name][0]?.toLocaleUpperCase() ?? "?",
            attributes: { "aria-hidden": "true" } }),
        typed(name, "who-name"),
        element("span", { class: `who-role who-${role}`, text: t(`role.${role}`) }),
    ];
    if (game.me && role !== "stranger") {
        const { me } = game;
        if (me.revivesLeft > 0 && role === "playing") {
            const words = t("role.revives", { n: me.revivesLeft });
            parts.push(fact("heart", me.revivesLeft, words, language));
        }
        if (role === "playing" || role === "eliminated") {
            parts.push(fact("star", me.score, t("role.score", { n: me.score }), language));
        }
    }
    return parts;
}

/**
 * @param {string} name The icon's.
 * @param {number} value
 * @param {string} words The same in words.
 * @param {string} language
 * @returns {HTMLElement}
 */
function fact(name, value, words, language) {
    return element("span", { class: "who-fact", attributes: { title: words } }, icon(name),
        element("span", { text: formatNumber(value, language), attributes: { "aria-hidden": "true" } }),
        element("span", { class: "for-readers", text: words }));
}
