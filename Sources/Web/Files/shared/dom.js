// Elements made without markup: whatever a person typed gets in as text, never as HTML.

/**
 * Makes an element.
 * @param {string} tag
 * @param {{class?: string, text?: string|number, dir?: string,
 *   on?: Record<string, (event: any) => void>,
 *   attributes?: Record<string, string|number|boolean|undefined|null>}} [options] An attribute that
 *   is false, null or undefined is left out; true stands for an empty one.
 * @param {...(Node|null|undefined|false)} children What isn't a node is left out.
 * @returns {HTMLElement}
 */
export function element(tag, options = {}, ...children) {
    const made = document.createElement(tag);
    if (options.class) made.className = options.class;
    if (options.dir) made.dir = options.dir;
    if (options.text !== undefined) made.textContent = String(options.text);
    setAttributes(made, options.attributes ?? {});
    for (const [name, listener] of Object.entries(options.on ?? {})) {
        made.addEventListener(name, listener);
    }
    for (const child of children) if (child) made.append(child);
    return made;
}

/**
 * What somebody typed, kept from turning the line around it.
 * @param {string} words
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function typed(words, className) {
    return element("bdi", { class: className, text: words });
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(`The page has no #${id}.`);
    return found;
}

/**
 * Sets attributes; false, null and undefined take one away.
 * @param {Element} target
 * @param {Record<string, string|number|boolean|undefined|null>} attributes
 */
export function setAttributes(target, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) target.removeAttribute(name);
        else if (target.getAttribute(name) !== (value === true ? "" : String(value))) {
            target.setAttribute(name, value === true ? "" : String(value));
        }
    }
}

/**
 * Changes a text only if it is another one, so that nothing is read out twice.
 * @param {Element} target
 * @param {string} words
 */
export function setText(target, words) {
    if (target.textContent !== words) target.textContent = words;
}

/**
 * Copies what an element says; where the clipboard may not be used (without leave or TLS), it is
 * marked to be copied by hand.
 * @param {Element} target
 * @returns {Promise<boolean>} Whether it is in the clipboard.
 */
export async function copyText(target) {
    try {
        await navigator.clipboard.writeText(target.textContent ?? "");
        return true;
    } catch {
        window.getSelection()?.selectAllChildren(target);
        return false;
    }
}

/**
 * Drawings of one stroke, in a box of 24 by 24.
 * @type {Record<string, string>}
 */
const ICON_PATHS = {
    check: "M4.5 12.5l5 5 10-11",
    cross: "M6 6l12 12M18 6L6 18",
    sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11",
    silence: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
    eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"
        + "M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
    heart: "M12 20S3.5 15 3.5 8.8A4.6 4.6 0 0 1 12 6.5a4.6 4.6 0 0 1 8.5 2.3C20.5 15 12 20 12 20z",
    star: "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17l-5.3 3 1.1-6L3.4 9.8l6-.8z",
    lock: "M6.5 10.5h11v9h-11zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
    pause: "M8 5.5v13M16 5.5v13",
    clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
    info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.5v.6",
    warning: "M12 4L2.5 20h19zM12 10v4.5M12 17v.6",
    menu: "M4 7h16M4 12h16M4 17h16",
    full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z"
        + "M2.5 19.5c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5"
        + "M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .7 3.5 2.3 3.5 5",
    back: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5",
    trophy: "M7 4h10v6a5 5 0 0 1-10 0z"
        + "M7 6H3.5c0 3 1.3 5 3.7 5M17 6h3.5c0 3-1.3 5-3.7 5M12 15v3.5M8 20h8",
    play: "M7 4.5l12 7.5-12 7.5z",
};

/**
 * A drawing beside words that say the same, so it is hidden from screen readers.
 * @param {string} name One of `ICON_PATHS`.
 * @returns {SVGSVGElement}
 */
export function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const drawing = /** @type {SVGSVGElement} */ (document.createElementNS(space, "svg"));
    setAttributes(drawing, { viewBox: "0 0 24 24", class: `icon icon-${name}`,
        "aria-hidden": "true", focusable: "false" });
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", ICON_PATHS[name] ?? "");
    drawing.append(path);
    return drawing;
}
