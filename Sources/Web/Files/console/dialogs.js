// Asks before what can't be undone: a dialog whose button has to be held, or Ctrl+Enter.
import { element, setText } from "../shared/dom.js";
import { button } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { safetyHoldMs } from "./step-safety.js";

/**
 * A button that does its work when held for 600 ms, by pointer or key.
 * @param {string} words
 * @param {() => void} onHeld
 * @param {string} [className]
 * @returns {HTMLButtonElement}
 */
export function holdButton(words, onHeld, className = "") {
    const made = button(words, () => {}, { class: `button-hold ${className}` });
    made.append(element("span", { class: "hold-ring", attributes: { "aria-hidden": "true" } }));
    let timer = 0;
    const begin = () => {
        if (timer || made.disabled) return;
        made.classList.add("is-held");
        timer = window.setTimeout(() => {
            end();
            // Escape may have taken the dialog away meanwhile.
            if (made.isConnected) onHeld();
        }, safetyHoldMs);
    };
    const end = () => {
        window.clearTimeout(timer);
        timer = 0;
        made.classList.remove("is-held");
    };
    made.addEventListener("pointerdown", (event) => {
        if (event.button === 0) begin();
    });
    for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
        made.addEventListener(name, end);
    }
    made.addEventListener("contextmenu", (event) => event.preventDefault());
    made.addEventListener("keydown", (event) => {
        if ((event.key === "Enter" || event.key === " ") && !event.repeat
            && !event.ctrlKey) begin();
        if (event.key === "Enter" || event.key === " ") event.preventDefault();
    });
    made.addEventListener("keyup", (event) => {
        if (event.key === "Enter" || event.key === " ") end();
    });
    return made;
}

/**
 * @typedef {object} Asking
 * @property {string} title
 * @property {string} [detail]
 * @property {(Node | null | undefined)[]} [body] fields, figures
 * @property {string} action what the button says
 * @property {boolean} [isDangerous]
 * @property {boolean} [isPlain] the button needs no holding, as for keeping a form
 * @property {() => string | Promise<string>} act does it; a sentence keeps the dialog open, an
 *     empty one closes it
 * @property {string} [class]
 */

/**
 * Opens a dialog. It is closed by Escape, by its cancel button, or when its work is done.
 * @param {Asking} asking
 * @returns {{close: () => void, element: HTMLElement}}
 */
export function openDialog(asking) {
    const before = document.activeElement;
    const fault = element("p", { class: "dialog-fault", attributes: { role: "alert" } });
    let isBusy = false;
    const act = async () => {
        if (isBusy) return;
        isBusy = true;
        go.disabled = true;
        let words;
        try {
            words = await asking.act();
        } finally {
            isBusy = false;
            go.disabled = false;
        }
        setText(fault, words);
        if (!words) close();
    };
    const tone = asking.isDangerous ? "is-danger" : "is-primary";
    const go = asking.isPlain ? button(asking.action, () => void act(), { class: tone })
        : holdButton(consoleText.ask.hold(asking.action), () => void act(), tone);
    const cancel = button(consoleText.ask.cancel, () => close());
    const dialog = /** @type {HTMLDialogElement} */ (element("dialog",
        { class: `dialog ${asking.class ?? ""}`.trim(),
            attributes: { "aria-label": asking.title } },
        element("h2", { class: "dialog-title", text: asking.title, dir: "auto" }),
        asking.detail ? element("p", { class: "dialog-detail", text: asking.detail }) : null,
        element("div", { class: "dialog-body" }, ...(asking.body ?? [])),
        fault,
        element("footer", { class: "dialog-foot" }, cancel, go)));
    const close = () => {
        dialog.close();
        dialog.remove();
        if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
    dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        close();
    });
    dialog.addEventListener("keydown", (event) => {
        const isPlainEnter = asking.isPlain && event.key === "Enter"
            && event.target instanceof HTMLInputElement;
        if ((event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat)
            || isPlainEnter) {
            event.preventDefault();
            void act();
        }
    });
    document.body.append(dialog);
    dialog.showModal();
    const first = dialog.querySelector(".dialog-body :is(input, textarea, select)");
    if (first instanceof HTMLElement) first.focus();
    else cancel.focus();
    return { close, element: dialog };
}
