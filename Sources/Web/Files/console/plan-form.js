// A show's plan as a form: making a show, and changing one whose doors are still closed.
import { element, setText } from "../shared/dom.js";
import { field, input, select } from "./dom-lists.js";
import { planBody, planFaults } from "./plan-values.js";
import { consoleText } from "./strings/en.js";

/** Without a show it makes one. */
export class PlanForm {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string | null} show
     */
    constructor(app, show) {
        this.app = app;
        this.show = show;
        this.isTouched = false;
        this.filledVersion = -1;
        const text = consoleText.plan;
        this.fields = this.makeFields();
        this.showMode();
        this.submit = /** @type {HTMLButtonElement} */ (element("button",
            { class: "button is-primary", text: show ? text.keep : text.make,
                attributes: { type: "submit" } }));
        this.fault = element("p", { class: "field-fault", attributes: { role: "alert" } });
        this.fixed = element("p", { class: "hint", text: text.draftOnly,
            attributes: { hidden: true } });
        const { fields } = this;
        const more = element("details", { class: "form-more" },
            element("summary", { text: text.more }),
            element("div", { class: "form-grid" }, ...["graceMs", "lagMsMax", "speedLagMsMax",
                "defaultLagMs", "pointsBase", "pointsSpeed"].map((name) => fields[name].element)));
        this.element = element("form", { class: "form plan-form", attributes: { novalidate: true },
            on: { submit: (event) => void this.send(event), input: () => {
                this.isTouched = true;
            } } },
        this.fixed,
        element("div", { class: "form-grid" }, ...["title", ...(show ? [] : ["id", "stream"]),
            "mode",
            "reviveCount", "bestCount", "amount", "currency", "remainderRule", "questionCount",
            "entryClosesAtQuestion", "startsAt"].map((name) => fields[name].element)),
        element("div", { class: "form-boxes" }, ...["isRehearsal", "guestsMayWin",
            "locksWhenAllAnswered"]
            .map((name) => fields[name].element)),
        more, element("div", { class: "form-foot" }, this.submit, this.fault));
    }

    makeFields() {
        const text = consoleText.plan;
        const number = (/** @type {string} */ label, /** @type {string | undefined} */ hint,
            /** @type {string} */ placeholder) => field(label, input("number",
            { min: 0, step: 1, inputmode: "numeric", placeholder }), { hint });
        /** @type {Record<string, ReturnType<typeof field>>} */
        const fields = {
            title: field(text.name, input("text", { maxlength: 200 }), { class: "field-wide" }),
            id: field(text.id, input("text", { maxlength: 64, pattern: "[A-Za-z0-9_-]*",
                spellcheck: "false" }),
                { hint: text.idHint }),
            stream: field(text.stream, input("text", { maxlength: 64, spellcheck: "false" }),
                { hint: text.streamHint }),
            mode: field(text.mode, select([["knockout", text.knockout], ["points", text.points]],
                () => this.showMode()), { hint: `${text.knockout}: ${text.knockoutHint} `
                + `${text.points}: ${text.pointsHint}` }),
            reviveCount: number(text.revives, undefined, "1"),
            bestCount: number(text.best, text.bestHint, ""),
            amount: field(text.prize, input("text", { inputmode: "decimal", maxlength: 20 }),
                { hint: text.prizeHint }),
            currency: field(text.currency, input("text",
                { maxlength: 3, spellcheck: "false", placeholder: "EUR" })),
            remainderRule: field(text.remainder, select(
                [["kept", text.kept], ["toTheFirst", text.toTheFirst]])),
            questionCount: number(text.questionCount, text.questionCountHint, ""),
            entryClosesAtQuestion: number(text.entry, text.entryHint, "1"),
            startsAt: field(text.startsAt, input("datetime-local"), { hint: text.startsAtHint }),
            isRehearsal: field(text.rehearsal, input("checkbox"), { hint: text.rehearsalHint }),
            guestsMayWin: field(text.guests, input("checkbox"), { hint: text.guestsHint }),
            locksWhenAllAnswered: field(text.lockAll, input("checkbox"),
                { hint: text.lockAllHint }),
            graceMs: number(text.grace, undefined, "500"),
            lagMsMax: number(text.lagMax, undefined, "4000"),
            speedLagMsMax: number(text.lagSpeed, undefined, "1000"),
            defaultLagMs: number(text.lagDefault, undefined, "2000"),
            pointsBase: number(text.base, undefined, "500"),
            pointsSpeed: number(text.speed, undefined, "500"),
        };
        return fields;
    }

    showMode() {
        const isPoints = this.value("mode") === "points";
        this.fields.reviveCount.element.hidden = isPoints;
        this.fields.bestCount.element.hidden = !isPoints;
        this.fields.pointsBase.element.hidden = !isPoints;
        this.fields.pointsSpeed.element.hidden = !isPoints;
        this.fields.speedLagMsMax.element.hidden = !isPoints;
    }

    /** @param {string} name @returns {string} */
    value(name) {
        const { control } = this.fields[name];
        if (control instanceof HTMLInputElement && control.type === "checkbox") {
            return control.checked ? "true" : "";
        }
        return /** @type {HTMLInputElement} */ (control).value.trim();
    }

    /** @param {string} name @param {string | number | boolean | undefined} value */
    setValue(name, value) {
        const { control } = this.fields[name];
        if (control instanceof HTMLInputElement && control.type === "checkbox") {
            control.checked = value === true;
        } else {
            const words = value === undefined ? "" : String(value);
            /** @type {HTMLInputElement} */ (control).value = words;
        }
    }

    update() {
        const { app } = this;
        this.submit.disabled = app.store.link.state !== "up" || !app.mayHost;
        const stream = app.store.programme?.streams[0]?.name;
        if (!this.show) {
            this.fields.stream.control.setAttribute("placeholder", stream ?? "show");
            return;
        }
        const state = app.store.show(this.show);
        if (!state) return;
        const isDraft = state.phase === "draft";
        this.fixed.hidden = isDraft;
        for (const { control } of Object.values(this.fields)) {
            /** @type {HTMLInputElement} */ (control).disabled = !isDraft || !app.mayHost;
        }
        this.submit.hidden = !isDraft || !app.mayHost;
        if (this.isTouched || this.filledVersion === state.version) return;
        this.filledVersion = state.version;
        this.fill(state.plan);
    }

    /** @param {import("./staff-types.js").ShowPlan} plan */
    fill(plan) {
        for (const name of Object.keys(this.fields)) {
            if (name in plan) this.setValue(name, /** @type {any} */ (plan)[name]);
        }
        this.setValue("bestCount", plan.bestCount);
        this.setValue("questionCount", plan.questionCount);
        this.setValue("amount", plan.prize?.amount);
        this.setValue("currency", plan.prize?.currency);
        this.setValue("remainderRule", plan.prize?.remainderRule ?? "kept");
        this.setValue("startsAt", plan.startsAtMs ? localMinute(plan.startsAtMs) : undefined);
        this.showMode();
    }

    /** @param {Event} event */
    async send(event) {
        event.preventDefault();
        /** @type {Record<string, string>} */
        const values = {};
        for (const name of Object.keys(this.fields)) values[name] = this.value(name);
        const faults = planFaults(values);
        for (const [name, each] of Object.entries(this.fields)) each.fail(faults[name] ?? "");
        const [first] = Object.keys(faults);
        if (first) {
            this.fields[first].control.focus();
            return;
        }
        const body = planBody(values, this.show === null);
        if (this.show) {
            const outcome = await this.app.order(this.show, "", consoleText.plan.keep,
                { method: "PUT", body });
            setText(this.fault, outcome.state === "done" ? "" : outcome.text ?? "");
            if (outcome.state === "done") this.isTouched = false;
            return;
        }
        body.stream = values.stream || this.fields.stream.control.getAttribute("placeholder");
        const outcome = await this.app.outbox.submit(
            { lane: "shows", method: "POST", path: "/shows", body,
            label: `${consoleText.plan.make}: ${values.title}` });
        setText(this.fault, outcome.state === "done" ? "" : outcome.text ?? "");
        const made = outcome.data?.show;
        if (outcome.state !== "done" || typeof made !== "string") return;
        await this.app.fetchShow(made);
        this.app.go({ section: "show", show: made, tab: "questions" });
    }
}

/** @param {number} atMs @returns {string} as a datetime-local field has it */
function localMinute(atMs) {
    const at = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
    return at.toISOString().slice(0, 16);
}
