// Takes a file of questions by drop or choice, shows what is wrong at its row, and imports it.
import { element, setText, typed } from "../shared/dom.js";
import { csvRows, fileFault, withFaults } from "./csv-rows.js";
import { button, field, fillList, input, panel, scrollWithin, select } from "./dom-lists.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

const shownRowMax = 220;

/** Looks first, always: an import is done only after the server has found the file good. */
export class ImportPanel {
    /** @param {import("./console-app.js").ConsoleApp} app @param {string} show */
    constructor(app, show) {
        const text = consoleText.bank;
        this.app = app;
        this.show = show;
        /** @type {{name: string, body: string, isJSON: boolean} | null} */
        this.file = null;
        /** @type {any} the server's preview of it */
        this.preview = null;
        this.chooser = input("file", { "accept": ".csv,.txt,.tsv,.json,text/csv,application/json",
            "class": "for-readers",
            "aria-label": text.choose, "tabindex": -1 });
        this.chooser.addEventListener("change", () => {
            const file = this.chooser.files?.[0];
            if (file) void this.take(file);
            this.chooser.value = "";
        });
        this.drop = element("button", { class: "drop", attributes: { type: "button" },
            on: { click: () => this.chooser.click() } },
        element("span", { class: "drop-title", text: text.drop }),
            element("span", { text: text.dropDetail }));
        this.way = select([["POST", text.asNew], ["PUT", text.instead]], () => void this.look());
        this.ignore = input("checkbox");
        this.ignore.addEventListener("change", () => void this.look());
        this.words = element("p", { class: "import-words", attributes: { role: "status" } });
        this.rows = element("tbody", {});
        this.table = element("div", { class: "import-table",
            attributes: { tabindex: 0, hidden: true } },
            element("table", { class: "table" }, this.rows));
        this.others = element("ul", { class: "import-others" });
        this.go = button(text.import, () => void this.importFile(), { class: "is-primary" });
        this.stop = button(consoleText.ask.cancel, () => this.forget());
        this.name = typed("", "import-name");
        this.details = element("div", { class: "import", attributes: { hidden: true } },
            element("p", {}, this.name), element("div", { class: "import-ways" }, this.way,
                field(text.ignore, this.ignore).element), this.words, this.others, this.table,
            element("p", { class: "import-foot" }, this.stop, this.go));
        this.element = panel(text.import, { class: "panel-import" }, this.drop, this.chooser,
            this.details);
    }

    /** @param {HTMLElement} place where a file can be dropped */
    receiveDrops(place) {
        place.addEventListener("dragover", (event) => {
            if (!event.dataTransfer?.types.includes("Files")) return;
            event.preventDefault();
            place.classList.add("is-drop");
        });
        place.addEventListener("dragleave", (event) => {
            if (event.relatedTarget instanceof Node && place.contains(event.relatedTarget)) return;
            place.classList.remove("is-drop");
        });
        place.addEventListener("drop", (event) => {
            place.classList.remove("is-drop");
            const file = event.dataTransfer?.files[0];
            if (!file) return;
            event.preventDefault();
            if (!this.element.hidden) void this.take(file);
        });
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        this.element.hidden = !this.app.mayHost || state.phase === "finished"
            || state.phase === "settled";
        this.go.disabled = !this.preview || this.app.store.link.state !== "up";
        // Somebody has changed the questions since it was looked at: what it would do is another.
        if (this.preview && this.preview.version !== state.version
            && !this.isLooking) void this.look();
    }

    /** @param {File} file */
    async take(file) {
        const fault = fileFault(file);
        this.file = null;
        this.preview = null;
        this.details.hidden = false;
        setText(this.name, consoleText.bank.importTitle(file.name));
        this.showRows([], []);
        if (fault) {
            this.say(fault, "bad");
            return;
        }
        const body = await file.text();
        this.file = { name: file.name, body, isJSON: /\.json$/i.test(file.name) };
        await this.look();
    }

    /** @returns {{method: string, query: string, contentType: string}} */
    get request() {
        const query = this.ignore.checked ? "&ignoreUnknownColumns=true" : "";
        return { method: this.way.value, query,
            contentType: this.file?.isJSON ? "application/json" : "text/csv" };
    }

    async look() {
        const { file } = this;
        if (!file) return;
        const text = consoleText.bank;
        this.isLooking = true;
        this.preview = null;
        this.say(text.importing, "idle");
        const { method, query, contentType } = this.request;
        const outcome = await this.app.outbox.submit({
            lane: `preview:${this.show}`, label: text.importing, isQuiet: true, method, contentType,
            path: `/shows/${pathPart(this.show)}/questions?preview=true${query}`,
                body: file.body,
        });
        this.isLooking = false;
        if (file !== this.file || outcome.state === "busy") return;
        const rows = file.isJSON ? [] : csvRows(file.body);
        if (outcome.state === "done") {
            this.preview = outcome.data;
            const parts = [text.importGood(this.preview.questionCount ?? 0)];
            if (this.preview.removed?.length) parts.push(
                text.importRemoves(this.preview.removed.length));
            if (this.preview.changed?.length) parts.push(
                text.importChanges(this.preview.changed.length));
            this.say(parts.join(" "), "good");
            this.showRows(rows, []);
        } else {
            const faults = outcome.error?.rows ?? [];
            this.say(faults.length ? `${text.importBad} ${text.again}` : outcome.text ?? "", "bad");
            const marked = withFaults(rows, faults);
            this.showRows(marked.rows, marked.others);
        }
    }

    /** @param {string} words @param {string} tone */
    say(words, tone) {
        setText(this.words, words);
        this.words.dataset.tone = tone;
    }

    /**
     * @param {import("./csv-rows.js").CSVRow[]} rows
     * @param {string[]} others
     */
    showRows(rows, others) {
        // Rows with faults come first when there are more than can be shown.
        const shown = rows.length <= shownRowMax ? rows
            : [...rows.filter((row) => row.error), ...rows.filter((row) => !row.error)]
                .slice(0, shownRowMax);
        this.table.hidden = shown.length === 0;
        fillList(this.rows, shown, (row, at) => `${at}:${JSON.stringify(row)}`, (row) =>
            element("tr", { attributes: { "data-fault": row.error ? "true" : null,
                "data-head": row.number === 1 ? "true" : null } },
                element("th", { text: row.number, attributes: { scope: "row" } }),
                element("td", {}, element("span", { class: "import-cells" },
                    ...row.cells.slice(0, 14).map((cell) =>
                    typed(cell, "import-cell"))),
                row.error ? element("p", { class: "import-fault", dir: "auto", text: row.error })
                    : null)));
        fillList(this.others, others, (words) => words,
            (words) => element("li", { text: words, dir: "auto" }));
        const first = this.rows.querySelector("[data-fault]");
        if (first) scrollWithin(this.table, first);
    }

    async importFile() {
        const { file, preview } = this;
        if (!file || !preview) return;
        const { method, query, contentType } = this.request;
        const outcome = await this.app.order(this.show, "questions",
            consoleText.bank.importTitle(file.name), {
            method, contentType, body: file.body, version: preview.version,
            query: query ? `?${query.slice(1)}` : "",
        });
        if (outcome.state === "done") this.forget();
        else this.say(outcome.text ?? "", "bad");
    }

    forget() {
        this.file = null;
        this.preview = null;
        this.details.hidden = true;
        this.showRows([], []);
        this.drop.focus();
    }
}
