// Whether bytes are UTF-8, in any cutting.

/// Checks that bytes are UTF-8 (RFC 3629, section 4: no overlong forms, no surrogates, nothing past
/// U+10FFFF), as they come. Four bytes of state, so that each connection can have one.
public struct UTF8Checker: Sendable, Equatable, BitwiseCopyable {
    /// How many bytes of the current character are still to come.
    private var missingCount: UInt8 = 0
    /// The least and the greatest that the next of them may be.
    private var least: UInt8 = 0x80
    private var greatest: UInt8 = 0xBF
    private var isBroken = false

    /// A checker at the beginning of a text.
    public init() {}

    /// Whether what was taken so far ends with a whole character, and all of it was UTF-8.
    public var isAtEnd: Bool { missingCount == 0 && !isBroken }

    /// Takes the next bytes of the text.
    ///
    /// - Returns: whether all bytes so far can be the beginning of a UTF-8 text. Once false, it
    ///   stays so.
    public mutating func take(_ bytes: RawSpan) -> Bool {
        guard !isBroken else { return false }
        var index = 0
        let end = bytes.byteCount
        while index < end {
            if missingCount == 0 {
                while index + 8 <= end, bytes.word(at: index) & 0x8080_8080_8080_8080 == 0 {
                    index += 8
                }
                guard index < end else { break }
            }
            guard take(bytes[index]) else {
                isBroken = true
                return false
            }
            index += 1
        }
        return true
    }

    /// One byte, by the table of RFC 3629, section 4.
    private mutating func take(_ byte: UInt8) -> Bool {
        if missingCount > 0 {
            guard byte >= least, byte <= greatest else { return false }
            missingCount -= 1
            (least, greatest) = (0x80, 0xBF)
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missingCount = 1
        case 0xE0: (missingCount, least) = (2, 0xA0)
        case 0xED: (missingCount, greatest) = (2, 0x9F)
        case 0xE1...0xEF: missingCount = 2
        case 0xF0: (missingCount, least) = (3, 0x90)
        case 0xF1...0xF3: missingCount = 3
        case 0xF4: (missingCount, greatest) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
