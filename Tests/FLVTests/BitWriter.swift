// Writes bit fields and Exp-Golomb codes, to build the parameter sets no encoder here makes.

struct BitWriter {
    private(set) var bits: [Bool] = []

    mutating func put(_ value: Int, _ count: Int) {
        for shift in (0..<count).reversed() { bits.append(value >> shift & 1 == 1) }
    }

    mutating func flag(_ value: Bool) {
        bits.append(value)
    }

    mutating func unsignedExpGolomb(_ value: Int) {
        let code = value + 1
        let count = Int.bitWidth - code.leadingZeroBitCount
        put(0, count - 1)
        put(code, count)
    }

    mutating func signedExpGolomb(_ value: Int) {
        unsignedExpGolomb(value > 0 ? 2 * value - 1 : -2 * value)
    }

    /// The bits with a stop bit, filled up to whole bytes.
    var bytes: [UInt8] {
        var padded = bits + [true]
        while padded.count % 8 != 0 { padded.append(false) }
        return stride(from: 0, to: padded.count, by: 8).map { start in
            padded[start..<(start + 8)].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    /// The same with a 3 after every two zeros that would otherwise begin a start code.
    var escapedBytes: [UInt8] {
        var escaped: [UInt8] = []
        for byte in bytes {
            if byte <= 3, escaped.suffix(2) == [0, 0] { escaped.append(3) }
            escaped.append(byte)
        }
        return escaped
    }
}
