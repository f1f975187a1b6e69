// The Viewers page: who watches, ending and banning them, and taking the server out of service.
import { element, setText, typed } from "../shared/dom.js";
import { BanPanel } from "./ban-panel.js";
import { openDialog } from "./dialogs.js";
import { DrainPanel } from "./drain-panel.js";
import { button, field, fillList, input, panel } from "./dom-lists.js";
import { StaffError, pathPart } from "./staff-api.js";
import { viewersText } from "./strings/viewers-en.js";
import { bytesText, countText, durationText } from "./units.js";

/**
 * @typedef {{id: string, address: string, stream: string, isWebSocket: boolean, agent?: string,
 *     show?: string, player?: string, name?: string, watchedMs: number, behindMs: number,
 *     bytes: number}} ViewerLine
 */

/** Fetched when opened, when asked, after each change, and every 10 s. */
export class ViewersView {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = viewersText;
        this.app = app;
        /** @type {ViewerLine[] | null} */
        this.viewers = null;
        this.count = 0;
        this.fetchedAtMs = -Infinity;
        this.fault = element("p", { class: "page-fault",
            attributes: { role: "alert", hidden: true } });
        this.hostOnly = element("p", { class: "hint", text: text.hostOnly });
        this.rows = element("tbody", {});
        this.table = element("table", { class: "table" },
            element("thead", {}, element("tr", {},
                ...Object.values(text.columns).map((words) =>
                    element("th", { text: words, attributes: { scope: "col" } })),
                element("th", { attributes: { scope: "col" } },
                    element("span", { class: "for-readers", text: text.actions })))),
            this.rows);
        this.summary = element("p", { class: "hint", attributes: { "aria-live": "polite" } });
        this.list = panel(text.title, { class: "panel-viewers" }, this.hostOnly, this.fault,
            this.makeFilter(), this.summary, this.table);
        this.bans = new BanPanel(app, () => void this.fetch());
        this.drain = new DrainPanel(app);
        this.element = element("div", { class: "page page-viewers" }, this.list,
            element("div", { class: "viewers-beside" }, this.bans.element, this.drain.element));
    }

    makeFilter() {
        const text = viewersText;
        this.address = input("text", { maxlength: 49, spellcheck: "false" });
        this.form = element("form", { class: "form viewers-filter",
            on: { submit: (event) => {
                event.preventDefault();
                void this.fetch();
            } } },
        field(text.filter, this.address).element,
        element("button", { class: "button", text: text.look, attributes: { type: "submit" } }));
        return this.form;
    }

    update() {
        const { app } = this;
        const { mayHost } = app;
        const isUp = app.store.link.state === "up";
        this.hostOnly.hidden = mayHost;
        this.form?.toggleAttribute("hidden", !mayHost);
        this.table.hidden = !mayHost || !this.viewers?.length;
        const isDue = performance.now() - this.fetchedAtMs > 10_000;
        if (mayHost && isDue && isUp) void this.fetch();
        this.summary.hidden = !mayHost || this.viewers === null;
        setText(this.summary, this.summaryWords());
        fillList(this.rows, this.viewers ?? [], (viewer) => viewer.id,
            (viewer) => this.makeRow(viewer), (row, viewer) => this.updateRow(row, viewer));
        this.bans.update();
        this.drain.update();
    }

    summaryWords() {
        const shown = this.viewers?.length ?? 0;
        if (!shown) return viewersText.none;
        return shown < this.count
            ? viewersText.shown(countText(shown), countText(this.count))
            : viewersText.all(countText(this.count));
    }

    /** @param {ViewerLine} viewer */
    makeRow(viewer) {
        const text = viewersText;
        return element("tr", {},
            element("th", { attributes: { scope: "row" } }, typed(viewer.address)),
            element("td", {}, typed(viewer.stream)),
            element("td", { class: "cell-who" }),
            element("td", { class: "cell-agent" }, typed(viewer.agent ?? "–")),
            element("td", { class: "cell-time" }), element("td", { class: "cell-behind" }),
            element("td", { class: "cell-bytes" }),
            element("td", { class: "cell-actions" },
                button(text.kick, () => this.askKick(viewer),
                    { class: "button-small", label: `${text.kick}: ${viewer.address}` }),
                button(text.ban, () => this.bans.prepare(viewer.address),
                    { class: "button-small button-ban",
                        label: `${text.ban}: ${viewer.address}` })));
    }

    /** @param {HTMLElement} row @param {ViewerLine} viewer */
    updateRow(row, viewer) {
        const set = (/** @type {string} */ cell, /** @type {string} */ words) => {
            const found = row.querySelector(cell);
            if (found) setText(found, words);
        };
        set(".cell-who", viewer.name ?? "–");
        set(".cell-time", durationText(viewer.watchedMs));
        set(".cell-behind", durationText(viewer.behindMs));
        set(".cell-bytes", bytesText(viewer.bytes));
        const isUp = this.app.store.link.state === "up";
        for (const made of row.querySelectorAll("button")) {
            made.disabled = !isUp;
            if (made.classList.contains("button-ban")) made.hidden = !this.app.mayDirect;
        }
    }

    async fetch() {
        this.fetchedAtMs = performance.now();
        const address = this.address?.value.trim() ?? "";
        try {
            const reply = await this.app.api.get(
                `/viewers?count=200${address ? `&address=${pathPart(address)}` : ""}`);
            this.viewers = Array.isArray(reply?.viewers) ? reply.viewers : [];
            this.count = Number(reply?.count) || 0;
            this.fault.hidden = true;
        } catch (error) {
            this.fault.hidden = false;
            setText(this.fault, error instanceof StaffError ? error.message : "");
        }
        this.update();
    }

    /** @param {ViewerLine} viewer */
    askKick(viewer) {
        const text = viewersText;
        openDialog({
            title: text.kickAsk(viewer.address), detail: text.kickDetail, action: text.kick,
            isDangerous: true,
            act: async () => {
                const outcome = await this.app.outbox.submit({
                    lane: "viewers", label: `${text.kick}: ${viewer.address}`, method: "DELETE",
                    path: `/viewers/${pathPart(viewer.id)}`,
                });
                await this.fetch();
                return outcome.state === "done" ? "" : outcome.text ?? "";
            },
        });
    }
}
