// A MediaSource without a browser: it remembers what it was given, and refuses on demand.
import { box } from "./flv-files.mjs";

class FakeSourceBuffer extends EventTarget {
    updating = false;
    mode = "segments";
    ranges = [];
    appended = [];
    removed = [];
    changes = [];
    offsets = [];
    refuse = 0;
    #offset = 0;

    constructor(type) {
        super();
        this.type = type;
    }

    get buffered() {
        const { ranges } = this;
        return { length: ranges.length, start: (index) => ranges[index][0], end: (index) => ranges[index][1] };
    }

    get timestampOffset() {
        return this.#offset;
    }

    set timestampOffset(value) {
        if (value !== this.#offset) this.offsets.push(value);
        this.#offset = value;
    }

    appendBuffer(bytes) {
        if (this.updating) throw new DOMException("busy", "InvalidStateError");
        if (this.refuse > 0) {
            this.refuse--;
            throw new DOMException("full", "QuotaExceededError");
        }
        const buffer = Buffer.from(bytes);
        const isMP4 = buffer.length > 8 && ["ftyp", "moof"].includes(buffer.toString("latin1", 4, 8));
        const run = isMP4 && box(buffer, "moof", "traf", "trun");
        this.appended.push({ kind: !isMP4 ? "bare" : run ? "media" : "init", bytes: buffer.length,
            samples: run ? run.readUInt32BE(4) : 0, startsWithKeyframe: run ? (run.readUInt32BE(20) & 0x10000) === 0 : false });
        this.updating = true;
    }

    changeType(type) {
        this.changes.push(type);
    }

    remove(start, end) {
        this.removed.push([start, end]);
        this.ranges = this.ranges.map(([from, to]) => [Math.max(from, end), to]);
        this.updating = true;
    }
}

export class FakeMediaSource extends EventTarget {
    /** @param {string} type */
    static isTypeSupported(type) {
        return !/unsupported|hvc1/.test(type);
    }

    readyState = "closed";
    sourceBuffers = [];

    addSourceBuffer(type) {
        if (type.includes("unsupported")) throw new DOMException("no", "NotSupportedError");
        const buffer = new FakeSourceBuffer(type);
        this.sourceBuffers.push(buffer);
        return buffer;
    }

    open() {
        this.readyState = "open";
        this.dispatchEvent(new Event("sourceopen"));
    }

    /** Lets everything that was begun come to its end. */
    settle() {
        for (let round = 0; round < 10_000; round++) {
            const busy = this.sourceBuffers.find(({ updating }) => updating);
            if (!busy) return;
            busy.updating = false;
            busy.dispatchEvent(new Event("updateend"));
        }
        throw new Error("It never comes to rest.");
    }
}
