// Says what each role may do, so that nobody sees a button that would be refused.

/**
 * @param {import("./staff-types.js").Session | null} session
 * @returns {boolean} whether it may lead shows, announce, and send crowds
 */
export function mayHost(session) {
    return session?.role === "director" || session?.role === "host";
}

/**
 * @param {import("./staff-types.js").Session | null} session
 * @returns {boolean} whether it may say who the staff are, and take publishers off
 */
export function mayDirect(session) {
    return session?.role === "director";
}
