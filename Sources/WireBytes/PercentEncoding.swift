// What a URL can't say is said by `%` and two digits.

/// Percent-encoding (RFC 3986, section 2.1).
public enum PercentEncoding {
    /// The text with everything but unreserved characters encoded.
    public static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if byte.isUnreserved {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                for digit in [Hex.digit(byte >> 4), Hex.digit(byte)] {
                    // Capitals, as the RFC would have it.
                    encoded.append(digit.isDigit ? digit : digit & ~0x20)
                }
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The decoded text, or nil where a `%` isn't followed by two hexadecimal digits or the result
    /// isn't UTF-8: the rule for requests, whose senders encode by program.
    ///
    /// - Parameters:
    ///   - range: a query value, or another part of a request target.
    ///   - bytes: those the range points into.
    ///   - plusIsSpace: true for query values that come from HTML forms.
    public static func decode(
        _ range: Range<Int>, in bytes: RawSpan, plusIsSpace: Bool = false
    ) -> String? {
        let result = decoded(range, in: bytes, plusIsSpace: plusIsSpace)
        return result.isWellFormed ? String(validating: result.bytes, as: UTF8.self) : nil
    }

    /// The decoded text; what isn't two hexadecimal digits stays as it is, invalid UTF-8 is
    /// repaired: the rule for addresses that people type into encoders.
    public static func decodeLeniently(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let encoded = Array(text.utf8)
        let result = unsafe decoded(
            0..<encoded.count, in: encoded.span.bytes, plusIsSpace: false)
        return String(decoding: result.bytes, as: UTF8.self)
    }

    /// The decoded bytes, and whether two digits followed each `%`.
    private static func decoded(
        _ range: Range<Int>, in bytes: RawSpan, plusIsSpace: Bool
    ) -> (bytes: [UInt8], isWellFormed: Bool) {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var isWellFormed = true
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < range.upperBound,
                let high = bytes[index + 1].hexDigitValue, let low = bytes[index + 2].hexDigitValue
            {
                decoded.append(high << 4 | low)
                index += 3
                continue
            }
            isWellFormed = isWellFormed && byte != UInt8(ascii: "%")
            let isSpace = plusIsSpace && byte == UInt8(ascii: "+")
            decoded.append(isSpace ? UInt8(ascii: " ") : byte)
            index += 1
        }
        return (decoded, isWellFormed)
    }
}
