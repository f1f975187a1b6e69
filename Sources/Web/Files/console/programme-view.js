// The Programme page: the monitor, the feed's health, the audience and the machine.
import { element } from "../shared/dom.js";
import { AudiencePanel } from "./audience-panel.js";
import { fillOptions, panel, select } from "./dom-lists.js";
import { FeedPanel } from "./feed-panel.js";
import { LineChart } from "./line-chart.js";
import { MachinePanel } from "./machine-panel.js";
import { ReportsPanel } from "./reports-panel.js";
import { StreamHistory } from "./stream-history.js";
import { consoleText } from "./strings/en.js";
import { durationText, kbpsText, rateText } from "./units.js";

/** Drawn for one stream at a time. */
export class ProgrammeView {
    /** @param {import("./console-app.js").ConsoleApp} app */
    constructor(app) {
        this.app = app;
        this.wanted = "";
        /** @type {StreamHistory | null} */
        this.history = null;
        this.drawnAtMs = 0;
        this.picker = select([], (name) => {
            this.wanted = name;
            this.update();
        });
        this.picker.setAttribute("aria-label", consoleText.feed.chooseStream);
        this.monitorSlot = element("div", { class: "monitor-slot" });
        this.feed = new FeedPanel(app);
        this.charts = element("div", { class: "charts" });
        this.audience = new AudiencePanel();
        this.reports = new ReportsPanel();
        this.machine = new MachinePanel();
        /** @type {LineChart[]} */
        this.lines = [];
        this.element = element("div", { class: "page page-programme" },
            panel(consoleText.monitor.title, { class: "panel-monitor", beside: [this.picker] },
                this.monitorSlot),
            this.feed.element,
            this.audience.element,
            panel(`${consoleText.feed.picture}, ${consoleText.feed.sound.toLowerCase()}`,
                { class: "panel-charts" }, this.charts),
            this.reports.element, this.machine.element);
    }

    monitorStream() {
        return this.streamName;
    }

    get streamName() {
        const streams = this.app.store.programme?.streams ?? [];
        if (this.wanted && streams.some((stream) =>
            stream.name === this.wanted)) return this.wanted;
        return streams.find((stream) => stream.state === "live")?.name ?? streams[0]?.name
            ?? this.history?.name ?? "";
    }

    update() {
        const { store } = this.app;
        const name = this.streamName;
        const streams = store.programme?.streams ?? [];
        fillOptions(this.picker, streams.map((stream) => [stream.name, stream.name]));
        this.picker.hidden = streams.length < 2;
        this.picker.value = name;
        if (name && this.history?.name !== name) this.watch(name);
        const stream = store.stream(name);
        this.feed.update(stream, name);
        const isNew = this.history?.take(stream, store.programmeAtMs) ?? false;
        if (isNew || performance.now() - this.drawnAtMs > 5000) this.drawCharts();
        this.audience.update(stream, this.history);
        this.reports.update(stream?.reports);
        this.machine.update(store.programme?.machine);
    }

    /** @param {string} name */
    watch(name) {
        const history = new StreamHistory(name);
        this.history = history;
        const text = consoleText.charts;
        const { series } = history;
        const chart = (/** @type {string} */ title, /** @type {string} */ key,
            /** @type {string} */ tone, /** @type {(value: number | null) => string} */ format,
            /** @type {number} */ least) => new LineChart({
            title, format, least, series: [{ series: series[key], class: tone }],
        });
        this.lines = [
            chart(text.video, "videoKbps", "line-video", kbpsText, 100),
            chart(text.audio, "audioKbps", "line-audio", kbpsText, 100),
            chart(text.frames, "fps", "line-frames", rateText, 30),
            chart(text.keyframes, "keyframeMs", "line-keyframes", durationText, 2000),
        ];
        this.charts.replaceChildren(...this.lines.map((line) => line.element));
        this.audience.watch(history);
        void history.fetch(this.app.api).then(() => {
            if (this.history === history) this.drawCharts();
        });
    }

    drawCharts() {
        this.drawnAtMs = performance.now();
        for (const line of this.lines) line.update();
        this.audience.draw();
    }
}
