// Where somebody comes from, as far as shares and guesses are counted by it.

import NIOCore
import WireBytes

extension HostKey {
    /// What a peer's address counts as; a peer without one is on this machine, where proxies are that
    /// bring everybody else.
    init(of address: SocketAddress?) {
        switch address {
        case .v4(let address):
            self.init(v4: UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            let (high, low) = unsafe withUnsafeBytes(of: address.address.sin6_addr) {
                let bytes = unsafe $0.bytes
                return (bytes.uint64(at: 0), bytes.uint64(at: 8))
            }
            self.init(IPAddress.v6(high: high, low: low))
        case .unixDomainSocket, nil:
            self.init(IPAddress.loopback)
        }
    }
}
