// Files that are the same for everybody: what is chosen, what is sent, and what it costs.

import HTTPWire
import Testing

@testable import Delivery

@Suite("Static files") struct StaticFileTests {
    private static let body = (0..<5_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    private static let file = StaticFile(
        contentType: "text/javascript", tag: "abc",
        fields: [.init("Cache-Control", "no-cache"), .init("X-Own", "1")], body: body,
        packed: [(.brotli, [1, 2, 3]), (.gzip, [4, 5, 6, 7])])

    private func stage() -> Stage {
        Stage {
            $0.content.publish(files: [
                "/": Self.file, "/a.js": Self.file, "/watch/{name}": Self.file,
            ])
        }
    }

    private func ask(_ method: String, _ target: String, _ fields: String = "") throws
        -> FakeConnection
    {
        let stage = stage()
        let client = stage.connect("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        try stage.pass(ms: 50)
        #expect(stage.world.violations.isEmpty)
        return client
    }

    private func body(_ client: FakeConnection) -> [UInt8] {
        let end = client.text.range(of: "\r\n\r\n")
        return end.map {
            Array(
                client.received[
                    client.text.utf8.distance(from: client.text.startIndex, to: $0.upperBound)...])
        } ?? []
    }

    @Test func aFileIsSentAsItIsWhereNothingElseIsAskedFor() throws {
        for target in ["/", "/a.js", "/a.js?x=1", "/watch/show", "/watch/A_b-9"] {
            let client = try ask("GET", target)
            #expect(client.statuses == [200] && body(client) == Self.body, "\(target)")
            #expect(
                client.text.contains("ETag: \"abc\"\r\n") && client.text.contains("X-Own: 1\r\n"))
            #expect(client.text.contains("Vary: Accept-Encoding\r\nCache-Control: no-cache\r\n"))
            #expect(client.text.contains("Content-Length: 5000\r\nConnection: keep-alive\r\n"))
        }
        for target in [
            "/b.js", "/watch/", "/watch/a/b", "/watch/a.b", "//a.js", "/a.js/", "/%61.js",
        ] {
            #expect(try ask("GET", target).statuses == [404], "\(target)")
        }
    }

    @Test(
        arguments: [
            ("gzip, deflate, br", "br"), ("gzip, deflate", "gzip"),
            ("br;q=0.5, gzip;q=0.8", "gzip"),
            ("br;q=0.8, gzip;q=0.8", "br"), ("GZIP", "gzip"), ("x-gzip", "gzip"), ("*", "br"),
            ("*;q=0, gzip;q=0.001", "gzip"), ("br;q=0, *", "gzip"), ("gzip;q=0", nil), ("", nil),
            ("identity", nil), ("identity;q=1, gzip;q=0.5", nil), ("*;q=0", nil), ("zstd", nil),
            ("br;q=2", nil), ("br;q=x, gzip ; q=1.000", "gzip"), ("gzip;level=1;q=0", nil),
        ] as [(String, String?)])
    func theCodingIsTheClientsChoice(_ accepted: String, _ coding: String?) throws {
        let client = try ask("GET", "/", "Accept-Encoding: \(accepted)\r\n")
        #expect(client.statuses == [200])
        switch coding {
        case "br":
            #expect(client.text.contains("Content-Encoding: br\r\n") && body(client) == [1, 2, 3])
            #expect(client.text.contains("ETag: \"abc-br3\"\r\n"))
        case "gzip":
            #expect(client.text.contains("Content-Encoding: gzip\r\n"))
            #expect(
                client.text.contains("ETag: \"abc-gzip4\"\r\n") && body(client) == [4, 5, 6, 7])
        default: #expect(!client.text.contains("Content-Encoding") && body(client) == Self.body)
        }
    }

