// From a host's name to its address.

import Glibc
import WireBytes

/// Looks names up as this machine does.
enum HostLookup {
    /// The address of `HOST:PORT`.
    ///
    /// - Parameter host: the same without the port, in brackets if it is an IPv6 address.
    static func endpoint(_ text: String, host: String) throws(BadValue) -> IPEndpoint {
        if let port = UInt16(text.dropFirst(host.count + 1)), !host.hasPrefix("["),
            IPEndpoint(host: host, port: port) == nil, !host.isEmpty
        {
            return try address(of: host, port: port)
        }
        return try IPEndpoint(parsing: text)
    }

    private static func address(of host: String, port: UInt16) throws(BadValue) -> IPEndpoint {
        var wish = addrinfo()
        wish.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &wish, &list)
        guard code == 0, let first = unsafe list else {
            let reason = unsafe String(cString: gai_strerror(code))
            throw BadValue("no address is known for \(host): \(reason)")
        }
        defer { unsafe freeaddrinfo(first) }
        // As text, which has one reader for both families.
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let isWritten = unsafe getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &name, socklen_t(name.count), nil, 0,
            NI_NUMERICHOST)
        let numbers = unsafe String(cString: name)
        guard isWritten == 0, let endpoint = IPEndpoint(host: numbers, port: port) else {
            throw BadValue("\(host) has an address that isn't usable here: \(numbers)")
        }
        return endpoint
    }
}
