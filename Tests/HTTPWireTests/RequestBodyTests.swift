// Small request bodies: when they are there, and which are refused.

import HTTPWire
import TestSupport
import Testing

private func post(_ fields: String, body: String = "") -> [UInt8] {
    wire("POST /api/v1/answers HTTP/1.1\nHost: a\n\(fields)\n") + Array(body.utf8)
}

private func reader(
    _ bytes: [UInt8], byteCountMax: Int = 4096, mustBeJSON: Bool = true
) throws -> RequestBodyReader {
    let head = try #require(try parseRequest(bytes))
    return try RequestBodyReader(
        head, in: bytes.span.bytes, byteCountMax: byteCountMax, mustBeJSON: mustBeJSON)
}

@Suite struct RequestBodyTests {
    @Test func aBodyIsThereWhenAllOfItIs() throws {
        let bytes = post("Content-Length: 7\n", body: #"{"a":1}GET /"#)
        let body = try reader(bytes)
        let bodyStart = bytes.count - 12
        for count in bodyStart...bytes.count {
            let part = Array(bytes[..<count])
            let range = body.range(in: part.span.bytes)
            #expect(range == (count < bodyStart + 7 ? nil : bodyStart..<(bodyStart + 7)))
        }
        #expect(body.byteCount == 7)
    }

    @Test func anEmptyBodyIsThereAtOnce() throws {
        let bytes = post("Content-Length: 0\n")
        #expect(try reader(bytes).range(in: bytes.span.bytes) == bytes.count..<bytes.count)
    }

    @Test func aClientThatWaitsIsToldToGoOn() throws {
        let bytes = post("Content-Length: 7\nExpect: 100-continue\n")
        let body = try reader(bytes)
        #expect(body.needsContinue(having: bytes.count))
        #expect(!body.needsContinue(having: bytes.count + 1))
        let without = post("Content-Length: 7\n")
        #expect(!(try reader(without).needsContinue(having: without.count)))
    }

    @Test(arguments: [
        ("", RequestBodyError.noLength, HTTPStatus.lengthRequired, true),
        ("Transfer-Encoding: chunked\n", .chunked, .lengthRequired, false),
        ("Content-Length: 101\n", .tooLarge(byteCountMax: 100), .contentTooLarge, false),
        ("Content-Length: 2\nContent-Type: text/plain\n", .notJSON, .unsupportedMediaType, false),
        (
            "Content-Length: 2\nContent-Type: application/jsonp\n", .notJSON, .unsupportedMediaType,
            false
        ),
    ])
    func otherBodiesAreRefused(
        fields: String, error: RequestBodyError, status: HTTPStatus, keepsAlive: Bool
    ) throws {
        let bytes = post(fields)
        #expect(throws: error) { try reader(bytes, byteCountMax: 100) }
        let head = try #require(try parseRequest(bytes))
        let response = error.response(to: head, fields: [.init("X-A", "b")])
        #expect(response.status == status)
        #expect(response.keepAlive == keepsAlive)
        #expect(response.fields.contains(.init("X-A", "b")))
    }

    @Test(arguments: ["application/json", "Application/JSON ; charset=utf-8", "application/json;"])
    func jsonIsTaken(type: String) throws {
        #expect(try reader(post("Content-Length: 2\nContent-Type: \(type)\n")).byteCount == 2)
    }

    @Test func theLongestBodyIsTaken() throws {
        #expect(try reader(post("Content-Length: 100\n"), byteCountMax: 100).byteCount == 100)
        let plain = post("Content-Length: 2\nContent-Type: text/plain\n")
        #expect(try reader(plain, mustBeJSON: false).byteCount == 2)
    }
}
