// Reads bits, Exp-Golomb numbers and the like from a codec's parameters.

/** What is wrong with a codec's parameters. */
export class CodecError extends Error {}

/** Most significant bit first; reading past the end is a CodecError. */
export class BitReader {
    #bytes;
    #at = 0;

    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.#bytes = bytes;
    }

    /** @param {number} count 0 to 32
     * @returns {number} */
    bits(count) {
        if (this.#at + count > this.#bytes.length * 8) {
            throw new CodecError("Parameters end too early.");
        }
        let value = 0;
        for (let index = 0; index < count; index++, this.#at++) {
            value = value * 2 + ((this.#bytes[this.#at >> 3] >> (7 - (this.#at & 7))) & 1);
        }
        return value;
    }

    /** @returns {boolean} */
    flag() {
        return this.bits(1) === 1;
    }

    /** @param {number} count */
    skip(count) {
        this.#at += count;
        if (this.#at > this.#bytes.length * 8) throw new CodecError("Parameters end too early.");
    }

    /** ue(v)
     * @returns {number} */
    unsignedGolomb() {
        let zeros = 0;
        while (!this.flag()) if (++zeros > 31) throw new CodecError("A number is too long.");
        return 2 ** zeros - 1 + this.bits(zeros);
    }

    /** se(v)
     * @returns {number} */
    signedGolomb() {
        const code = this.unsignedGolomb();
        return code & 1 ? (code + 1) / 2 : -code / 2;
    }
}

/** A NAL unit without its emulation prevention bytes.
 * @param {Uint8Array} unit
 * @returns {Uint8Array} */
export function withoutEmulation(unit) {
    const plain = new Uint8Array(unit.length);
    let length = 0;
    for (let at = 0, zeros = 0; at < unit.length; at++) {
        if (zeros >= 2 && unit[at] === 3) {
            zeros = 0;
            continue;
        }
        zeros = unit[at] === 0 ? zeros + 1 : 0;
        plain[length++] = unit[at];
    }
    return plain.subarray(0, length);
}
