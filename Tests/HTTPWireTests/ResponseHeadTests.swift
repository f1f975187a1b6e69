// The client's side: response heads.

import HTTPWire
import TestSupport
import Testing

@Suite struct ResponseHeadTests {
    private func parse(
        _ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()
    ) throws(HTTPResponseError) -> HTTPResponseHead? {
        var scanned = 0
        return try HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned, limits: limits)
    }

    @Test func aStreamsAnswerIsRead() throws {
        let bytes = HTTPResponse.flvHead(allowOrigin: "*") + Array("FLV".utf8)
        let head = try #require(try parse(bytes))
        #expect(head.statusCode == 200)
        #expect(text(head.contentType, in: bytes) == "video/x-flv")
        #expect(head.bodyFraming(answering: .get) == .untilClose)
        #expect(head.bodyFraming(answering: .head) == .none)
        #expect(!head.keepAlive)
        #expect(bytes[head.headByteCount...].elementsEqual("FLV".utf8))
    }

    @Test(
        arguments: [
            (
                "HTTP/1.1 200 OK\nContent-Length: 5\n\n",
                HTTPResponseHead.BodyFraming.length(byteCount: 5)
            ),
            ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", .chunked),
            ("HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked\n\n", .chunked),
            ("HTTP/1.0 200 OK\n\n", .untilClose),
            ("HTTP/1.1 204 No Content\nContent-Length: 5\n\n", .none),
            ("HTTP/1.1 304 Not Modified\n\n", .none),
            ("HTTP/1.1 100 Continue\n\n", .none),
            ("HTTP/1.1 404\n\n", .untilClose),
            ("HTTP/1.1 404 \nContent-Length: 0\n\n", .length(byteCount: 0)),
        ] as [(WireText, HTTPResponseHead.BodyFraming)])
    func whereTheBodyEnds(response: WireText, framing: HTTPResponseHead.BodyFraming) throws {
        let head = try #require(try parse(wire(response.text)))
        #expect(head.bodyFraming(answering: .get) == framing)
    }

    @Test func aDoublyFramedAnswerEndsTheConnection() throws {
        let fields = "Content-Length: 5\nTransfer-Encoding: chunked\n"
        let head = try #require(try parse(wire("HTTP/1.1 200 OK\n\(fields)\n")))
        #expect(head.contentLength == nil)
        #expect(!head.keepAlive)
    }

    @Test func aRefusalIsRead() throws {
        let bytes = wire(
            "HTTP/1.1 503 Service Unavailable\nRetry-After: 5\nX-C: d\n\n")
        let head = try #require(try parse(bytes))
        #expect(head.statusCode == 503)
        #expect(head.retryAfterS == 5)
        #expect(text(head.fieldValue(named: "x-c", in: bytes.span.bytes), in: bytes) == "d")
        #expect(head.keepAlive)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 2000 OK\n\n", HTTPResponseError.badStatusLine),
            ("HTTP/1.1 20 OK\n\n", .badStatusLine),
            ("HTTP/1.1 099 OK\n\n", .badStatusLine),
            ("HTTP/1.1 600 OK\n\n", .badStatusLine),
            ("HTTP/1.1  200 OK\n\n", .badStatusLine),
            ("HTTP/1.1\n\n", .badStatusLine),
            ("ICY 200 OK\n\n", .badStatusLine),
            ("GET / HTTP/1.1\n\n", .badStatusLine),
            ("HTTP/2.0 200 OK\n\n", .unsupportedVersion),
            ("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\n", .badContentLength),
            ("HTTP/1.1 200 OK\nContent-Length: x\n\n", .badContentLength),
            ("HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n", .unknownTransferCoding),
            ("HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n", .unknownTransferCoding),
            ("HTTP/1.1 200 OK\n folded\n\n", .head(.foldedField)),
            ("HTTP/1.1 200 OK\nName\n\n", .head(.missingColon)),
            ("\n\n", .head(.missingStartLine)),
            ("\u{15}\u{3}\u{3}", .head(.controlCharacter)),
        ] as [(WireText, HTTPResponseError)])
    func badResponsesAreRefused(response: WireText, error: HTTPResponseError) {
        #expect(throws: error) { try parse(wire(response.text)) }
        #expect(error.description.hasSuffix("."))
    }

    @Test func responsesAreBounded() throws {
        let bytes = wire("HTTP/1.1 200 OK\nA: b\nC: d\n\n")
        let exact = HTTPLimits(headByteCountMax: bytes.count, headerCountMax: 2)
        #expect(try parse(bytes, limits: exact) != nil)
        #expect(throws: HTTPResponseError.head(.headTooLarge)) {
            try parse(bytes, limits: HTTPLimits(headByteCountMax: bytes.count - 1))
        }
        #expect(throws: HTTPResponseError.head(.tooManyFields)) {
            try parse(bytes, limits: HTTPLimits(headerCountMax: 1))
        }
    }

    @Test(
        arguments: [
            ("HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Type: video/x-flv\n\n", 2),
            ("HTTP/1.1 404 Not Found\nConnection: close\nRetry-After: 99999999999999999999\n\n", 1),
            ("HTTP/1.1 200 OK\nA : b\n\n", 0),
        ] as [(WireText, Int)])
    func anyCuttingGivesTheSame(response: WireText, headCount: Int) {
        let heads = verifyChunking(
            of: wire(response.text), makeParser: { (buffer: [UInt8](), scanned: 0) },
            feed: {
                (
                    stream: inout (buffer: [UInt8], scanned: Int), chunk,
                    emit: (HTTPResponseHead) -> Void
                ) in
                for offset in 0..<chunk.byteCount {
                    stream.buffer.append(
                        unsafe chunk.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
                }
                var (buffer, scanned) = stream
                defer { stream = (buffer, scanned) }
                while let head = try HTTPResponseHead.parse(buffer.span.bytes, scanned: &scanned) {
                    emit(head)
                    buffer.removeFirst(head.headByteCount)
                }
            })
        #expect(heads.count == headCount)
    }
}
