// Sums the checks before a show up to one word: go, look, or no-go.

/** @typedef {"go" | "warn" | "no-go"} Verdict */

/** The checks in the order in which they are walked through before a show. */
const checkOrder = ["machine", "disk", "clock", "keys", "feed", "questions", "guests", "crowd"];

/**
 * @param {unknown} verdict
 * @returns {Verdict} what isn't known is no go
 */
function verdictOf(verdict) {
    return verdict === "go" || verdict === "warn" ? verdict : "no-go";
}

/**
 * @param {unknown} reply of GET /readiness
 * @returns {{verdict: Verdict | null, checks: import("./staff-types.js").ReadinessCheck[],
 *     counts: Record<Verdict, number>}} verdict null if nothing was checked
 */
export function goSheetOf(reply) {
    const listed = /** @type {any} */ (reply)?.checks;
    /** @type {Record<Verdict, number>} */
    const counts = { "go": 0, "warn": 0, "no-go": 0 };
    if (!Array.isArray(listed) || listed.length === 0) return { verdict: null, checks: [], counts };
    const checks = listed.slice(0, 50).map((/** @type {any} */ check) => ({
        id: String(check?.id ?? ""),
        title: String(check?.title ?? check?.id ?? ""),
        verdict: verdictOf(check?.verdict),
        text: String(check?.text ?? ""),
    }));
    checks.sort((a, b) => rankOf(a.id) - rankOf(b.id));
    for (const check of checks) counts[check.verdict] += 1;
    /** @type {Verdict} */
    const verdict = counts["no-go"] > 0 ? "no-go" : counts.warn > 0 ? "warn" : "go";
    return { verdict, checks, counts };
}

/** @param {string} id */
function rankOf(id) {
    const at = checkOrder.indexOf(id);
    return at < 0 ? checkOrder.length : at;
}
