// The head of the page and the picture: brand, chip, viewers, sound, full screen, and the poster.

import { element, icon, setAttributes, setText } from "../shared/dom.js";
import { formatSeconds, formatShortNumber } from "../shared/format.js";
import { chipOf, posterOf } from "./picture-state.js";

/**
 * @typedef {import("../shared/i18n.js").Translate} Translate
 * @typedef {import("./picture-state.js").Picture} Picture
 */

/** The picture and what is said of it. */
export class PictureView {
    /**
     * @param {object} options
     * @param {HTMLElement} options.bar
     * @param {HTMLElement} options.stage
     * @param {HTMLElement} options.poster
     * @param {() => void} options.onSound
     * @param {() => void} options.onMenu
     * @param {() => void} options.onPlay
     * @param {() => string} options.address The stream's, for other players.
     */
    constructor({ bar, stage, poster, onSound, onMenu, onPlay, address }) {
        this.stage = stage;
        this.poster = poster;
        this.onPlay = onPlay;
        this.address = address;
        this.drawnPoster = "";
        this.chipWords = element("span", { class: "chip-words" });
        this.chipDelay = element("span",
            { class: "chip-delay", attributes: { "aria-hidden": "true" } });
        this.chipDelayWords = element("span", { class: "for-readers" });
        this.chip = element("p", { class: "chip" },
            element("span", { class: "chip-dot", attributes: { "aria-hidden": "true" } }),
            this.chipWords, this.chipDelay, this.chipDelayWords);
        this.rehearsal = element("p", { class: "badge", attributes: { hidden: true } });
        this.viewersNumber = element("span", { attributes: { "aria-hidden": "true" } });
        this.viewersWords = element("span", { class: "for-readers" });
        this.viewers = element("p", { class: "viewers", attributes: { hidden: true } },
            icon("eye"), this.viewersNumber, this.viewersWords);
        this.sound = tool(onSound);
        this.full = tool(() => toggleFullScreen());
        this.menu = tool(onMenu);
        this.menu.append(icon("menu"));
        setAttributes(this.full, { hidden: !document.fullscreenEnabled });
        bar.append(brand(), this.chip,
            element("div", { class: "tools" }, this.sound, this.full, this.menu));
        this.unmuteWords = element("span");
        this.unmute = element("button",
            { class: "unmute", attributes: { type: "button", hidden: true },
            on: { click: onSound } }, icon("silence"), this.unmuteWords);
        stage.append(this.rehearsal, this.viewers, this.unmute);
        document.addEventListener("fullscreenchange", () => this.#drawFull());
    }

    /**
     * @param {Translate} t
     * @param {string} language
     */
    translate(t, language) {
        this.t = t;
        this.language = language;
        for (const one of [this.stage, this.stage.querySelector("video")]) {
            if (one) setAttributes(one, { "aria-label": t("page.picture") });
        }
        setText(this.rehearsal, t("page.rehearsal"));
        setAttributes(this.rehearsal, { title: t("page.rehearsalLong") });
        setAttributes(this.menu, { "aria-label": t("menu.open"), title: t("menu.open") });
        setText(this.unmuteWords, t("sound.unmute"));
        this.#drawFull();
        this.drawnPoster = "";
    }

    /**
     * @param {Picture} picture
     * @param {{isMuted: boolean, hasSound: boolean}} sound
     */
    update(picture, sound) {
        const { t } = this;
        if (!t) {
            // A picture may be there before the words are.
            if (!posterOf(picture)) setAttributes(this.poster, { hidden: true });
            return;
        }
        const chip = chipOf(picture);
        setAttributes(this.chip, { "data-tone": chip.tone });
        setText(this.chipWords, t(chip.key));
        const delay = chip.showsDelay && picture.delayMs !== null
            ? t("chip.seconds", { seconds: formatSeconds(picture.delayMs, this.language ?? "en") })
                : "";
        const words = delay ? t("chip.delay", { delay }) : "";
        setText(this.chipDelay, delay);
        setText(this.chipDelayWords, words);
        setAttributes(this.chip, { title: words || null });
        this.#drawPoster(picture);
        const isPlaying = picture.state === "playing" || picture.state === "buffering";
        setAttributes(this.unmute, { hidden: !(isPlaying && sound.isMuted && sound.hasSound) });
        setAttributes(this.sound, { hidden: !(picture.hasPlayed && sound.hasSound),
            "aria-label": t(sound.isMuted ? "sound.on" : "sound.off"),
            title: t(sound.isMuted ? "sound.on" : "sound.off"), "data-icon": sound.isMuted });
        const name = sound.isMuted ? "silence" : "sound";
        if (!this.sound.querySelector(`.icon-${name}`)) this.sound.replaceChildren(icon(name));
    }

    /**
     * @param {number|null} viewers
     * @param {boolean} isRehearsal
     */
    updateFacts(viewers, isRehearsal) {
        // Nobody counts as a viewer at the very first: that says nothing.
        setAttributes(this.viewers, { hidden: !viewers });
        setAttributes(this.rehearsal, { hidden: !isRehearsal });
        if (viewers === null || !this.t) return;
        setText(this.viewersNumber, formatShortNumber(viewers, this.language ?? "en"));
        setText(this.viewersWords, this.t("page.viewers", { n: viewers }));
        setAttributes(this.viewers, { title: this.t("page.viewers", { n: viewers }) });
    }

    /**
     * @param {Picture} picture
     */
    #drawPoster(picture) {
        const poster = posterOf(picture);
        const address = poster?.hasAddress ? this.address() : "";
        const key = JSON.stringify([poster, address]);
        if (key === this.drawnPoster) return;
        this.drawnPoster = key;
        setAttributes(this.poster, { hidden: poster === null, "data-tone": poster?.tone ?? null });
        this.poster.replaceChildren();
        const { t } = this;
        if (!poster || !t) return;
        if (poster.tone === "tap") {
            this.poster.append(element("button", { class: "button poster-play",
                attributes: { type: "button" }, on: { click: this.onPlay } },
            icon("play"), element("span", { text: t(poster.title) })));
            return;
        }
        if (poster.tone !== "over") this.poster.append(bars());
        this.poster.append(element("p", { class: "poster-title", text: t(poster.title) }));
        if (poster.text) this.poster.append(element("p",
            { class: "poster-text", text: t(poster.text) }));
        // The server speaks English, whatever the page does.
        if (poster.sentence) this.poster.append(element("p", { class: "poster-sentence",
            text: poster.sentence, attributes: { lang: "en", dir: "ltr" } }));
        if (poster.hasAddress) {
            this.poster.append(element("a", { class: "address", text: address,
                attributes: { href: address } }),
            element("button", { class: "button button-quiet", text: t("poster.reload"),
                attributes: { type: "button" }, on: { click: () => window.location.reload() } }));
        }
    }

