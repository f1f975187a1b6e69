// Numbers, money and time as people of a language write them.

/**
 * @param {number} value
 * @param {string} language
 * @returns {string}
 */
export function formatNumber(value, language) {
    return new Intl.NumberFormat(language).format(value);
}

/**
 * A number in a small place: 12K, 1.2万.
 * @param {number} value
 * @param {string} language
 * @returns {string}
 */
export function formatShortNumber(value, language) {
    return new Intl.NumberFormat(language, {
        notation: value < 10000 ? "standard" : "compact", maximumFractionDigits: 1,
    }).format(value);
}

/**
 * Money as the server tells it: `amount` is a decimal with all the digits the currency has, and
 * `minorUnits` the same in its smallest unit. Whole sums are written without their zeros if
 * `isShort`.
 * @param {{minorUnits?: number, amount?: string, currency?: string}} money
 * @param {string} language
 * @param {boolean} [isShort]
 * @returns {string} Empty if there is nothing to say.
 */
export function formatMoney(money, language, isShort = false) {
    const currency = money.currency ?? "";
    const typedAmount = /^-?\d{1,15}(\.\d{1,4})?$/.test(money.amount ?? "") ? money.amount
        : undefined;
    let digits = typedAmount?.split(".")[1]?.length ?? 0;
    let value = Number(typedAmount);
    if (typedAmount === undefined) {
        if (!Number.isFinite(money.minorUnits)) return "";
        digits = currencyDigits(currency);
        value = Number(money.minorUnits) / 10 ** digits;
    }
    if (isShort && Number.isInteger(value)) digits = 0;
    const range = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    try {
        return new Intl.NumberFormat(language,
            { style: "currency", currency, ...range }).format(value);
    } catch {
        // A currency that isn't one to the browser.
        return `${new Intl.NumberFormat(language, range).format(value)} ${currency}`.trim();
    }
}

/**
 * @param {string} currency
 * @returns {number}
 */
function currencyDigits(currency) {
    try {
        const format = new Intl.NumberFormat("en", { style: "currency", currency });
        return format.resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
        return 2;
    }
}

/**
 * Seconds with one digit behind the point, without their unit.
 * @param {number} ms
 * @param {string} language
 * @returns {string} Such as "1.2".
 */
export function formatSeconds(ms, language) {
    return new Intl.NumberFormat(language,
        { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(Math.max(0, ms) / 1000);
}

/**
 * A time to go, as a clock shows it: 4:05, 1:02:03.
 * @param {number} ms
 * @returns {string}
 */
export function formatCountdown(ms) {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
    const tail = `${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/**
 * A moment as people name it: the time, and the day unless it is today.
 * @param {number} atMs Since 1970.
 * @param {string} language
 * @param {number} nowMs Since 1970.
 * @param {string} [timeZone] The reader's if left out.
 * @returns {string}
 */
export function formatMoment(atMs, language, nowMs, timeZone) {
    /** @type {Intl.DateTimeFormatOptions} */
    const time = { hour: "numeric", minute: "2-digit", timeZone };
    /** @type {Intl.DateTimeFormatOptions} */
    const day = { weekday: "long", day: "numeric", month: "long", timeZone };
    const dayOf = (/** @type {number} */ ms) =>
        new Intl.DateTimeFormat(language, { dateStyle: "short", timeZone }).format(ms);
    const options = dayOf(atMs) === dayOf(nowMs) ? time : { ...day, ...time };
    return new Intl.DateTimeFormat(language, options).format(atMs);
}

/**
 * Whole percentages that add up to 100 (the largest remainders are rounded up), or are all 0.
 * @param {readonly number[]} counts
 * @returns {number[]}
 */
export function percentages(counts) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total <= 0) return counts.map(() => 0);
    const whole = counts.map((count) => Math.floor(count * 100 / total));
    const missing = 100 - whole.reduce((sum, share) => sum + share, 0);
    const byRemainder = counts
        .map((count, index) => ({ index, remainder: count * 100 / total - whole[index] }))
        .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
    for (const { index } of byRemainder.slice(0, missing)) whole[index] += 1;
    return whole;
}

/**
 * A whole percentage as the language writes it.
 * @param {number} percent
 * @param {string} language
 * @returns {string}
 */
export function formatPercent(percent, language) {
    return new Intl.NumberFormat(language, { style: "percent" }).format(percent / 100);
}
