// What a simulated crowd has met: its progress while it runs, its figures and verdict after.
import { element, setText, typed } from "../shared/dom.js";
import { Figure, figures } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { countText, durationText } from "./units.js";

/**
 * A figure of a report, whose shape may have grown since.
 * @param {any} value
 * @returns {number | undefined}
 */
function numberOf(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Drawn from the rehearsal as the server tells it. */
export class CrowdReport {
    constructor() {
        const text = consoleText.rehearse;
        this.verdict = element("strong", { class: "go-word" });
        this.words = typed("", "crowd-words");
        this.bar = element("span", { class: "progress-done" });
        this.progress = element("div", { class: "progress", attributes: { role: "progressbar",
            "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": text.running } }, this.bar);
        const names = text.figures;
        this.figures = {
            joined: new Figure(names.joined), watching: new Figure(names.watching),
            watchingAtEnd: new Figure(names.watchingAtEnd),
            refused: new Figure(names.refused), lost: new Figure(names.lost),
            stalled: new Figure(names.stalled), wrongBytes: new Figure(names.wrongBytes),
            startUp: new Figure(names.startUp), startUpMax: new Figure(names.startUpMax),
            answered: new Figure(names.answered), lostReceipts: new Figure(names.lostReceipts),
        };
        this.numbers = figures(...Object.values(this.figures));
        this.logText = element("pre", { class: "log", attributes: { tabindex: 0 } });
        this.log = element("details", { class: "log-box" },
            element("summary", { text: text.log }), this.logText);
        this.head = element("div", { class: "go-head" }, this.verdict,
            element("div", { class: "go-beside" }, this.words, this.progress));
        this.element = element("div", { class: "crowd" }, this.head, this.numbers, this.log);
    }

    /** @param {any} rehearsal */
    update(rehearsal) {
        const text = consoleText.rehearse;
        const isRunning = rehearsal?.state === "running";
        const isFailed = rehearsal?.state === "failed";
        const report = rehearsal?.report;
        const faults = ["refused", "lost", "stalled", "wrongBytes"].some(
            (name) => report?.[name] > 0);
        const isTrouble = rehearsal?.verdict ? rehearsal.verdict !== "clean" : faults;
        this.head.dataset.verdict = !rehearsal || isRunning ? "none" : isFailed ? "no-go"
            : isTrouble ? "warn" : "go";
        setText(this.verdict, !rehearsal ? "–" : isRunning ? "…" : isFailed ? text.failed
            : isTrouble ? text.trouble : text.clean);
        const plan = rehearsal?.viewers ? [
            `${countText(rehearsal.viewers)} ${text.viewers.toLowerCase()}`,
            durationText((rehearsal.seconds ?? 0) * 1000), rehearsal.stream ?? "",
        ].join(", ") : "";
        setText(this.words, !rehearsal ? text.none : rehearsal.error ?? plan);
        const share = Math.max(0, Math.min(1, numberOf(rehearsal?.progress) ?? 0));
        this.progress.hidden = !isRunning;
        this.progress.setAttribute("aria-valuenow", String(Math.round(share * 100)));
        this.bar.style.setProperty("--share", String(share));
        this.numbers.hidden = !report && !isRunning;
        const live = isRunning ? rehearsal : report;
        const set = (/** @type {keyof CrowdReport["figures"]} */ name, /** @type {any} */ value,
            /** @type {boolean} */ isFault = false) => {
            const number = numberOf(value);
            this.figures[name].set(countText(number), isFault && (number ?? 0) > 0 ? "bad" : "");
            this.figures[name].element.hidden = number === undefined;
        };
        set("joined", live?.joined);
        set("watching", isRunning ? live?.watching : undefined);
        set("watchingAtEnd", report?.watchingAtEnd);
        set("refused", live?.refused, true);
        set("lost", live?.lost, true);
        set("stalled", live?.stalled, true);
        set("wrongBytes", live?.wrongBytes, true);
        set("answered", report?.players?.receipts ?? report?.players?.answered);
        set("lostReceipts", report?.players?.lostReceipts, true);
        this.time("startUp", report?.startUpMs?.p50);
        this.time("startUpMax", report?.startUpMs?.max);
        const log = typeof rehearsal?.log === "string" ? rehearsal.log.slice(-16_384) : "";
        this.log.hidden = log === "";
        setText(this.logText, log);
    }

    /** @param {"startUp" | "startUpMax"} name @param {any} value */
    time(name, value) {
        const ms = numberOf(value);
        this.figures[name].set(durationText(ms));
        this.figures[name].element.hidden = ms === undefined;
    }
}
