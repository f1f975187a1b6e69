// What came of a show: winners with their money, each question's result, files, and the record.
import { element, setText, typed } from "../shared/dom.js";
import { button, fillList, panel } from "./dom-lists.js";
import { StaffError, pathPart, staffFile } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { countText, dayAndTime, durationText, prizeText } from "./units.js";

/** Winners follow the show; the record is computed only when it is asked for. */
export class ResultsTab {
    /** @param {import("./console-app.js").ConsoleApp} app @param {string} show */
    constructor(app, show) {
        const text = consoleText.results;
        this.app = app;
        this.show = show;
        this.version = -1;
        /** @type {any} */
        this.winners = null;
        /** @type {any} */
        this.results = null;
        this.sentence = element("p", { class: "settle-sentence", dir: "auto" });
        this.winnerRows = element("tbody", {});
        this.winnerTable = this.makeTable([text.place, text.name, text.amount, text.score, text.time], this.winnerRows);
        this.questionRows = element("tbody", {});
        this.questionTable = this.makeTable(["", text.perQuestion, text.right, text.wrong, text.missing, text.left],
            this.questionRows);
        this.auditWords = element("p", { class: "audit-words", text: text.auditHint, attributes: { role: "status" } });
        this.findings = element("ul", { class: "warnings" });
        this.auditRows = element("tbody", {});
        this.auditTable = this.makeTable(Object.values(text.columns), this.auditRows);
        this.auditTable.hidden = true;
        this.check = button(text.check, () => void this.audit(), { class: "button-small" });
        this.winnersFile = this.files(["winners"]);
        const files = element("div", { class: "files" }, this.winnersFile, this.files(["answers", "results", "questions"]));
        this.element = element("div", { class: "results" },
            panel(text.winners, { class: "panel-winners" }, this.sentence, this.winnerTable),
            panel(text.perQuestion, { class: "panel-perquestion" }, this.questionTable),
            panel(text.exports, { class: "panel-files" }, files),
            panel(text.audit, { class: "panel-audit", beside: [this.check] }, this.auditWords, this.findings,
                this.auditTable));
    }

    /** @param {string[]} columns @param {HTMLElement} rows */
    makeTable(columns, rows) {
        return element("table", { class: "table" }, element("thead", {}, element("tr", {},
            ...columns.map((words) => element("th", { text: words, attributes: { scope: "col" } })))), rows);
    }

    /** @param {string[]} names */
    files(names) {
        return element("div", { class: "file-rows" }, ...names.map((name) => element("p", { class: "file-row" },
            element("span", { text: consoleText.results.files[/** @type {"answers"} */ (name)] }),
            ...["csv", "json"].map((ending) => element("a", {
                class: "button button-small", text: ending.toUpperCase(),
                attributes: { href: staffFile(`/shows/${pathPart(this.show)}/${name}.${ending}`), download: `${this.show}-${name}.${ending}` },
            })))));
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const text = consoleText.results;
        const isOver = state.phase === "finished" || state.phase === "settled";
        setText(this.sentence, isOver ? state.settlement?.sentence ?? "" : text.notYet);
        this.winnersFile.hidden = !isOver;
        if (this.version !== state.version && this.app.store.link.state === "up") {
            this.version = state.version;
            void this.fetch(isOver);
        }
        const winners = isOver ? this.winners?.winners ?? [] : [];
        this.winnerTable.hidden = winners.length === 0;
        fillList(this.winnerRows, /** @type {any[]} */ (winners.slice(0, 500)), (winner) => JSON.stringify(winner), (winner) =>
            element("tr", {}, element("td", { class: "cell-number", text: winner.place }),
                element("th", { attributes: { scope: "row" } }, typed(String(winner.name)), typed(` ${winner.id}`, "player-note")),
                element("td", { class: "cell-money", text: winner.amount === undefined ? countText(winner.minorUnits)
                    : prizeText({ amount: winner.amount, currency: this.winners?.prize?.currency ?? "" }) }),
                element("td", { class: "cell-number", text: countText(winner.score) }),
                element("td", { class: "cell-time", text: durationText(winner.timeMs) })));
        const questions = /** @type {any[]} */ (this.results?.questions ?? []).filter((each) => each.state !== "waiting");
        this.questionTable.hidden = questions.length === 0;
        fillList(this.questionRows, questions, (each) => JSON.stringify(each), (each) =>
            element("tr", { attributes: { "data-state": each.state } },
                element("td", {}, element("span", { class: "chip", attributes: { "data-phase": each.state },
                    text: consoleText.bank.states[/** @type {"open"} */ (each.state)] ?? each.state })),
                element("th", { attributes: { scope: "row" } }, typed(String(each.question?.text ?? "")),
                    each.voidReason ? typed(each.voidReason, "cell-note") : null),
                ...["correctCount", "wrongCount", "missingCount", "survivorCount"].map((name) =>
                    element("td", { class: "cell-number", text: countText(each[name]) }))));
    }

    /** @param {boolean} isOver */
    async fetch(isOver) {
        const base = `/shows/${pathPart(this.show)}`;
        try {
            this.results = await this.app.api.get(`${base}/results.json`);
            if (isOver) this.winners = await this.app.api.get(`${base}/winners.json`);
        } catch {
            this.version = -1;
        }
        this.app.store.tell("results");
    }

    async audit() {
        const text = consoleText.results;
        this.check.disabled = true;
        setText(this.auditWords, text.checking);
        try {
            const reply = await this.app.api.request("GET", `/shows/${pathPart(this.show)}/audit`, { timeoutMs: 60_000 });
            const { agrees, findings, entries } = reply.data;
            setText(this.auditWords, agrees ? text.agrees : text.differs);
            this.auditWords.dataset.tone = agrees ? "good" : "bad";
            fillList(this.findings, /** @type {string[]} */ (findings ?? []), (words, at) => `${at}${words}`, (words) =>
                element("li", { class: "warning", attributes: { "data-level": "trouble" } }, typed(words)));
            const now = Date.now();
            const newest = /** @type {any[]} */ (entries ?? []).slice(-500).reverse();
            this.auditTable.hidden = newest.length === 0;
            fillList(this.auditRows, newest, (entry) => String(entry.number), (entry) => element("tr", {},
                element("td", { class: "cell-time", text: dayAndTime(entry.atMs, now) }),
                element("td", {}, typed(String(entry.by))), element("td", {}, typed(String(entry.what))),
                element("td", { class: "cell-detail" }, typed(String(entry.detail)))));
        } catch (error) {
            setText(this.auditWords, error instanceof StaffError ? error.message : "");
            this.auditWords.dataset.tone = "bad";
        } finally {
            this.check.disabled = false;
        }
    }
}
