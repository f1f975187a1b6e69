// The page: draws what the watch knows, and hands on taps and keys.

import { byId, element, setAttributes, setText } from "../shared/dom.js";
import { pickLanguage, translator } from "../shared/i18n.js";
import { hasKeyboard, isTyping } from "../shared/keyboard.js";
import { streamAddress } from "./address.js";
import { Announcer } from "./announcer.js";
import { isBack, roleOf } from "./game-state.js";
import { JoinForm } from "./join-form.js";
import { LANGUAGE_NAMES, Words } from "./languages.js";
import { keepChoice, recallChoice } from "./memory.js";
import { Menu } from "./menu.js";
import { noticesOf } from "./notices.js";
import { newPicture, posterOf, refusalOf } from "./picture-state.js";
import { PictureView } from "./picture-view.js";
import { playerBar } from "./player-bar.js";
import { QuestionScreen } from "./question-screen.js";
import { idleScreen, lobbyScreen, overScreen, standingsScreen, tickLobby, voidScreen,
    winnersScreen } from "./screens.js";
import { speechFor, TOLD_SECONDS } from "./speech.js";
import { streamList } from "./streams.js";

/** How often the countdown is drawn, ms. */
const TICK_MS = 100;
/** Till then, waiting for the stream isn't spoken of, ms. */
const STARTING_MS = 2500;

/**
 * @typedef {import("./game-state.js").Game} Game
 * @typedef {import("./watch.js").Watch} Watch
 */

/** The page of one stream. */
export class Page {
    /**
     * @param {object} options
     * @param {string|null} options.language What the address asks for.
     * @param {string} options.stream Empty while none is chosen.
     * @param {any} options.player A FanfarePlayer, or null.
     * @param {boolean} options.canPlay
     */
    constructor({ language, stream, player, canPlay }) {
        this.stream = stream;
        this.player = player;
        this.hasKeys = recallChoice("keys") !== "off";
        /** @type {Watch|null} */
        this.watch = null;
        this.picture = newPicture(canPlay, stream !== "");
        this.startingUntilMs = performance.now() + STARTING_MS;
        this.hasSound = true;
        this.toldSeconds = "";
        this.drawn = { screen: "", who: "" };
        this.body = document.body;
        this.panel = byId("panel");
        this.announcer = new Announcer(byId("polite"), byId("urgent"));
        const address = () => streamAddress(this.stream, window.location.href);
        this.view = new PictureView({ bar: byId("bar"), stage: byId("stage"),
            poster: byId("poster"),
            onSound: () => this.#toggleSound(), onMenu: () => this.#openMenu(),
            onPlay: () => this.player?.start(), address });
        this.menu = new Menu({ address,
            onLanguage: (code) => this.setLanguage(code, true),
            onKeys: (hasKeys) => this.#setKeys(hasKeys),
            onForget: () => this.watch?.setToken(null) });
        this.body.append(this.menu.dialog);
        this.notices = element("div", { class: "notices" });
        this.who = element("p", { class: "who", attributes: { hidden: true } });
        this.screenSlot = element("div", { class: "slot" });
        this.joinSlot = element("div", { class: "slot slot-join" });
        this.panel.append(this.notices,
            element("div", { class: "sheet" }, this.who, this.screenSlot, this.joinSlot));
        /** @type {QuestionScreen|null} */
        this.question = null;
        /** @type {JoinForm|null} */
        this.join = null;
        this.joinProblem = "";
        this.isPast = false;
        this.words = new Words();
        /** The language whose words are there; empty while none are, and nothing is drawn. */
        this.language = "";
        this.t = translator({}, "en");
        /** @type {Game|null} */
        this.unspoken = null;
        /** @type {{name: string, state: string, viewers: number}[]} */
        this.streams = [];
        const wanted = [language, recallChoice("language"), ...navigator.languages];
        this.setLanguage(pickLanguage(wanted, Object.keys(LANGUAGE_NAMES)), language !== null);
        document.addEventListener("keydown", (event) => this.#press(event));
        setInterval(() => this.#tick(), TICK_MS);
    }

    /** @param {Watch} watch */
    attach(watch) {
        this.watch = watch;
        this.stream = watch.stream;
        this.draw();
    }

    /**
     * @param {string} language
     * @param {boolean} isChoice Whether it is to be remembered.
     */
    async setLanguage(language, isChoice) {
        if (isChoice) keepChoice("language", language);
        this.wantedLanguage = language;
        const found = await this.words.find(language);
        // Another one was chosen while its words were on their way.
        if (this.wantedLanguage === language) this.#translate(found);
    }

    /** @param {{language: string, strings: import("./languages.js").Strings}} words */
    #translate({ language, strings }) {
        this.language = language;
        this.t = translator(strings, language);
        document.documentElement.lang = language;
        setText(byId("skip"), this.t("page.skip"));
        setAttributes(this.panel, { "aria-label": this.t("page.quiz") });
        this.view.translate(this.t, language);
        this.menu.translate(this.t, language);
        this.join?.translate(this.t);
        this.question = null;
        this.drawn = { screen: "", who: "" };
        this.draw();
        this.drawPicture();
        if (!this.watch && this.streams.length > 0) this.showStreams(this.streams);
        if (this.unspoken && this.watch) this.#speak(this.watch.game, this.unspoken);
        this.unspoken = null;
    }

    /** @param {{name: string, state: string, viewers: number}[]} streams To choose from. */
    showStreams(streams) {
        this.streams = streams;
        const key = JSON.stringify([streams, this.language]);
        if (!this.language || key === this.drawn.screen) return;
        this.drawn.screen = key;
        this.body.dataset.screen = "streams";
        this.stateChanged({ state: "choosing" });
        this.screenSlot.replaceChildren(streamList(streams, this.t));
    }

    /** @param {string} reason Why the player is a guest again. */
    tellProblem(reason) {
        this.joinProblem = `join.${reason}`;
        this.draw();
    }

    /**
     * @param {Game} game
     * @param {Game} before
     */
    gameChanged(game, before) {
        if (this.language) this.#speak(game, before);
        else this.unspoken ??= before;
        this.draw();
    }

    /**
     * @param {Game} game
     * @param {Game} before
     */
    #speak(game, before) {
        for (const { text, isUrgent } of speechFor(before, game, this.t)) {
            this.announcer.say(text, isUrgent);
        }
    }