    #drawFull() {
        const { t } = this;
        if (!t) return;
        const words = t(document.fullscreenElement ? "full.off" : "full.on");
        setAttributes(this.full, { "aria-label": words, title: words });
        if (!this.full.firstChild) this.full.append(icon("full"));
    }
}

/**
 * @param {() => void} onClick
 * @returns {HTMLElement}
 */
function tool(onClick) {
    return element("button",
        { class: "tool", attributes: { type: "button" }, on: { click: onClick } });
}

/** @returns {HTMLElement} The producer's logo, or Fanfare's own name where there is none. */
function brand() {
    const words = element("span", { class: "brand-words" }, bars(),
        element("span", { text: "Fanfare" }));
    // The server says so in the page where there is one, so that nobody asks for nothing.
    const { logo: address } = document.body.dataset;
    if (!address) return element("div", { class: "brand" }, words);
    const logo = element("img", { class: "brand-logo", attributes: { alt: "", hidden: true },
        on: {
            load: () => {
                logo.hidden = false;
                words.classList.add("for-readers");
            },
            error: () => logo.remove(),
        } });
    // After the picture, which must not wait for it.
    setTimeout(() => logo.setAttribute("src", address), 0);
    return element("div", { class: "brand" }, logo, words);
}

/** @returns {HTMLElement} Five bars that sound like brass. */
function bars() {
    return element("span", { class: "bars", attributes: { "aria-hidden": "true" } },
        ...Array.from({ length: 5 }, () => element("i")));
}

/** The whole page goes full screen, so that the questions are there, too. */
function toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    else document.documentElement.requestFullscreen({ navigationUI: "hide" }).catch(() => {});
}
