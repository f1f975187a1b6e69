// A show's page: its tabs, and the one that is open.
import { element, setAttributes, setText } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, panel } from "./dom-lists.js";
import { writeRoute } from "./hash-route.js";
import { PlanForm } from "./plan-form.js";
import { PlayersTab } from "./players-tab.js";
import { QuestionsTab } from "./questions-tab.js";
import { ResultsTab } from "./results-tab.js";
import { RunTab } from "./run-tab.js";
import { ShowQuestions } from "./show-questions.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

/** One show; its tabs are made when they are first opened. */
export class ShowView {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     */
    constructor(app, show) {
        this.app = app;
        this.show = show;
        this.questions = new ShowQuestions(app, show);
        /** @type {Map<string, any>} */
        this.tabs = new Map();
        /** @type {any} */
        this.tab = null;
        this.links = new Map();
        const nav = element("nav", { class: "tabs",
            attributes: { "aria-label": consoleText.sections.shows } },
            element("a", { class: "tab tab-back", text: consoleText.shows.back,
                attributes: { href: "#/shows" } }));
        for (const [tab, words] of Object.entries(consoleText.tabs)) {
            const link = element("a", { class: "tab", text: words,
                attributes: { href: writeRoute({ section: "show", show, tab }) } });
            this.links.set(tab, link);
            nav.append(link);
        }
        this.missing = element("p", { class: "empty", text: consoleText.shows.loading });
        this.body = element("div", { class: "show-body" });
        this.element = element("div", { class: "page page-show" }, nav, this.missing, this.body);
        this.isFetching = false;
        if (!app.store.show(show)) void this.fetch();
    }

    async fetch() {
        this.isFetching = true;
        const isThere = await this.app.fetchShow(this.show);
        if (!isThere) setText(this.missing, consoleText.shows.gone);
        // Asked for again a moment later, while the server knows of it.
        window.setTimeout(() => {
            this.isFetching = false;
        }, 500);
        this.app.store.tell("show");
    }

    get monitorSlot() {
        return this.tab?.monitorSlot;
    }

    monitorStream() {
        return this.app.store.show(this.show)?.stream ?? "";
    }

    update() {
        const state = this.app.store.show(this.show);
        const { link } = this.app.store;
        const isKnown = this.app.store.summaries?.some((summary) => summary.id === this.show);
        if (!state && link.state === "up" && isKnown && !this.isFetching) void this.fetch();
        if (!state && this.app.store.summaries && !isKnown && !this.isFetching) {
            setText(this.missing, consoleText.shows.gone);
        }
        this.missing.hidden = state !== undefined;
        this.body.hidden = state === undefined;
        if (!state) return;
        this.questions.update();
        const wanted = this.app.route.tab ?? "run";
        if (this.tabName !== wanted) this.open(wanted);
        this.tab.update(state);
    }

    /** @param {string} name */
    open(name) {
        this.tab?.leave?.();
        const before = this.tab;
        this.tabName = name;
        let tab = this.tabs.get(name);
        if (!tab) {
            tab = this.make(name);
            this.tabs.set(name, tab);
        }
        this.tab = tab;
        this.body.append(tab.element);
        tab.enter?.();
        if (before && before !== tab) before.element.remove();
        for (const [each, link] of this.links) {
            setAttributes(link, { "aria-current": each === name ? "page" : null });
        }
    }

    /** @param {string} name @returns {any} */
    make(name) {
        const { app, show, questions } = this;
        switch (name) {
            case "questions": return new QuestionsTab(app, show, questions);
            case "players": return new PlayersTab(app, show);
            case "plan": return this.makePlan();
            case "results": return new ResultsTab(app, show);
            default: return new RunTab(app, show, questions);
        }
    }

    makePlan() {
        const form = new PlanForm(this.app, this.show);
        const remove = button(consoleText.plan.remove, () => this.askRemove(),
            { class: "button-small" });
        return {
            element: element("div", { class: "page-plan" },
                panel(consoleText.plan.title, { beside: [remove] }, form.element)),
            update: () => {
                form.update();
                remove.hidden = !this.app.mayHost;
                remove.disabled = this.app.store.link.state !== "up";
            },
        };
    }

    askRemove() {
        const title = this.app.store.show(this.show)?.plan.title ?? this.show;
        openDialog({
            title: consoleText.plan.removeAsk(title), detail: consoleText.plan.removeDetail,
            action: consoleText.plan.remove, isDangerous: true,
            act: async () => {
                const version = this.app.store.show(this.show)?.version;
                const outcome = await this.app.outbox.submit({
                    lane: `show:${this.show}`, label: consoleText.plan.remove, method: "DELETE",
                    path: `/shows/${pathPart(this.show)}`
                        + (version === undefined ? "" : `?expectedVersion=${version}`),
                });
                if (outcome.state !== "done") return outcome.text ?? "";
                this.app.go({ section: "shows" });
                return "";
            },
        });
    }

    /** @param {KeyboardEvent} event */
    keyDown(event) {
        return this.tab?.keyDown?.(event) ?? false;
    }

    /** @param {KeyboardEvent} event */
    keyUp(event) {
        this.tab?.keyUp?.(event);
    }

    leave() {
        this.tab?.leave?.();
    }
}
