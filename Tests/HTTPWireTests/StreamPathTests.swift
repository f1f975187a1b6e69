// Stream paths and query items.

import HTTPWire
import Testing

@Suite struct StreamPathTests {
    @Test func aStreamsNameIsFound() throws {
        let bytes = Array("GET /live/My_show-2.flv?x".utf8)
        let found = StreamPath.parse(4..<(bytes.count - 2), in: bytes.span.bytes)
        let path = try #require(found)
        #expect(text(path.app, in: bytes) == "live")
        #expect(text(path.name, in: bytes) == "My_show-2")
        let isLive = path.isLive(in: bytes.span.bytes)
        #expect(isLive)
    }

    @Test func anotherAppIsNotLive() throws {
        let bytes = Array("/Live/a.flv".utf8)
        let found = StreamPath.parse(0..<bytes.count, in: bytes.span.bytes)
        let path = try #require(found)
        let isLive = path.isLive(in: bytes.span.bytes)
        #expect(!isLive)
    }

    @Test(arguments: [
        "", "/", ".flv", "/live", "/live/", "/live/.flv", "//a.flv", "/live/a", "/live/a.FLV",
        "/live/a.flv/", "live/a.flv", "/live/a.b.flv", "/live/a/b.flv", "/x/live/a.flv",
        "/live/a%62.flv", "/live/../a.flv", "/live/a b.flv", "/live/\u{e9}.flv", "/live//a.flv",
        "/a.flv", "/live/a.flv\u{0}", "/./a.flv",
    ])
    func otherPathsAreNoStreams(path: String) {
        let bytes = Array(path.utf8)
        let found = StreamPath.parse(0..<bytes.count, in: bytes.span.bytes)
        #expect(found == nil)
    }

    @Test func namesAreBounded() {
        let name = String(repeating: "n", count: StreamPath.nameByteCountMax)
        for (path, isGood) in [
            ("/live/\(name).flv", true), ("/live/\(name)n.flv", false),
            ("/\(name)/a.flv", true), ("/\(name)n/a.flv", false),
        ] {
            let bytes = Array(path.utf8)
            let found = StreamPath.parse(0..<bytes.count, in: bytes.span.bytes)
            #expect((found != nil) == isGood)
        }
    }
}

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
