// Small requests and their answers, on one connection.

import Foundation
import HTTPWire

/// An answer that has come in full.
struct HTTPAnswer {
    var statusCode: Int
    var head: String
    var body: [UInt8]
    var keepsAlive: Bool
    var retryAfterS: Int?

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty if it is none.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// A header field's value, nil if there is none.
    func field(_ name: String) -> String? {
        let prefix = name.lowercased() + ":"
        return head.components(separatedBy: "\r\n")
            .first { $0.lowercased().hasPrefix(prefix) }
            .map { $0.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces) }
    }
}

/// Requests and answers in the order they are made.
final class HTTPClient {
    let connection: Connection
    private var bytes: [UInt8] = []

    init(port: UInt16) throws { connection = try Connection(port: port) }

    /// A request's text.
    static func request(
        _ method: String, _ target: String, fields: [String] = []
    ) -> [UInt8] {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + fields
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Asks on a connection of its own.
    static func ask(
        port: UInt16, method: String = "GET", _ target: String, fields: [String] = []
    ) throws -> HTTPAnswer {
        let client = try HTTPClient(port: port)
        try client.connection.send(
            request(method, target, fields: fields + ["Connection: close"]))
        return try client.answer(to: method)
    }

    /// The next answer.
    func answer(to method: String = "GET", within seconds: Double = 15) throws -> HTTPAnswer {
        let deadline = Deadline(seconds: seconds)
        var scanned = 0
        var parsed: HTTPResponseHead?
        while parsed == nil {
            let bytes = bytes
            parsed = try HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned)
            if parsed == nil, try !receive(by: deadline) {
                throw TestFailure.ended("the server hung up before it answered")
            }
        }
        guard let head = parsed else { throw TestFailure.unexpected("no head") }
        let headText = String(decoding: bytes[..<head.headByteCount], as: UTF8.self)
        bytes.removeFirst(head.headByteCount)
        let body = try body(head.bodyFraming(answering: method == "HEAD" ? .head : .get), deadline)
        return HTTPAnswer(
            statusCode: head.statusCode, head: headText, body: body, keepsAlive: head.keepAlive,
            retryAfterS: head.retryAfterS)
    }

    /// Whether the server ends the connection, and has nothing more to say.
    func isEnded(within seconds: Double = 5) throws -> Bool {
        bytes += try connection.receiveToEnd(within: seconds)
        return bytes.isEmpty
    }

    private func body(
        _ framing: HTTPResponseHead.BodyFraming, _ deadline: Deadline
    ) throws -> [UInt8] {
        switch framing {
        case .none:
            return []
        case .length(let count):
            while bytes.count < count {
                guard try receive(by: deadline) else {
                    throw TestFailure.ended("the server hung up in the middle of a body")
                }
            }
            defer { bytes.removeFirst(count) }
            return Array(bytes[..<count])
        case .untilClose:
            while try receive(by: deadline) {}
            defer { bytes = [] }
            return bytes
        case .chunked:
            var reader = ChunkedBodyReader()
            var body: [UInt8] = []
            while !reader.isFinished {
                var offset = 0
                let bytes = bytes
                while let range = try reader.nextBody(in: bytes.span.bytes, from: &offset) {
                    body += bytes[range]
                }
                self.bytes.removeFirst(offset)
                if !reader.isFinished, try !receive(by: deadline) {
                    throw TestFailure.ended("the server hung up in the middle of a body")
                }
            }
            return body
        }
    }

    private func receive(by deadline: Deadline) throws -> Bool {
        let received = try connection.receive(within: Double(deadline.leftMs) / 1_000)
        bytes += received
        return !received.isEmpty
    }
}
