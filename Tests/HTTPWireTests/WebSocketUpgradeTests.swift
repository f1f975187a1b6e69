// The handshake of a WebSocket, and where players' tokens are found.

import HTTPWire
import TestSupport
import Testing

/// A handshake, its fields to be changed.
private func handshake(
    line: String = "GET /live/show.flv?token=from-query HTTP/1.1",
    connection: String = "keep-alive, Upgrade", upgrade: String = "websocket",
    key: String? = "dGhlIHNhbXBsZSBub25jZQ==", version: String? = "13", more: String = ""
) -> [UInt8] {
    var text = "\(line)\nHost: a\nConnection: \(connection)\nUpgrade: \(upgrade)\n"
    if let key { text += "Sec-WebSocket-Key: \(key)\n" }
    if let version { text += "Sec-WebSocket-Version: \(version)\n" }
    return wire(text + more + "\n")
}

private func upgrade(_ bytes: [UInt8]) throws -> WebSocketUpgrade {
    let head = try #require(try parseRequest(bytes))
    return try WebSocketUpgrade(head, in: bytes.span.bytes)
}

/// A token of a request: where it was, and what it is.
private func credential(_ bytes: [UInt8]) throws -> (PlayerCredential.Source, String)? {
    let head = try #require(try parseRequest(bytes))
    let found = PlayerCredential.find(in: head, of: bytes.span.bytes)
    return found.flatMap { found in text(found.range, in: bytes).map { (found.source, $0) } }
}

@Suite struct WebSocketUpgradeTests {
    @Test func theRFCsHandshakeIsAnswered() throws {
        let response = try upgrade(handshake()).response()
        #expect(
            String(decoding: response.bytes(), as: UTF8.self)
                == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                + "\r\n")
    }

    @Test(arguments: [
        ("", false), ("Sec-WebSocket-Protocol: fanfare\n", true),
        ("Sec-WebSocket-Protocol: chat, fanfare.token.a.b.c ,fanfare\n", true),
        ("Sec-WebSocket-Protocol: chat\nSec-WebSocket-Protocol: fanfare\n", true),
        ("Sec-WebSocket-Protocol: Fanfare, fanfare2\n", false),
        ("Sec-WebSocket-Protocol: fanfare.token.a.b.c\n", false),
    ])
    func theSubprotocolIsChosenWhereItIsOffered(more: String, offersFanfare: Bool) throws {
        let upgrade = try upgrade(handshake(more: more))
        #expect(upgrade.offersFanfare == offersFanfare)
        let bytes = String(
            decoding: upgrade.response(fields: [.init("X-A", "b")]).bytes(), as: UTF8.self)
        #expect(bytes.contains("\r\nSec-WebSocket-Protocol: fanfare\r\n") == offersFanfare)
        #expect(bytes.contains("\r\nX-A: b\r\n"))
    }

    @Test(arguments: [
        (
            handshake(line: "POST / HTTP/1.1"), WebSocketUpgradeError.notGet,
            HTTPStatus.methodNotAllowed
        ),
        (handshake(line: "GET / HTTP/1.0"), .notAnUpgrade, .upgradeRequired),
        (handshake(connection: "keep-alive"), .notAnUpgrade, .upgradeRequired),
        (handshake(upgrade: "h2c"), .notAnUpgrade, .upgradeRequired),
        (handshake(version: nil), .version, .upgradeRequired),
        (handshake(version: "8"), .version, .upgradeRequired),
        (handshake(version: "13, 8"), .version, .upgradeRequired),
        (handshake(key: nil), .key, .badRequest), (handshake(key: ""), .key, .badRequest),
        (handshake(key: "dGhlIHNhbXBsZSBub25jZQ"), .key, .badRequest),
        (handshake(key: "dGhlIHNhbXBsZSBub25jZR=="), .key, .badRequest),
        (handshake(key: "dGhlIHNhbXBsZSBub25jZSEh"), .key, .badRequest),
        (handshake(more: "Content-Length: 1\n"), .body, .badRequest),
    ])
    func otherRequestsAreRefused(
        bytes: [UInt8], error: WebSocketUpgradeError, status: HTTPStatus
    ) {
        #expect(throws: error) { try upgrade(bytes) }
        let answer = String(decoding: error.response().bytes(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 \(status.rawValue) "))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.contains("Sec-WebSocket-Version: 13\r\n") == (status == .upgradeRequired))
        #expect(answer.contains("Upgrade: websocket\r\n") == (status == .upgradeRequired))
    }

    @Test func tokensAreFoundWhereverTheyMayBe() throws {
        let bearer = "Authorization: Bearer from-header\n"
        let offered =
            "Sec-WebSocket-Protocol: fanfare\nSec-WebSocket-Protocol: x, fanfare.token.a.b-c_d\n"
        let fromHeader = try #require(try credential(handshake(more: offered + bearer)))
        #expect(fromHeader == (.authorization, "from-header"))
        let fromProtocol = try #require(try credential(handshake(more: offered)))
        #expect(fromProtocol == (.webSocketProtocol, "a.b-c_d"))
        let fromQuery = try #require(try credential(handshake()))
        #expect(fromQuery == (.query, "from-query"))
    }

    @Test(arguments: [
        handshake(line: "GET / HTTP/1.1"), handshake(line: "GET /?token= HTTP/1.1"),
        handshake(line: "GET /?x=token HTTP/1.1"),
        handshake(
            line: "GET / HTTP/1.1", more: "Sec-WebSocket-Protocol: fanfare.token., fanfare\n"),
        handshake(line: "GET / HTTP/1.1", more: "Authorization: Basic YTpi\n"),
        handshake(line: "GET / HTTP/1.1", more: "Authorization: Bearer \n"),
    ])
    func anonymousRequestsHaveNone(bytes: [UInt8]) throws {
        #expect(try credential(bytes) == nil)
    }

    @Test func aMissingOrBadTokenIsChallenged() {
        let missing = HTTPResponse.unauthorized("Sign in.", isInvalid: false, keepAlive: true)
        let bad = HTTPResponse.unauthorized("Sign in.", isInvalid: true, keepAlive: false)
        #expect(missing.status == .unauthorized)
        #expect(missing.fields.contains(.init("WWW-Authenticate", "Bearer")))
        #expect(bad.fields.contains(.init("WWW-Authenticate", #"Bearer error="invalid_token""#)))
    }
}
