// Requests for the tests: helpers, and the tables of good and bad heads that several tests share.

import HTTPWire
import TestSupport
import Testing

/// A text as a test's argument, so that the test's log shows its line ends as `\n`.
struct WireText: ExpressibleByStringLiteral, CustomTestStringConvertible, Sendable {
    var text: String
    init(_ text: String) { self.text = text }
    init(stringLiteral text: String) { self.text = text }
    var testDescription: String { String(text.debugDescription.prefix(120)) }
}

/// The bytes of a text in which every `\n` stands for CR LF.
func wire(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        if byte == 0x0A { bytes.append(0x0D) }
        bytes.append(byte)
    }
    return bytes
}

/// The text at a range of some bytes; nil stays nil.
func text(_ range: Range<Int>?, in bytes: [UInt8]) -> String? {
    range.map { String(decoding: bytes[$0], as: UTF8.self) }
}

/// Parses a head that is there in full.
func parseRequest(
    _ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()
) throws(HTTPRequestError) -> HTTPRequestHead? {
    var scanned = 0
    return try HTTPRequestHead.parse(bytes.span.bytes, scanned: &scanned, limits: limits)
}

/// The error a head is refused with; nil where it isn't.
func refusal(of bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> HTTPRequestError? {
    do throws(HTTPRequestError) {
        _ = try parseRequest(bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// A connection as the shard keeps it: a receive buffer and how far it was searched.
struct RequestStream {
    var buffer: [UInt8] = []
    var scanned = 0
    var limits = HTTPLimits()

    /// Reads request after request, bodies of a known length skipped.
    mutating func feed(_ bytes: RawSpan, _ onHead: (HTTPRequestHead) -> Void) throws {
        for offset in 0..<bytes.byteCount {
            unsafe buffer.append(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        while let head = try next() {
            let byteCount = head.headByteCount + head.contentLength
            guard buffer.count >= byteCount else { return }
            onHead(head)
            buffer.removeFirst(byteCount)
        }
    }

    private mutating func next() throws(HTTPRequestError) -> HTTPRequestHead? {
        // A span of the buffer borrows all of self.
        var scanned = self.scanned
        defer { self.scanned = scanned }
        return try HTTPRequestHead.parse(buffer.span.bytes, scanned: &scanned, limits: limits)
    }
}

/// Good heads of all kinds.
let goodRequests: [WireText] = [
    "GET / HTTP/1.1\nHost: a\n\n",
    WireText(
        "GET /live/show.flv?token=abc&x HTTP/1.1\nHost: tv.example.com:8080\nUser-Agent: VLC/3.0\n"
            + "Range: bytes=0-\nConnection: close\n\n"),
    "GET /live/show.flv HTTP/1.0\n\n",
    "HEAD / HTTP/1.0\nConnection: Keep-Alive\nHost:\n\n",
    "OPTIONS * HTTP/1.1\nHost: [::1]:8080\n\n",
    WireText(
        "OPTIONS /live/show.flv HTTP/1.1\nHost: a\nOrigin: https://show.example.com\n"
            + "Access-Control-Request-Method: GET\nAccess-Control-Request-Headers: range,x-a\n\n"),
    "\nGET /after-a-blank-line HTTP/1.1\nHost: a\n\n",
    WireText(
        "POST /api/v1/answers HTTP/1.1\nHost: a\nContent-Type: application/json\n"
            + "Content-Length: 2\nAuthorization: Bearer a.b.c\n\n{}"),
    "POST /a HTTP/1.1\nHost: a\nTransfer-Encoding: Chunked\nExpect: 100-Continue\n\n",
    "GET http://example.com/live/a.flv?b=c HTTP/1.1\nHost: other\n\n",
    "GET HTTPS://example.com:443?b HTTP/1.1\nHost: example.com\n\n",
    "DELETE /x HTTP/1.1\nHost: a\n\n",
    "CONNECT example.com:443 HTTP/1.1\nHost: example.com:443\n\n",
    "GET /a[b]{c}|d^e`f%zz'()*!~ HTTP/1.1\nHost: a\n\n",
    WireText(
        "GET /ws HTTP/1.1\nHost: a\nConnection: keep-alive, Upgrade\nUpgrade: websocket\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n"
            + "Sec-WebSocket-Protocol: fanfare, token.abc\n\n"),
    "GET / HTTP/1.1\nHost:\t a \t\nX-Empty:\nX-Text: caf\u{e9} \u{1F389}\nx!#$%&'*+-.^_`|~9: y\n\n",
    "GET / HTTP/1.9\nHost: a\n\n",
]

/// A head that must be refused, and how.
struct BadRequest: CustomTestStringConvertible, Sendable {
    var text: String
    var error: HTTPRequestError
    var status: HTTPStatus

    init(_ text: String, _ error: HTTPRequestError, _ status: HTTPStatus = .badRequest) {
        self.text = text
        self.error = error
        self.status = status
    }

    var testDescription: String { String(text.debugDescription.prefix(120)) }
    /// A `\n` is CR LF here, `\u{85}` a bare LF, `\r` a bare CR.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": bytes.append(contentsOf: [0x0D, 0x0A])
            case "\u{85}": bytes.append(0x0A)
            default: bytes.append(contentsOf: Array(String(scalar).utf8))
            }
        }
        return bytes
    }
}

/// Bad first lines.
let badRequestLines: [BadRequest] = [
    BadRequest("\n\nGET / HTTP/1.1\nHost: a\n\n", .head(.missingStartLine)),
    BadRequest("\n\n", .head(.missingStartLine)),
    BadRequest("GET /\nHost: a\n\n", .badRequestLine),
    BadRequest("GET\n\n", .badRequestLine),
    BadRequest("GET \n\n", .badRequestLine),
    BadRequest("GET  \n\n", .badRequestLine),
    BadRequest("GET  / HTTP/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET /  HTTP/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / HTTP/1.1 \nHost: a\n\n", .badRequestLine),
    BadRequest(" GET / HTTP/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET\t/ HTTP/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("G(T / HTTP/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / http/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / HTTP/1,1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / HTTP/1.10\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / HTTP/11\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / HTTP/1\nHost: a\n\n", .badRequestLine),
    BadRequest("GET / ICAP/1.0\nHost: a\n\n", .badRequestLine),
    BadRequest("GET /a b HTTP/1.1\nHost: a\n\n", .badRequestLine),
    BadRequest("PRI * HTTP/2.0\n\nSM\n\n", .unsupportedVersion, .httpVersionNotSupported),
    BadRequest("GET / HTTP/0.9\nHost: a\n\n", .unsupportedVersion, .httpVersionNotSupported),
    BadRequest("GET / HTTP/3.0\nHost: a\n\n", .unsupportedVersion, .httpVersionNotSupported),
    BadRequest("GET /\" HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET /<script> HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET /a#b HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET /caf\u{e9} HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET /a\tb HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET live/a.flv HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET * HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("OPTIONS ** HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET ftp://a/b HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET http:// HTTP/1.1\nHost: a\n\n", .badTarget),
    BadRequest("GET http:///b HTTP/1.1\nHost: a\n\n", .badHost),
    BadRequest("GET http://:80/b HTTP/1.1\nHost: a\n\n", .badHost),
    BadRequest("GET http://user@a/b HTTP/1.1\nHost: a\n\n", .badHost),
    BadRequest("GET a:80 HTTP/1.1\nHost: a\n\n", .badTarget),
]

/// Bad lines, bad fields, and what smugglers try.
let badFields: [BadRequest] = [
    BadRequest("GET / HTTP/1.1\u{85}Host: a\n\n", .head(.bareLineFeed)),
    BadRequest("GET / HTTP/1.1\nHost: a\u{85}\u{85}", .head(.bareLineFeed)),
    BadRequest("\u{85}GET / HTTP/1.1\nHost: a\n\n", .head(.bareLineFeed)),
    BadRequest("GET / HTTP/1.1\nHost: a\rX: b\n\n", .head(.bareCarriageReturn)),
    BadRequest("GET / HTTP/1.1\nHost: a\r\r\n\n", .head(.bareCarriageReturn)),
    BadRequest("\rGET / HTTP/1.1\nHost: a\n\n", .head(.bareCarriageReturn)),
    BadRequest("GET / HTTP/1.1\nHost: a\nX: \u{0}b\n\n", .head(.controlCharacter)),
    BadRequest("GET / HTTP/1.1\nHost: a\nX: \u{7f}\n\n", .head(.controlCharacter)),
    BadRequest("GET /\u{1b} HTTP/1.1\nHost: a\n\n", .head(.controlCharacter)),
    BadRequest("\u{16}\u{3}\u{1}\u{2}", .head(.controlCharacter)),
    BadRequest("GET / HTTP/1.1\nHost: a\n X: b\n\n", .head(.foldedField)),
    BadRequest("GET / HTTP/1.1\n Host: a\n\n", .head(.foldedField)),
    BadRequest("GET / HTTP/1.1\nHost: a\nX: b\n\tc\n\n", .head(.foldedField)),
    BadRequest("GET / HTTP/1.1\nHost: a\n \n\n", .head(.foldedField)),
    BadRequest("GET / HTTP/1.1\nHost : a\n\n", .head(.badFieldName)),
    BadRequest("GET / HTTP/1.1\nHost: a\nContent-Length : 5\n\n", .head(.badFieldName)),
    BadRequest("GET / HTTP/1.1\nHost: a\nTransfer-Encoding\t: chunked\n\n", .head(.badFieldName)),
    BadRequest("GET / HTTP/1.1\nHost: a\n: b\n\n", .head(.badFieldName)),
    BadRequest("GET / HTTP/1.1\nHost: a\nX\u{e9}: b\n\n", .head(.badFieldName)),
    BadRequest("GET / HTTP/1.1\nHost: a\nX[1]: b\n\n", .head(.badFieldName)),
    BadRequest("GET / HTTP/1.1\nHost: a\nX\n\n", .head(.missingColon)),
    BadRequest("GET / HTTP/1.1\n\n", .missingHost),
    BadRequest("GET http://a/ HTTP/1.1\n\n", .missingHost),
    BadRequest("GET / HTTP/1.1\nHost: a\nhost: a\n\n", .repeatedField),
    BadRequest("GET / HTTP/1.0\nHost: a\nHost: b\n\n", .repeatedField),
    BadRequest("GET / HTTP/1.1\nHost: a b\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: http://a\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: a/b\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: u@a\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: a:b\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: a:123456\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: a:1:2\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: ::1\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: [::1\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: []\n\n", .badHost),
    BadRequest("GET / HTTP/1.1\nHost: a\nOrigin: b\nOrigin: c\n\n", .repeatedField),
    BadRequest("GET / HTTP/1.1\nHost: a\nAuthorization: b\nAuthorization: c\n\n", .repeatedField),
    BadRequest(
        "GET / HTTP/1.1\nHost: a\nSec-WebSocket-Key: b\nSec-WebSocket-Key: c\n\n", .repeatedField),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nExpect: 200-maybe\n\n", .unsupportedExpectation,
        .expectationFailed),
]

/// Heads whose body two parsers could see in different places.
let smuggledBodies: [BadRequest] = [
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 5\n\n", .repeatedField),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 6\n\n", .repeatedField),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: 5, 5\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: +5\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: -5\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: 0x5\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: 5 5\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: 5.0\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: \"5\"\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length:\n\n", .badContentLength),
    BadRequest("POST / HTTP/1.1\nHost: a\nContent-Length: \u{FF15}\n\n", .badContentLength),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nContent-Length: 99999999999999999999999999999999\n\n",
        .bodyTooLarge, .contentTooLarge),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nContent-Length: 9223372036854775808\n\n",
        .bodyTooLarge, .contentTooLarge),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nContent-Length: 18446744073709551621\n\n",
        .bodyTooLarge, .contentTooLarge),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n\n",
        .lengthAndTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 0\n\n",
        .lengthAndTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, chunked\n\n", .badTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n",
        .badTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, gzip\n\n", .badTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: identity\n\n",
        .badTransferEncoding),
    BadRequest("POST / HTTP/1.1\nHost: a\nTransfer-Encoding:\n\n", .badTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n\n", .unknownTransferCoding,
        .notImplemented),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n", .unknownTransferCoding,
        .notImplemented),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: \u{b}chunked\n\n", .head(.controlCharacter)),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: \"chunked\"\n\n", .unknownTransferCoding,
        .notImplemented),
    BadRequest("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n", .badTransferEncoding),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n", .unknownTransferCoding,
        .notImplemented),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nX: b\n Transfer-Encoding: chunked\n\n", .head(.foldedField)),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nX: b\rContent-Length: 5\n\n", .head(.bareCarriageReturn)),
    BadRequest(
        "POST / HTTP/1.1\nHost: a\nX: b\u{85}Content-Length: 5\n\n", .head(.bareLineFeed)),
]

/// All of them.
let badRequests = badRequestLines + badFields + smuggledBodies
