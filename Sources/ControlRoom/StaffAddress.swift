// Where the staff plane listens.

/// An address and a port to listen on.
public struct StaffAddress: Sendable, Equatable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets.
    public let host: String

    /// 0 lets the system choose.
    public let port: Int

    /// Whether only this machine can come in. Decided by the caller, who has parsed the address.
    public let isLoopback: Bool

    /// - Parameter host: an IP address; names are not resolved here.
    public init(host: String, port: Int, isLoopback: Bool) {
        self.host = host
        self.port = port
        self.isLoopback = isLoopback
    }

    /// "127.0.0.1:9090" or "[::1]:9090".
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
