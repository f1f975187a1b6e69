// Requests that must be refused, and how large one may be.

import HTTPWire
import TestSupport
import Testing

@Suite struct RequestRefusalTests {
    @Test(arguments: badRequests)
    func badRequestsAreRefused(request: BadRequest) {
        #expect(refusal(of: request.bytes) == request.error)
        #expect(request.error.status == request.status)
    }

    @Test func everyRefusalSaysWhatToDo() {
        for error in Set(badRequests.map(\.error.description)) {
            #expect(error.hasSuffix("."))
            #expect(error.count > 20)
        }
    }

    /// All but tab, which may stand around a value, and the line ends' own two.
    @Test(
        arguments: ((0x00...0x1F) + [0x7F]).filter { ![0x09, 0x0A, 0x0D].contains($0) }
            .map(UInt8.init))
    func noControlCharacterPassesAnywhere(byte: UInt8) throws {
        let good = wire("GET /a HTTP/1.1\nHost: a\nX: b c\n\n")
        for offset in 0..<(good.count - 4) {
            var bytes = good
            bytes.insert(byte, at: offset)
            let isInLineEnd = good[offset] == 0x0A
            #expect(
                refusal(of: bytes)
                    == .head(isInLineEnd ? .bareCarriageReturn : .controlCharacter),
                "at \(offset)")
        }
        #expect(refusal(of: good) == nil)
    }
}

@Suite struct RequestLimitTests {
    /// A request with a head of exactly that many bytes.
    private func request(headByteCount: Int) -> [UInt8] {
        let start = "GET / HTTP/1.1\nHost: a\nX: "
        let padding = headByteCount - wire(start).count - 4
        return wire(start + String(repeating: "x", count: padding) + "\n\n")
    }

    @Test func aHeadMayBeJustAsLargeAsTheLimit() throws {
        let limits = HTTPLimits()
        let largest = request(headByteCount: limits.headByteCountMax)
        let head = try #require(try parseRequest(largest))
        #expect(head.headByteCount == 8192)
        let tooLarge = request(headByteCount: limits.headByteCountMax + 1)
        let error = try #require(refusal(of: tooLarge))
        #expect(error == .head(.headTooLarge))
        #expect(error.status == .requestHeaderFieldsTooLarge)
    }

    @Test func aFullBufferWithoutAnEndIsRefusedAtOnce() {
        // The receive buffer is as large as the limit: nothing more can come.
        let bytes = Array(request(headByteCount: 9000).prefix(8192))
        #expect(refusal(of: bytes) == .head(.headTooLarge))
        #expect(refusal(of: Array(bytes.prefix(8191))) == nil)
    }

    @Test func aTargetMayBeJustAsLongAsTheLimit() throws {
        let path = "/" + String(repeating: "a", count: 2047)
        let bytes = wire("GET \(path) HTTP/1.1\nHost: a\n\n")
        #expect(try parseRequest(bytes)?.target.count == 2048)
        let error = try #require(refusal(of: wire("GET \(path)a HTTP/1.1\nHost: a\n\n")))
        #expect(error == .targetTooLong)
        #expect(error.status == .uriTooLong)
    }

    @Test func aFirstLineThatNeverEndsIsATargetTooLong() throws {
        for start in ["GET /", "\nGET /"] {
            let bytes = wire(start + String(repeating: "a", count: 8192))
            let error = try #require(refusal(of: bytes))
            #expect(error == .head(.startLineTooLong))
            #expect(error.status == .uriTooLong)
        }
    }

    @Test func thereMayBeJustAsManyFieldsAsTheLimit() throws {
        let start = "GET / HTTP/1.1\nHost: a\n"
        let most = wire(start + String(repeating: "X: y\n", count: 63) + "\n")
        #expect(try parseRequest(most) != nil)
        let tooMany = wire(start + String(repeating: "X: y\n", count: 64) + "\n")
        let error = try #require(refusal(of: tooMany))
        #expect(error == .head(.tooManyFields))
        #expect(error.status == .requestHeaderFieldsTooLarge)
    }

    @Test func aBodyMayBeJustAsLargeAsTheLimit() throws {
        let start = "POST / HTTP/1.1\nHost: a\nContent-Length: "
        #expect(try parseRequest(wire(start + "4096\n\n"))?.contentLength == 4096)
        let error = try #require(refusal(of: wire(start + "4097\n\n")))
        #expect(error == .bodyTooLarge)
        #expect(error.status == .contentTooLarge)
    }

    @Test func limitsAreTheCallers() throws {
        let bytes = wire("GET /abc HTTP/1.1\nHost: a\n\n")
        let limits = { (head: Int, target: Int, headers: Int) in
            HTTPLimits(headByteCountMax: head, targetByteCountMax: target, headerCountMax: headers)
        }
        #expect(refusal(of: bytes, limits: limits(bytes.count, 4, 1)) == nil)
        #expect(refusal(of: bytes, limits: limits(bytes.count - 1, 4, 1)) == .head(.headTooLarge))
        #expect(refusal(of: bytes, limits: limits(bytes.count, 3, 1)) == .targetTooLong)
        #expect(refusal(of: bytes, limits: limits(bytes.count, 4, 0)) == .head(.tooManyFields))
        #expect(refusal(of: bytes, limits: limits(1, 4, 1)) == .head(.startLineTooLong))
        #expect(refusal(of: bytes, limits: limits(0, 4, 1)) == .head(.startLineTooLong))
    }
}