    /** @param {{state: string}} detail Of the player's `state`. */
    stateChanged({ state }) {
        this.picture = { ...this.picture, state,
            hasPlayed: this.picture.hasPlayed || state === "playing",
            refusal: state === "connecting" ? this.picture.refusal : null,
            needsTap: this.picture.needsTap && state !== "playing" };
        this.drawPicture();
        this.draw();
    }

    /** @param {{code?: string, text?: string}} detail Of the player's `error`. */
    errorChanged(detail) {
        const { code } = detail;
        if (code === "autoplay") this.picture = { ...this.picture, needsTap: true };
        else if (code === "codec" || code === "decode") {
            this.picture = { ...this.picture, lacksCodec: true };
        } else this.picture = { ...this.picture, refusal: refusalOf(detail) };
        this.drawPicture();
    }

    /**
     * @param {{delayMs?: number|null, targetDelayMs?: number, audioCodec?: string|null,
     *   videoCodec?: string|null}} stats Of the player's `stats`.
     */
    statsChanged(stats) {
        const delayMs = typeof stats.delayMs === "number" && Number.isFinite(stats.delayMs)
            ? stats.delayMs : null;
        const { targetDelayMs = this.picture.targetDelayMs } = stats;
        const hasPicture = Boolean(stats.videoCodec);
        this.picture = { ...this.picture, delayMs, targetDelayMs, hasPicture };
        this.hasSound = stats.audioCodec === undefined || Boolean(stats.audioCodec);
        this.drawPicture();
    }

