// Where somebody comes from, as far as shares and guesses are counted by it.

import NIOCore

/// An address, or the first 64 bits of one of IPv6.
public struct StaffPeer: Sendable, Hashable {
    /// The address; of IPv6 its first four groups.
    public var address: String
    /// Whether it is this machine, where proxies are that bring everybody else.
    public var isLoopback: Bool

    /// A place by its name.
    public init(address: String, isLoopback: Bool) {
        self.address = address
        self.isLoopback = isLoopback
    }

    init(of address: SocketAddress?) {
        switch address {
        case .v4(let address):
            self.init(number: UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            let bytes = unsafe withUnsafeBytes(of: address.address.sin6_addr) { unsafe Array($0) }
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
            if isMapped {
                self.init(number: bytes[12...].reduce(0) { $0 << 8 | UInt32($1) })
            } else if bytes[..<15].allSatisfy({ $0 == 0 }) && bytes[15] == 1 {
                self.init(address: "::1", isLoopback: true)
            } else {
                let groups = stride(from: 0, to: 8, by: 2).map {
                    String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
                }
                self.init(address: groups.joined(separator: ":"), isLoopback: false)
            }
        case .unixDomainSocket, nil:
            self.init(address: "local", isLoopback: true)
        }
    }

    private init(number: UInt32) {
        let bytes = [24, 16, 8, 0].map { "\(number >> $0 & 0xFF)" }
        self.init(address: bytes.joined(separator: "."), isLoopback: number >> 24 == 127)
    }
}
