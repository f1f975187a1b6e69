// Writes figures as a control room reads them: short, with their unit, in columns that stand still.
import { formatCountdown } from "../shared/format.js";

const digitsOf = (/** @type {number} */ least) => new Intl.NumberFormat("en", {
    minimumFractionDigits: least, maximumFractionDigits: least,
});
const whole = digitsOf(0);
const tenths = digitsOf(1);

/** @param {number | null | undefined} count @returns {string} as 12,345 */
export function countText(count) {
    return typeof count === "number" && Number.isFinite(count) ? whole.format(count) : "–";
}

/** @param {number | null | undefined} kbps @returns {string} as 416 kbit/s or 2.4 Mbit/s */
export function kbpsText(kbps) {
    if (typeof kbps !== "number" || !Number.isFinite(kbps)) return "–";
    return kbps >= 10_000 ? `${tenths.format(kbps / 1000)} Mbit/s` : `${whole.format(kbps)} kbit/s`;
}

/** @param {number | null | undefined} bytes @returns {string} as 12.4 GB */
export function bytesText(bytes) {
    if (typeof bytes !== "number" || !Number.isFinite(bytes)) return "–";
    let value = bytes;
    let at = 0;
    const names = ["B", "kB", "MB", "GB", "TB"];
    while (value >= 1000 && at < names.length - 1) {
        value /= 1000;
        at += 1;
    }
    return `${(at === 0 || value >= 100 ? whole : tenths).format(value)} ${names[at]}`;
}

/**
 * @param {number | null | undefined} ms
 * @returns {string} as 340 ms, 2.4 s, 3 min 20 s, 2 h 5 min
 */
export function durationText(ms) {
    if (typeof ms !== "number" || !Number.isFinite(ms)) return "–";
    const at = Math.abs(ms);
    const sign = ms < 0 ? "−" : "";
    if (at < 1000) return `${sign}${Math.round(at)} ms`;
    if (at < 10_000) return `${sign}${tenths.format(at / 1000)} s`;
    const seconds = Math.round(at / 1000);
    if (seconds < 60) return `${sign}${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${sign}${minutes} min ${seconds % 60} s`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return `${sign}${hours} h ${minutes % 60} min`;
    return `${sign}${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** @param {number | null | undefined} perSecond @returns {string} as 29.9 per s */
export function rateText(perSecond) {
    if (typeof perSecond !== "number" || !Number.isFinite(perSecond)) return "–";
    return `${Math.round(perSecond * 10) / 10} per s`;
}

/** @param {number} ms @returns {string} as 4:05, for planned lengths */
export function clockLengthText(ms) {
    return formatCountdown(Math.round(ms / 1000) * 1000);
}

/** @param {number} ms @returns {string} as 7.4, for a countdown's seconds */
export function secondsText(ms) {
    return tenths.format(Math.max(0, ms) / 1000);
}

/** @param {number} atMs since 1970 @returns {string} as 20:15:03 */
export function timeOfDay(atMs) {
    return new Date(atMs).toLocaleTimeString("en-GB");
}

/**
 * @param {number} atMs since 1970
 * @param {number} nowMs
 * @returns {string} the day too, unless today
 */
export function dayAndTime(atMs, nowMs) {
    const day = new Date(atMs).toDateString();
    if (day === new Date(nowMs).toDateString()) return timeOfDay(atMs);
    const date = new Date(atMs).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
    return `${date}, ${timeOfDay(atMs).slice(0, 5)}`;
}

/** @param {number} share 0 to 1 @returns {string} as 34 % */
export function shareText(share) {
    return Number.isFinite(share) ? `${Math.round(share * 100)} %` : "–";
}

/**
 * Money as the server tells it.
 * @param {import("./staff-types.js").Prize | undefined} prize
 * @returns {string} as 1000.00 EUR; empty for none
 */
export function prizeText(prize) {
    if (!prize) return "";
    return `${prize.amount ?? prize.minorUnits ?? ""} ${prize.currency}`.trim();
}