    /** Brings the head and the picture to what is so. */
    drawPicture() {
        this.body.dataset.picture = posterOf(this.picture)?.tone ?? "on";
        this.view.update(this.picture,
            { isMuted: this.player?.isMuted ?? true,
                hasSound: this.hasSound && this.player !== null });
    }

    /** Brings the panel to what is so. */
    draw() {
        const game = this.watch?.game;
        if (!game || !this.language) return;
        const title = game.title || (game.forecast?.phase === "lobby" ? game.forecast.title : "")
            || this.stream;
        document.title = this.t("page.title", { title });
        setText(byId("title"), title);
        this.view.updateFacts(game.viewers, (game.quiz ?? game.forecast)?.rehearsal === true);
        this.#drawNotices(game);
        this.#drawWho(game);
        this.#drawScreen(game);
        this.#drawJoin(game);
    }

    /** @param {Game} game */
    #drawNotices(game) {
        const { announcement, correction } = game;
        const key = JSON.stringify([announcement, correction, isBack(game), this.language]);
        if (this.notices.dataset.drawn === key) return;
        this.notices.dataset.drawn = key;
        const parts = noticesOf(game, this.t, () => this.watch?.dismissCorrection());
        this.notices.replaceChildren(...parts);
    }

    /** @param {Game} game */
    #drawWho(game) {
        const key = JSON.stringify([roleOf(game), game.me, game.tokenName, this.language]);
        if (key === this.drawn.who) return;
        this.drawn.who = key;
        const parts = playerBar(game, this.t, this.language);
        this.who.replaceChildren(...parts);
        setAttributes(this.who, { hidden: parts.length === 0 });
    }

    /** @param {Game} game */
    #drawScreen(game) {
        const { quiz } = game;
        this.isPast = this.watch?.isPast() ?? false;
        const cue = this.isPast ? null : quiz ?? game.forecast;
        const name = cue?.phase ?? "none";
        this.body.dataset.screen = name;
        this.body.dataset.role = roleOf(game);
        if (name === "question" || name === "locked" || name === "reveal") {
            this.#drawQuestion(game);
            return;
        }
        this.question = null;
        const key = JSON.stringify([cue, name === "lobby" || name === "winners"
            || name === "standings" || name === "over"
            ? [roleOf(game), game.me, game.tokenName, game.meSeq] : null,
        this.picture.state === "playing", this.language]);
        if (key === this.drawn.screen) return;
        this.drawn.screen = key;
        const hadFocus = this.screenSlot.contains(document.activeElement);
        const words = { t: this.t, language: this.language };
        let screen;
        switch (cue?.phase) {
        case "lobby": screen = lobbyScreen(game, cue, words); break;
        case "void": screen = voidScreen(cue, words); break;
        case "standings": screen = standingsScreen(game, cue, words); break;
        case "winners": screen = winnersScreen(game, cue, words); break;
        case "over": screen = overScreen(game, words); break;
        default: screen = idleScreen(this.picture.state === "playing", words);
        }
        this.screenSlot.replaceChildren(screen);
        tickLobby(this.screenSlot, this.#serverNowMs(), this.t);
        // Whoever was on the question that is gone is kept near, not thrown to the top of the page.
        if (hadFocus) this.panel.focus({ preventScroll: true });
    }

    /** @param {Game} game */
    #drawQuestion(game) {
        const { watch } = this;
        const { quiz } = game;
        if (!watch || !quiz || !("question" in quiz)) return;
        if (!this.question) {
            this.question = new QuestionScreen({ t: this.t, language: this.language,
                onChoose: (choice) => watch.choose(choice) });
        }
        const isNew = this.drawn.screen !== `question ${quiz.question}`
            || this.question.element.parentNode !== this.screenSlot;
        const hadFocus = this.screenSlot.contains(document.activeElement);
        this.question.update(game, { canChoose: watch.canChoose(), countdown: watch.countdown(),
            hasKeys: this.hasKeys && hasKeyboard() });
        if (!isNew) return;
        this.drawn.screen = `question ${quiz.question}`;
        if (quiz.phase === "question" && !this.joinSlot.contains(document.activeElement)) {
            window.scrollTo({ top: 0 });
        }
        if (this.question.element.parentNode !== this.screenSlot) {
            this.screenSlot.replaceChildren(this.question.element);
        }
        // From the question before to this one; never out of a field or the menu.
        if (hadFocus) this.question.focus();
    }

    /** @param {Game} game */
    #drawJoin(game) {
        const role = roleOf(game);
        const phase = (game.quiz ?? game.forecast)?.phase;
        const isOn = phase !== undefined && phase !== "winners" && phase !== "over";
        const isOffered = isOn && (role === "none" || role === "stranger");
        if (!isOffered) {
            this.join = null;
            this.joinSlot.replaceChildren();
            return;
        }
        if (!this.join) {
            this.join = new JoinForm({ t: this.t, stream: this.stream,
                show: () => this.watch?.game.quiz?.show ?? this.watch?.game.forecast?.show ?? "",
                onJoined: (token) => this.#joined(token) });
            this.joinSlot.replaceChildren(this.join.slot);
        }
        const isEarly = phase === "lobby";
        // Once the game is on, the form is a button: most who come then only watch.
        this.join.setFolded(!isEarly && !this.joinProblem);
        const hint = role === "stranger" ? "join.stranger" : isEarly ? "" : "join.late";
        this.join.setHint(this.joinProblem || hint);
    }

    /** @param {string} token */
    #joined(token) {
        this.joinProblem = "";
        this.watch?.setToken(token);
        this.panel.focus({ preventScroll: true });
    }

    #tick() {
        const { watch, question } = this;
        const isStarting = this.picture.isStarting && performance.now() < this.startingUntilMs;
        const isServerThere = watch?.isServerThere ?? false;
        const { picture } = this;
        if (isStarting !== picture.isStarting || isServerThere !== picture.isServerThere) {
            this.picture = { ...picture, isStarting, isServerThere };
            this.drawPicture();
        }
        if (!watch) return;
        if (this.body.dataset.screen === "lobby") {
            tickLobby(this.screenSlot, this.#serverNowMs(), this.t);
        }
        if (watch.isPast() !== this.isPast) this.draw();
        if (!question) return;
        const countdown = watch.countdown();
        const canChoose = watch.canChoose();
        question.tick(watch.game, { canChoose, countdown, hasKeys: this.hasKeys && hasKeyboard() });
        if (!countdown || countdown.phase !== "running" || !canChoose) return;
        const id = `${watch.window.key} ${countdown.seconds}`;
        if (TOLD_SECONDS.includes(countdown.seconds) && id !== this.toldSeconds) {
            this.toldSeconds = id;
            this.announcer.say(this.t("speech.secondsLeft", { n: countdown.seconds }));
        }
    }

    /** A show begins by the server's clock; a device's own may be minutes off. */
    #serverNowMs() {
        return this.player?.serverNowMs ?? Date.now();
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        if (!this.hasKeys || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
        if (this.menu.dialog.open || isTyping(event.target)) return;
        if (!/^[1-8]$/.test(event.key)) return;
        if (this.watch?.game.quiz?.phase !== "question") return;
        event.preventDefault();
        this.watch?.choose(Number(event.key) - 1);
    }

    #toggleSound() {
        if (!this.player) return;
        this.player.setMuted(!this.player.isMuted);
        this.drawPicture();
    }

    #openMenu() {
        if (!this.language) return;
        const game = this.watch?.game;
        this.menu.open({ name: game?.me?.name || game?.tokenName || "",
            isPlayer: game?.hasToken === true, hasKeys: this.hasKeys });
    }

    /** @param {boolean} hasKeys */
    #setKeys(hasKeys) {
        this.hasKeys = hasKeys;
        keepChoice("keys", hasKeys ? null : "off");
        this.draw();
    }
}
