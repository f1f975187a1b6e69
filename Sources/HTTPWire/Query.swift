// Query items and percent-decoding.

/// Looking into the query of a request target (`a=1&b=2`).
public enum Query {
    /// The still encoded value of the first item of this name; empty for one without a value.
    ///
    /// Names are compared as sent: an item whose name is percent-encoded isn't found.
    /// - Parameters:
    ///   - name: the item's name, of characters that need no encoding.
    ///   - query: `HTTPRequestHead.query`.
    ///   - bytes: those the head was parsed from.
    public static func value(
        named name: StaticString, in query: Range<Int>, of bytes: RawSpan
    ) -> Range<Int>? {
        var start = query.lowerBound
        while start < query.upperBound {
            let end =
                bytes.firstIndex(of: UInt8(ascii: "&"), in: start..<query.upperBound)
                ?? query.upperBound
            let nameEnd = bytes.firstIndex(of: UInt8(ascii: "="), in: start..<end) ?? end
            if bytes.equals(name, in: start..<nameEnd) {
                return min(nameEnd + 1, end)..<end
            }
            start = end + 1
        }
        return nil
    }
}

/// Percent-decoding (RFC 3986, section 2.1).
public enum PercentEncoding {
    /// The decoded text, or nil where a `%` isn't followed by two hexadecimal digits or the result
    /// isn't UTF-8.
    ///
    /// - Parameters:
    ///   - range: a query value, or another part of a request target.
    ///   - bytes: those the range points into.
    ///   - plusIsSpace: true for query values that come from HTML forms.
    public static func decode(
        _ range: Range<Int>, in bytes: RawSpan, plusIsSpace: Bool = false
    ) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < range.upperBound,
                    let high = bytes[index + 1].hexDigitValue,
                    let low = bytes[index + 2].hexDigitValue
                else { return nil }
                decoded.append(high << 4 | low)
                index += 3
            } else {
                let isSpace = plusIsSpace && byte == UInt8(ascii: "+")
                decoded.append(isSpace ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }
}
