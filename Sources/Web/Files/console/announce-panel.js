// Says something to everyone who watches a stream, and takes it down again.
import { element, setText } from "../shared/dom.js";
import { button, panel, select } from "./dom-lists.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

/** The server takes at most so much, bytes of UTF-8. */
const announcementByteMax = 2000;

/** @param {string} text @returns {number} how many bytes are too many; 0 if it will do */
export function announcementExcess(text) {
    return Math.max(0, new TextEncoder().encode(text).length - announcementByteMax);
}

/** A field and two buttons. */
export class AnnouncePanel {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = consoleText.announce;
        this.app = app;
        this.stream = "";
        this.text = /** @type {HTMLTextAreaElement} */ (element("textarea", {
            class: "input", dir: "auto",
            attributes: { "rows": 2, "aria-label": text.text, "placeholder": text.text, "maxlength": 2000 },
        }));
        this.level = select([["info", text.info], ["warning", text.warning]]);
        this.level.setAttribute("aria-label", text.level);
        this.say = button(text.say, () => void this.send(), { class: "is-primary" });
        this.clear = button(text.clear, () => void this.takeDown());
        this.result = element("p", { class: "hint", attributes: { role: "status" } });
        this.element = panel(text.title, { class: "panel-announce" }, this.text,
            element("div", { class: "announce-foot" }, this.level, this.say, this.clear), this.result);
    }

    /** @param {string} stream */
    update(stream) {
        this.stream = stream;
        this.element.hidden = !this.app.mayHost;
        const isOff = this.app.store.link.state !== "up" || !stream
            || this.app.outbox.busy(`announce:${stream}`) !== undefined;
        this.say.disabled = isOff;
        this.clear.disabled = isOff;
    }

    async send() {
        const text = consoleText.announce;
        const value = this.text.value.trim();
        const excess = announcementExcess(value);
        if (!value || excess > 0) {
            setText(this.result, value ? text.tooLong(excess) : text.nothing);
            this.text.focus();
            return;
        }
        const outcome = await this.app.outbox.submit({
            lane: `announce:${this.stream}`, label: text.say, method: "POST",
            path: `/streams/${pathPart(this.stream)}/announcements`,
            body: { text: value, level: this.level.value },
        });
        setText(this.result, outcome.state === "done"
            ? (outcome.data?.isPending ? text.pending : text.said) : outcome.text ?? "");
        if (outcome.state === "done") this.text.value = "";
    }

    async takeDown() {
        const outcome = await this.app.outbox.submit({
            lane: `announce:${this.stream}`, label: consoleText.announce.clear, method: "DELETE",
            path: `/streams/${pathPart(this.stream)}/announcements`,
        });
        setText(this.result, outcome.state === "done" ? consoleText.announce.cleared : outcome.text ?? "");
    }
}
