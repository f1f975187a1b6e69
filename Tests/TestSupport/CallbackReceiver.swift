// A system that is told things: a small HTTP server that answers as a test says.

import Dispatch
import Glibc
import Synchronization

/// Takes one request a connection, keeps it, and answers.
public final class CallbackReceiver: Sendable {
    /// What came.
    public struct Request: Sendable, Equatable {
        /// The first line.
        public var line: String
        /// Fields by their names in small letters.
        public var fields: [String: String]
        /// The body.
        public var body: String

        /// A member of the JSON body that is a text.
        public func text(_ name: String) -> String? {
            guard let start = body.firstRange(of: "\"\(name)\":\"") else { return nil }
            return String(body[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// What becomes of a request.
    public enum Answer: Sendable {
        /// These bytes, and the end.
        case text(String)
        /// These bytes, and then nothing, until the other side has gone.
        case unfinished(String)
        /// The end at once.
        case hangUp
        /// Nothing, until the other side has gone.
        case silence
    }

    /// Open for as long as somebody may stop it: its number is nobody else's meanwhile.
    private final class Listener: Sendable {
        let descriptor: CInt
        init(descriptor: CInt) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    /// An answer without a body.
    public static func status(_ code: Int, fields: String = "") -> Answer {
        .text("HTTP/1.1 \(code) X\r\nContent-Length: 0\r\n\(fields)\r\n")
    }

    /// An answer with JSON.
    public static func json(_ code: Int, _ body: String) -> Answer {
        .text("HTTP/1.1 \(code) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Where it listens on loopback.
    public let port: UInt16
    private let listener: Listener
    private let state = Mutex([Request]())
    private let answer: @Sendable (_ request: Request, _ number: Int) -> Answer

    /// - Parameter port: 0 for one that is free.
    /// - Parameter answer: what to say to a request, by its number from 0.
    public init(
        port: UInt16 = 0, answer: @escaping @Sendable (_ request: Request, _ number: Int) -> Answer
    ) {
        self.answer = answer
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var isReused: CInt = 1
        setsockopt(
            listener, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0, "the port is taken")
                precondition(getsockname(listener, $0, &length) == 0)
            }
        }
        precondition(listen(listener, 64) == 0)
        self.port = UInt16(bigEndian: address.sin_port)
        let owner = Listener(descriptor: listener)
        self.listener = owner
        DispatchQueue(label: "receiver").async { [weak self] in
            while true {
                let connection = accept(owner.descriptor, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                // A queue of its own: a shared one ends at so many who are kept waiting.
                DispatchQueue(label: "receiver's caller").async { self.serve(connection) }
            }
        }
    }

    deinit { stop() }

    /// Listens no more.
    public func stop() { shutdown(listener.descriptor, CInt(SHUT_RDWR)) }

    /// What has come, in the order in which it was whole.
    public var requests: [Request] { state.withLock { $0 } }

    /// Where to tell it.
    public func url(_ path: String = "/told") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Waits until so much has come that it is enough.
    ///
    /// - Returns: what has come; less than enough after half a minute.
    @discardableResult
    public func wait(until isEnough: ([Request]) -> Bool) -> [Request] {
        var leftMs = 30_000
        while leftMs > 0 {
            let requests = requests
            if isEnough(requests) { return requests }
            usleep(5_000)
            leftMs -= 5
        }
        return requests
    }

    private func serve(_ connection: CInt) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        guard let request = Self.read(connection, &bytes) else { return }
        let number = state.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        switch answer(request, number) {
        case .hangUp: return
        case .silence:
            var chunk = [UInt8](repeating: 0, count: 64)
            while recv(connection, &chunk, chunk.count, 0) > 0 {}
        case .text(let text):
            guard Self.say(text, to: connection) else { return }
            // What it was sent is read to its end, so that the answer isn't lost by a reset.
            shutdown(connection, CInt(SHUT_WR))
            var chunk = [UInt8](repeating: 0, count: 64)
            while recv(connection, &chunk, chunk.count, 0) > 0 {}
        case .unfinished(let text):
            guard Self.say(text, to: connection) else { return }
            var chunk = [UInt8](repeating: 0, count: 64)
            while recv(connection, &chunk, chunk.count, 0) > 0 {}
        }
    }

    private static func say(_ text: String, to connection: CInt) -> Bool {
        let answer = Array(text.utf8)
        var sent = 0
        while sent < answer.count {
            let count = answer[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func read(_ connection: CInt, _ bytes: inout [UInt8]) -> Request? {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
                var fields: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    fields[parts[0].lowercased()] =
                        parts.count > 1
                        ? String(parts[1].drop { $0 == " " }) : ""
                }
                let body = text[end.upperBound...]
                if body.utf8.count >= Int(fields["content-length"] ?? "") ?? 0 {
                    return Request(line: lines.first ?? "", fields: fields, body: String(body))
                }
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
    }
}
