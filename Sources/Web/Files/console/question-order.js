// Puts waiting questions in another order: by dragging, and by Alt with the arrow keys.
import { movedOrder, waitingIDs } from "./run-sheet.js";
import { consoleText } from "./strings/en.js";

/** Makes the rows of a list movable. */
export class QuestionOrder {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     * @param {import("./show-questions.js").ShowQuestions} questions
     */
    constructor(app, show, questions) {
        this.app = app;
        this.show = show;
        this.questions = questions;
        this.dragged = "";
    }

    get isPossible() {
        return this.app.mayHost && this.app.store.link.state === "up";
    }

    /**
     * @param {HTMLElement} row focusable
     * @param {string} id of its question
     * @param {() => boolean} isMovable whether it still waits
     */
    attach(row, id, isMovable) {
        row.addEventListener("keydown", (event) => {
            if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
            event.preventDefault();
            event.stopPropagation();
            if (isMovable()) void this.step(id, event.key === "ArrowUp" ? -1 : 1);
        });
        row.addEventListener("dragstart", (event) => {
            if (!isMovable() || !this.isPossible) {
                event.preventDefault();
                return;
            }
            this.dragged = id;
            row.classList.add("is-dragged");
            event.dataTransfer?.setData("text/plain", id);
            if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
        });
        row.addEventListener("dragend", () => {
            this.dragged = "";
            row.classList.remove("is-dragged");
        });
        row.addEventListener("dragover", (event) => {
            if (!this.dragged || this.dragged === id || !isMovable()) return;
            event.preventDefault();
            row.classList.add("is-over");
        });
        row.addEventListener("dragleave", () => row.classList.remove("is-over"));
        row.addEventListener("drop", (event) => {
            row.classList.remove("is-over");
            if (!this.dragged || !isMovable()) return;
            event.preventDefault();
            const ids = waitingIDs(this.questions.records);
            void this.send(movedOrder(ids, this.dragged, ids.indexOf(id)));
        });
    }

    /** @param {string} id @param {number} by */
    async step(id, by) {
        const ids = waitingIDs(this.questions.records);
        await this.send(movedOrder(ids, id, ids.indexOf(id) + by));
    }

    /** @param {string[] | null} ids */
    async send(ids) {
        if (!ids || !this.isPossible) return;
        await this.app.order(this.show, "order", consoleText.run.moved, { body: { questions: ids } });
    }
}
