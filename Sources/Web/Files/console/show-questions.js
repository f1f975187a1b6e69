// Keeps a show's questions as they are: fetched again whenever the show has changed.
import { pathPart } from "./staff-api.js";

/** One for each show that is looked at. */
export class ShowQuestions {
    /** @param {import("./console-app.js").ConsoleApp} app @param {string} show */
    constructor(app, show) {
        this.app = app;
        this.show = show;
        /** @type {import("./staff-types.js").QuestionRecord[]} */
        this.records = [];
        this.isKnown = false;
        this.version = -1;
        this.isFetching = false;
        this.triedAtMs = -Infinity;
    }

    /** Fetches if the show has another version than they had. */
    update() {
        const state = this.app.store.show(this.show);
        if (!state || this.isFetching || state.version === this.version) return;
        if (performance.now() - this.triedAtMs < 250) return;
        void this.fetch(state.version);
    }

    /** @param {number} version */
    async fetch(version) {
        this.isFetching = true;
        this.triedAtMs = performance.now();
        try {
            const reply = await this.app.api.get(`/shows/${pathPart(this.show)}/questions`);
            if (Array.isArray(reply?.questions)) {
                this.records = reply.questions;
                this.isKnown = true;
                this.version = version;
            }
        } catch {
            // Tried again with the next drawing; a lost server is shouted elsewhere.
        } finally {
            this.isFetching = false;
            this.app.store.tell("questions");
        }
    }

    /** @param {string | undefined} id */
    question(id) {
        return this.records.find((record) => record.question.id === id)?.question;
    }
}
