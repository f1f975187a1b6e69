// What is found in a query, and what is not.

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
}
