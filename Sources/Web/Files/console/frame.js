// The frame around every page: rail, top bar, what has to be shouted, and the last command.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { AccountMenu } from "./account-menu.js";
import { Alarm } from "./alarm.js";
import { CommandLine } from "./command-line.js";
import { railIcon } from "./console-icons.js";
import { button } from "./dom-lists.js";
import { feedWords, unseenWords } from "./feed-words.js";
import { writeRoute } from "./hash-route.js";
import { consoleText } from "./strings/en.js";
import { countText, durationText, timeOfDay } from "./units.js";

/** Everything but the page in the middle. */
export class Frame {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        this.app = app;
        this.alarm = new Alarm();
        this.commandLine = new CommandLine(app);
        app.say = (text, tone) => this.commandLine.say(text, tone);
        this.account = new AccountMenu(app);
        this.links = new Map();
        const rail = element("nav", { class: "rail",
            attributes: { "aria-label": consoleText.brand } });
        for (const [section, words] of Object.entries(consoleText.sections)) {
            const link = element("a", {
                class: "rail-link", attributes: { href: `#/${section}` },
            }, railIcon(section), element("span", { text: words }));
            this.links.set(section, link);
            rail.append(link);
        }
        this.streams = element("div", { class: "top-streams" });
        this.showChip = element("a", { class: "top-show", attributes: { hidden: true } });
        this.clock = element("time", { class: "top-clock" });
        this.linkLamp = element("span", { class: "top-link" });
        const top = element("header", { class: "top" },
            element("a", { class: "brand", text: consoleText.brand,
                attributes: { href: "#/programme" } }),
            this.streams, this.showChip, element("span", { class: "top-gap" }),
            this.linkLamp, this.clock, this.account.element);
        this.shoutTitle = element("strong", {});
        this.shoutText = element("span", { class: "shout-text" });
        this.shoutRetry = element("span", { class: "shout-retry" });
        this.shout = element("div", { class: "shout shout-lost",
            attributes: { role: "alert", hidden: true } },
            this.shoutTitle, this.shoutText, this.shoutRetry,
            button(consoleText.link.tryNow, () => app.link.hurry(), { class: "button-small" }),
            this.alarm.button);
        this.unseenTitle = element("strong", {});
        this.unseenText = element("span", { class: "shout-text" });
        this.unseen = element("div", { class: "shout shout-unseen",
            attributes: { role: "alert", hidden: true } },
            this.unseenTitle, this.unseenText);
        this.heading = element("h1", { class: "for-readers" });
        this.stage = element("main", { class: "stage", attributes: { id: "stage", tabindex: -1 } });
        this.element = element("div", { class: "console" },
            element("a", { class: "skip", text: consoleText.skip, attributes: { href: "#stage" },
                on: { click: (event) => {
                    event.preventDefault();
                    this.stage.focus();
                } } }),
            top, rail,
            element("div", { class: "middle" }, this.heading, this.shout, this.unseen, this.stage),
            this.commandLine.element);
    }

    /** The stream that matters now: the led show's, or the first. */
    get mainStream() {
        const { app } = this;
        const shown = app.route.show ? app.store.show(app.route.show)?.stream : undefined;
        return shown ?? app.store.programme?.streams[0]?.name ?? "";
    }

    update() {
        const { app } = this;
        const section = app.route.section === "show" ? "shows" : app.route.section;
        for (const [name, link] of this.links) {
            setAttributes(link, { "aria-current": name === section ? "page" : null });
        }
        setText(this.clock, timeOfDay(Date.now()));
        this.updateTitle();
        this.updateLink();
        this.updateStreams();
        this.updateShow();
        this.account.update();
        this.commandLine.update();
    }

    /** The tab in the browser's row says what is lost, and where one is. */
    updateTitle() {
        const { route, store } = this.app;
        const title = store.show(route.show ?? "")?.plan.title ?? route.show;
        const place = route.section === "show"
            ? [consoleText.tabs[/** @type {"run"} */ (route.tab ?? "run")], title]
            : [consoleText.sections[route.section]];
        setText(this.heading, place.filter(Boolean).join(", "));
        const parts = [...place, consoleText.brand];
        if (store.link.state === "lost") parts.unshift(consoleText.link.lost.toUpperCase());
        const words = parts.filter(Boolean).join(" · ");
        if (document.title !== words) document.title = words;
    }

    updateLink() {
        const { link } = this.app.store;
        const text = consoleText.link;
        setText(this.linkLamp, text[link.state]);
        this.linkLamp.dataset.tone = link.state === "up" ? "good" : link.state === "lost" ? "bad"
            : "look";
        const isLost = link.state === "lost" && Date.now() - link.sinceMs > 400;
        document.documentElement.classList.toggle("is-lost", isLost);
        setAttributes(this.shout, { hidden: !isLost });
        this.alarm.set(isLost);
        if (!isLost) return;
        setText(this.shoutTitle, text.shout);
        setText(this.shoutText,
            text.shoutDetail(durationText(Date.now() - link.sinceMs), link.reason ?? ""));
        const left = Math.ceil(((link.retryAtMs ?? 0) - Date.now()) / 1000);
        setText(this.shoutRetry, left > 0 ? text.retryIn(left) : text.trying);
    }

    updateStreams() {
        const { app } = this;
        const programme = app.store.programme;
        const streams = programme?.streams ?? [];
        for (const stream of streams) if (stream.state === "live") app.streamsSeen.add(stream.name);
        const shape = JSON.stringify(streams.map((stream) =>
            [stream.name, stream.state, stream.viewers, stream.warnings.length]));
        if (this.streams.dataset.shape !== shape) {
            this.streams.dataset.shape = shape;
            this.streams.replaceChildren(...streams.slice(0, 4).map((stream) => {
                const { tone, text } = feedWords(stream);
                return element("span", { class: "on-air",
                    attributes: { "data-tone": tone, title: text } },
                    element("span", { class: "lamp" }), typed(stream.name, "on-air-name"),
                    element("span", { class: "on-air-viewers",
                        text: `${countText(stream.viewers)} ${consoleText.audience.viewers}` }));
            }));
        }
        const name = this.mainStream;
        const onIt = (app.store.summaries ?? []).filter((show) => show.stream === name);
        const isPlayed = onIt.some((show) => show.phase === "live");
        const isExpected = app.streamsSeen.has(name) || isPlayed
            || onIt.some((show) => show.phase === "lobby");
        const words = unseenWords(programme, name, { isExpected, isPlayed });
        const isLost = app.store.link.state === "lost";
        setAttributes(this.unseen, { hidden: words?.tone !== "bad" || isLost });
        document.documentElement.classList.toggle("is-unseen", words?.tone === "bad" && !isLost);
        if (words?.tone === "bad") {
            setText(this.unseenTitle, words.title);
            setText(this.unseenText, words.text);
        }
    }

    updateShow() {
        const { app } = this;
        const summaries = app.store.summaries ?? [];
        const led = app.route.show ? summaries.find((show) => show.id === app.route.show)
            : summaries.find((show) => show.phase === "live")
                ?? summaries.find((show) => show.phase === "lobby");
        setAttributes(this.showChip, { hidden: !led });
        if (!led) return;
        const state = app.store.show(led.id);
        const phase = state?.phase ?? led.phase;
        const title = state?.plan.title ?? led.title;
        const shape = JSON.stringify([led.id, title, phase, led.isRehearsal, state?.isPaused]);
        if (this.showChip.dataset.shape === shape) return;
        this.showChip.dataset.shape = shape;
        setAttributes(this.showChip, {
            "href": writeRoute({ section: "show", show: led.id, tab: "run" }), "data-phase": phase,
        });
        this.showChip.replaceChildren(typed(title, "top-show-title"),
            element("span", { class: "chip", text: consoleText.shows.phases[phase],
                attributes: { "data-phase": phase } }));
        if (led.isRehearsal) {
            this.showChip.append(element("span", { class: "chip chip-rehearsal",
                text: consoleText.shows.rehearsal }));
        }
        if (state?.isPaused) {
            this.showChip.append(element("span", { class: "chip chip-paused",
                text: consoleText.run.paused }));
        }
    }
}
