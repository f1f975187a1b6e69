// How much a QR code of a version holds, and how its bytes are protected.

/// What follows from a version: sizes, and the bytes that are drawn. Error correction is M.
struct QRLayout {
    static let versionMax = 15

    let version: Int
    /// Squares on each side.
    var size: Int { version * 4 + 17 }

    /// By version: bytes of protection in each block, and blocks.
    private static let protectionByteCounts = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24,
    ]
    private static let blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10]

    private var protectionByteCount: Int { Self.protectionByteCounts[version - 1] }
    private var blockCount: Int { Self.blockCounts[version - 1] }

    /// All bytes that are drawn.
    private var byteCount: Int {
        var bits = (16 * version + 128) * version + 64
        if version >= 2 {
            let count = version / 7 + 2
            bits -= (25 * count - 10) * count - 55
            if version >= 7 { bits -= 36 }
        }
        return bits / 8
    }

    private var dataByteCount: Int { byteCount - protectionByteCount * blockCount }

    /// The bits of a text's length.
    private var lengthBitCount: Int { version < 10 ? 8 : 16 }

    /// The longest text, bytes.
    var textByteCountMax: Int { (dataByteCount * 8 - 4 - lengthBitCount) / 8 }

    /// Rows and columns of the small squares.
    var alignmentPlaces: [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<(count - 1)).reversed().map { size - 7 - $0 * step }
    }

    /// A text's bytes as they are drawn: with its length, filled up, in blocks, each protected, and
    /// interleaved.
    func codewords(of text: [UInt8]) -> [UInt8] {
        precondition(text.count <= textByteCountMax)
        var bits = BitList()
        bits.append(0b0100, count: 4)
        bits.append(text.count, count: lengthBitCount)
        for byte in text { bits.append(Int(byte), count: 8) }
        bits.append(0, count: min(4, dataByteCount * 8 - bits.count))
        bits.append(0, count: (8 - bits.count % 8) % 8)
        var data = bits.bytes
        var filling: UInt8 = 0xEC
        while data.count < dataByteCount {
            data.append(filling)
            filling ^= 0xEC ^ 0x11
        }
        return interleaved(data)
    }

    private func interleaved(_ data: [UInt8]) -> [UInt8] {
        let short = dataByteCount / blockCount
        let shortBlockCount = blockCount - dataByteCount % blockCount
        var blocks: [[UInt8]] = []
        var start = 0
        for index in 0..<blockCount {
            let end = start + short + (index < shortBlockCount ? 0 : 1)
            blocks.append(Array(data[start..<end]))
            start = end
        }
        let divisor = GaloisField.divisor(degree: protectionByteCount)
        let protections = blocks.map { GaloisField.remainder(of: $0, by: divisor) }
        var result: [UInt8] = []
        for index in 0...short {
            for block in blocks where index < block.count { result.append(block[index]) }
        }
        for index in 0..<protectionByteCount {
            for protection in protections { result.append(protection[index]) }
        }
        return result
    }
}

/// Bits, put together to bytes.
private struct BitList {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ value: Int, count bitCount: Int) {
        for place in (0..<bitCount).reversed() {
            if count % 8 == 0 { bytes.append(0) }
            bytes[count / 8] |= UInt8(value >> place & 1) << (7 - UInt8(count % 8))
            count += 1
        }
    }
}

/// Reed and Solomon's arithmetic, over x^8 + x^4 + x^3 + x^2 + 1.
private enum GaloisField {
    static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        var result = 0
        for place in (0..<8).reversed() {
            result = result << 1 ^ (result >> 7) * 0x11D
            result ^= Int(other >> UInt8(place) & 1) * Int(one)
        }
        return UInt8(truncatingIfNeeded: result)
    }

    /// The product of (x - 2^i) for i below the degree, without its highest coefficient.
    static func divisor(degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for index in result.indices {
                result[index] = product(result[index], root)
                if index + 1 < degree { result[index] ^= result[index + 1] }
            }
            root = product(root, 2)
        }
        return result
    }

    static func remainder(of data: [UInt8], by divisor: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for index in result.indices { result[index] ^= product(divisor[index], factor) }
        }
        return result
    }
}
