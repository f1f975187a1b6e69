// What the page keeps over a reload, in this tab and on this device; without storage it just
// forgets.

/**
 * @param {() => Storage} store
 * @param {string} key
 * @returns {string|null}
 */
function read(store, key) {
    try {
        return store().getItem(key);
    } catch {
        return null;
    }
}

/**
 * @param {() => Storage} store
 * @param {string} key
 * @param {string|null} value
 */
function write(store, key, value) {
    try {
        if (value === null) store().removeItem(key);
        else store().setItem(key, value);
    } catch {
        // Storage is off or full: the page works, and forgets at the next load.
    }
}

const device = () => window.localStorage;
const tab = () => window.sessionStorage;

/**
 * The token of a stream. A tab's own comes first, so two tabs can be two players.
 * @param {string} stream
 * @returns {string|null}
 */
export function recallToken(stream) {
    return read(tab, `fanfare.token.${stream}`) ?? read(device, `fanfare.token.${stream}`);
}

/**
 * @param {string} stream
 * @param {string|null} token Null forgets it.
 */
export function keepToken(stream, token) {
    const key = `fanfare.token.${stream}`;
    // Another tab's player is its own to forget.
    const isOwn = token !== null || read(device, key) === read(tab, key);
    write(tab, key, token);
    if (isOwn) write(device, key, token);
}

/**
 * @param {string} stream
 * @returns {Record<string, unknown>} What `keepShow` kept, unchecked.
 */
export function recallShow(stream) {
    try {
        const kept = JSON.parse(read(tab, `fanfare.show.${stream}`) ?? "{}");
        return typeof kept === "object" && kept !== null ? kept : {};
    } catch {
        return {};
    }
}

/**
 * @param {string} stream
 * @param {Record<string, unknown>} show
 */
export function keepShow(stream, show) {
    write(tab, `fanfare.show.${stream}`, JSON.stringify(show));
}

/**
 * A choice that isn't about a stream: the language, whether number keys answer, the last name.
 * @param {"language"|"keys"|"name"|"sound"} name
 * @returns {string|null}
 */
export function recallChoice(name) {
    return read(device, `fanfare.${name}`);
}

/**
 * @param {"language"|"keys"|"name"|"sound"} name
 * @param {string|null} value
 */
export function keepChoice(name, value) {
    write(device, `fanfare.${name}`, value);
}
