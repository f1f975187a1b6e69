// Where to listen, and who has connected.

/// An address and a port.
public struct IPEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The machine.
    public var address: IPAddress
    /// The port; as a place to listen, 0 lets the system choose.
    public var port: UInt16

    /// An address and a port.
    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads an address in numbers (without brackets), or the name `localhost`; nil when it is
    /// neither.
    public init?(host: String, port: UInt16) {
        let known = host == "localhost" ? IPAddress.loopback : IPAddress(host)
        guard let known else { return nil }
        self.init(known, port: port)
    }

    /// The address as text, without brackets.
    public var host: String { address.description }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool { address.isLoopback }

    /// `127.0.0.1:9090` or `[::1]:9090`.
    public var description: String { address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
