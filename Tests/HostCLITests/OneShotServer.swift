// A server that answers one connection after the other as it was told, for the staff client.

import Dispatch
import Glibc

/// Takes one connection for each answer; an empty answer hangs up after the request.
final class OneShotServer: Sendable {
    let port: UInt16
    private let descriptor: CInt
    private let requests: DispatchedValue

    /// What was asked, once all answers were given.
    var asked: [String] { requests.wait() }

    init(answers: [String]) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0)
                precondition(getsockname(listener, $0, &length) == 0)
            }
        }
        precondition(listen(listener, 8) == 0)
        port = UInt16(bigEndian: address.sin_port)
        descriptor = listener
        requests = DispatchedValue {
            answers.map { Self.serve(listener, $0) }
        }
    }

    deinit {
        // Wakes a thread that waits for a connection that never comes.
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
    }

    private static func serve(_ listener: CInt, _ answer: String) -> String {
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !isWhole(request) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            request += buffer[..<count]
        }
        _ = send(connection, answer, answer.utf8.count, CInt(MSG_NOSIGNAL))
        return String(decoding: request, as: UTF8.self)
    }

    private static func isWhole(_ request: [UInt8]) -> Bool {
        let text = String(decoding: request, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.1) } ?? 0
        return text[end.upperBound...].utf8.count >= length
    }
}

/// A value that a thread of its own makes.
final class DispatchedValue: Sendable {
    private let group = DispatchGroup()
    private nonisolated(unsafe) var value: [String] = []

    init(_ body: @escaping @Sendable () -> [String]) {
        DispatchQueue(label: "one-shot server").async(group: group) { self.value = body() }
    }

    func wait() -> [String] {
        group.wait()
        return value
    }
}
