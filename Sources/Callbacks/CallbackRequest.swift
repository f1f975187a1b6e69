// The request that tells something, and its signature.

import Digests
import HTTPWire
import WireBytes

/// A `POST` of JSON, signed.
struct CallbackRequest {
    /// The fields that come with it besides those of HTTP.
    enum Field {
        static let event = "Fanfare-Event"
        static let id = "Fanfare-Id"
        static let time = "Fanfare-Time"
        static let signature = "Fanfare-Signature"
    }

    var url: HTTPURL
    var event: String
    var id: String
    var body: String

    /// All of it.
    ///
    /// - Parameters:
    ///   - hmac: under the secret that the receiver knows.
    ///   - nowUnixS: is signed with the body, so that a receiver can refuse what is old.
    /// - Returns: nil if libcrypto has no memory.
    func bytes(hmac: HMACSHA256, nowUnixS: Int64) -> [UInt8]? {
        let signed = Array("\(nowUnixS).\(body)".utf8)
        guard let code = unsafe hmac.code(of: signed.span.bytes) else { return nil }
        let digits = Hex.text(of: code.indices.map { code[$0] })
        let lines = [
            "POST \(url.target) HTTP/1.1", "Host: \(url.authority)", "User-Agent: fanfare",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
            "Connection: close", "\(Field.event): \(event)", "\(Field.id): \(id)",
            "\(Field.time): \(nowUnixS)", "\(Field.signature): sha256=\(digits)",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }
}
