// The People page: who has a token, with which role, and giving and taking them.
import { copyText, element, setText, typed } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, field, fillList, input, panel, select } from "./dom-lists.js";
import { StaffError, pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { dayAndTime, durationText } from "./units.js";

/**
 * @typedef {{name: string, role: import("./staff-types.js").Role, createdAtMs?: number,
 *     lastSeenAtMs?: number}} StaffMember
 */

/** Fetched when opened, after each change, and every 10 s. */
export class PeopleView {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = consoleText.people;
        this.app = app;
        /** @type {StaffMember[] | null} */
        this.staff = null;
        this.fetchedAtMs = -Infinity;
        this.fault = element("p", { class: "page-fault",
            attributes: { role: "alert", hidden: true } });
        this.rows = element("tbody", {});
        this.table = element("table", { class: "table" },
            element("thead", {}, element("tr", {},
                ...Object.values(text.columns).map((words) =>
                    element("th", { text: words, attributes: { scope: "col" } })),
                element("th", { attributes: { scope: "col" } },
                    element("span", { class: "for-readers", text: text.remove })))),
            this.rows);
        this.none = element("div", { class: "empty" },
            element("p", { class: "empty-title", text: text.none }),
            element("p", { text: text.noneDetail }));
        this.told = element("div", { class: "told",
            attributes: { "aria-live": "polite", hidden: true } });
        this.list = panel(text.title, { class: "panel-people" }, this.fault, this.none, this.table);
        this.element = element("div", { class: "page page-people" }, this.list,
            panel(text.add, { class: "panel-give" }, this.told, this.makeForm()));
    }

    makeForm() {
        const text = consoleText.people;
        this.name = field(text.name, input("text", { maxlength: 28 }));
        this.role = select(Object.keys(text.roles).map((role) => [role, role]));
        this.role.value = "host";
        const roleField = field(text.role, this.role);
        const meaning = element("dl", { class: "roles" }, ...Object.entries(text.roles).flatMap(
            ([role, words]) => [element("dt", { text: role }), element("dd", { text: words })]));
        this.make = /** @type {HTMLButtonElement} */ (element("button",
            { class: "button is-primary", text: text.create, attributes: { type: "submit" } }));
        this.formFault = element("p", { class: "field-fault", attributes: { role: "alert" } });
        const form = element("form", { class: "form",
            on: { submit: (event) => void this.give(event) } },
            this.name.element, roleField.element, meaning, this.make, this.formFault);
        this.form = form;
        this.directorOnly = element("p", { class: "hint", text: text.directorOnly });
        return element("div", {}, this.directorOnly, form);
    }

    update() {
        const { app } = this;
        const { mayDirect } = app;
        this.form?.toggleAttribute("hidden", !mayDirect);
        this.directorOnly?.toggleAttribute("hidden", mayDirect);
        this.list.hidden = !mayDirect;
        if (this.make) this.make.disabled = app.store.link.state !== "up";
        const isDue = performance.now() - this.fetchedAtMs > 10_000;
        if (mayDirect && isDue && app.store.link.state === "up") void this.fetch();
        this.none.hidden = this.staff === null || this.staff.length > 0;
        this.table.hidden = !this.staff?.length;
        fillList(this.rows, this.staff ?? [], (member) => member.name,
            (member) => this.makeRow(member),
            (row, member) => this.updateRow(row, member));
    }

    /** @param {StaffMember} member */
    makeRow(member) {
        const text = consoleText.people;
        return element("tr", {},
            element("th", { attributes: { scope: "row" } }, typed(member.name)),
            element("td", {}, element("span", { class: "chip", text: member.role,
                attributes: { "data-role": member.role } })),
            element("td", { class: "cell-time" }),
            element("td", { class: "cell-seen" }),
            element("td", { class: "cell-actions" },
                button(text.remove, () => this.askRemove(member),
                { class: "button-small", label: `${text.remove}: ${member.name}` })));
    }

    /** @param {HTMLElement} row @param {StaffMember} member */
    updateRow(row, member) {
        const now = Date.now();
        const set = (/** @type {string} */ cell, /** @type {string} */ words) => {
            const found = row.querySelector(cell);
            if (found) setText(found, words);
        };
        const text = consoleText.people;
        const role = row.querySelector(".chip");
        if (role instanceof HTMLElement) {
            setText(role, member.role);
            role.dataset.role = member.role;
        }
        set(".cell-time", member.createdAtMs ? dayAndTime(member.createdAtMs, now) : "–");
        const isHere = member.name === this.app.store.session?.name;
        set(".cell-seen", isHere ? text.you : member.lastSeenAtMs
            ? consoleText.time.ago(durationText(now - member.lastSeenAtMs)) : text.never);
        const actions = row.querySelector(".cell-actions button");
        if (actions instanceof HTMLButtonElement) {
            actions.hidden = !this.app.mayDirect;
            actions.disabled = this.app.store.link.state !== "up";
        }
    }

    async fetch() {
        this.fetchedAtMs = performance.now();
        try {
            const reply = await this.app.api.get("/staff");
            this.staff = Array.isArray(reply?.staff) ? reply.staff : [];
            this.fault.hidden = true;
        } catch (error) {
            this.fault.hidden = false;
            setText(this.fault, error instanceof StaffError ? error.message : "");
        }
        this.update();
    }

    /** @param {Event} event */
    async give(event) {
        event.preventDefault();
        const nameInput = /** @type {HTMLInputElement} */ (this.name?.control);
        const name = nameInput.value.trim();
        this.name?.fail(name ? "" : consoleText.people.nameMissing);
        if (!name) {
            nameInput.focus();
            return;
        }
        const outcome = await this.app.outbox.submit({
            lane: "staff", label: `${consoleText.people.create}: ${name}`, method: "POST",
            path: "/staff", body: { name, role: this.role?.value },
        });
        if (this.formFault) setText(this.formFault, outcome.state === "done" ? ""
            : outcome.text ?? "");
        if (outcome.state !== "done") return;
        nameInput.value = "";
        this.tell(name, String(outcome.data?.token ?? ""));
        await this.fetch();
    }

    /** @param {string} name @param {string} token */
    tell(name, token) {
        const text = consoleText.people;
        const shown = element("code", { class: "token", text: token, attributes: { tabindex: 0 } });
        const copy = button(text.copy, async () => {
            if (await copyText(shown)) setText(copy, text.copied);
        }, { class: "button-small" });
        const done = button(text.done, () => {
            this.told.replaceChildren();
            this.told.hidden = true;
        }, { class: "button-small" });
        this.told.hidden = false;
        this.told.replaceChildren(element("p", {}, typed(text.told(name))), shown,
            element("p", { class: "told-actions" }, copy, done));
    }

    /** @param {StaffMember} member */
    askRemove(member) {
        const text = consoleText.people;
        openDialog({
            title: text.removeAsk(member.name), detail: text.removeDetail, action: text.remove,
            isDangerous: true,
            act: async () => {
                const outcome = await this.app.outbox.submit({
                    lane: "staff", label: `${text.remove}: ${member.name}`, method: "DELETE",
                    path: `/staff/${pathPart(member.name)}`,
                });
                await this.fetch();
                return outcome.state === "done" ? "" : outcome.text ?? "";
            },
        });
    }
}
