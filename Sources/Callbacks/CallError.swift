// Why another system couldn't be told, or asked, in words that end a sentence.

import Glibc
import HTTPWire
import IORing

/// Why another system couldn't be told, or asked.
enum CallError: Error, Equatable, CustomStringConvertible {
    case unknownName(host: String)
    /// A name can't be looked up for want of descriptors or threads.
    case unlookable(host: String, reason: String)
    case unreachable(host: String, errno: CInt)
    case tooLate(ms: Int64)
    case broke(errno: CInt)
    case endedTooSoon
    case tls(String)
    case noDigest
    case unreadable(String)
    case redirect(status: Int)
    case refused(status: Int, retryAfterS: Int?)
    /// The appliance ends.
    case stopped

    var description: String {
        switch self {
        case .unknownName(let host): "the name \(host) is unknown"
        case .unlookable(let host, let reason): "the name \(host) can't be looked up: \(reason)"
        case .unreachable(let host, let code): "\(host) can't be reached: \(errorText(code))"
        case .tooLate(let ms): "no answer within \(ms) ms"
        case .broke(let code): "the connection broke: \(errorText(code))"
        case .endedTooSoon: "it hung up before it had answered"
        case .tls(let reason): "no TLS: \(reason)"
        case .noDigest: "libcrypto has no HMAC-SHA-256"
        case .unreadable(let reason): "its answer can't be read: \(reason)"
        case .redirect(let status):
            "it answers \(status) and sends us elsewhere, where we don't go: set the address itself"
        case .refused(let status, _): "it answers \(status)"
        case .stopped: "the appliance ends"
        }
    }

    /// Why an answer's head can't be read, as part of a sentence.
    init(_ error: HTTPResponseError) {
        self =
            if case .head(let error) = error {
                .unreadable(Self.clause(error.description))
            } else {
                .unreadable(Self.clause(error.description))
            }
    }

    /// A sentence as a part of another.
    static func clause(_ sentence: String) -> String {
        let words = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}
