// The question as a viewer sees it: asked, locked, revealed. The page and the console's preview
// draw it.

import { element, icon, setAttributes, setText, typed } from "./dom.js";
import { formatPercent, percentages } from "./format.js";

/**
 * @typedef {object} CardCountdown
 * @property {"running"|"closing"|"gone"|"paused"|"locked"} phase closing: the window is over, a
 *   grace may still hold; gone: nothing counts any more.
 * @property {number} seconds Whole ones, at least 1 while running.
 * @property {number} fraction What is left, 0 to 1.
 *
 * @typedef {object} CardModel
 * @property {string} question Its id.
 * @property {number} [number] From 1.
 * @property {number} [of]
 * @property {string} [text] Left out by who wasn't there when it was asked.
 * @property {string[]} [options]
 * @property {string} [media] The address of a picture or sound.
 * @property {"open"|"locked"|"revealed"} phase
 * @property {number|null} choice This player's, from 0.
 * @property {"none"|"sending"|"kept"|"refused"} answer What became of it.
 * @property {boolean} canChoose
 * @property {number|null} [correct] From 0; at the reveal.
 * @property {number|null} [was] The option that was held for right before a correction.
 * @property {number[]|null} [counts] How many chose each; at the reveal.
 *
 * @typedef {object} CardOption
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} marks
 * @property {HTMLElement} share
 */

const SOUND_ENDING = /\.(mp3|m4a|aac|ogg|oga|opus|wav|flac)$/i;

/** A question's card. `element` is to be put into the page; `update` brings it to what is so. */
export class QuestionCard {
    /**
     * @param {import("./i18n.js").Translate} t With the keys of `CARD_WORDS`.
     * @param {string} language
     * @param {(choice: number) => void} onChoose Called for a tap on an option that can be chosen.
     */
    constructor(t, language, onChoose) {
        this.t = t;
        this.language = language;
        this.onChoose = onChoose;
        /** @type {CardModel|null} */
        this.model = null;
        this.shape = "";
        /** @type {CardOption[]} */
        this.options = [];
        this.number = element("p", { class: "card-number" });
        this.timer = new CardTimer(t);
        this.text = element("h2",
            { class: "card-text", dir: "auto", attributes: { tabindex: -1 } });
        this.media = element("div", { class: "card-media" });
        this.list = element("ol", { class: "options", 
            attributes: { role: "list", "aria-label": t("card.options") } });
        this.element = element("article", { class: "card" },
            element("header", { class: "card-head" }, this.number, this.timer.element),
            this.text, this.media, this.list);
    }

    /** @param {CardModel} model */
    update(model) {
        const count = model.options?.length ?? model.counts?.length ?? 0;
        const shape = JSON.stringify([model.question, model.text, model.options, model.media,
            count]);
        if (shape !== this.shape) {
            this.shape = shape;
            this.#build(model, count);
        }
        this.model = model;
        this.element.dataset.phase = model.phase;
        this.element.classList.toggle("can-choose", model.canChoose);
        setText(this.number, this.#numberWords(model));
        const shares = model.counts ? percentages(model.counts) : null;
        for (const [index, option] of this.options.entries()) {
            this.#updateOption(model, index, option, shares);
        }
    }

    /** @param {CardCountdown|null} countdown */
    updateCountdown(countdown) {
        this.timer.update(countdown);
    }

    /** Puts the focus on the question, from where its answers are one step away. */
    focus() {
        this.text.focus({ preventScroll: true });
    }

    /** @param {CardModel} model */
    #numberWords(model) {
        if (!model.number) return "";
        if (!model.of) return this.t("card.numberAlone", { number: model.number });
        return this.t("card.number", { number: model.number, of: model.of });
    }

    /**
     * @param {CardModel} model
     * @param {number} count How many options.
     */
    #build(model, count) {
        setText(this.text, model.text ?? this.t("card.unseen"));
        this.text.classList.toggle("is-long", (model.text?.length ?? 0) > 110);
        this.media.replaceChildren(...mediaElements(model.media, this.t));
        this.options = [];
        this.list.replaceChildren();
        const longest = Math.max(0, ...(model.options ?? []).map((option) => option.length));
        this.list.classList.toggle("is-wide", longest > 42);
        this.list.classList.toggle("is-wider", longest > 90);
        this.list.classList.toggle("is-paired", count > 4 && longest <= 12);
        this.element.classList.toggle("has-media", this.media.childNodes.length > 0);
        for (let index = 0; index < count; index += 1) {
            const words = model.options?.[index]
                ?? this.t("card.optionUnseen", { number: index + 1 });
            const marks = element("span", { class: "option-marks" });
            const share = element("span", { class: "option-share" });
            const button = /** @type {HTMLButtonElement} */ (element("button",
                { class: "option", attributes: { type: "button", "data-choice": index },
                    on: { click: () => this.#choose(index) } },
                element("span", { class: "option-bar", attributes: { "aria-hidden": "true" } }),
                element("span", { class: "option-key", text: index + 1,
                    attributes: { "aria-hidden": "true" } }),
                element("span", { class: "option-words" }, typed(words, "option-text"), marks),
                share));
            this.options.push({ button, marks, share });
            this.list.append(element("li", {}, button));
        }
    }

    /** @param {number} index */
    #choose(index) {
        if (this.model?.canChoose) this.onChoose(index);
    }

