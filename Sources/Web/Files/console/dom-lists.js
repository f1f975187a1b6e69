// Brings a list on the screen to what it should be, keeping what is there: focus and all.
import { element, setText } from "../shared/dom.js";

/**
 * @template T
 * @param {HTMLElement} parent all its children are the list's
 * @param {T[]} items
 * @param {(item: T, at: number) => string} keyOf
 * @param {(item: T) => HTMLElement} make
 * @param {(made: HTMLElement, item: T, at: number) => void} [update]
 */
export function fillList(parent, items, keyOf, make, update = () => {}) {
    const focused = document.activeElement;
    /** @type {Map<string, HTMLElement>} */
    const held = new Map();
    for (const child of /** @type {HTMLElement[]} */ ([...parent.children])) {
        const { listKey } = child.dataset;
        if (listKey === undefined) child.remove();
        else held.set(listKey, child);
    }
    /** @type {Element | null} */
    let at = parent.firstElementChild;
    items.forEach((item, index) => {
        const key = keyOf(item, index);
        let child = held.get(key);
        held.delete(key);
        if (!child) {
            child = make(item);
            child.dataset.listKey = key;
        }
        update(child, item, index);
        if (child === at) at = at.nextElementSibling;
        else parent.insertBefore(child, at);
    });
    for (const child of held.values()) child.remove();
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement
        && parent.contains(focused)) {
        focused.focus({ preventScroll: true });
    }
}

/**
 * Scrolls a box until a part of it is seen; the page around it stays where it is.
 * @param {HTMLElement} box
 * @param {Element} part
 */
export function scrollWithin(box, part) {
    const outer = box.getBoundingClientRect();
    const inner = part.getBoundingClientRect();
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

/**
 * A panel: a heading, what is beside it, and a body.
 * @param {string} title
 * @param {{class?: string, beside?: (Node | null | undefined)[], level?: number}} options
 * @param {...(Node | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function panel(title, options, ...children) {
    const heading = element(`h${options.level ?? 2}`, { class: "panel-title", text: title });
    return element("section", {
        class: `panel ${options.class ?? ""}`.trim(), attributes: { "aria-label": title },
    },
    element("header", { class: "panel-head" }, heading, ...(options.beside ?? [])),
    element("div", { class: "panel-body" }, ...children));
}

/**
 * A button with words.
 * @param {string} words
 * @param {(event: MouseEvent) => void} onPress
 * @param {{class?: string, disabled?: boolean, title?: string, label?: string}} [options]
 *     label: for screen readers, where the words alone don't say of what
 * @returns {HTMLButtonElement}
 */
export function button(words, onPress, options = {}) {
    return /** @type {HTMLButtonElement} */ (element("button", {
        class: `button ${options.class ?? ""}`.trim(),
        text: words,
        attributes: {
            type: "button", disabled: options.disabled, title: options.title,
            "aria-label": options.label,
        },
        on: { click: onPress },
    }));
}

/** A name and its figure, whose text can be set. */
export class Figure {
    /** @param {string} name @param {string} [className] */
    constructor(name, className = "") {
        this.value = element("dd", { class: "figure-value", text: "–" });
        this.name = element("dt", { class: "figure-name", text: name });
        this.element = element("div", { class: `figure ${className}`.trim() }, this.name,
            this.value);
    }

    /** @param {string} words @param {string} [tone] good, look, bad or none */
    set(words, tone = "") {
        setText(this.value, words);
        if (this.element.dataset.tone !== tone) this.element.dataset.tone = tone;
    }
}

/**
 * @param {...Figure} figures
 * @returns {HTMLElement}
 */
export function figures(...figures) {
    return element("dl", { class: "figures" }, ...figures.map((figure) => figure.element));
}

/**
 * A form's field: a label, its control, a hint, and room for what is wrong.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {{hint?: string, class?: string}} [options]
 */
export function field(label, control, options = {}) {
    fieldCount += 1;
    const id = control.id || `field-${fieldCount}`;
    control.id = id;
    const fault = element("p", { class: "field-fault",
        attributes: { id: `${id}-fault`, role: "alert" } });
    const hint = options.hint
        ? element("p", { class: "field-hint", text: options.hint,
            attributes: { id: `${id}-hint` } })
        : null;
    control.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-fault`);
    const isBox = control instanceof HTMLInputElement && control.type === "checkbox";
    const name = element("label", { text: label, attributes: { for: id } });
    const kind = isBox ? "field field-box" : "field";
    const made = element("div", { class: `${kind} ${options.class ?? ""}`.trim() },
        ...(isBox ? [control, name] : [name, control]), hint, fault);
    return {
        element: made,
        control,
        /** @param {string} words what is wrong; empty if nothing is */
        fail(words) {
            setText(fault, words);
            control.setAttribute("aria-invalid", words ? "true" : "false");
        },
    };
}

let fieldCount = 0;

/**
 * @param {string} type
 * @param {Record<string, string | number | boolean | undefined | null>} [attributes]
 * @returns {HTMLInputElement}
 */
export function input(type, attributes = {}) {
    const made = /** @type {HTMLInputElement} */ (element("input", {
        class: type === "checkbox" || type === "radio" ? "box" : "input",
        attributes: { type, autocomplete: "off", ...attributes },
    }));
    return made;
}

/**
 * @param {[value: string, words: string][]} options
 * @param {(value: string) => void} [onChange]
 * @returns {HTMLSelectElement}
 */
export function select(options, onChange = () => {}) {
    const made = /** @type {HTMLSelectElement} */ (element("select", { class: "input" }));
    fillOptions(made, options);
    made.addEventListener("change", () => onChange(made.value));
    return made;
}

/**
 * @param {HTMLSelectElement} control
 * @param {[value: string, words: string][]} options
 */
export function fillOptions(control, options) {
    const shape = JSON.stringify(options);
    if (control.dataset.shape === shape) return;
    const { value } = control;
    control.dataset.shape = shape;
    control.replaceChildren(...options.map(([itsValue, words]) =>
        element("option", { text: words, attributes: { value: itsValue } })));
    if (options.some(([itsValue]) => itsValue === value)) control.value = value;
}
