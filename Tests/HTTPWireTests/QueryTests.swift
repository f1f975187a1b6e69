// Query items and percent-decoding.

import HTTPWire
import Testing

@Suite struct QueryTests {
    @Test(arguments: [
        ("token=abc", "abc"), ("a=1&token=abc&token=d", "abc"), ("token", ""), ("token=", ""),
        ("a&token&b", ""), ("token=a=b", "a=b"), ("&&token=x&", "x"), ("", nil), ("tokens=a", nil),
        ("a=token", nil), ("Token=a", nil), ("=token", nil), ("&", nil),
    ])
    func itemsAreFoundByName(query: String, value: String?) {
        // With other bytes around it: nothing is looked for outside the range.
        let bytes = Array("?\(query)&token=outside".utf8)
        let range = 1..<(1 + query.utf8.count)
        let found = Query.value(named: "token", in: range, of: bytes.span.bytes)
        #expect(text(found, in: bytes) == value)
    }

    @Test(arguments: [
        ("abc", "abc"), ("a%20b", "a b"), ("%41%6a%6A", "Ajj"), ("a+b", "a+b"), ("", ""),
        ("%E2%82%AC", "\u{20ac}"), ("%", nil), ("%4", nil), ("%4g", nil), ("%%41", nil),
        ("%ff", nil), ("%C3", nil), ("%00", "\u{0}"),
    ])
    func percentEncodingIsUndone(encoded: String, decoded: String?) {
        let bytes = Array("\(encoded)41".utf8)
        let result = PercentEncoding.decode(0..<encoded.utf8.count, in: bytes.span.bytes)
        #expect(result == decoded)
    }

    @Test func plusIsASpaceInForms() {
        let bytes = Array("a+b%2B".utf8)
        let result = PercentEncoding.decode(
            0..<bytes.count, in: bytes.span.bytes, plusIsSpace: true)
        #expect(result == "a b+")
    }
}
