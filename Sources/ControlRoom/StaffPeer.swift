// Where somebody comes from, as far as shares and guesses are counted by it.

import HTTPWire
import Hummingbird
import NIOCore
import WireBytes

extension IPAddress {
    /// A peer's address; a peer without one is on this machine, where proxies are that bring everybody
    /// else.
    init(of address: SocketAddress?) {
        switch address {
        case .v4(let address):
            self = .v4(UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            let (high, low) = unsafe withUnsafeBytes(of: address.address.sin6_addr) {
                let bytes = unsafe $0.bytes
                return (bytes.uint64(at: 0), bytes.uint64(at: 8))
            }
            self = .v6(high: high, low: low)
        case .unixDomainSocket, nil:
            self = .loopback
        }
    }
}

/// Whose a request is.
enum StaffPeer {
    /// What a request counts as that may have come through a trusted proxy. The proxy's own requests
    /// count as those of this machine: nobody's guesses keep out all who come through it.
    static func place(
        of request: Request, on channel: any Channel, trusted: AddressRanges
    ) -> HostKey {
        let peer = IPAddress(of: channel.remoteAddress)
        guard trusted.contains(peer) else { return HostKey(peer) }
        let values = request.headers.filter { $0.name.canonicalName == "x-forwarded-for" }
            .map(\.value)
        let address = ForwardedFor.address(inForwardedFor: values, trusted: trusted)
        guard let address, !trusted.contains(address) else { return HostKey(.loopback) }
        return HostKey(address)
    }
}