    /**
     * @param {CardModel} model
     * @param {number} index
     * @param {CardOption} option
     * @param {number[]|null} shares
     */
    #updateOption(model, index, option, shares) {
        const isMine = model.choice === index;
        const isRight = model.correct === index;
        const isRevealed = model.phase === "revealed";
        setAttributes(option.button, {
            "aria-pressed": isMine ? "true" : "false",
            "aria-disabled": model.canChoose ? null : "true",
            "data-answer": isMine ? model.answer : null,
            "data-verdict": !isRevealed ? null : isRight ? "right" : isMine ? "wrong" : "other",
        });
        const marks = [];
        if (isRevealed && isRight) marks.push(mark("check", this.t("card.right"), "right"));
        if (isRevealed && model.was === index) {
            marks.push(mark("back", this.t("card.wasRight"), "quiet"));
        }
        if (isMine && isRevealed) {
            marks.push(mark(isRight ? "people" : "cross", this.t("card.yours"),
                isRight ? "yours" : "wrong"));
        }
        const words = marks.map((each) => each.textContent).join("|");
        if (words !== option.marks.dataset.words) {
            option.marks.dataset.words = words;
            option.marks.replaceChildren(...marks);
        }
        if (shares && model.counts) {
            const count = model.counts[index] ?? 0;
            option.button.style.setProperty("--share", String((shares[index] ?? 0) / 100));
            const parts = [
                element("strong", { text: formatPercent(shares[index] ?? 0, this.language) }),
                element("span", { class: "option-count",
                    text: this.t("card.chosenBy", { n: count }) }),
            ];
            if (option.share.textContent !== parts.map((part) => part.textContent).join("")) {
                option.share.replaceChildren(...parts);
            }
        } else {
            option.button.style.removeProperty("--share");
            this.#updateFate(option, isMine ? model.answer : "none");
        }
    }

    /**
     * A sign beside the answer, so that nothing moves; the sentence under the card says it in full.
     * @param {CardOption} option
     * @param {CardModel["answer"]} answer
     */
    #updateFate(option, answer) {
        const key = answer === "kept" ? "card.kept" : answer === "sending" ? "card.sending" : "";
        const words = key ? this.t(key) : "";
        if (option.share.textContent === words) return;
        option.share.replaceChildren();
        if (!key) return;
        option.share.append(icon(answer === "kept" ? "check" : "clock"),
            element("span", { class: "for-readers", text: words }));
    }
}

/**
 * @param {string} name The icon's.
 * @param {string} words
 * @param {string} tone
 * @returns {HTMLElement}
 */
function mark(name, words, tone) {
    return element("span", { class: `mark mark-${tone}` }, icon(name),
        element("span", { text: words }));
}

/**
 * @param {string|undefined} address
 * @param {import("./i18n.js").Translate} t
 * @returns {HTMLElement[]}
 */
function mediaElements(address, t) {
    if (!address) return [];
    let url;
    try {
        url = new URL(address, document.baseURI);
    } catch {
        return [];
    }
    if (url.protocol !== "https:" && url.protocol !== "http:") return [];
    if (SOUND_ENDING.test(url.pathname)) {
        return [element("audio", { attributes: { controls: true, src: url.href, preload: "auto",
            "aria-label": t("card.sound") } })];
    }
    // Its place is kept from the start, so that no answer moves under a finger when it comes.
    const hide = (/** @type {Event} */ event) => {
        if (event.currentTarget instanceof HTMLElement) event.currentTarget.hidden = true;
    };
    return [element("div", { class: "card-picture" },
        element("img", { attributes: { src: url.href, alt: t("card.media"), decoding: "async",
            referrerpolicy: "no-referrer" }, on: { error: hide } }))];
}

/** The ring and the number of the time that is left. */
class CardTimer {
    /** @param {import("./i18n.js").Translate} t */
    constructor(t) {
        this.t = t;
        this.words = element("span", { class: "timer-words" });
        this.spoken = element("span", { class: "for-readers" });
        this.ring = timerRing();
        this.element = element("div",
            { class: "timer", attributes: { role: "timer", hidden: true } },
            this.ring, this.words, this.spoken);
    }

    /** @param {CardCountdown|null} countdown */
    update(countdown) {
        setAttributes(this.element, { hidden: countdown === null });
        if (countdown === null) return;
        const { phase, seconds } = countdown;
        const urgency = phase !== "running" ? "none" : seconds <= 3 ? "high" : seconds <= 5 ? "some"
            : "none";
        setAttributes(this.element, { "data-phase": phase, "data-urgency": urgency });
        this.element.style.setProperty("--gone", String(1 - countdown.fraction));
        const isRunning = phase === "running";
        const name = { closing: "card.lastMoment", gone: "card.timeOver", paused: "card.paused",
            locked: "card.locked", running: "" }[phase];
        setText(this.words, isRunning ? String(seconds) : this.t(name));
        setAttributes(this.words, { "aria-hidden": isRunning ? "true" : null });
        setText(this.spoken, isRunning ? this.t("card.secondsLeft", { n: seconds }) : "");
    }
}

/** @returns {SVGSVGElement} */
function timerRing() {
    const space = "http://www.w3.org/2000/svg";
    const ring = /** @type {SVGSVGElement} */ (document.createElementNS(space, "svg"));
    setAttributes(ring, { viewBox: "0 0 44 44", class: "timer-ring", "aria-hidden": "true" });
    for (const name of ["timer-track", "timer-left"]) {
        const circle = document.createElementNS(space, "circle");
        setAttributes(circle, { class: name, cx: 22, cy: 22, r: 19, pathLength: 1 });
        ring.append(circle);
    }
    return ring;
}
