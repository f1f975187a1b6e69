// A connection to a staff server, and the answers that come over it.

import Dispatch
import Glibc
import HTTPWire

/// What the staff plane answered.
struct StaffAnswer: Sendable {
    fileprivate let head: HTTPResponseHead
    fileprivate let headBytes: [UInt8]
    let body: [UInt8]

    var status: Int { head.statusCode }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// A header field's value, by its name in small letters; nil if there is none.
    func field(_ name: StaticString) -> String? {
        head.fieldValue(named: name, in: headBytes.span.bytes)
            .map { String(decoding: headBytes[$0], as: UTF8.self) }
    }
}

/// What keeps an answer from coming.
enum StaffConnectionFailure: Error {
    case system(call: String, errno: CInt)
    case endedTooSoon
    case unexpectedFraming(HTTPResponseHead.BodyFraming)
}

/// A TCP connection that stays open until it is let go.
final class StaffConnection: Sendable {
    private let descriptor: CInt
    /// A queue of its own may block; on the global ones run Swift's tasks, the server's too.
    private let queue = DispatchQueue(label: "staff connection")

    init(port: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        // A server that never answers is a failed test, not a hanging one.
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Self.failure("connect") }
    }

    deinit { close(descriptor) }

    /// Asks, and waits for the answer.
    ///
    /// - Parameters:
    ///   - fields: further header lines, without their line ends.
    ///   - body: sent with its length; nil sends none.
    func ask(
        _ target: String, method: String = "GET", fields: [String] = [], body: [UInt8]? = nil
    ) async throws -> StaffAnswer {
        var lines = ["\(method) \(target) HTTP/1.1"] + fields
        if !fields.contains(where: { $0.hasPrefix("Host:") }) { lines.append("Host: localhost") }
        if let body { lines.append("Content-Length: \(body.count)") }
        let head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        let request = head + (body ?? [])
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        try self.send(request)
                        return try self.answer(to: method == "HEAD" ? .head : .get)
                    })
            }
        }
    }

    /// Asks for a body without an end, such as events; what comes is taken by `more`.
    func begin(_ target: String, fields: [String] = []) async throws {
        let lines = ["GET \(target) HTTP/1.1", "Host: localhost"] + fields
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        try await blocking { try self.send(request) }
    }

    /// Sends bytes as they are.
    func write(_ text: String) async throws {
        try await blocking { try self.send(Array(text.utf8)) }
    }

    /// Waits for an answer to what was written.
    func answer() async throws -> StaffAnswer {
        try await blocking { try self.answer(to: .get) }
    }

    /// Whatever comes next, head and chunks as they are; empty at the end.
    func more() async throws -> [UInt8] {
        try await blocking {
            do {
                return try self.receive()
            } catch StaffConnectionFailure.endedTooSoon {
                return []
            } catch StaffConnectionFailure.system(_, errno: ECONNRESET) {
                return []
            }
        }
    }

    private func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    private func send(_ bytes: [UInt8]) throws {
        var sentByteCount = 0
        while sentByteCount < bytes.count {
            let count = bytes[sentByteCount...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Self.failure("send") }
            sentByteCount += count
        }
    }

    private func answer(to method: HTTPMethod) throws -> StaffAnswer {
        var bytes: [UInt8] = []
        var scanned = 0
        var parsed: HTTPResponseHead?
        while parsed == nil {
            bytes += try receive()
            parsed = try HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned)
        }
        guard let head = parsed else { throw StaffConnectionFailure.endedTooSoon }
        let bodyByteCount: Int
        switch head.bodyFraming(answering: method) {
        case .none: bodyByteCount = 0
        case .length(let byteCount): bodyByteCount = byteCount
        case .chunked:
            return StaffAnswer(
                head: head, headBytes: Array(bytes[..<head.headByteCount]),
                body: try chunks(Array(bytes[head.headByteCount...])))
        case let framing: throw StaffConnectionFailure.unexpectedFraming(framing)
        }
        while bytes.count < head.headByteCount + bodyByteCount { bytes += try receive() }
        return StaffAnswer(
            head: head, headBytes: Array(bytes[..<head.headByteCount]),
            body: Array(bytes[head.headByteCount...]))
    }

    /// A body in chunks, to its end.
    private func chunks(_ begun: [UInt8]) throws -> [UInt8] {
        var bytes = begun
        var body: [UInt8] = []
        var reader = ChunkedBodyReader()
        while true {
            var offset = 0
            while let range = try reader.nextBody(in: bytes.span.bytes, from: &offset) {
                body += bytes[range]
            }
            if reader.isFinished { return body }
            bytes = try receive()
        }
    }

    /// What has come; never empty.
    private func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Self.failure("recv") }
        guard count > 0 else { throw StaffConnectionFailure.endedTooSoon }
        return Array(buffer[..<count])
    }

    private static func failure(_ call: String) -> StaffConnectionFailure {
        .system(call: call, errno: errno)
    }
}
