// The form in which a guest gives a name.

import { element, setAttributes, setText } from "../shared/dom.js";
import { cleanName, requestJoin } from "./api.js";
import { isToken } from "./address.js";
import { keepChoice, recallChoice } from "./memory.js";

/**
 * @param {number} status
 * @returns {string} The key of the words for it.
 */
export function joinProblemKey(status) {
    if (status === 0) return "join.offline";
    if (status === 400) return "join.badName";
    if (status === 403 || status === 401 || status === 404) return "join.notHere";
    if (status === 409) return "join.notNow";
    if (status === 429) return "join.tooMany";
    return "join.busy";
}

/** A guest's way in. */
export class JoinForm {
    /**
     * @param {object} options
     * @param {import("../shared/i18n.js").Translate} options.t
     * @param {string} options.stream
     * @param {() => string} options.show The id of the show that is on, or "".
     * @param {(token: string) => void} options.onJoined
     */
    constructor({ t, stream, show, onJoined }) {
        this.t = t;
        this.stream = stream;
        this.show = show;
        this.onJoined = onJoined;
        this.isBusy = false;
        this.input = /** @type {HTMLInputElement} */ (element("input", { class: "join-name", dir: "auto",
            attributes: { id: "join-name", name: "name", type: "text", maxlength: 64, required: true,
                autocomplete: "nickname", autocapitalize: "words", spellcheck: "false",
                enterkeyhint: "go", "aria-describedby": "join-problem" } }));
        this.input.value = recallChoice("name") ?? "";
        this.label = element("label", { class: "join-label", attributes: { for: "join-name" } });
        this.button = element("button", { class: "button", attributes: { type: "submit" } });
        this.title = element("h2", { class: "join-title" });
        this.hint = element("p", { class: "join-hint" });
        this.problem = element("p", { class: "join-problem",
            attributes: { id: "join-problem", role: "alert" } });
        this.element = element("form", { class: "join", attributes: { novalidate: true },
            on: { submit: (event) => this.#submit(event), input: () => this.#say("") } },
        this.title, this.hint, this.label,
        element("div", { class: "join-row" }, this.input, this.button), this.problem);
        this.unfold = element("button", { class: "button button-quiet join-unfold",
            attributes: { type: "button", hidden: true }, on: { click: () => this.#open() } });
        this.slot = element("div", { class: "join-slot" }, this.unfold, this.element);
        this.isOpened = false;
        this.translate(t);
    }

    /** @param {boolean} isFolded Whether only a button is shown that brings the form. */
    setFolded(isFolded) {
        const hides = isFolded && !this.isOpened;
        setAttributes(this.unfold, { hidden: !hides });
        setAttributes(this.element, { hidden: hides });
    }

    #open() {
        this.isOpened = true;
        this.setFolded(false);
        this.input.focus();
    }

    /** @param {import("../shared/i18n.js").Translate} t */
    translate(t) {
        this.t = t;
        setText(this.unfold, t("join.title"));
        setText(this.title, t("join.title"));
        setText(this.label, t("join.name"));
        setText(this.button, t(this.isBusy ? "join.joining" : "join.button"));
    }

    /** @param {string} key Of a sentence above the field, or "". */
    setHint(key) {
        setText(this.hint, key ? this.t(key) : "");
        setAttributes(this.hint, { hidden: key === "" });
    }

    /** @param {string} key */
    #say(key) {
        setText(this.problem, key ? this.t(key) : "");
        setAttributes(this.input, { "aria-invalid": key === "join.badName" ? "true" : null });
    }

    /** @param {Event} event */
    async #submit(event) {
        event.preventDefault();
        if (this.isBusy) return;
        const name = cleanName(this.input.value);
        if (name === null) {
            this.#say("join.badName");
            this.input.focus();
            return;
        }
        this.#setBusy(true);
        this.#say("");
        const reply = await requestJoin(name, this.stream, this.show());
        this.#setBusy(false);
        if (reply.status === 200 && isToken(reply.body?.token)) {
            keepChoice("name", name);
            this.onJoined(reply.body.token);
            return;
        }
        this.#say(joinProblemKey(reply.status === 200 ? 503 : reply.status));
        this.input.focus();
    }

    /** @param {boolean} isBusy */
    #setBusy(isBusy) {
        this.isBusy = isBusy;
        setAttributes(this.button, { "aria-disabled": isBusy ? "true" : null });
        setText(this.button, this.t(isBusy ? "join.joining" : "join.button"));
    }
}
