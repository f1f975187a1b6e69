// Reads AMF0, the notation of FLV's script tags; hostile bytes end in an AMFError, never in a hang.

import { amfDepthLimit, amfValuesLimit } from "./limits.js";

/** What is wrong with a script tag. */
export class AMFError extends Error {}

const utf8 = new TextDecoder();

/** A reader on the bytes of one script tag. */
export class AMFReader {
    #bytes;
    #view;
    #at = 0;
    #values = 0;

    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.#bytes = bytes;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    /** Whether everything has been read. */
    get isAtEnd() {
        return this.#at >= this.#bytes.length;
    }

    /** The next value: numbers, booleans, strings, arrays and plain objects; null for what has no
     * counterpart in JSON.
     * @param {number} [depth]
     * @returns {any} */
    value(depth = 0) {
        if (depth > amfDepthLimit) throw new AMFError("nested too deep");
        if (++this.#values > amfValuesLimit) throw new AMFError("too many values");
        const kind = this.#take(1);
        switch (this.#bytes[kind]) {
            case 0: return this.#view.getFloat64(this.#take(8));
            case 1: return this.#bytes[this.#take(1)] !== 0;
            case 2: return this.#text(this.#view.getUint16(this.#take(2)));
            case 3: return this.#members(depth);
            case 5: case 6: return null;
            case 8: this.#take(4); return this.#members(depth);
            case 10: return this.#array(depth);
            case 11: return this.#view.getFloat64(this.#take(10));
            case 12: return this.#text(this.#view.getUint32(this.#take(4)));
            default: throw new AMFError(`unknown type ${this.#bytes[kind]}`);
        }
    }

    /** @param {number} count */
    #take(count) {
        const at = this.#at;
        if (at + count > this.#bytes.length) throw new AMFError("ends too early");
        this.#at = at + count;
        return at;
    }

    /** @param {number} length */
    #text(length) {
        const at = this.#take(length);
        return utf8.decode(this.#bytes.subarray(at, at + length));
    }

    /** @param {number} depth */
    #array(depth) {
        const count = this.#view.getUint32(this.#take(4));
        /** @type {any[]} */
        const items = [];
        for (let index = 0; index < count; index++) items.push(this.value(depth + 1));
        return items;
    }

    /** @param {number} depth */
    #members(depth) {
        /** @type {Record<string, any>} */
        const members = {};
        // Some encoders leave the end mark out where the tag ends anyhow.
        while (!this.isAtEnd) {
            const name = this.#text(this.#view.getUint16(this.#take(2)));
            if (name === "" && this.#bytes[this.#at] === 9) {
                this.#at += 1;
                break;
            }
            const value = this.value(depth + 1);
            if (name !== "__proto__") members[name] = value;
        }
        return members;
    }
}

/** Reads a script tag: its name and its first value.
 * @param {Uint8Array} body
 * @returns {{name: string, value: any}} */
export function readScript(body) {
    const reader = new AMFReader(body);
    let name = reader.value();
    if (name === "@setDataFrame" && !reader.isAtEnd) name = reader.value();
    if (typeof name !== "string") throw new AMFError("has no name");
    return { name, value: reader.isAtEnd ? null : reader.value() };
}
