// Reads bit fields and Exp-Golomb codes from a codec's parameter set.

import WireBytes

/// A cursor over bits, most significant first. Reading past the end throws `.truncated`.
struct BitReader {
    private let bytes: [UInt8]
    private(set) var bitOffset = 0

    /// Reads `bytes` as they are.
    init(_ bytes: RawSpan) {
        self.bytes = (0..<bytes.byteCount).map { bytes[$0] }
    }

    /// Reads the payload of an H.264 or H.265 NAL unit: the 3 of every 0, 0, 3 is taken out, which
    /// only keeps the bytes from looking like a start code.
    init(unescaping nalUnit: RawSpan) {
        var payload: [UInt8] = []
        payload.reserveCapacity(nalUnit.byteCount)
        var zeroCount = 0
        for offset in 0..<nalUnit.byteCount {
            let byte = nalUnit[offset]
            if zeroCount >= 2, byte == 3 {
                zeroCount = 0
                continue
            }
            zeroCount = byte == 0 ? zeroCount + 1 : 0
            payload.append(byte)
        }
        bytes = payload
    }

    /// Bits that are left.
    var bitCount: Int { bytes.count * 8 - bitOffset }

    /// The next `count` bits, at most 32, as a number.
    mutating func bits(_ count: Int) throws(SequenceHeaderFault) -> Int {
        guard count <= bitCount else { throw .truncated }
        var value = 0
        for _ in 0..<count {
            value = value << 1 | Int(bytes[bitOffset >> 3] >> UInt8(7 - bitOffset & 7) & 1)
            bitOffset += 1
        }
        return value
    }

    /// The next bit.
    mutating func flag() throws(SequenceHeaderFault) -> Bool {
        try bits(1) == 1
    }

    /// Leaves out `count` bits.
    mutating func skip(_ count: Int) throws(SequenceHeaderFault) {
        guard count <= bitCount else { throw .truncated }
        bitOffset += count
    }

    /// An unsigned Exp-Golomb code, ue(v): H.264 9.1. 0 to 2^32 - 2.
    mutating func unsignedExpGolomb() throws(SequenceHeaderFault) -> Int {
        var zeroCount = 0
        while try !flag() {
            zeroCount += 1
            guard zeroCount < 32 else { throw .outOfRange }
        }
        return (1 << zeroCount) - 1 + (try bits(zeroCount))
    }

    /// An unsigned Exp-Golomb code of at most `max`.
    mutating func unsignedExpGolomb(max: Int) throws(SequenceHeaderFault) -> Int {
        let value = try unsignedExpGolomb()
        guard value <= max else { throw .outOfRange }
        return value
    }

    /// Leaves out `count` Exp-Golomb codes, signed or not.
    mutating func skipExpGolomb(_ count: Int) throws(SequenceHeaderFault) {
        for _ in 0..<count { _ = try unsignedExpGolomb() }
    }

    /// A signed Exp-Golomb code, se(v): H.264 9.1.1.
    mutating func signedExpGolomb() throws(SequenceHeaderFault) -> Int {
        let code = try unsignedExpGolomb()
        return code & 1 == 1 ? (code + 1) / 2 : -(code / 2)
    }
}
