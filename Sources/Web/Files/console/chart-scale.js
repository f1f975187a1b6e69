// Scales a chart: round figures for the axis, and the way of a line through its values.

/**
 * The least round figure that isn't below a value: 1, 2, 2.5 or 5 times a power of ten.
 * @param {number} value
 */
export function roundTop(value) {
    if (!(value > 0) || !Number.isFinite(value)) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    for (const step of [1, 2, 2.5, 5, 10]) if (value <= step * power * 1.0000001) return step * power;
    return 10 * power;
}

/**
 * @param {(number | null)[]} values
 * @param {number} [least] the axis reaches at least to it
 * @returns {number} the axis's top
 */
export function chartTop(values, least = 0) {
    let top = least;
    for (const value of values) if (value !== null && Number.isFinite(value) && value > top) top = value;
    return roundTop(top);
}

/**
 * An SVG path; a gap in the values is a gap in the line.
 * @param {(number | null)[]} values the oldest first
 * @param {{width: number, height: number, top: number, count: number}} box count: how many
 *     values the width holds; fewer stand at its right
 * @returns {string}
 */
export function linePath(values, box) {
    const shown = values.slice(-box.count);
    const step = box.count > 1 ? box.width / (box.count - 1) : box.width;
    const from = box.count - shown.length;
    let path = "";
    let isDrawing = false;
    shown.forEach((value, at) => {
        if (value === null || !Number.isFinite(value)) {
            isDrawing = false;
            return;
        }
        const x = round1((from + at) * step);
        const y = round1(box.height - (Math.min(value, box.top) / box.top) * box.height);
        path += `${isDrawing ? "L" : "M"}${x} ${y}`;
        isDrawing = true;
    });
    return path;
}

/**
 * The same line closed down to the axis, for the tint under it.
 * @param {(number | null)[]} values
 * @param {{width: number, height: number, top: number, count: number}} box
 */
export function areaPath(values, box) {
    let path = "";
    for (const piece of linePath(values, box).split("M").filter((part) => part !== "")) {
        const points = piece.split("L");
        const first = points[0].split(" ")[0];
        const last = points[points.length - 1].split(" ")[0];
        path += `M${first} ${box.height}L${points.join("L")}L${last} ${box.height}Z`;
    }
    return path;
}

/** @param {number} value */
function round1(value) {
    return Math.round(value * 10) / 10;
}

/** A row of values that forgets its oldest. */
export class Series {
    /** @param {number} countMax */
    constructor(countMax) {
        this.countMax = countMax;
        /** @type {(number | null)[]} */
        this.values = [];
    }

    /** @param {(number | null)[]} values the oldest first, in the place of what was there */
    fill(values) {
        this.values = values.slice(-this.countMax)
            .map((value) => (typeof value === "number" && Number.isFinite(value) ? value : null));
    }

    /** @param {number | null | undefined} value */
    push(value) {
        this.values.push(typeof value === "number" && Number.isFinite(value) ? value : null);
        if (this.values.length > this.countMax) this.values.shift();
    }

    /** The newest that is known. @returns {number | null} */
    get newest() {
        for (let at = this.values.length - 1; at >= 0; at--) {
            const value = this.values[at];
            if (value !== null) return value;
        }
        return null;
    }
}
