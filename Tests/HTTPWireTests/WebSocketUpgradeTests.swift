// The handshake of a WebSocket.

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
    return try WebSocketUpgrade(head, in: bytes.span.bytes, subprotocol: "fanfare")
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
        #expect((upgrade.subprotocol == "fanfare") == offersFanfare)
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

    @Test func aMissingOrBadTokenIsChallenged() {
        let missing = HTTPResponse.unauthorized("Sign in.", isInvalid: false, keepAlive: true)
        let bad = HTTPResponse.unauthorized("Sign in.", isInvalid: true, keepAlive: false)
        #expect(missing.status == .unauthorized)
        #expect(missing.fields.contains(.init("WWW-Authenticate", "Bearer")))
        #expect(bad.fields.contains(.init("WWW-Authenticate", #"Bearer error="invalid_token""#)))
    }
}
