// Where a command asks the staff plane, in every form people write it.

public import WireBytes

/// `http://ADDRESS:PORT` or `https://HOST:PORT` of a staff plane.
public struct StaffURL: Equatable, Sendable {
    public let address: IPEndpoint
    /// With https: what the certificate has to be for; nil in the clear.
    public let secureServer: String?

    /// Where a staff plane is that nobody has moved.
    public static let usual = StaffURL(address: IPEndpoint(.loopback, port: 9090))

    public init(address: IPEndpoint, secureServer: String? = nil) {
        self.address = address
        self.secureServer = secureServer
    }

    /// `http://127.0.0.1:9090`, with a slash behind it or without the scheme; `localhost:9090`,
    /// `[::1]:9090`, `:9090`. One that listens everywhere is asked on this machine. With `https://` the
    /// host may be a name, which is looked up.
    public init(parsing text: String) throws(BadValue) {
        let isSecure = text.trimmingBlanks.lowercased().hasPrefix("https://")
        var text = try Self.hostAndPort(of: text)
        if text.hasPrefix(":"), !text.dropFirst().contains(":") { text = "127.0.0.1" + text }
        guard text.contains(":"), !text.hasSuffix("]") else {
            throw BadValue("the port is missing, as in http://127.0.0.1:9090")
        }
        let host = String(text[..<(text.lastIndex(of: ":") ?? text.endIndex)]).lowercased()
        var address =
            isSecure
            ? try HostLookup.endpoint(text.lowercased(), host: host)
            : try IPEndpoint(parsing: text.lowercased())
        guard address.port != 0 else {
            throw BadValue("a port of 0 is none; name the one that the banner shows")
        }
        if address.address.isWildcard {
            address.address = address.address.isV6 ? .v6(high: 0, low: 1) : .loopback
        }
        self.address = address
        let isName =
            !host.hasPrefix("[")
            && (IPEndpoint(host: host, port: 0) == nil || host == "localhost")
        secureServer = isSecure ? (isName ? host : address.host) : nil
    }

    /// What stands between the scheme and the slash.
    public static func hostAndPort(of text: String) throws(BadValue) -> String {
        var rest = text.trimmingBlanks[...]
        if let scheme = rest.firstRange(of: "://") {
            switch rest[..<scheme.lowerBound].lowercased() {
            case "http", "https": rest = rest[scheme.upperBound...]
            default:
                throw BadValue(
                    "the staff plane speaks HTTP; write http://HOST:PORT, or https://HOST:PORT")
            }
        }
        while rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains(where: { "/?#@".contains($0) }) else {
            throw BadValue("only the host and the port belong here, as in http://127.0.0.1:9090")
        }
        return String(rest)
    }
}

extension String {
    fileprivate var trimmingBlanks: Substring {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
