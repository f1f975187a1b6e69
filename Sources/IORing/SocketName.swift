// An address and a port as the system's calls have them.

public import Glibc
public import WireBytes

extension IPEndpoint {
    /// `AF_INET` or `AF_INET6`.
    public var family: CInt { SocketName(self).family }

    /// Hands the address over as a `sockaddr` of its family and its length.
    public func withSocketName<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var name = SocketName(self)
        return unsafe name.withAddress { address, length in
            unsafe body(UnsafePointer(address), length.pointee)
        }
    }
}

/// A `sockaddr` of IPv4 or IPv6.
struct SocketName {
    var storage: sockaddr_storage
    var length: socklen_t

    /// What the kernel has written.
    init(storage: sockaddr_storage, length: socklen_t) {
        self.storage = storage
        self.length = length
    }

    init(_ endpoint: IPEndpoint) {
        storage = sockaddr_storage()
        switch endpoint.address {
        case .v4(let number):
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            storage.ss_family = sa_family_t(AF_INET)
            store(number.bigEndian, at: 4)
        case .v6(let high, let low):
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            storage.ss_family = sa_family_t(AF_INET6)
            store(high.bigEndian, at: 8)
            store(low.bigEndian, at: 16)
        }
        store(endpoint.port.bigEndian, at: 2)
    }

    var family: Int32 { Int32(storage.ss_family) }

    var endpoint: IPEndpoint {
        var storage = storage
        return unsafe withUnsafeBytes(of: &storage) { buffer in
            let bytes = unsafe buffer.bytes
            let address =
                family == AF_INET6
                ? IPAddress.v6(high: bytes.uint64(at: 8), low: bytes.uint64(at: 16))
                : IPAddress.v4(bytes.uint32(at: 4))
            return IPEndpoint(address, port: bytes.uint16(at: 2))
        }
    }

    /// Lends the name to a call that reads or writes it.
    mutating func withAddress<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe withUnsafeMutablePointer(to: &length) { length in
                unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, length)
                }
            }
        }
    }

    private mutating func store<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.storeBytes(of: number, toByteOffset: offset, as: Number.self)
        }
    }
}
