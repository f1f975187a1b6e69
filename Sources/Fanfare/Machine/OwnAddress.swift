// The address by which other machines most likely reach this one.

import Glibc

/// This machine's own addresses.
enum OwnAddress {
    /// The first IPv4 address of an interface that is up and not loopback, else "127.0.0.1".
    static func likely() -> String {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return loopback }
        defer { unsafe freeifaddrs(list) }
        var next = unsafe list
        while let entry = unsafe next {
            if let text = unsafe usableText(entry.pointee) { return text }
            unsafe next = entry.pointee.ifa_next
        }
        return loopback
    }

    private static let loopback = "127.0.0.1"

    private static func usableText(_ entry: ifaddrs) -> String? {
        let flags = unsafe Int(entry.ifa_flags)
        guard flags & IFF_UP != 0, flags & IFF_LOOPBACK == 0,
            let name = unsafe entry.ifa_addr, unsafe name.pointee.sa_family == AF_INET
        else { return nil }
        return unsafe name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { name in
            var address = unsafe name.pointee.sin_addr
            var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
            guard
                unsafe inet_ntop(AF_INET, &address, &text, socklen_t(text.count)) != nil
            else { return nil }
            return String(
                decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