    @Test(arguments: [
        ("\"abc\"", "", true), ("W/\"abc\"", "", true), ("\"x\", \"abc\"", "", true),
        ("*", "", true),
        ("\"abcd\"", "", false), ("abc", "", false), ("\"abc-br3\"", "", false),
        ("\"abc-br3\"", "Accept-Encoding: br\r\n", true),
        ("\"abc\"", "Accept-Encoding: br\r\n", false),
    ])
    func whoHasItIsToldSo(_ tags: String, _ fields: String, _ isKnown: Bool) throws {
        let client = try ask("GET", "/", "If-None-Match: \(tags)\r\n" + fields)
        #expect(client.statuses == [isKnown ? 304 : 200])
        #expect(client.text.contains("Cache-Control: no-cache\r\n"))
        #expect(client.text.contains("Vary: Accept-Encoding\r\n"))
        if isKnown { #expect(body(client).isEmpty && !client.text.contains("Content-Length")) }
    }

    @Test func headIsTheHeadOfWhatGetWouldSend() throws {
        for fields in ["", "Accept-Encoding: gzip\r\n", "Connection: close\r\n"] {
            let whole = try ask("GET", "/", fields)
            let head = try ask("HEAD", "/", fields)
            #expect(body(head).isEmpty && whole.received.starts(with: head.received))
            #expect(head.text.contains("Content-Length: "))
            #expect(whole.text.contains("Connection: close") == fields.contains("close"))
        }
    }

    @Test func otherMethodsAndBodiesAreRefused() throws {
        for method in ["POST", "PUT", "DELETE"] {
            let client = try ask(method, "/a.js")
            #expect(client.statuses == [405])
            #expect(client.text.contains("Allow: GET, HEAD, OPTIONS\r\n"))
        }
        #expect(try ask("OPTIONS", "/a.js").statuses == [204])
        #expect(try ask("GET", "/a.js", "Content-Length: 3\r\n").statuses == [400])
    }

    @Test func itIsCutAtEveryPlace() throws {
        let stage = stage()
        let ask = "GET /a.js HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"
        let whole = try self.ask("GET", "/a.js", "Accept-Encoding: gzip\r\n").received
        for cut in 0...whole.count {
            let client = stage.connect(ask + ask)
            client.nextTakeByteCountMax = cut
            try stage.pass(ms: 30)
            let isWhole = client.received == whole + whole
            #expect(isWhole, "cut after \(cut) bytes")
            client.reset()
        }
        try stage.pass(ms: 200)
        #expect(stage.core.outbound.count == 0 && stage.world.violations.isEmpty)
    }

    @Test func slowReadersOfALargeOneCostNothing() throws {
        let large = StaticFile(
            contentType: "image/png", tag: "large", fields: [],
            body: (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let stage = Stage { $0.content.publish(files: ["/logo": large]) }
        let clients = (0..<30).map { number in
            let close = number % 2 == 0 ? "Connection: close\r\n" : ""
            let client = stage.connect("GET /logo HTTP/1.1\r\nHost: a\r\n\(close)\r\n")
            client.capacity = 10_000 + 1_000 * number
            client.bytesPerMs = 100
            return client
        }
        try stage.pass(ms: 1_000)
        #expect(stage.core.outbound.ownByteCount == 0 && stage.core.outbound.count == 30)
        try stage.pass(ms: 8_000)
        for (number, client) in clients.enumerated() {
            let form = large.representations[0]
            let isWhole = client.received == (number % 2 == 0 ? form.closing : form.keptAlive)
            #expect(isWhole, "\(client.received.count) bytes")
        }
        #expect(stage.core.outbound.count == 0)
    }

    @Test func whatIsPublishedAnewIsServedFromThenOn() throws {
        let stage = stage()
        let ask = "GET /a.js HTTP/1.1\r\nHost: a\r\n\r\n"
        let client = stage.connect(ask)
        client.capacity = 1_000
        client.bytesPerMs = 10
        try stage.pass(ms: 20)
        let other = StaticFile(contentType: "text/plain", tag: "b", fields: [], body: [1])
        stage.core.settings.content.publish(files: ["/a.js": other])
        let second = stage.connect(ask)
        try stage.pass(ms: 2_000)
        // Who had begun gets what it began with.
        #expect(client.received == Self.file.representations.last?.keptAlive)
        #expect(second.received == other.representations[0].keptAlive)
    }
}
