// What is told beside the game: the announcement that stands, and an earlier question judged anew.

import { element, icon, typed } from "../shared/dom.js";
import { isBack } from "./game-state.js";

/**
 * @param {import("./game-state.js").Game} game
 * @param {import("../shared/i18n.js").Translate} t
 * @param {() => void} onDismiss The correction has been read.
 * @returns {HTMLElement[]}
 */
export function noticesOf(game, t, onDismiss) {
    const { announcement, correction } = game;
    const notices = [];
    if (announcement) {
        const isWarning = announcement.level === "warning";
        const kind = t(isWarning ? "notice.warning" : "notice.info");
        notices.push(element("div", { class: `notice notice-${announcement.level}` },
            icon(isWarning ? "warning" : "info"),
            element("p", {}, element("strong", { class: "for-readers", text: `${kind}: ` }),
                typed(announcement.text))));
    }
    if (correction) {
        const returned = correction.returned > 0
            && element("p", { text: t("reveal.returned", { n: correction.returned }) });
        notices.push(element("div", { class: "notice notice-info" }, icon("back"),
            element("div", { class: "notice-words" },
                element("p", {}, element("strong", { text: t("correction.title") })),
                element("p", { text: correction.reason, dir: "auto" }), returned,
                isBack(game) && element("p", {},
                    element("strong", { text: t("correction.back") }))),
            element("button", { class: "button button-quiet", text: t("correction.close"),
                attributes: { type: "button" }, on: { click: onDismiss } })));
    }
    return notices;
}
