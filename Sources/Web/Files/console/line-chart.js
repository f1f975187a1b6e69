// A small live chart: one or two lines over the last minutes, with its figure beside the title.
import { element, setAttributes, setText } from "../shared/dom.js";
import { areaPath, chartTop, linePath } from "./chart-scale.js";
import { consoleText } from "./strings/en.js";

const svgSpace = "http://www.w3.org/2000/svg";
const boxWidth = 300;
const boxHeight = 100;

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
function drawn(tag, attributes) {
    const made = document.createElementNS(svgSpace, tag);
    setAttributes(made, attributes);
    return made;
}

/** Draws series; `update` after they changed. */
export class LineChart {
    /**
     * @param {{title: string, format: (value: number | null) => string, class?: string,
     *     series: {series: import("./chart-scale.js").Series, class: string}[],
     *     least?: number, count?: number}} options least: the axis reaches at least to it
     */
    constructor(options) {
        this.options = options;
        this.count = options.count ?? 900;
        this.now = element("span", { class: "chart-now", text: "–" });
        this.top = element("span", { class: "chart-top" });
        this.empty = element("span", { class: "chart-empty", text: consoleText.charts.noValues });
        this.lines = options.series.map(({ class: name }) => ({
            area: drawn("path", { class: `chart-area ${name}` }),
            line: drawn("path", { class: `chart-line ${name}`, "vector-effect": "non-scaling-stroke" }),
        }));
        this.drawing = drawn("svg", {
            class: "chart-drawing", viewBox: `0 0 ${boxWidth} ${boxHeight}`,
            preserveAspectRatio: "none", role: "img",
        });
        for (const y of [0, 50, 100]) {
            this.drawing.append(drawn("line", {
                class: "chart-grid", x1: 0, x2: boxWidth, y1: y, y2: y,
                "vector-effect": "non-scaling-stroke",
            }));
        }
        for (const { area } of this.lines) this.drawing.append(area);
        for (const { line } of this.lines) this.drawing.append(line);
        this.element = element("figure", { class: `chart ${options.class ?? ""}`.trim() },
            element("figcaption", { class: "chart-head" },
                element("span", { class: "chart-title", text: options.title }), this.now),
            element("div", { class: "chart-box" }, this.drawing, this.top, this.empty));
    }

    /** @param {string} [words] in the place of the newest value */
    update(words) {
        const all = this.options.series.flatMap(({ series }) => series.values);
        const known = /** @type {number[]} */ (all.filter((value) => value !== null));
        this.element.classList.toggle("is-empty", known.length === 0);
        const top = chartTop(all, this.options.least);
        const box = { width: boxWidth, height: boxHeight - 1, top, count: this.count };
        this.options.series.forEach(({ series }, at) => {
            this.lines[at].line.setAttribute("d", linePath(series.values, box));
            this.lines[at].area.setAttribute("d", areaPath(series.values, box));
        });
        const newest = this.options.series[0].series.newest;
        const { format } = this.options;
        setText(this.now, words ?? format(newest));
        setText(this.top, known.length ? format(top) : "");
        const low = known.length ? Math.min(...known) : null;
        const high = known.length ? Math.max(...known) : null;
        this.drawing.setAttribute("aria-label", consoleText.charts.summary(this.options.title,
            format(newest), format(low), format(high)));
    }
}
