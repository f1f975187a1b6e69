// Signs in: a staff token becomes a cookie that scripts can't read.
import { element, setText } from "../shared/dom.js";
import { field, input } from "./dom-lists.js";
import { applyTheme, readPreference } from "./preferences.js";
import { StaffAPI, StaffError } from "./staff-api.js";
import { consoleText } from "./strings/en.js";

function showLogin() {
    const text = consoleText.login;
    applyTheme(readPreference("theme"));
    const api = new StaffAPI();
    const token = input("password", {
        autocomplete: "current-password", spellcheck: "false", maxlength: 2048, required: true,
    });
    const itsField = field(text.token, token, { hint: text.hint });
    const enter = /** @type {HTMLButtonElement} */ (element("button",
        { class: "button is-primary", text: text.enter, attributes: { type: "submit" } }));
    const form = element("form", { class: "login-form", attributes: { novalidate: true } },
        element("p", { class: "brand", text: consoleText.brand }),
        element("h1", { text: text.title }), itsField.element, enter);
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const value = token.value.trim();
        if (!value) {
            itsField.fail(text.missing);
            token.focus();
            return;
        }
        enter.disabled = true;
        setText(enter, text.busy);
        try {
            await api.request("POST", "/login", { body: { token: value } });
            location.assign("/");
        } catch (error) {
            const isWrong = error instanceof StaffError && (error.status === 401 || error.status === 403);
            itsField.fail(isWrong ? text.wrong : error instanceof StaffError && error.status > 0
                ? error.message : text.lost);
            token.select();
            token.focus();
        } finally {
            enter.disabled = false;
            setText(enter, text.enter);
        }
    });
    document.body.replaceChildren(element("main", { class: "login" }, form));
    token.focus();
    // Where no token is asked for, there is nothing to do here.
    void api.get("/session").then(() => location.assign("/"), () => {});
}

showLogin();
