// The items of a query.

import WireBytes

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
