// What is typed to ban somebody, as the server wants it.

const unitSeconds = /** @type {Record<string, number>} */ ({ s: 1, m: 60, h: 3600, d: 86_400 });
const spanSecondsMax = 10 * 366 * 86_400;

/**
 * @param {string} text as 90s, 30m, 2h or 7d; empty for a ban without an end
 * @returns {number | null | undefined} seconds; null for no end, undefined for what can't be read
 */
export function spanSeconds(text) {
    const typed = text.trim().toLowerCase();
    if (!typed) return null;
    const found = /^(\d{1,9})\s*([smhd])$/.exec(typed);
    if (!found) return undefined;
    const seconds = Number(found[1]) * unitSeconds[found[2]];
    return seconds >= 1 && seconds <= spanSecondsMax ? seconds : undefined;
}

/**
 * What is worth asking the server for: it reads addresses better than a page does.
 * @param {string} text
 */
export function looksLikeAddress(text) {
    return /^[0-9a-f:.]{2,45}(\/\d{1,3})?$/i.test(text.trim());
}

/**
 * The order for a ban.
 * @param {string} address
 * @param {string} span
 * @param {string} reason
 * @returns {{address: string, reason?: string, forS?: number} | null} null where it can't be sent
 */
export function banOrder(address, span, reason) {
    const seconds = spanSeconds(span);
    if (!looksLikeAddress(address) || seconds === undefined) return null;
    return {
        address: address.trim(),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
        ...(seconds === null ? {} : { forS: seconds }),
    };
}
