// Who this viewer is in the game, in one line: name, how it stands, revives, score.

import { element, icon, typed } from "../shared/dom.js";
import { roleOf } from "./game-state.js";

/**
 * @param {import("./game-state.js").Game} game
 * @param {import("../shared/i18n.js").Translate} t
 * @returns {Node[]} Nothing for who isn't a player.
 */
export function playerBar(game, t) {
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
            parts.push(fact("heart", t("role.revives", { n: me.revivesLeft })));
        }
        if (role === "playing" || role === "eliminated") {
            parts.push(fact("star", t("role.score", { n: me.score })));
        }
    }
    return parts;
}

/**
 * @param {string} name The icon's.
 * @param {string} words
 * @returns {HTMLElement}
 */
function fact(name, words) {
    return element("span", { class: "who-fact" }, icon(name), element("span", { text: words }));
}
