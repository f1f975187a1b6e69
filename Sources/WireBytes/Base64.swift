// base64 in its two alphabets, strict: one text for one sequence of bytes.

/// Encoding and decoding of base64 (RFC 4648, sections 4 and 5).
public enum Base64 {
    /// The alphabet, and with it the padding.
    public enum Variant: Sendable {
        /// `+` and `/`, padded with `=` to groups of four: WebSocket's keys.
        case standard
        /// `-` and `_`, no padding at all: JWT.
        case url
    }

    /// The bytes as base64.
    public static func encode(_ bytes: RawSpan, _ variant: Variant) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.byteCount + 2) / 3 * 4)
        var buffer: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in 0..<bytes.byteCount {
            buffer = buffer << 8 | UInt32(bytes[index])
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(character(UInt8(truncatingIfNeeded: buffer >> bitCount), variant))
            }
        }
        if bitCount > 0 {
            text.append(character(UInt8(truncatingIfNeeded: buffer << (6 - bitCount)), variant))
        }
        while case .standard = variant, text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return text
    }

    /// Appends the bytes that `text` stands for.
    ///
    /// Strict, as whoever compares texts relies on: no white space, the variant's own padding and
    /// no other, no bits set that belong to no byte.
    /// - Returns: false if `text` is no base64 of this variant, or `output` has no room for it;
    ///   what was appended by then is of no use.
    public static func decode(
        _ text: RawSpan, _ variant: Variant, to output: inout OutputSpan<UInt8>
    ) -> Bool {
        var end = text.byteCount
        if case .standard = variant {
            guard end % 4 == 0 else { return false }
            var paddingCount = 0
            while end > 0, paddingCount < 2, text[end - 1] == UInt8(ascii: "=") {
                end -= 1
                paddingCount += 1
            }
        }
        // One character alone has not even the bits of a byte.
        guard end % 4 != 1, output.freeCapacity >= end * 3 / 4 else { return false }
        var buffer: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in 0..<end {
            guard let digit = value(text[index], variant) else { return false }
            buffer = buffer << 6 | UInt32(digit)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                output.append(UInt8(truncatingIfNeeded: buffer >> bitCount))
            }
        }
        return buffer & (1 << bitCount - 1) == 0
    }

    /// Whether a character is one of the variant's 64.
    public static func isDigit(_ character: UInt8, _ variant: Variant) -> Bool {
        value(character, variant) != nil
    }

    private static func character(_ value: UInt8, _ variant: Variant) -> UInt8 {
        switch value & 0x3F {
        case let low where low < 26: UInt8(ascii: "A") + low
        case let low where low < 52: UInt8(ascii: "a") + low - 26
        case let low where low < 62: UInt8(ascii: "0") + low - 52
        case 62: variant == .url ? UInt8(ascii: "-") : UInt8(ascii: "+")
        default: variant == .url ? UInt8(ascii: "_") : UInt8(ascii: "/")
        }
    }

    private static func value(_ character: UInt8, _ variant: Variant) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case variant == .url ? UInt8(ascii: "-") : UInt8(ascii: "+"): 62
        case variant == .url ? UInt8(ascii: "_") : UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
