// An address as the system's socket calls want it.

import Glibc

extension ListenAddress {
    /// Hands the address over as a `sockaddr` of its family and its length.
    public func withSocketName(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> CInt) -> CInt {
        if isIPv6 {
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            unsafe inet_pton(AF_INET6, host, &name.sin6_addr)
            return unsafe Self.call(body, with: name)
        }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        unsafe inet_pton(AF_INET, host, &name.sin_addr)
        return unsafe Self.call(body, with: name)
    }

    private static func call<Name>(
        _ body: (UnsafePointer<sockaddr>?, socklen_t) -> CInt, with name: Name
    ) -> CInt {
        unsafe withUnsafeBytes(of: name) { bytes in
            unsafe body(
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}
