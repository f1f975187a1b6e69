// The machine under it all: disk, memory, processor, and how often tags are merged.
import { element } from "../shared/dom.js";
import { Figure, figures, panel } from "./dom-lists.js";
import { consoleText } from "./strings/en.js";
import { bytesText, durationText, shareText } from "./units.js";

/** Below this much free disk an evening's answers may not fit, bytes. */
const diskFreeBytesLow = 1e9;

/** Drawn from the events' machine. */
export class MachinePanel {
    constructor() {
        const text = consoleText.machine;
        this.disk = new Figure(text.disk);
        this.memory = new Figure(text.memory);
        this.cpu = new Figure(text.cpu);
        this.merge = new Figure(text.merge);
        this.uptime = new Figure(text.uptime);
        this.note = element("p", { class: "machine-note", text: text.diskLow, attributes: { hidden: true } });
        this.element = panel(text.title, { class: "panel-machine" },
            figures(this.disk, this.memory, this.cpu, this.merge, this.uptime), this.note);
    }

    /** @param {import("./staff-types.js").Machine | undefined} machine */
    update(machine) {
        if (!machine) return;
        const share = machine.diskFreeBytes / Math.max(1, machine.diskTotalBytes);
        const isLow = machine.diskFreeBytes < diskFreeBytesLow || share < 0.03;
        this.disk.set(ofAll(machine.diskFreeBytes, machine.diskTotalBytes), isLow ? "bad" : share < 0.1 ? "look" : "");
        this.note.hidden = !isLow;
        this.memory.set(ofAll(machine.memoryBytes, machine.memoryTotalBytes));
        this.cpu.set(shareText(machine.cpuShare),
            machine.cpuShare > 0.9 ? "bad" : machine.cpuShare > 0.7 ? "look" : "");
        this.merge.set(durationText(machine.mergeMs));
        this.uptime.set(durationText(machine.uptimeMs));
    }
}

/** @param {number} bytes @param {number | undefined} total */
function ofAll(bytes, total) {
    return total ? `${bytesText(bytes)} of ${bytesText(total)}` : bytesText(bytes);
}
