// The control room's entry: signs in, listens to the server, and draws the page that is asked for.
import { BackOff } from "../shared/back-off.js";
import { element } from "../shared/dom.js";
import { isTyping } from "../shared/keyboard.js";
import { ConsoleApp } from "./console-app.js";
import { Frame } from "./frame.js";
import { Monitor } from "./monitor.js";
import { PeopleView } from "./people-view.js";
import { ProgrammeView } from "./programme-view.js";
import { RehearseView } from "./rehearse-view.js";
import { ShowListView } from "./show-list-view.js";
import { ShowView } from "./show-view.js";
import { StaffError } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { ViewersView } from "./viewers-view.js";

/** Draws the page of the route, and changes it when the route does. */
class Screen {
    /** @param {ConsoleApp} app */
    constructor(app) {
        this.app = app;
        this.frame = new Frame(app);
        this.monitor = new Monitor();
        this.routeKey = "";
        /** @type {import("./console-app.js").View | null} */
        this.view = null;
        this.isDue = false;
        document.body.replaceChildren(this.frame.element);
        app.routeListeners.add(() => this.schedule());
        app.store.subscribe(() => this.schedule());
        app.outbox.subscribe(() => this.schedule());
        // Countdowns and "how long ago" move without anything being told.
        window.setInterval(() => this.schedule(), 200);
        document.addEventListener("keydown", (event) => this.keyDown(event));
        document.addEventListener("keyup", (event) => this.view?.keyUp?.(event));
        window.addEventListener("online", () => app.link.hurry());
    }

    schedule() {
        if (this.isDue) return;
        this.isDue = true;
        requestAnimationFrame(() => {
            this.isDue = false;
            this.draw();
        });
    }

    draw() {
        const { app } = this;
        const { section, show } = app.route;
        const key = section === "show" ? `show:${show}` : section;
        if (key !== this.routeKey) {
            this.routeKey = key;
            this.view?.leave?.();
            const before = this.view;
            const view = this.make();
            this.view = view;
            this.frame.stage.dataset.section = section;
            // The monitor is moved while both pages are there: its video doesn't stop then.
            this.frame.stage.append(view.element);
            view.update();
            this.place();
            before?.element.remove();
        }
        this.frame.update();
        this.view?.update();
        this.place();
    }

    place() {
        const { view, monitor } = this;
        const { api, store } = this.app;
        monitor.audienceURL = store.session?.audienceURL ?? "";
        monitor.sign = store.session?.playIsSigned
            ? async (stream) =>
                (await api.get(`/streams/${encodeURIComponent(stream)}/watch`)).query ?? ""
            : null;
        monitor.show(view?.monitorSlot, view?.monitorStream?.() ?? "");
    }

    /** @returns {import("./console-app.js").View} */
    make() {
        const { app } = this;
        switch (app.route.section) {
            case "shows": return new ShowListView(app);
            case "show": return new ShowView(app, app.route.show ?? "");
            case "viewers": return new ViewersView(app);
            case "people": return new PeopleView(app);
            case "rehearse": return new RehearseView(app);
            default: return new ProgrammeView(app);
        }
    }

    /** @param {KeyboardEvent} event */
    keyDown(event) {
        if (event.defaultPrevented || isTyping(event.target)) return;
        if (document.querySelector("dialog[open]")) return;
        if (this.view?.keyDown?.(event)) event.preventDefault();
    }
}

async function begin() {
    const app = new ConsoleApp();
    const waiting = element("p", { class: "begin", text: consoleText.link.connecting });
    document.body.replaceChildren(waiting);
    const backOff = new BackOff({ firstMs: 500 });
    for (;;) {
        try {
            app.store.session = await app.api.get("/session");
            break;
        } catch (error) {
            // Without a session nothing can be shown: the sign-in page is opened, or it waits.
            if (error instanceof StaffError && error.status === 401) return;
            waiting.textContent = error instanceof Error ? error.message : consoleText.link.shout;
            await new Promise((resolve) => setTimeout(resolve, backOff.nextMs()));
        }
    }
    new Screen(app).schedule();
    app.link.start();
}

void begin();
