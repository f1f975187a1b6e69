// Addresses that let whoever has them play or push one stream, until a moment.

import Digests
import WireBytes

/// What an address lets somebody do.
public enum URLRole: String, Sendable, CaseIterable {
    /// Watch a stream.
    case play
    /// Publish one.
    case push
}

/// What an address is good for, as it is signed and as it is checked.
public struct SignedURL: Sendable, Equatable {
    /// What it lets somebody do.
    public let role: URLRole
    /// The stream's name, without `.flv`.
    public let stream: String
    /// When it ceases to be good, in seconds since 1970.
    public let expiresAtUnixS: Int
    /// The only address it is good from; nil for all.
    public let address: IPAddress?

    /// An address to be signed.
    public init(role: URLRole, stream: String, expiresAtUnixS: Int, address: IPAddress? = nil) {
        self.role = role
        self.stream = stream
        self.expiresAtUnixS = expiresAtUnixS
        self.address = address
    }

    /// The query that signs it: `for=play%2Fshow&exp=1764430000&sig=…`, with `addr` if it is bound to
    /// an address.
    ///
    /// Encoders cut an address at its last slash to tell what the stream is called: a query has none.
    ///
    /// - Returns: nil if libcrypto has no HMAC-SHA-256.
    public func query(key: URLKey) -> String? {
        let purpose = "\(role.rawValue)/\(stream)"
        guard
            let code = Self.code(
                purpose: purpose, expiry: "\(expiresAtUnixS)", address: address?.description,
                key: key)
        else { return nil }
        let signature = String(decoding: code, as: UTF8.self)
        let bound = address.map { "&\(Item.address)=\($0)" } ?? ""
        return "\(Item.purpose)=\(PercentEncoding.encode(purpose))"
            + "&\(Item.expiry)=\(expiresAtUnixS)\(bound)&\(Item.signature)=\(signature)"
    }

    /// The query in the form of Tencent's and other networks: `txSecret=…&txTime=…`. It can't be bound
    /// to an address, and says nothing of the role.
    ///
    /// - Returns: nil if libcrypto has no MD5.
    public func tencentQuery(key: URLKey) -> String? {
        let digits = String(expiresAtUnixS, radix: 16, uppercase: true)
        let missing = SignedURLLimits.tencentTimeDigitCount - digits.utf8.count
        let hex = String(repeating: "0", count: max(0, missing)) + digits
        guard let secret = Self.tencentSecret(stream: stream, time: hex, key: key) else {
            return nil
        }
        let text = String(decoding: secret, as: UTF8.self)
        return "\(Item.tencentSecret)=\(text)&\(Item.tencentTime)=\(hex)"
    }

    /// The names of the items in a query.
    enum Item {
        static let purpose: StaticString = "for"
        static let expiry: StaticString = "exp"
        static let address: StaticString = "addr"
        static let signature: StaticString = "sig"
        static let tencentSecret: StaticString = "txSecret"
        static let tencentTime: StaticString = "txTime"
    }

    /// HMAC-SHA-256 in base64url over what the items say, a line each.
    static func code(
        purpose: String, expiry: String, address: String?, key: URLKey
    ) -> [UInt8]? {
        let message = Array("fanfare url 1\n\(purpose)\n\(expiry)\n\(address ?? "")".utf8)
        return unsafe key.hmac.code(of: message.span.bytes).map { code in
            unsafe Base64.encode(code.span.bytes, .url)
        }
    }

    /// MD5 in small hexadecimal digits over key, stream and time.
    static func tencentSecret(stream: String, time: String, key: URLKey) -> [UInt8]? {
        let message = Array("\(key.text)\(stream)\(time)".utf8)
        return unsafe MD5.digest(of: message.span.bytes).map { Array(Hex.text(of: $0).utf8) }
    }
}

/// A key, and the one before it, which is good for as long as the operator names it.
public struct URLKeyPair: Sendable {
    /// What is signed with.
    public let main: URLKey
    /// What was signed with before.
    public let previous: URLKey?

    /// A key and the one before.
    public init(main: URLKey, previous: URLKey? = nil) {
        self.main = main
        self.previous = previous
    }

    var all: [URLKey] { [main] + (previous.map { [$0] } ?? []) }
}
