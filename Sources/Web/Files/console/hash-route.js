// Reads where in the console one is from the address, and writes it.

/** @typedef {"programme" | "shows" | "show" | "viewers" | "people" | "rehearse"} Section */
/** @typedef {{section: Section, show?: string, tab?: string}} Route */

/** A show's pages. */
export const showTabs = ["run", "questions", "players", "plan", "results"];

/**
 * @param {string} hash as "#/show/final/run"
 * @returns {Route} what can't be read is the programme
 */
export function readRoute(hash) {
    const parts = hash.replace(/^#\/?/, "").split("/").map(decoded);
    const [section, show, tab] = parts;
    if (section === "show" && show) {
        return { section: "show", show, tab: showTabs.includes(tab) ? tab : "run" };
    }
    if (section === "shows" || section === "show") return { section: "shows" };
    if (section === "viewers" || section === "people" || section === "rehearse") return { section };
    return { section: "programme" };
}

/** @param {string} part */
function decoded(part) {
    try {
        return decodeURIComponent(part);
    } catch {
        return "";
    }
}

/** @param {Route} route @returns {string} */
export function writeRoute(route) {
    if (route.section !== "show") return `#/${route.section}`;
    return `#/show/${encodeURIComponent(route.show ?? "")}/${route.tab ?? "run"}`;
}
