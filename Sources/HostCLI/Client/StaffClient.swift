// A small HTTP client for the staff plane of a running appliance: one request, one answer.

import Access
import ControlRoom
import FoundationEssentials
import Glibc
import HTTPWire
import Settings
import TLS
import WireBytes

/// Why the staff plane didn't do what it was asked.
enum StaffCallError: Error, Equatable, CustomStringConvertible {
    case unreachable(IPEndpoint, errno: CInt)
    case broken(IPEndpoint, errno: CInt)
    case endedTooSoon(IPEndpoint)
    case unreadable(HTTPResponseError)
    case notOurs(IPEndpoint)
    case insecure(IPEndpoint, SecureClientError)
    case refused(status: Int, reason: String)
    /// Refused until it is said once more, with this word.
    case unconfirmed(word: String, reason: String)
    case wrongRows(reason: String, [RowFault])

    /// Whether the same request may do better: the connection failed, not the appliance. What was
    /// asked may have been done, so only what has an id of its own may be asked again.
    var isPassing: Bool {
        switch self {
        case .broken(_, EAGAIN): false
        case .broken, .endedTooSoon: true
        default: false
        }
    }

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
        case .insecure(let address, let error): "no safe way to \(address): \(error)"
        case .refused(401, let reason):
            "\(reason). Put the token into a file and name it with --staff-token-file"
        case .refused(_, let reason), .unconfirmed(_, let reason): reason
        case .wrongRows(let reason, let faults):
            ([reason + ":"]
                + faults.map { fault in
                    fault.row == 0 ? "  \(fault.error)" : "  row \(fault.row): \(fault.error)"
                }).joined(separator: "\n")
        }
    }
}

/// One request to the staff plane.
struct StaffRequest {
    var method: String
    var path: String
    /// Further header fields; neither name nor value has a line end.
    var fields: [(name: String, value: String)] = []
    /// The media type of the body, and the body.
    var content: (type: String, bytes: [UInt8])?
}

/// Asks, waits for the answer, and hangs up.
struct StaffClient {
    let address: IPEndpoint
    let token: StaffToken?
    /// Nil in the clear.
    var security: StaffSecurity?
    /// How long to wait for the system to take or give anything, s.
    var patienceS = 10

    /// Bytes of an answer, head and body: the winners of a large show are many.
    private static let answerByteCountMax = 256 << 20

    /// Blocks until the answer is there.
    ///
    /// - Parameter body: JSON; nil sends none.
    /// - Returns: the body of a 2xx answer.
    func ask(
        _ method: String, _ path: String, json body: [UInt8]? = nil
    ) throws(StaffCallError) -> [UInt8] {
        var request = StaffRequest(method: method, path: path)
        if let body { request.content = ("application/json", body) }
        return try ask(request)
    }

    /// Asks a second time if the connection breaks. Only for what may be asked twice.
    func askPatiently(_ request: StaffRequest) throws(StaffCallError) -> [UInt8] {
        do {
            return try ask(request)
        } catch  where error.isPassing {
            return try ask(request)
        }
    }

    /// Blocks until the answer is there.
    ///
    /// - Returns: the body of a 2xx answer.
    func ask(_ request: StaffRequest) throws(StaffCallError) -> [UInt8] {
        let connection = try StaffSocket(
            to: address, security: security, patienceS: patienceS)
        try connection.send(bytes(of: request))
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

    func bytes(of request: StaffRequest) -> [UInt8] {
        var lines = [
            "\(request.method) \(request.path) HTTP/1.1", "Host: \(address)", "Connection: close",
        ]
        if let token { lines.append("Authorization: Bearer \(token.text)") }
        lines += request.fields.map { "\($0.name): \($0.value)" }
        if let content = request.content {
            lines += ["Content-Type: \(content.type)", "Content-Length: \(content.bytes.count)"]
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
            + (request.content?.bytes ?? [])
    }

    func refusal(_ status: Int, _ answer: [UInt8]) -> StaffCallError {
        struct Report: Decodable {
            let error: String
            let rows: [RowFault]?
            let confirm: String?
        }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(answer)) else {
            return .notOurs(address)
        }
        if let rows = report.rows { return .wrongRows(reason: report.error, rows) }
        if let word = report.confirm { return .unconfirmed(word: word, reason: report.error) }
        return .refused(status: status, reason: report.error)
    }
}
