// Says what each role may do, so that nobody sees a button that would be refused.

/**
 * @param {import("./staff-types.js").Session | null} session
 * @returns {boolean} whether it may lead shows and announce
 */
export function mayHost(session) {
    return session?.role === "director" || session?.role === "host";
}

/**
 * @param {import("./staff-types.js").Session | null} session
 * @returns {boolean} whether it may make and remove staff, and start crowds
 */
export function mayDirect(session) {
    return session?.role === "director";
}
