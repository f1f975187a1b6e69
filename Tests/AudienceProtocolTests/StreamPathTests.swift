// The paths of streams, and what is none.

import AudienceProtocol
import Testing

private func text(_ range: Range<Int>, in bytes: [UInt8]) -> String {
    String(decoding: bytes[range], as: UTF8.self)
}

@Suite struct StreamPathTests {
    @Test func aStreamsNameIsFound() throws {
        let bytes = Array("GET /live/My_show-2.flv?x".utf8)
        let found = StreamPath.name(in: 4..<(bytes.count - 2), of: bytes.span.bytes)
        #expect(text(try #require(found), in: bytes) == "My_show-2")
        #expect(StreamPath.path(of: "My_show-2") == "/live/My_show-2.flv")
    }

    @Test(arguments: [
        "", "/", ".flv", "/live", "/live/", "/live/.flv", "//a.flv", "/live/a", "/live/a.FLV",
        "/live/a.flv/", "live/a.flv", "/live/a.b.flv", "/live/a/b.flv", "/x/live/a.flv",
        "/live/a%62.flv", "/live/../a.flv", "/live/a b.flv", "/Live/a.flv", "/other/a.flv",
        "/live/\u{e9}.flv", "/live//a.flv",
        "/a.flv", "/live/a.flv\u{0}", "/./a.flv",
    ])
    func otherPathsAreNoStreams(path: String) {
        let bytes = Array(path.utf8)
        let found = StreamPath.name(in: 0..<bytes.count, of: bytes.span.bytes)
        #expect(found == nil)
    }

    @Test func namesAreBounded() {
        let name = String(repeating: "n", count: AudienceLimits.streamNameByteCountMax)
        for (path, isGood) in [
            ("/live/\(name).flv", true), ("/live/\(name)n.flv", false),
        ] {
            let bytes = Array(path.utf8)
            let found = StreamPath.name(in: 0..<bytes.count, of: bytes.span.bytes)
            #expect((found != nil) == isGood)
        }
    }
}
