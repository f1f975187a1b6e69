// The settings: language, number keys, the stream's address for other players, being forgotten.

import { copyText, element, icon, setAttributes, setText } from "../shared/dom.js";
import { LANGUAGE_NAMES } from "./languages.js";

/** The settings' dialog. */
export class Menu {
    /**
     * @param {object} options
     * @param {() => string} options.address The stream's, for other players; "" if none is chosen.
     * @param {(language: string) => void} options.onLanguage
     * @param {(hasKeys: boolean) => void} options.onKeys
     * @param {() => void} options.onForget
     */
    constructor({ address, onLanguage, onKeys, onForget }) {
        this.address = address;
        this.onForget = onForget;
        this.title = element("h2", { attributes: { id: "menu-title" } });
        this.close = element("button", { class: "tool", attributes: { type: "button" },
            on: { click: () => this.dialog.close() } }, icon("cross"));
        this.languageTitle = element("h3", { attributes: { id: "menu-language" } });
        this.languages = Object.entries(LANGUAGE_NAMES).map(([code, name]) => element("button",
            { class: "button button-quiet", text: name,
                attributes: { type: "button", lang: code, "data-language": code },
                on: { click: () => onLanguage(code) } }));
        this.keys = /** @type {HTMLInputElement} */ (element("input",
            { attributes: { type: "checkbox", id: "menu-keys" },
                on: { change: () => onKeys(this.keys.checked) } }));
        this.keysLabel = element("span");
        this.otherTitle = element("h3");
        this.otherText = element("p", { class: "menu-text" });
        this.link = element("a", { class: "address" });
        this.copy = element("button",
            { class: "button button-quiet", attributes: { type: "button" },
            on: { click: () => this.#copy() } });
        this.forgetText = element("p", { class: "menu-text", dir: "auto" });
        this.forget = element("button",
            { class: "button button-quiet", attributes: { type: "button" },
            on: { click: () => this.#forget() } });
        this.isSure = false;
        this.who = element("section", { class: "menu-part" }, this.forgetText, this.forget);
        this.other = element("section", { class: "menu-part" }, this.otherTitle, this.otherText,
            element("div", { class: "address-row" }, this.link, this.copy));
        this.dialog = /** @type {HTMLDialogElement} */ (element("dialog", { class: "menu",
            attributes: { "aria-labelledby": "menu-title" },
            on: { click: (event) => this.#clickedBeside(event), close: () => this.#reset() } },
        element("div", { class: "menu-inside" },
            element("header", { class: "menu-head" }, this.title, this.close),
            element("section", { class: "menu-part" }, this.languageTitle,
                element("div", { class: "languages",
                    attributes: { role: "group", "aria-labelledby": "menu-language" } },
                ...this.languages)),
            element("label", { class: "menu-part menu-check" }, this.keys, this.keysLabel),
            this.other, this.who)));
    }

    /**
     * @param {import("../shared/i18n.js").Translate} t
     * @param {string} language
     */
    translate(t, language) {
        this.t = t;
        setText(this.title, t("menu.title"));
        setAttributes(this.close, { "aria-label": t("menu.close"), title: t("menu.close") });
        setText(this.languageTitle, t("menu.language"));
        for (const button of this.languages) {
            setAttributes(button, { "aria-pressed": String(button.dataset.language === language) });
        }
        setText(this.keysLabel, t("menu.keys"));
        setText(this.otherTitle, t("menu.other"));
        setText(this.otherText, t("menu.otherText"));
        setText(this.copy, t("menu.copy"));
        this.#reset();
    }

    /**
     * @param {{name: string, isPlayer: boolean, hasKeys: boolean}} now
     */
    open({ name, isPlayer, hasKeys }) {
        const address = this.address();
        setText(this.link, address);
        setAttributes(this.link, { href: address });
        setAttributes(this.other, { hidden: address === "" });
        this.keys.checked = hasKeys;
        setAttributes(this.who, { hidden: !isPlayer });
        setText(this.forgetText, this.t?.("menu.forgetText", { name }) ?? "");
        this.dialog.showModal();
    }

    #reset() {
        this.isSure = false;
        setText(this.forget, this.t?.("menu.forget") ?? "");
        setText(this.copy, this.t?.("menu.copy") ?? "");
    }

    /** @param {MouseEvent} event */
    #clickedBeside(event) {
        if (event.target === this.dialog) this.dialog.close();
    }

    async #copy() {
        if (await copyText(this.link)) setText(this.copy, this.t?.("menu.copied") ?? "");
    }

    #forget() {
        if (!this.isSure) {
            this.isSure = true;
            setText(this.forget, this.t?.("menu.forgetSure") ?? "");
            return;
        }
        this.dialog.close();
        this.onForget();
    }
}
