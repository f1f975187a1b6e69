// Bans: the addresses that nobody is let in from, making them and lifting them.
import { element, setText, typed } from "../shared/dom.js";
import { banOrder } from "./ban-form.js";
import { button, field, fillList, input, panel } from "./dom-lists.js";
import { StaffError, pathPart } from "./staff-api.js";
import { viewersText } from "./strings/viewers-en.js";
import { dayAndTime } from "./units.js";

/**
 * @typedef {{address: string, reason: string, by: string, atMs: number, untilMs?: number}}
 *     AddressBan
 */

/** Fetched when opened, after each change, and every 10 s. */
export class BanPanel {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {() => void} onChange somebody was banned
     */
    constructor(app, onChange) {
        const text = viewersText;
        this.app = app;
        this.onChange = onChange;
        /** @type {AddressBan[] | null} */
        this.bans = null;
        this.fetchedAtMs = -Infinity;
        this.fault = element("p", { class: "page-fault",
            attributes: { role: "alert", hidden: true } });
        this.told = element("p", { class: "hint", attributes: { "aria-live": "polite" } });
        this.none = element("p", { class: "empty", text: text.noBans });
        this.rows = element("ul", { class: "bans" });
        this.directorOnly = element("p", { class: "hint", text: text.directorOnly });
        this.form = this.makeForm();
        this.element = panel(text.bans, { class: "panel-bans" }, this.fault, this.none, this.rows,
            this.directorOnly, this.form, this.told);
    }

    makeForm() {
        const text = viewersText;
        this.address = input("text", { maxlength: 49, spellcheck: "false" });
        this.span = input("text", { maxlength: 12 });
        this.reason = input("text", { maxlength: 60 });
        this.addressField = field(text.address, this.address, { hint: text.addressHint });
        return element("form", { class: "form",
            on: { submit: (event) => {
                event.preventDefault();
                void this.ban();
            } } },
        this.addressField.element,
        field(text.span, this.span, { hint: text.spanHint }).element,
        field(text.reason, this.reason).element,
        element("button", { class: "button is-primary", text: text.make,
            attributes: { type: "submit" } }));
    }

    /**
     * Puts an address into the form, for somebody to say for how long.
     * @param {string} address
     */
    prepare(address) {
        if (!this.address) return;
        this.address.value = address;
        (this.span ?? this.address).focus();
    }

    update() {
        const { app } = this;
        const { mayHost, mayDirect } = app;
        const isUp = app.store.link.state === "up";
        this.element.hidden = !mayHost;
        this.form.hidden = !mayDirect;
        this.directorOnly.hidden = mayDirect;
        if (mayHost && isUp && performance.now() - this.fetchedAtMs > 10_000) void this.fetch();
        this.none.hidden = this.bans === null || this.bans.length > 0;
        fillList(this.rows, this.bans ?? [], (ban) => ban.address, (ban) => this.makeRow(ban),
            (row, ban) => this.updateRow(row, ban));
    }

    /** @param {AddressBan} ban */
    makeRow(ban) {
        return element("li", { class: "ban" },
            element("strong", {}, typed(ban.address)), element("span", { class: "ban-facts" }),
            button(viewersText.lift, () => void this.lift(ban.address),
                { class: "button-small", label: `${viewersText.lift}: ${ban.address}` }));
    }

    /** @param {HTMLElement} row @param {AddressBan} ban */
    updateRow(row, ban) {
        const text = viewersText;
        const until = ban.untilMs ? text.until(dayAndTime(ban.untilMs, Date.now())) : text.forever;
        const facts = row.querySelector(".ban-facts");
        const parts = [until, text.by(ban.by), ban.reason].filter(Boolean);
        if (facts) setText(facts, parts.join(" · "));
        const lift = row.querySelector("button");
        if (!lift) return;
        lift.hidden = !this.app.mayDirect;
        lift.disabled = this.app.store.link.state !== "up";
    }

    async fetch() {
        this.fetchedAtMs = performance.now();
        try {
            const reply = await this.app.api.get("/bans");
            this.bans = Array.isArray(reply?.bans) ? reply.bans : [];
            this.fault.hidden = true;
        } catch (error) {
            this.fault.hidden = false;
            setText(this.fault, error instanceof StaffError ? error.message : "");
        }
        this.update();
    }

    async ban() {
        const text = viewersText;
        const address = this.address?.value ?? "";
        const order = banOrder(address, this.span?.value ?? "", this.reason?.value ?? "");
        this.addressField?.fail(order ? "" : text.bad);
        if (!order) {
            this.address?.focus();
            return;
        }
        const outcome = await this.app.outbox.submit({
            lane: "bans", label: `${text.make}: ${order.address}`, method: "POST", path: "/bans",
            body: order,
        });
        if (outcome.state === "done") {
            setText(this.told, text.banned(String(outcome.data?.ban?.address ?? order.address),
                Number(outcome.data?.endedCount) || 0));
            for (const made of [this.address, this.span, this.reason]) if (made) made.value = "";
            this.onChange();
        } else {
            this.addressField?.fail(outcome.text ?? "");
        }
        await this.fetch();
    }

    /** @param {string} address */
    async lift(address) {
        const outcome = await this.app.outbox.submit({
            lane: "bans", label: `${viewersText.lift}: ${address}`, method: "DELETE",
            path: `/bans?address=${pathPart(address)}`,
        });
        if (outcome.state !== "done") setText(this.told, outcome.text ?? "");
        await this.fetch();
    }
}
