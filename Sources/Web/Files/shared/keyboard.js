// Whose a pressed key is: a field's that is typed into, or the page's.

const PRESSED_TYPES = ["checkbox", "radio", "button"];

/**
 * @param {EventTarget|null} target Of a key's event.
 * @returns {boolean} Whether the key belongs to it.
 */
export function isTyping(target) {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable || target instanceof HTMLSelectElement) return true;
    if (target instanceof HTMLTextAreaElement) return true;
    return target instanceof HTMLInputElement && !PRESSED_TYPES.includes(target.type);
}

/**
 * Phones have no number keys to speak of.
 * @returns {boolean}
 */
export function hasKeyboard() {
    return window.matchMedia("(hover: hover), (pointer: fine)").matches;
}
