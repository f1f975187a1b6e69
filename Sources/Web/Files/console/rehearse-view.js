// The Rehearse page: a simulated crowd with its report, and the go / no-go sheet.
import { element, setText } from "../shared/dom.js";
import { button, field, fillOptions, input, panel, select } from "./dom-lists.js";
import { CrowdReport } from "./crowd-report.js";
import { GoPanel } from "./go-panel.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

const pollMs = 1000;

/** Follows the newest rehearsal for as long as it runs. */
export class RehearseView {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        const text = consoleText.rehearse;
        this.app = app;
        /** @type {any} the newest rehearsal */
        this.rehearsal = null;
        this.polledAtMs = -Infinity;
        this.isPolling = false;
        this.go = new GoPanel(app);
        this.report = new CrowdReport();
        this.stop = button(text.stop, () => void this.stopCrowd(), { class: "button-small" });
        this.element = element("div", { class: "page page-rehearse" },
            panel(text.title, { class: "panel-crowd" }, this.makeForm()),
            panel(text.running, { class: "panel-report", beside: [this.stop] }, this.report.element),
            this.go.element);
        void this.findRunning();
    }

    makeForm() {
        const text = consoleText.rehearse;
        this.stream = select([]);
        const number = (/** @type {string} */ label, /** @type {number} */ value,
            /** @type {number} */ from, /** @type {number} */ to) => ({
            ...field(label, input("number", { value, min: from, max: to, step: 1, inputmode: "numeric" })),
            from, to,
        });
        this.viewers = number(text.viewers, 200, 1, 100_000);
        this.seconds = number(text.seconds, 30, 5, 3600);
        this.players = number(text.players, 0, 0, 100);
        this.fault = element("p", { class: "field-fault", attributes: { role: "alert" } });
        this.start = /** @type {HTMLButtonElement} */ (element("button",
            { class: "button is-primary", text: text.start, attributes: { type: "submit" } }));
        return element("form", { class: "form form-row", attributes: { novalidate: true },
            on: { submit: (event) => void this.startCrowd(event) } },
        field(text.stream, this.stream).element, this.viewers.element, this.seconds.element,
        this.players.element, this.start, element("p", { class: "hint", text: text.hint }), this.fault);
    }

    update() {
        const streams = this.app.store.programme?.streams ?? [];
        if (this.stream) {
            fillOptions(this.stream, streams.map((stream) => [stream.name, stream.name]));
        }
        const isRunning = this.rehearsal?.state === "running";
        const isUp = this.app.store.link.state === "up";
        if (this.start) {
            this.start.disabled = isRunning || !isUp || streams.length === 0;
            this.start.hidden = !this.app.mayHost;
        }
        this.stop.hidden = !isRunning || !this.app.mayHost;
        this.stop.disabled = !isUp;
        const since = performance.now() - this.polledAtMs;
        if (isRunning && isUp && !this.isPolling && since > pollMs) void this.poll();
        this.report.update(this.rehearsal);
        this.go.update();
    }

    /** A console that was opened while a crowd is on shows it. */
    async findRunning() {
        try {
            const reply = await this.app.api.get("/rehearsals");
            const newest = Array.isArray(reply?.rehearsals) ? reply.rehearsals[0] : undefined;
            if (newest && !this.rehearsal) {
                this.rehearsal = newest;
                await this.poll();
            }
        } catch {
            // None is known: the form is all there is.
        }
    }

    /** @param {Event} event */
    async startCrowd(event) {
        event.preventDefault();
        const fields = [this.viewers, this.seconds, this.players];
        const values = fields.map((each) => {
            const control = /** @type {HTMLInputElement} */ (each?.control);
            const value = Number(control.value);
            const isGood = each !== undefined && Number.isInteger(value) && control.value !== ""
                && value >= each.from && value <= each.to;
            each?.fail(isGood ? "" : consoleText.rehearse.numberWrong(each.from, each.to));
            return isGood ? value : null;
        });
        if (values.some((value) => value === null)) return;
        const [viewers, seconds, players] = values;
        const outcome = await this.app.outbox.submit({
            lane: "rehearsal", label: consoleText.rehearse.start, method: "POST", path: "/rehearsals",
            body: { stream: this.stream?.value, viewers, seconds, players },
        });
        if (this.fault) setText(this.fault, outcome.state === "done" ? "" : outcome.text ?? "");
        if (outcome.state !== "done") return;
        this.rehearsal = { id: outcome.data?.id, state: "running", progress: 0 };
        await this.poll();
    }

    async poll() {
        const id = this.rehearsal?.id;
        if (typeof id !== "string") return;
        this.isPolling = true;
        try {
            const reply = await this.app.api.get(`/rehearsals/${pathPart(id)}`);
            const wasRunning = this.rehearsal?.state === "running";
            this.rehearsal = { ...reply, id };
            if (wasRunning && reply.state !== "running") void this.go.check();
        } catch {
            // Asked again while it runs; a lost server is shouted elsewhere.
        } finally {
            this.isPolling = false;
            this.polledAtMs = performance.now();
        }
        this.update();
    }

    async stopCrowd() {
        const id = this.rehearsal?.id;
        if (typeof id !== "string") return;
        await this.app.outbox.submit({
            lane: "rehearsal", label: consoleText.rehearse.stop, method: "DELETE",
            path: `/rehearsals/${pathPart(id)}`,
        });
        await this.poll();
    }
}
