// Whose request it is that a proxy hands on.

import HTTPWire
import Testing
import WireBytes

@Suite struct ForwardedForTests {
    static let trusted = AddressRanges(
        ["10.0.0.0/8", "2001:db8:ffff::/48"].compactMap { AddressRange($0) })

    private func origin(_ fields: [String]) throws -> String? {
        let text = "GET / HTTP/1.1\nHost: a\n" + fields.map { $0 + "\n" }.joined() + "\n"
        let bytes = wire(text)
        var scanned = 0
        let head = try #require(
            try HTTPRequestHead.parse(bytes.span.bytes, scanned: &scanned))
        return try ForwardedFor.address(of: head, in: bytes.span.bytes, trusted: Self.trusted)?
            .description
    }

    @Test(
        arguments: [
            ([], nil), (["X-Forwarded-For: 203.0.113.7"], "203.0.113.7"),
            // What the client has sent along stands to the left.
            (["X-Forwarded-For: 198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            (["X-Forwarded-For: 198.51.100.1, 203.0.113.7, 10.1.1.1"], "203.0.113.7"),
            (["X-Forwarded-For: 198.51.100.1", "x-forwarded-for: 203.0.113.7"], "203.0.113.7"),
            (["X-Forwarded-For: 203.0.113.7:4711"], "203.0.113.7"),
            (["X-Forwarded-For: 2001:db8::7"], "2001:db8::7"),
            (["X-Forwarded-For: [2001:db8::7]:80,\t10.0.0.1"], "2001:db8::7"),
            (["X-Forwarded-For: ::ffff:203.0.113.7"], "203.0.113.7"),
            (["X-Forwarded-For: 203.0.113.7, , 10.0.0.1,"], "203.0.113.7"),
            // All hops are proxies: the farthest is whoever it was.
            (["X-Forwarded-For: 10.0.0.9, 10.0.0.1"], "10.0.0.9"),
            // Nobody vouches for what stands before a hop that can't be read.
            (["X-Forwarded-For: 203.0.113.7, unknown, 10.0.0.1"], "10.0.0.1"),
            (["X-Forwarded-For: 203.0.113.7, nonsense"], nil), (["X-Forwarded-For: "], nil),
            (["Forwarded: for=203.0.113.7"], "203.0.113.7"),
            (["Forwarded: proto=http;For=203.0.113.7;by=10.0.0.1"], "203.0.113.7"),
            (
                ["Forwarded: for=198.51.100.1, for=203.0.113.7;proto=https, for=10.0.0.1"],
                "203.0.113.7"
            ),
            (["Forwarded: for=\"[2001:db8::7]:4711\""], "2001:db8::7"),
            (["Forwarded: for=\"203.0.113.7:80\" ; host=\"a,b;c\""], "203.0.113.7"),
            (["Forwarded: for=\"20\\3.0.113.7\""], "203.0.113.7"),
            (["Forwarded: for=198.51.100.1", "Forwarded: for=203.0.113.7"], "203.0.113.7"),
            (["Forwarded: for=203.0.113.7, for=_hidden"], nil),
            (["Forwarded: for=203.0.113.7, for=unknown, for=10.0.0.1"], "10.0.0.1"),
            (["Forwarded: by=10.0.0.1"], nil),
            (["Forwarded: for=203.0.113.7", "X-Forwarded-For: 203.0.113.7"], "203.0.113.7"),
        ] as [([String], String?)])
    func findsTheNearestThatIsNoProxy(fields: [String], address: String?) throws {
        #expect(try origin(fields) == address)
    }

    @Test func doesNotChooseBetweenTwoThatDiffer() {
        #expect(throws: ForwardedForError.contradiction) {
            try origin(["Forwarded: for=198.51.100.1", "X-Forwarded-For: 203.0.113.7"])
        }
        #expect(throws: ForwardedForError.contradiction) {
            try origin(["X-Forwarded-For: 203.0.113.7", "Forwarded: for=unknown"])
        }
    }

    @Test(arguments: ["for=\"198.51.100.1, for=203.0.113.7", "for=a\"", "\"", "for=\"\\\""])
    func whatAnOpenQuoteHasSwallowedIsNotGuessed(value: String) {
        #expect(throws: ForwardedForError.openQuote) { try origin(["Forwarded: \(value)"]) }
    }

    @Test func looksThroughTheNewestHopsOnly() throws {
        let hops = Array(repeating: "10.0.0.1", count: 40).joined(separator: ", ")
        #expect(try origin(["X-Forwarded-For: 203.0.113.7, \(hops)"]) == "10.0.0.1")
    }

    @Test func readsValuesOfTheStaffPlane() {
        let values = ["198.51.100.1, 203.0.113.7", "10.0.0.1"]
        let found = ForwardedFor.address(inForwardedFor: values, trusted: Self.trusted)
        #expect(found?.description == "203.0.113.7")
        #expect(ForwardedFor.address(inForwardedFor: [], trusted: Self.trusted) == nil)
    }
}
