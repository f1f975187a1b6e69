// A small HTTP client for the staff plane of a running appliance: one request, one answer.

import Access
import FoundationEssentials
import Glibc
import HTTPWire

/// Why the staff plane didn't do what it was asked.
enum StaffCallError: Error, Equatable, CustomStringConvertible {
    case unreachable(ListenAddress, errno: CInt)
    case broken(ListenAddress, errno: CInt)
    case endedTooSoon(ListenAddress)
    case unreadable(HTTPResponseError)
    case notOurs(ListenAddress)
    case refused(status: Int, reason: String)

    var description: String {
        switch self {
        case .unreachable(let address, let code):
            "no staff plane at \(address): \(systemErrorText(code)). Is fanfare running? The banner "
                + "and --staff say where it listens"
        case .broken(let address, EAGAIN):
            "\(address) does not answer; its log may say why"
        case .broken(let address, let code):
            "the connection to \(address) broke: \(systemErrorText(code)). Try again"
        case .endedTooSoon(let address):
            "\(address) hung up before it had answered; its log may say why"
        case .unreadable(let error): error.description
        case .notOurs(let address):
            "\(address) answers, but not as a staff plane does. Choose another with --staff"
        case .refused(401, let reason):
            "\(reason). Put the token into a file and name it with --staff-token-file"
        case .refused(_, let reason): reason
        }
    }
}

/// Asks, waits for the answer, and hangs up.
struct StaffClient {
    let address: ListenAddress
    let token: StaffToken?

    /// How long to wait for the system to take or give anything, s.
    private static let patienceS = 10
    /// Bytes of an answer, head and body.
    private static let answerByteCountMax = 256 << 10

    /// Blocks until the answer is there.
    ///
    /// - Parameter body: JSON; nil sends none.
    /// - Returns: the body of a 2xx answer.
    func ask(
        _ method: String, _ path: String, json body: [UInt8]? = nil
    ) throws(StaffCallError) -> [UInt8] {
        let connection = try StaffSocket(to: address, patienceS: Self.patienceS)
        try connection.send(request(method, path, body))
        var bytes: [UInt8] = []
        var scanned = 0
        var head: HTTPResponseHead?
        while head == nil {
            guard try connection.receive(into: &bytes) else { throw .endedTooSoon(address) }
            do {
                head = try unsafe HTTPResponseHead.parse(bytes.span.bytes, scanned: &scanned)
            } catch {
                throw .unreadable(error)
            }
        }
        guard let head else { throw .notOurs(address) }
        switch head.bodyFraming(answering: .get) {
        case .none: break
        case .length(let count):
            guard count <= Self.answerByteCountMax else { throw .notOurs(address) }
            while bytes.count < head.headByteCount + count {
                guard try connection.receive(into: &bytes) else { throw .endedTooSoon(address) }
            }
        case .untilClose, .chunked: throw .notOurs(address)
        }
        let answer = Array(bytes[head.headByteCount...])
        guard (200...299).contains(head.statusCode) else {
            throw refusal(head.statusCode, answer)
        }
        return answer
    }

    private func request(_ method: String, _ path: String, _ body: [UInt8]?) -> [UInt8] {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(address)", "Connection: close"]
        if let token { lines.append("Authorization: Bearer \(token.text)") }
        if let body {
            lines += ["Content-Type: application/json", "Content-Length: \(body.count)"]
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
    }

    private func refusal(_ status: Int, _ answer: [UInt8]) -> StaffCallError {
        struct Report: Decodable { let error: String }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(answer)) else {
            return .notOurs(address)
        }
        return .refused(status: status, reason: report.error)
    }
}

/// A blocking TCP connection that is closed when it is let go.
private struct StaffSocket: ~Copyable {
    private let address: ListenAddress
    private let descriptor: CInt

    init(to address: ListenAddress, patienceS: Int) throws(StaffCallError) {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let made = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard made >= 0 else { throw .unreachable(address, errno: errno) }
        var patience = timeval(tv_sec: patienceS, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(
                made, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        let code = unsafe address.withSocketName { unsafe connect(made, $0, $1) }
        guard code == 0 else {
            let failure = StaffCallError.unreachable(address, errno: errno)
            close(made)
            throw failure
        }
        self.address = address
        descriptor = made
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws(StaffCallError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .broken(address, errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Appends what has come; false at the end.
    func receive(into bytes: inout [UInt8]) throws(StaffCallError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .broken(address, errno: errno) }
            bytes += chunk[..<count]
            return count > 0
        }
    }
}
