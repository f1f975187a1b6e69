// The switch that takes the server out of service: nobody new, and load balancers are told.
import { element, setText } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, panel } from "./dom-lists.js";
import { viewersText } from "./strings/viewers-en.js";
import { countText } from "./units.js";

/** Fetched when opened, after each change, and every 5 s. */
export class DrainPanel {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        this.app = app;
        /** @type {{isDraining: boolean, viewers: number} | null} */
        this.state = null;
        this.fetchedAtMs = -Infinity;
        this.words = element("p", { attributes: { "aria-live": "polite" } });
        this.fault = element("p", { class: "field-fault", attributes: { role: "alert" } });
        this.act = button(viewersText.drainDo, () => this.press());
        this.element = panel(viewersText.drain, { class: "panel-drain" }, this.words, this.act,
            this.fault);
    }

    update() {
        const { app, state } = this;
        const isUp = app.store.link.state === "up";
        if (isUp && performance.now() - this.fetchedAtMs > 5_000) void this.fetch();
        setText(this.words, !state ? "" : state.isDraining
            ? viewersText.drainOn(countText(state.viewers)) : viewersText.drainOff);
        setText(this.act, state?.isDraining ? viewersText.drainUndo : viewersText.drainDo);
        this.act.hidden = !app.mayDirect || !state;
        this.act.disabled = !isUp;
        this.element.classList.toggle("is-draining", state?.isDraining === true);
    }

    async fetch() {
        this.fetchedAtMs = performance.now();
        try {
            this.state = await this.app.api.get("/drain");
        } catch {
            // Whether the server is there is said at the top; what is known of it stays.
        }
        this.update();
    }

    press() {
        if (this.state?.isDraining) {
            void this.order("DELETE", viewersText.drainUndo);
            return;
        }
        openDialog({
            title: viewersText.drainAsk, detail: viewersText.drainDetail,
            action: viewersText.drainDo, isDangerous: true,
            act: () => this.order("POST", viewersText.drainDo),
        });
    }

    /** @param {string} method @param {string} label */
    async order(method, label) {
        const outcome = await this.app.outbox.submit({
            lane: "drain", label, method, path: "/drain",
        });
        const fault = outcome.state === "done" ? "" : outcome.text ?? "";
        setText(this.fault, fault);
        if (outcome.state === "done") this.state = outcome.data;
        this.update();
        return fault;
    }
}
