// An http or https URL that somebody is asked at, taken apart.

import WireBytes

/// Where a server is and what it is asked for.
public struct HTTPURL: Sendable, Equatable {
    /// The longest, bytes.
    public static let byteCountMax = 1_024

    /// As it was written.
    public let text: String
    /// Whether it is spoken to over TLS.
    public let isSecure: Bool
    /// A name or an address, without brackets.
    public let host: String
    /// The port, as it is or as the scheme has it.
    public let port: UInt16
    /// What the `Host` field says.
    public let authority: String
    /// Path and query.
    public let target: String

    /// Scheme and authority. Path and query often are secrets, and so belong into no log.
    public var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// Takes a URL apart.
    ///
    /// - Returns: nil for what isn't one of http or https, or has a user, a fragment, or characters
    ///   that a URL hasn't.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.byteCountMax,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { return nil }
        let rest: Substring
        if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest.dropFirst(authority.count)
        target = tail.hasPrefix("/") ? String(tail) : "/\(tail)"
        guard let place = Self.place(authority, usualPort: isSecure ? 443 : 80) else { return nil }
        (host, port) = place
        self.authority = String(authority)
        self.text = text
    }

    private static func place(
        _ authority: Substring, usualPort: UInt16
    ) -> (host: String, port: UInt16)? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard IPAddress(String(host))?.isV6 == true else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority.dropFirst(host.count)
            let isName = host.utf8.allSatisfy { byte in
                byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
            guard isName, (1...253).contains(host.utf8.count) else { return nil }
        }
        if rest.isEmpty { return (String(host), usualPort) }
        guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else { return nil }
        return (String(host), port)
    }
}
