// How the feed is, in words: tracks, encoder, warnings, and the way to take an encoder off.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fillList, panel } from "./dom-lists.js";
import { feedWords, pictureWords, soundWords } from "./feed-words.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { bytesText, durationText, kbpsText } from "./units.js";

/** The feed of the stream that is looked at. */
export class FeedPanel {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = consoleText.feed;
        this.app = app;
        this.name = "";
        this.lamp = element("p", { class: "feed-state" });
        this.warnings = element("ul", { class: "warnings" });
        this.good = element("p", { class: "feed-good", text: text.good });
        this.rows = new Map();
        const list = element("dl", { class: "feed-rows" });
        for (const name of ["picture", "sound", "encoder", "from", "since", "sent"]) {
            const value = element("dd", { dir: "auto" });
            const label = element("dt", {
                text: text[/** @type {"picture"} */ (name)],
            });
            const row = element("div", {}, label, value);
            this.rows.set(name, { row, value });
            list.append(row);
        }
        this.takeOff = button(text.takeOff, () => this.askTakeOff(), { class: "button-small" });
        this.element = panel(text.title, { class: "panel-feed", beside: [this.takeOff] },
            this.lamp, this.warnings, this.good, list);
    }

    /** @param {import("./staff-types.js").StreamState | undefined} stream @param {string} name */
    update(stream, name) {
        this.name = name;
        const { tone, text } = feedWords(stream);
        setText(this.lamp, text);
        this.lamp.dataset.tone = tone;
        const warnings = stream?.warnings ?? [];
        const rank = (/** @type {string} */ level) => (level === "trouble" ? 0 : 1);
        const worst = [...warnings].sort((a, b) => rank(a.level) - rank(b.level));
        fillList(this.warnings, worst, (warning) =>
            `${warning.level}${warning.code}${warning.text}`,
            (warning) => element("li", { class: "warning",
                attributes: { "data-level": warning.level } },
                element("strong", { text: consoleText.feed[warning.level] }), typed(warning.text)));
        setText(this.good, stream ? consoleText.feed.good : consoleText.feed.noStream);
        const isGood = tone === "good" && warnings.length === 0;
        setAttributes(this.good, { hidden: stream !== undefined && !isGood });
        setAttributes(this.takeOff, {
            hidden: !this.app.mayDirect || !stream || stream.state === "waiting",
            disabled: this.app.store.link.state !== "up",
        });
        const feed = stream?.feed;
        this.row("picture", stream ? [pictureWords(stream), feed ? kbpsText(feed.videoKbps) : ""]
            : []);
        this.row("sound", stream ? [soundWords(stream), feed ? kbpsText(feed.audioKbps) : ""] : []);
        this.row("encoder", stream?.encoder ? [stream.encoder] : []);
        this.row("from", stream?.publisherAddress ? [stream.publisherAddress] : []);
        this.row("since", stream && stream.state !== "waiting" ? [durationText(stream.uptimeMs)]
            : []);
        this.row("sent", stream ? [bytesText(stream.bytesSent)] : []);
    }

    /** @param {string} name @param {string[]} parts */
    row(name, parts) {
        const { row, value } = this.rows.get(name);
        row.hidden = parts.length === 0;
        setText(value, parts.filter((part) => part !== "").join(" · "));
    }

    askTakeOff() {
        const stream = this.name;
        openDialog({
            title: consoleText.feed.takeOffAsk(stream), detail: consoleText.feed.takeOffDetail,
            action: consoleText.feed.takeOff, isDangerous: true,
            act: async () => {
                const outcome = await this.app.outbox.submit({
                    lane: `stream:${stream}`, label: consoleText.feed.takeOff, method: "DELETE",
                    path: `/streams/${pathPart(stream)}/publisher`,
                });
                return outcome.state === "done" ? "" : outcome.text ?? "";
            },
        });
    }
}
