// Who is at this console: name and role, theme, and signing out.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { button, field, input } from "./dom-lists.js";
import { openDialog } from "./dialogs.js";
import { applyTheme, readPreference, writePreference } from "./preferences.js";
import { consoleText } from "./strings/en.js";

/** The right end of the top bar. */
export class AccountMenu {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        this.app = app;
        this.theme = readPreference("theme") === "light" ? "light" : "dark";
        applyTheme(this.theme);
        app.api.by = readPreference("name") ?? "";
        this.name = typed("", "account-name");
        this.role = element("span", { class: "account-role" });
        this.who = /** @type {HTMLButtonElement} */ (element("button", {
            class: "account-who", attributes: { type: "button" },
                on: { click: () => this.askName() },
        }, this.name, this.role));
        this.themeButton = button("", () => this.toggleTheme(), { class: "button-small" });
        this.out = button(consoleText.account.signOut, () => void this.signOut(),
            { class: "button-small" });
        this.element = element("div", { class: "account" }, this.who, this.themeButton, this.out);
    }

    update() {
        const { session } = this.app.store;
        setText(this.themeButton, this.theme === "dark" ? consoleText.account.light
            : consoleText.account.dark);
        if (!session) return;
        const isOpen = session.isOpen === true;
        setText(this.name, this.app.by);
        const isNameless = isOpen && !this.app.api.by;
        setText(this.role, isNameless ? consoleText.account.sayName
            : consoleText.account.roles[session.role] ?? session.role);
        this.element.classList.toggle("is-nameless", isNameless);
        this.who.disabled = !isOpen;
        setAttributes(this.who, { title: isOpen ? consoleText.account.openPlane
            : session.role === "monitor" ? consoleText.account.looksOnly : null });
        this.out.hidden = isOpen;
    }

    toggleTheme() {
        this.theme = this.theme === "dark" ? "light" : "dark";
        applyTheme(this.theme);
        writePreference("theme", this.theme);
        this.update();
    }

    askName() {
        const name = input("text", { maxlength: 40, value: this.app.api.by });
        const itsField = field(consoleText.account.yourName, name,
            { hint: consoleText.account.nameWhy });
        openDialog({
            title: consoleText.account.openPlane, body: [itsField.element], isPlain: true,
            action: consoleText.account.keepName,
            act: () => {
                const value = name.value.trim();
                if (!value) {
                    itsField.fail(consoleText.people.nameMissing);
                    return consoleText.people.nameMissing;
                }
                this.app.api.by = value;
                writePreference("name", value);
                this.update();
                return "";
            },
        });
    }

    async signOut() {
        try {
            await this.app.api.request("POST", "/logout");
        } catch {
            // Whether it was heard or not, this page shows no more.
        }
        location.assign("/login");
    }
}
