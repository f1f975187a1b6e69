// Keeps what this console's user likes: theme, name on an open plane, talk time, alarm.

const preferencePrefix = "fanfare.console.";

/** @param {string} name @returns {string | null} */
export function readPreference(name) {
    try {
        return localStorage.getItem(preferencePrefix + name);
    } catch {
        // Storage can be forbidden; then nothing is kept.
        return null;
    }
}

/** @param {string} name @param {string} value */
export function writePreference(name, value) {
    try {
        localStorage.setItem(preferencePrefix + name, value.slice(0, 200));
    } catch {
        // As above.
    }
}

/** @param {string | null} theme "dark" or "light"; dark if it isn't said */
export function applyTheme(theme) {
    document.documentElement.dataset.theme = theme === "light" ? "light" : "dark";
}
