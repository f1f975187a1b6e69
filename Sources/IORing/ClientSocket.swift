// Sockets of a client that comes from many addresses.

import Glibc
public import WireBytes

/// A TCP socket that is not connected yet.
public struct ClientSocket: ~Copyable {
    /// The process descriptor.
    public let descriptor: Int32

    /// Makes a socket.
    ///
    /// - Parameters:
    ///   - source: the address to come from; its port is chosen at the connect, so that one
    ///     address has its 28 000 ports for each peer. Nil for the system's choice.
    ///   - isIPv6: the peer's family.
    public init(source: IPAddress?, isIPv6: Bool) throws(RingError) {
        let family = isIPv6 ? AF_INET6 : AF_INET
        let fd = socket(
            family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw .enter(errno: errno) }
        if let source {
            var on: Int32 = 1
            _ = unsafe setsockopt(fd, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &on, 4)
            var name = SocketName(IPEndpoint(source, port: 0))
            let isBound = unsafe name.withAddress { unsafe bind(fd, $0, $1.pointee) == 0 }
            guard isBound else {
                let error = RingError.enter(errno: errno)
                close(fd)
                throw error
            }
        }
        descriptor = fd
    }

    deinit { close(descriptor) }
}
