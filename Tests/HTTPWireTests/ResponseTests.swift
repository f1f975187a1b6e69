// The answers we build, byte for byte.

import HTTPWire
import Testing

@Suite struct ResponseTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func anErrorIsJSONThatNamesTheStream() {
        let response = HTTPResponse.error(
            .notFound, "No such stream.", stream: "show", keepAlive: true)
        let body =
            #"{"type":"error","status":404,"error":"No such stream.","stream":"show"}"# + "\n"
        #expect(
            text(response.bytes())
                == "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"
                + "Cache-Control: no-store\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: keep-alive\r\n\r\n" + body)
    }

    @Test func aHeadRequestGetsTheSameHeadWithoutTheBody() {
        let response = HTTPResponse.error(.notFound, "No.", keepAlive: false)
        let whole = text(response.bytes())
        let head = text(response.bytes(isHead: true))
        #expect(whole.hasPrefix(head))
        #expect(head.hasSuffix("Connection: close\r\n\r\n"))
        #expect(whole == head + text(response.body))
    }

    @Test func aRefusalClosesWithItsStatus() {
        let bytes = text(HTTPResponse.error(HTTPRequestError.targetTooLong).bytes())
        #expect(bytes.hasPrefix("HTTP/1.1 414 URI Too Long\r\n"))
        #expect(bytes.contains("\r\nConnection: close\r\n"))
        #expect(bytes.contains(#""status":414,"error":""#))
    }

    @Test(arguments: [HTTPStatus.noContent, .notModified, .switchingProtocols])
    func someAnswersNeverHaveABody(status: HTTPStatus) {
        let bytes = text(HTTPResponse(status, body: [1, 2, 3], keepAlive: true).bytes())
        #expect(!bytes.contains("Content-Length"))
        #expect(bytes.hasSuffix("\r\n\r\n"))
    }

    @Test func switchingProtocolsLeavesConnectionToTheCaller() {
        let response = HTTPResponse(
            .switchingProtocols, fields: [.init("Connection", "Upgrade")], keepAlive: true)
        #expect(
            text(response.bytes())
                == "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n")
    }

    @Test func aClientCantWriteLinesOfOurs() {
        let response = HTTPResponse(
            .ok, fields: [.init("X-A", "b\r\nSet-Cookie: c"), .init("X\nY", "\u{0}")],
            keepAlive: true)
        let bytes = text(response.bytes())
        #expect(bytes.contains("X-A: b  Set-Cookie: c\r\n"))
        #expect(bytes.contains("X Y:  \r\n"))
    }

    @Test func theStreamsHeadSaysNoLength() {
        let head = text(HTTPResponse.flvHead(allowOrigin: "*"))
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\n"))
        #expect(head.contains("\r\nConnection: close\r\n"))
        #expect(head.contains("\r\nCache-Control: no-store\r\n"))
        #expect(head.contains("\r\nAccess-Control-Allow-Origin: *\r\n"))
        #expect(head.hasSuffix("\r\n\r\n"))
        for absent in ["Content-Length", "Transfer-Encoding", "Vary"] {
            #expect(!head.contains(absent))
        }
        let listed = text(
            HTTPResponse.flvHead(allowOrigin: "https://a.example", variesByOrigin: true))
        #expect(listed.contains("\r\nVary: Origin\r\n"))
        #expect(!text(HTTPResponse.flvHead(allowOrigin: nil)).contains("Access-Control"))
    }

    @Test func ourAnswersAreReadByOurClient() throws {
        for status in HTTPStatus.allCases {
            let bytes = HTTPResponse.error(status, "A sentence.", keepAlive: false)
                .bytes()
            var scanned = 0
            let head = try #require(
                try HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned))
            #expect(head.statusCode == Int(status.rawValue))
            #expect(!status.reasonPhrase.isEmpty)
            guard case .length(let byteCount) = head.bodyFraming(answering: .get) else {
                #expect(status.isBodyless)
                continue
            }
            #expect(head.headByteCount + byteCount == bytes.count)
            #expect(!head.keepAlive)
        }
    }
}
