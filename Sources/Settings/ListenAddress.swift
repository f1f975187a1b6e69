// Where a listener listens: HOST:PORT, with the host as an IP address.

import Glibc

/// An IP address and a port.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets.
    public var host: String

    /// 0 lets the system choose.
    public var port: UInt16

    /// "127.0.0.1:9090" or "[::1]:9090".
    public var description: String {
        isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether `host` is an IPv6 address.
    public var isIPv6: Bool { host.utf8.contains(UInt8(ascii: ":")) }

    /// Whether only this machine can come in.
    public var isLoopback: Bool {
        guard isIPv6 else { return host.hasPrefix("127.") }
        guard let bytes = Self.bytes(ofIPv6: host) else { return false }
        let isMappedIPv4 =
            bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMappedIPv4 { return bytes[12] == 127 }
        return bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// Whether it listens on every address of the machine.
    public var isWildcard: Bool {
        guard isIPv6 else { return host == "0.0.0.0" }
        return Self.bytes(ofIPv6: host)?.allSatisfy { $0 == 0 } ?? false
    }

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Parses "127.0.0.1:8080", "[::]:8080", "localhost:8080" or "*:8080". Other names are refused:
    /// a listener must not depend on a name server.
    public init(parsing text: String) throws(BadValue) {
        let shape = BadValue(
            "expected HOST:PORT with an IP address, such as 0.0.0.0:8080 or [::]:8080")
        guard let colon = text.lastIndex(of: ":") else { throw shape }
        let portText = text[text.index(after: colon)...]
        guard !portText.isEmpty, portText.utf8.allSatisfy(UInt8.isDigit),
            let port = UInt16(portText)
        else {
            throw BadValue("the port must be a number from 0 to 65535, as in 0.0.0.0:8080")
        }
        let name = text[..<colon]
        if name.hasPrefix("[") && name.hasSuffix("]") {
            let inner = String(name.dropFirst().dropLast())
            guard Self.bytes(ofIPv6: inner) != nil else { throw shape }
            self.init(host: inner, port: port)
            return
        }
        switch name {
        case "localhost": self.init(host: "127.0.0.1", port: port)
        case "*": self.init(host: "0.0.0.0", port: port)
        default:
            guard Self.isIPv4(String(name)) else { throw shape }
            self.init(host: String(name), port: port)
        }
    }

    private static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return unsafe inet_pton(AF_INET, text, &address) == 1
    }

    private static func bytes(ofIPv6 text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        return bytes
    }
}

extension UInt8 {
    /// ASCII 0 to 9.
    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
