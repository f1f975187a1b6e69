// The go / no-go sheet: each check with its lamp, and one word for all.
import { element, setText, typed } from "../shared/dom.js";
import { button, fillList, fillOptions, panel, select } from "./dom-lists.js";
import { goSheetOf } from "./go-sheet.js";
import { StaffError } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { durationText } from "./units.js";

/** Checked when it is asked to. */
export class GoPanel {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = consoleText.rehearse;
        this.app = app;
        this.sheet = goSheetOf(null);
        this.checkedAtMs = 0;
        this.isChecking = false;
        this.show = select([["", text.anyShow]], () => void this.check());
        this.show.setAttribute("aria-label", text.goShow);
        this.checkButton = button(text.check, () => void this.check(), { class: "button-small" });
        this.word = element("strong", { class: "go-word" });
        this.words = element("p", { class: "go-words" });
        this.at = element("p", { class: "go-at" });
        this.list = element("ul", { class: "checks" });
        this.fault = element("p", { class: "page-fault",
            attributes: { role: "alert", hidden: true } });
        this.head = element("div", { class: "go-head", attributes: { "aria-live": "polite" } },
            this.word, element("div", {}, this.words, this.at));
        this.element = panel(text.go, { class: "panel-go", beside: [this.show, this.checkButton] },
            this.head, this.fault, this.list);
        void this.check();
    }

    update() {
        const text = consoleText.rehearse;
        const shows = (this.app.store.summaries ?? []).filter((show) => show.phase !== "settled");
        fillOptions(this.show, [["", text.anyShow],
            ...shows.map((show) => /** @type {[string, string]} */ ([show.id, show.title]))]);
        this.checkButton.disabled = this.isChecking || this.app.store.link.state !== "up";
        const { verdict, checks } = this.sheet;
        this.head.dataset.verdict = verdict ?? "none";
        setText(this.word, verdict ? text.verdicts[verdict] : "–");
        setText(this.words, verdict ? text.verdictText[verdict] : text.notChecked);
        const ago = consoleText.time.ago(durationText(performance.now() - this.checkedAtMs));
        setText(this.at, this.checkedAtMs ? `${text.checked} ${ago}` : "");
        fillList(this.list, checks, (check) => `${check.id}:${check.verdict}:${check.text}`,
            (check) =>
            element("li", { class: "check", attributes: { "data-verdict": check.verdict } },
                element("span", { class: "check-word", text: text.verdicts[check.verdict] }),
                element("span", { class: "check-title", text: check.title }),
                typed(check.text, "check-text")));
    }

    async check() {
        if (this.isChecking) return;
        this.isChecking = true;
        try {
            const show = this.show.value;
            const reply = await this.app.api.request("GET",
                `/readiness${show ? `?show=${encodeURIComponent(show)}` : ""}`,
                    { timeoutMs: 20_000 });
            this.sheet = goSheetOf(reply.data);
            this.checkedAtMs = performance.now();
            this.fault.hidden = true;
        } catch (error) {
            // An old sheet would be believed.
            this.sheet = goSheetOf(null);
            this.fault.hidden = false;
            setText(this.fault, error instanceof StaffError ? error.message : "");
        } finally {
            this.isChecking = false;
            this.update();
        }
    }
}
