// What a good request head says.

import HTTPWire
import Testing

@Suite struct RequestHeadTests {
    @Test func aPlayersRequestIsReadInPlace() throws {
        let bytes = wire(
            "GET /live/show.flv?token=abc HTTP/1.1\nHost: tv.example.com:8080\n"
                + "User-Agent: VLC/3.0\nRange: bytes=0-\nOrigin: https://a.example\n\nrest")
        let head = try #require(try parseRequest(bytes))
        #expect(head.method == .get)
        #expect(text(head.target, in: bytes) == "/live/show.flv?token=abc")
        #expect(text(head.path, in: bytes) == "/live/show.flv")
        #expect(text(head.query, in: bytes) == "token=abc")
        #expect(text(head.host, in: bytes) == "tv.example.com:8080")
        #expect(text(head.origin, in: bytes) == "https://a.example")
        #expect(head.keepAlive)
        #expect(!head.hasBody)
        #expect(head.headByteCount == bytes.count - 4)
    }

    @Test(arguments: goodRequests)
    func goodRequestsAreRead(request: WireText) throws {
        let bytes = wire(request.text)
        let head = try #require(try parseRequest(bytes))
        #expect(head.headByteCount + head.contentLength == bytes.count)
    }

    @Test(arguments: [
        ("GET", HTTPMethod.get), ("HEAD", .head), ("OPTIONS", .options), ("POST", .post),
        ("PUT", .other), ("get", .other), ("GETS", .other), ("M-SEARCH", .other),
    ])
    func methodsAreCaseSensitive(name: String, method: HTTPMethod) throws {
        let head = try #require(try parseRequest(wire("\(name) / HTTP/1.1\nHost: a\n\n")))
        #expect(head.method == method)
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true),
        ("HTTP/1.1", "Connection: close\n", false),
        ("HTTP/1.1", "Connection: keep-alive\n", true),
        ("HTTP/1.1", "connection: foo, CLOSE\n", false),
        ("HTTP/1.1", "Connection: keep-alive\nConnection: close\n", false),
        ("HTTP/1.1", "Connection: closed\n", true),
        ("HTTP/1.1", "Connection: ,,\n", true),
        ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: keep-alive\n", true),
        ("HTTP/1.0", "Connection: keep-alive, close\n", false),
        ("HTTP/1.7", "", true),
    ])
    func whetherTheConnectionStaysOpen(version: String, fields: String, stays: Bool) throws {
        let head = try #require(try parseRequest(wire("GET / \(version)\nHost: a\n\(fields)\n")))
        #expect(head.keepAlive == stays)
    }

    @Test(arguments: [
        ("/", "/", nil), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"), ("/?=", "/", "="),
        ("//a/../b", "//a/../b", nil), ("http://h/p?q", "/p", "q"), ("http://h", "", nil),
        ("http://h?q", "", "q"), ("HTTP://h:80/", "/", nil), ("https://[::1]:8080/p", "/p", nil),
    ])
    func targetsAreSplit(target: String, path: String, query: String?) throws {
        let bytes = wire("GET \(target) HTTP/1.1\nHost: a\n\n")
        let head = try #require(try parseRequest(bytes))
        #expect(text(head.target, in: bytes) == target)
        #expect(text(head.path, in: bytes) == path)
        #expect(text(head.query, in: bytes) == query)
    }

    @Test func anAbsoluteTargetsHostWins() throws {
        let bytes = wire("GET http://real.example:81/a HTTP/1.1\nHost: other.example\n\n")
        let head = try #require(try parseRequest(bytes))
        #expect(text(head.host, in: bytes) == "real.example:81")
    }

    @Test func oneBlankLineBeforeTheRequestIsLeftOut() throws {
        let bytes = wire("\nGET /a HTTP/1.1\nHost: a\n\n")
        let head = try #require(try parseRequest(bytes))
        #expect(text(head.path, in: bytes) == "/a")
        #expect(head.headByteCount == bytes.count)
    }

    @Test func bodiesAreAnnounced() throws {
        let withLength = try #require(
            try parseRequest(wire("POST / HTTP/1.1\nHost: a\nContent-Length: 0042\n\n")))
        #expect(withLength.hasContentLength)
        #expect(withLength.contentLength == 42)
        #expect(withLength.hasBody)
        #expect(!withLength.isChunkedBody)
        let chunked = try #require(
            try parseRequest(wire("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: , chunked ,\n\n")))
        #expect(chunked.isChunkedBody)
        #expect(chunked.hasBody)
        #expect(!chunked.hasContentLength)
        let without = try #require(try parseRequest(wire("POST / HTTP/1.1\nHost: a\n\n")))
        #expect(!without.hasContentLength)
        #expect(!without.hasBody)
    }

    @Test(
        arguments: [
            ("POST / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 100-continue\n\n", true),
            ("POST / HTTP/1.1\nHost: a\nContent-Length: 0\nExpect: 100-continue\n\n", false),
            ("GET / HTTP/1.1\nHost: a\nExpect: 100-continue\n\n", false),
            ("POST / HTTP/1.0\nContent-Length: 1\nExpect: 100-continue\n\n", false),
        ] as [(WireText, Bool)])
    func aClientWaitsForContinueOnlyWithABody(request: WireText, waits: Bool) throws {
        let head = try #require(try parseRequest(wire(request.text)))
        #expect(head.expectsContinue == waits)
    }

    @Test func aWebSocketRequestIsSeen() throws {
        let bytes = wire(goodRequests.first { $0.text.contains("Sec-WebSocket-Key") }?.text ?? "")
        let head = try #require(try parseRequest(bytes))
        #expect(head.upgradesToWebSocket)
        #expect(text(head.webSocketKey, in: bytes) == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(text(head.webSocketVersion, in: bytes) == "13")
        #expect(text(head.webSocketProtocol, in: bytes) == "fanfare, token.abc")
    }

    @Test(
        arguments: [
            "POST / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket\n\n",
            "GET / HTTP/1.0\nConnection: upgrade\nUpgrade: websocket\n\n",
            "GET / HTTP/1.1\nHost: a\nUpgrade: websocket\n\n",
            "GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: h2c\n\n",
        ] as [WireText])
    func otherUpgradesAreNoWebSocket(request: WireText) throws {
        let head = try #require(try parseRequest(wire(request.text)))
        #expect(!head.upgradesToWebSocket)
    }

    @Test func anyFieldCanBeLookedUp() throws {
        let bytes = wire("GET / HTTP/1.1\nHost: a\nX-B:\t1 2 \nx-b: 3\nX-Empty:  \n\n")
        let head = try #require(try parseRequest(bytes))
        #expect(text(head.fieldValue(named: "x-b", in: bytes.span.bytes), in: bytes) == "1 2")
        #expect(text(head.fieldValue(named: "x-empty", in: bytes.span.bytes), in: bytes) == "")
        #expect(head.fieldValue(named: "x-c", in: bytes.span.bytes) == nil)
    }

    @Test(arguments: [
        ("Bearer a.b-c", "a.b-c"), ("bearer  x", "x"), ("Bearer", nil), ("Bearer ", nil),
        ("Basic abc", nil), ("Bearerabc", nil),
    ])
    func bearerTokensAreFound(value: String, token: String?) throws {
        let bytes = wire("GET / HTTP/1.1\nHost: a\nAuthorization: \(value)\n\n")
        let head = try #require(try parseRequest(bytes))
        #expect(text(head.bearerToken(in: bytes.span.bytes), in: bytes) == token)
    }
}
