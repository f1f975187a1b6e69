// Takes an FLV byte stream, cut anywhere, and hands out its tags.

import { tagBytesLimit } from "./limits.js";

/** What makes a stream unreadable. */
export class FLVError extends Error {}

/** @typedef {{type: "audio"|"video"|"script", timestampMs: number, body: Uint8Array}} FLVTag */

const tagNames = /** @type {Record<number, "audio"|"video"|"script">} */ (
    { 8: "audio", 9: "video", 18: "script" });
const tagHeadBytes = 11;
const backPointerBytes = 4;

/** A streaming reader; one for each connection. */
export class FLVDemuxer {
    #buffer = new Uint8Array(0);
    #length = 0;
    #hasHead = false;
    #needed = 9;
    #onTag;

    /** @param {(tag: FLVTag) => void} onTag bodies are views of what was pushed: use them at once.
     * What it throws comes out of `push`, and the reader is of no more use than the connection */
    constructor(onTag) {
        this.#onTag = onTag;
    }

    /** @param {Uint8Array} chunk
     * @throws {FLVError} for what isn't FLV or beyond our bounds; the connection is useless then */
    push(chunk) {
        if (this.#length === 0) {
            // A WebSocket's message is whole tags: nothing is copied.
            const taken = this.#read(chunk);
            if (taken < chunk.length) this.#keep(chunk.subarray(taken));
            return;
        }
        this.#keep(chunk);
        if (this.#length < this.#needed) return;
        const taken = this.#read(this.#buffer.subarray(0, this.#length));
        this.#buffer.copyWithin(0, taken, this.#length);
        this.#length -= taken;
        if (this.#length === 0 && this.#buffer.length > 1 << 20) this.#buffer = new Uint8Array(0);
    }

    /** @param {Uint8Array} bytes */
    #keep(bytes) {
        const length = this.#length + bytes.length;
        if (length > this.#buffer.length) {
            const grown = new Uint8Array(Math.max(length, this.#buffer.length * 2, 4096));
            grown.set(this.#buffer.subarray(0, this.#length));
            this.#buffer = grown;
        }
        this.#buffer.set(bytes, this.#length);
        this.#length = length;
    }

    /** Hands out the whole tags of `bytes`; returns how many bytes they are.
     * @param {Uint8Array} bytes
     * @returns {number} */
    #read(bytes) {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        let at = 0;
        if (!this.#hasHead) {
            if (bytes.length < 9) return at;
            if (view.getUint32(0) >>> 8 !== 0x464c56) {
                throw new FLVError("The address doesn't give an FLV stream.");
            }
            const headBytes = view.getUint32(5);
            if (headBytes < 9 || headBytes > 4096) throw new FLVError("The FLV header is broken.");
            this.#needed = headBytes + backPointerBytes;
            if (bytes.length < this.#needed) return at;
            at = this.#needed;
            this.#hasHead = true;
        }
        for (;;) {
            this.#needed = tagHeadBytes;
            if (bytes.length - at < tagHeadBytes) return at;
            const head = view.getUint32(at);
            const size = head & 0xffffff;
            if (size > tagBytesLimit) throw new FLVError("An FLV tag is too large.");
            this.#needed = tagHeadBytes + size + backPointerBytes;
            if (bytes.length - at < this.#needed) return at;
            const low = view.getUint32(at + 4);
            const timestampMs = ((low >>> 8) | ((low & 0xff) << 24)) >>> 0;
            const type = tagNames[(head >>> 24) & 0x1f];
            const isEncrypted = (head >>> 29 & 1) === 1;
            const body = at + tagHeadBytes;
            at += this.#needed;
            if (type && !isEncrypted && size > 0) {
                this.#onTag({ type, timestampMs, body: bytes.subarray(body, body + size) });
            }
        }
    }
}
