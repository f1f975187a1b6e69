// Where players' tokens are found in requests.

import HTTPWire
import Testing

@testable import Delivery

/// A handshake that names a token in its query.
private func handshake(
    line: String = "GET /live/show.flv?token=from-query HTTP/1.1", more: String = ""
) -> [UInt8] {
    let text =
        "\(line)\nHost: a\nConnection: Upgrade\nUpgrade: websocket\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\(more)\n"
    return Array(text.replacing("\n", with: "\r\n").utf8)
}

/// A token of a request: where it was, and what it is.
private func credential(_ bytes: [UInt8]) throws -> (PlayerCredential.Source, String)? {
    var scanned = 0
    let head = try #require(try HTTPRequestHead.parse(bytes.span.bytes, scanned: &scanned))
    return PlayerCredential.find(in: head, of: bytes.span.bytes).map { found in
        (found.source, String(decoding: bytes[found.range], as: UTF8.self))
    }
}

@Suite struct PlayerCredentialTests {
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
}
