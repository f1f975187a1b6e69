// Cuts the text of a server-sent event stream into events, however it comes in pieces.

/** A line longer than this is given up: nothing of ours is near it. */
const lineLengthMax = 4_000_000;

/** Reads `text/event-stream`; a comment counts as a sign of life. */
export class SSEParser {
    /**
     * @param {(event: {name: string, data: string}) => void} onEvent
     * @param {() => void} [onComment]
     */
    constructor(onEvent, onComment = () => {}) {
        this.onEvent = onEvent;
        this.onComment = onComment;
        this.rest = "";
        this.name = "";
        /** @type {string[]} */
        this.data = [];
        this.length = 0;
    }

    /** @param {string} text the next piece of the stream */
    feed(text) {
        this.rest += text;
        let from = 0;
        for (;;) {
            const end = lineEnd(this.rest, from);
            if (!end) break;
            this.line(this.rest.slice(from, end.at));
            from = end.next;
        }
        this.rest = this.rest.slice(from);
        if (this.rest.length > lineLengthMax) throw new Error("A line of the events has no end.");
    }

    /** @param {string} line */
    line(line) {
        if (line === "") {
            this.dispatch();
        } else if (line.startsWith(":")) {
            this.onComment();
        } else {
            const colon = line.indexOf(":");
            const field = colon < 0 ? line : line.slice(0, colon);
            let value = colon < 0 ? "" : line.slice(colon + 1);
            if (value.startsWith(" ")) value = value.slice(1);
            if (field === "event") this.name = value;
            if (field === "data") {
                this.length += value.length;
                if (this.length > lineLengthMax) throw new Error("An event is too long.");
                this.data.push(value);
            }
        }
    }

    dispatch() {
        const { name, data } = this;
        this.name = "";
        this.data = [];
        this.length = 0;
        if (data.length > 0) this.onEvent({ name: name || "message", data: data.join("\n") });
    }
}

/**
 * Lines end by CR LF, LF or CR; a CR at the very end may be half of a pair, so it waits.
 * @param {string} text
 * @param {number} from
 * @returns {{at: number, next: number} | undefined}
 */
function lineEnd(text, from) {
    for (let at = from; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        if (unit === 10) return { at, next: at + 1 };
        if (unit === 13) {
            if (at + 1 === text.length) return undefined;
            return { at, next: text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1 };
        }
    }
    return undefined;
}
