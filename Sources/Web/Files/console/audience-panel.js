// How many watch, come and go, with their course over the last minutes.
import { element } from "../shared/dom.js";
import { Figure, figures, panel } from "./dom-lists.js";
import { LineChart } from "./line-chart.js";
import { consoleText } from "./strings/en.js";
import { countText } from "./units.js";

/** Drawn for one stream's history at a time. */
export class AudiencePanel {
    constructor() {
        const text = consoleText.audience;
        this.viewers = new Figure(text.viewers, "figure-big");
        this.joins = new Figure(`${text.joins} ${text.perMinute}`, "figure-joins");
        this.drops = new Figure(`${text.drops} ${text.perMinute}`, "figure-drops");
        this.skips = new Figure(`${text.skips} ${text.total}`);
        this.slot = element("div", { class: "viewers-slot" });
        /** @type {LineChart | null} */
        this.chart = null;
        this.element = panel(text.title, { class: "panel-audience" },
            figures(this.viewers, this.joins, this.drops, this.skips), this.slot);
    }

    /** @param {import("./stream-history.js").StreamHistory} history */
    watch(history) {
        const text = consoleText.charts;
        const { series } = history;
        this.chart = new LineChart({
            title: `${text.viewers}, ${text.minutes}`, format: countText, least: 10, class: "chart-viewers",
            series: [{ series: series.viewers, class: "line-viewers" },
                { series: series.joins, class: "line-joins" },
                { series: series.drops, class: "line-drops" }],
        });
        this.slot.replaceChildren(this.chart.element);
    }

    draw() {
        this.chart?.update();
    }

    /**
     * @param {import("./staff-types.js").StreamState | undefined} stream
     * @param {import("./stream-history.js").StreamHistory | null} history
     */
    update(stream, history) {
        this.viewers.set(countText(stream?.viewers));
        this.joins.set(countText(history?.lastMinute("joins")));
        const drops = history?.lastMinute("drops") ?? 0;
        const areMany = drops > 0 && drops > (stream?.viewers ?? 0) / 50;
        this.drops.set(countText(history ? drops : null), areMany ? "look" : "");
        this.skips.set(countText(stream?.skips));
    }
}
