// All that is answered over HTTP and isn't a stream.

import FLV
import Foundation
import Testing

@Suite("Small answers over HTTP", .ownThread)
struct HTTPAnswersTests {
    @Test("HEAD gives a stream's head, and nothing of the stream")
    func head() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames)
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 4)
            let client = try HTTPClient(port: server.httpPort)
            try client.connection.send(HTTPClient.request("HEAD", "/live/show.flv"))
            let answer = try client.answer(to: "HEAD")
            #expect(answer.statusCode == 200)
            #expect(answer.field("Content-Type") == "video/x-flv")
            #expect(try client.isEnded())
        }
    }

    @Test("HEAD of a stream that isn't there is a 404 at once")
    func headOfNothing() throws {
        try ServerProcess.run { server in
            let answer = try HTTPClient.ask(port: server.httpPort, method: "HEAD", "/live/none.flv")
            #expect(answer.statusCode == 404)
            #expect(answer.body.isEmpty)
        }
    }

    @Test("OPTIONS tells a browser what it may do")
    func options() throws {
        try ServerProcess.run { server in
            let fields = ["Origin: https://a.example", "Access-Control-Request-Method: GET"]
            let answer = try HTTPClient.ask(
                port: server.httpPort, method: "OPTIONS", "/live/show.flv", fields: fields)
            #expect(answer.statusCode == 204)
            #expect(answer.field("Allow") == "GET, HEAD, OPTIONS")
            #expect(answer.field("Access-Control-Allow-Origin") == "*")
            #expect(answer.field("Access-Control-Allow-Methods")?.contains("GET") == true)
        }
    }

    @Test("With origins in the settings, other pages are not let in")
    func origins() throws {
        try ServerProcess.run(["--cors-origins", "https://a.example"]) { server in
            func allowed(_ origin: String) throws -> String? {
                try HTTPClient.ask(
                    port: server.httpPort, method: "OPTIONS", "/live/show.flv",
                    fields: ["Origin: \(origin)"]
                ).field("Access-Control-Allow-Origin")
            }
            let listed = try allowed("https://a.example")
            let other = try allowed("https://b.example")
            #expect(listed == "https://a.example")
            #expect(other == nil)
        }
    }

    /// A request that is refused.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: String
        var status: Int
        var keepsAlive = false
    }

    static let refusals = [
        Refusal(
            testDescription: "a path that is none",
            request: "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 404, keepsAlive: true),
        Refusal(
            testDescription: "an application that is none",
            request: "GET /vod/show.flv HTTP/1.1\r\nHost: a\r\n\r\n", status: 404,
            keepsAlive: true),
        Refusal(
            testDescription: "a path that climbs",
            request: "GET /live/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", status: 404,
            keepsAlive: true),
        Refusal(
            testDescription: "another method",
            request: "DELETE /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n", status: 405,
            keepsAlive: true),
        Refusal(
            testDescription: "a body",
            request: "POST /live/show.flv HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            status: 405),
        Refusal(testDescription: "no request at all", request: "hello\r\n\r\n", status: 400),
        Refusal(
            testDescription: "no host", request: "GET /live/show.flv HTTP/1.1\r\n\r\n",
            status: 400),
        Refusal(
            testDescription: "a length and chunks",
            request: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n", status: 400),
        Refusal(
            testDescription: "a URL that is too long",
            request: "GET /\(String(repeating: "x", count: 3_000)) HTTP/1.1\r\nHost: a\r\n\r\n",
            status: 414),
        Refusal(
            testDescription: "a URL that never ends",
            request: "GET /\(String(repeating: "x", count: 20_000))", status: 414),
        Refusal(
            testDescription: "a head that is too large",
            request: "GET /live/show.flv HTTP/1.1\r\nHost: a\r\nX: "
                + String(repeating: "x", count: 9_000) + "\r\n\r\n", status: 431),
        Refusal(
            testDescription: "too many fields",
            request: "GET / HTTP/1.1\r\nHost: a\r\n"
                + String(repeating: "X: y\r\n", count: 100) + "\r\n", status: 431),
    ]

    @Test(
        "What can't be answered is refused with the right status and a reason", arguments: refusals)
    func refusal(_ refusal: Refusal) throws {
        try ServerProcess.run { server in
            let client = try HTTPClient(port: server.httpPort)
            try client.connection.send(Array(refusal.request.utf8))
            let answer = try client.answer()
            #expect(answer.statusCode == refusal.status)
            #expect(answer.field("Content-Type") == "application/json")
            #expect(answer.json["status"] as? Int == refusal.status)
            #expect((answer.json["error"] as? String ?? "").count > 10)
            #expect(answer.keepsAlive == refusal.keepsAlive)
            if refusal.status == 405 { #expect(answer.field("Allow") == "GET, HEAD, OPTIONS") }
            if !refusal.keepsAlive { #expect(try client.isEnded()) }
        }
    }

    @Test("Requests sent together are answered in their order on one connection, then a stream")
    func pipelining() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-grace-ms", "3000"]) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames)
            let ready = try ViewerClient(port: server.httpPort)
            try ready.wait(forTags: 4)

            let client = try HTTPClient(port: server.httpPort)
            var requests: [UInt8] = []
            for index in 0..<40 {
                requests += HTTPClient.request(
                    index % 2 == 0 ? "OPTIONS" : "HEAD", index % 2 == 0 ? "/" : "/nothing/\(index)")
            }
            requests += HTTPClient.request("GET", "/live/show.flv")
            try client.connection.send(requests)
            for index in 0..<40 {
                let method = index % 2 == 0 ? "OPTIONS" : "HEAD"
                let answer = try client.answer(to: method)
                #expect(answer.statusCode == (index % 2 == 0 ? 204 : 404))
                #expect(answer.keepsAlive)
            }
            publisher.connection.hangUp()
            let stream = try client.answer()
            #expect(stream.statusCode == 200)
            #expect(stream.field("Content-Type") == "video/x-flv")
            var reader = FLVReader()
            #expect(try reader.tags(in: stream.body).contains(where: \.isKeyframe))
        }
    }

    @Test("When all places are taken, one more viewer is told to come back later")
    func full() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--viewers-max", "3"]) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            var rest = source.frames[...]
            try publisher.send(source.headers + rest.prefix(40))
            rest = rest.dropFirst(40)
            var viewers: [ViewerClient] = []
            for _ in 0..<3 {
                let viewer = try ViewerClient(port: server.httpPort)
                try viewer.wait(forTags: 4)
                viewers.append(viewer)
            }
            let answer = try HTTPClient.ask(port: server.httpPort, "/live/show.flv")
            #expect(answer.statusCode == 503)
            #expect((1...60).contains(answer.retryAfterS ?? 0))
            #expect(answer.json["status"] as? Int == 503)
            // When one has left, there is a place as soon as the next frame can't be sent to it.
            viewers[0].leave()
            try server.wait(for: "a place") {
                try publisher.send(rest.prefix(1))
                rest = rest.dropFirst()
                let next = try ViewerClient(port: server.httpPort)
                defer { next.leave() }
                return try next.wait(for: "an answer") { $0.end != nil || $0.tags.count >= 4 }
                    .statusCode == 200
            }
        }
    }

    @Test("A query is no part of the stream's name, and a half-closed connection is still served")
    func queryAndHalfClose() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<200])
            let ready = try ViewerClient(port: server.httpPort)
            try ready.wait(forTags: 4)
            let viewer = try ViewerClient(port: server.httpPort, stream: "show", query: "?a=b&c=d")
            viewer.finishSending()
            try viewer.wait(forTags: 4)
            try publisher.send(source.frames[200...])
            let last = try #require(source.frames.last)
            try viewer.wait(forTag: last).verify(against: source)
        }
    }

    @Test("An old HTTP/1.0 player is served, too")
    func http10() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames)
            let ready = try ViewerClient(port: server.httpPort)
            try ready.wait(forTags: 4)
            let connection = try Connection(port: server.httpPort)
            try connection.send(Array("GET /live/show.flv HTTP/1.0\r\n\r\n".utf8))
            let head = String(decoding: try connection.receive().prefix(13), as: UTF8.self)
            #expect(head == "HTTP/1.1 200 ")
        }
    }
}
