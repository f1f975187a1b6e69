// The rail's drawings, of one stroke in a box of 24 by 24.

/** @type {Record<string, string>} */
const railPaths = {
    programme: "M3 5h18v12H3zM8 21h8M12 17v4M10 8.5v5l4.5-2.5z",
    shows: "M4 6h10M4 12h10M4 18h7M17.5 5v14M17.5 19l-2.5-2.7M17.5 19l2.5-2.7",
    viewers: "M2 12c3-5.4 6.3-7 10-7s7 1.6 10 7c-3 5.4-6.3 7-10 7s-7-1.6-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 3-5.6 6.5-5.6s6.5 2 6.5 5.6M16 4.5a3.5 3.5 0 0 1 0 6.4M18 14.8c2.1.7 3.5 2.5 3.5 5.2",
    rehearse: "M4 12.5l4.5 4.5L20 6M4 20h16",
};

const railSpace = "http://www.w3.org/2000/svg";

/**
 * @param {string} name of a section
 * @returns {SVGElement} hidden from screen readers: the words beside it say the same
 */
export function railIcon(name) {
    const drawing = document.createElementNS(railSpace, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("class", "rail-icon");
    drawing.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(railSpace, "path");
    path.setAttribute("d", railPaths[name] ?? "");
    drawing.append(path);
    return drawing;
}
