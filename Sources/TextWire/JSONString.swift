// A string within a JSON text, where it stands.

import WireBytes

/// A string of a JSON text that was read over and found good: nothing is copied. The text's bytes
/// are to be handed in again wherever the string is looked at.
public struct JSONString: Sendable, Equatable, BitwiseCopyable {
    private let start: UInt16
    private let rawByteCount: UInt16
    private let hasEscapes: Bool

    init(_ range: Range<Int>, hasEscapes: Bool) {
        start = UInt16(range.lowerBound)
        rawByteCount = UInt16(range.count)
        self.hasEscapes = hasEscapes
    }

    /// Where it stands between its quotes, escapes as they were written.
    public var rawRange: Range<Int> { Int(start)..<(Int(start) + Int(rawByteCount)) }

    /// Whether it has no characters.
    public var isEmpty: Bool { rawByteCount == 0 }

    /// The string's length in UTF-8, escapes resolved.
    public func byteCount(in bytes: RawSpan) -> Int {
        guard hasEscapes else { return Int(rawByteCount) }
        var decoder = Decoder(self)
        var count = 0
        while decoder.next(in: bytes) != nil { count += 1 }
        return count
    }

    /// Whether the string, escapes resolved, is `text`.
    public func equals(_ text: StaticString, in bytes: RawSpan) -> Bool {
        guard !hasEscapes else {
            var decoder = Decoder(self)
            let expected = unsafe text.utf8Start
            for index in 0..<text.utf8CodeUnitCount
            where unsafe decoder.next(in: bytes) != expected[index] {
                return false
            }
            return decoder.next(in: bytes) == nil
        }
        return Int(rawByteCount) == text.utf8CodeUnitCount && bytes.hasText(text, at: Int(start))
    }

    /// Whether the string, escapes resolved, has these bytes.
    public func equals(_ other: RawSpan, in bytes: RawSpan) -> Bool {
        guard hasEscapes || Int(rawByteCount) == other.byteCount else { return false }
        var decoder = Decoder(self)
        for index in 0..<other.byteCount where decoder.next(in: bytes) != other[index] {
            return false
        }
        return decoder.next(in: bytes) == nil
    }

    /// Whether two strings of one text are the same, however each is written.
    func equals(_ other: JSONString, in bytes: RawSpan) -> Bool {
        guard hasEscapes || other.hasEscapes || rawByteCount == other.rawByteCount else {
            return false
        }
        var mine = Decoder(self)
        var others = Decoder(other)
        while true {
            let byte = mine.next(in: bytes)
            guard byte == others.next(in: bytes) else { return false }
            guard byte != nil else { return true }
        }
    }

    /// Appends the string in UTF-8, escapes resolved.
    ///
    /// - Returns: false if `output` has no room for all of it; it then holds the beginning.
    public func decode(in bytes: RawSpan, to output: inout OutputSpan<UInt8>) -> Bool {
        var decoder = Decoder(self)
        while let byte = decoder.next(in: bytes) {
            guard output.freeCapacity > 0 else { return false }
            output.append(byte)
        }
        return true
    }

    /// The string as text. This allocates.
    public func text(in bytes: RawSpan) -> String {
        let decoded = [UInt8](capacity: Int(rawByteCount)) { output in
            // No escape is shorter than the UTF-8 it stands for.
            _ = decode(in: bytes, to: &output)
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}

extension JSONString {
    /// The bytes of a good string one after the other, escapes resolved.
    struct Decoder {
        private var index: Int
        private let end: Int
        /// What is left of a character that was written as an escape, the next byte lowest.
        private var pending: UInt32 = 0

        init(_ string: JSONString) {
            index = string.rawRange.lowerBound
            end = string.rawRange.upperBound
        }

        mutating func next(in bytes: RawSpan) -> UInt8? {
            if pending != 0 {
                let byte = UInt8(truncatingIfNeeded: pending)
                pending >>= 8
                return byte
            }
            guard index < end else { return nil }
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else { return byte }
            let letter = bytes[index]
            index += 1
            switch letter {
            case UInt8(ascii: "b"): return 0x08
            case UInt8(ascii: "f"): return 0x0C
            case UInt8(ascii: "n"): return 0x0A
            case UInt8(ascii: "r"): return 0x0D
            case UInt8(ascii: "t"): return 0x09
            case UInt8(ascii: "u"): return firstByte(of: scalar(in: bytes))
            default: return letter
            }
        }

        /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
        private mutating func scalar(in bytes: RawSpan) -> UInt32 {
            let unit = codeUnit(at: index, in: bytes)
            index += 4
            guard unit & 0xFC00 == 0xD800 else { return unit }
            let low = codeUnit(at: index + 2, in: bytes)
            index += 6
            return 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
        }

        private func codeUnit(at offset: Int, in bytes: RawSpan) -> UInt32 {
            var unit: UInt32 = 0
            for index in offset..<(offset + 4) {
                unit = unit << 4 | UInt32(bytes[index].hexDigitValue ?? 0)
            }
            return unit
        }

        /// Keeps the other bytes of the character for later: none of them is 0.
        private mutating func firstByte(of scalar: UInt32) -> UInt8 {
            func tail(_ shift: UInt32) -> UInt32 { 0x80 | (scalar >> shift & 0x3F) }
            switch scalar {
            case ..<0x80: return UInt8(scalar)
            case ..<0x800:
                pending = tail(0)
                return UInt8(0xC0 | scalar >> 6)
            case ..<0x10000:
                pending = tail(6) | tail(0) << 8
                return UInt8(0xE0 | scalar >> 12)
            default:
                pending = tail(12) | tail(6) << 8 | tail(0) << 16
                return UInt8(0xF0 | scalar >> 18)
            }
        }
    }
}
