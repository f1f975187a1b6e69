// A listening TCP socket, with the options every accepted connection inherits.

import Glibc

/// Where to listen or who connected: an IPv4 or IPv6 address and a port.
public struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
    var storage: sockaddr_storage
    var length: socklen_t

    public static func == (left: SocketAddress, right: SocketAddress) -> Bool {
        left.description == right.description
    }

    /// Parses a numeric IPv4 or IPv6 address (without brackets), or the name `localhost`;
    /// nil when it is neither.
    public init?(host: String, port: UInt16) {
        storage = sockaddr_storage()
        let text = host == "localhost" ? "127.0.0.1" : host
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        if unsafe inet_pton(AF_INET, text, &v4.sin_addr) == 1 {
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            unsafe withUnsafeMutableBytes(of: &storage) { target in
                unsafe withUnsafeBytes(of: &v4) { unsafe target.copyMemory(from: $0) }
            }
        } else if unsafe inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 {
            v6.sin6_family = sa_family_t(AF_INET6)
            v6.sin6_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            unsafe withUnsafeMutableBytes(of: &storage) { target in
                unsafe withUnsafeBytes(of: &v6) { unsafe target.copyMemory(from: $0) }
            }
        } else {
            return nil
        }
    }

    init(storage: sockaddr_storage, length: socklen_t) {
        self.storage = storage
        self.length = length
    }

    /// The address without the port, as numbers.
    public var host: String {
        var copy = storage
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN) + 1)
        let family = Int32(storage.ss_family)
        unsafe withUnsafeBytes(of: &copy) { bytes in
            let offset = family == AF_INET6 ? 8 : 4
            _ = unsafe inet_ntop(
                family, bytes.baseAddress.map { unsafe $0 + offset }, &text,
                socklen_t(text.count))
        }
        let end = text.firstIndex(of: 0) ?? text.count
        return String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The port.
    public var port: UInt16 {
        var copy = storage
        return unsafe withUnsafeBytes(of: &copy) {
            UInt16(bigEndian: unsafe $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
    }

    /// Whether only this machine can reach it: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        let text = host
        return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
    }

    /// `host:port`, an IPv6 host in brackets.
    public var description: String {
        let text = host
        return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
    }

    /// Whose it is, as far as counting goes.
    public var hostKey: HostKey {
        var copy = storage
        return unsafe withUnsafeBytes(of: &copy) { bytes in
            func v4(at offset: Int) -> HostKey {
                let value = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                return HostKey(v4: UInt32(bigEndian: value))
            }
            guard storage.ss_family == sa_family_t(AF_INET6) else { return v4(at: 4) }
            let high = UInt64(
                bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(
                bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            if high == 0, low >> 32 == 0xFFFF { return v4(at: 20) }
            return HostKey(v6Subnet: high, isLoopback: high == 0 && low == 1)
        }
    }
}

/// Why a listener could not be had.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    /// Where it should have listened.
    public let address: SocketAddress
    /// The system's error number.
    public let errno: Int32

    /// What went wrong and what to do.
    public var description: String {
        let cure =
            switch errno {
            case EADDRINUSE: "another program listens there (ss -ltnp shows which)"
            case EADDRNOTAVAIL: "this machine has no such address"
            case EACCES: "ports below 1024 need root or CAP_NET_BIND_SERVICE"
            default: "see the address given"
            }
        return "can't listen on \(address): \(errorText(errno)); \(cure)"
    }
}

/// Socket options that accepted connections inherit, so they cost nothing per connection.
public struct ListenerOptions: Sendable {
    /// TCP_NODELAY: a tag is never held back for a fuller segment.
    public var noDelay = true
    /// TCP_NOTSENT_LOWAT, bytes: how much unsent data a stalled viewer may pin in the kernel.
    public var notSentBytesMax: Int32?
    /// SO_KEEPALIVE with this idle time, s: finds peers that vanished without a word.
    public var keepAliveIdleS: Int32?
    /// SO_REUSEPORT: several shards listen on one port.
    public var sharesPort = false
    /// Connections the kernel holds until they are accepted.
    public var backlog: Int32 = 4096

    /// Options with their defaults.
    public init() {}
}

/// A listening socket, closed when the value goes.
public struct Listener: ~Copyable, Sendable {
    /// The process descriptor.
    public let descriptor: Int32
    /// Where it listens: with port 0 asked for, the port that was given.
    public let address: SocketAddress

    /// Binds and listens.
    public init(address: SocketAddress, options: ListenerOptions) throws(ListenError) {
        let family = Int32(address.storage.ss_family)
        let fd = socket(
            family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw ListenError(address: address, errno: errno) }
        func set(_ level: Int32, _ name: Int32, _ value: Int32) {
            var value = value
            _ = unsafe setsockopt(fd, level, name, &value, 4)
        }
        let tcp = Int32(IPPROTO_TCP)
        set(SOL_SOCKET, SO_REUSEADDR, 1)
        if options.sharesPort { set(SOL_SOCKET, SO_REUSEPORT, 1) }
        if options.noDelay { set(tcp, TCP_NODELAY, 1) }
        if let bytes = options.notSentBytesMax { set(tcp, TCP_NOTSENT_LOWAT, bytes) }
        if let idle = options.keepAliveIdleS {
            set(SOL_SOCKET, SO_KEEPALIVE, 1)
            set(tcp, TCP_KEEPIDLE, idle)
            set(tcp, TCP_KEEPINTVL, max(1, idle / 3))
            set(tcp, TCP_KEEPCNT, 3)
        }
        var storage = address.storage
        var length = address.length
        let bound = unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(fd, $0, length) == 0
            }
        }
        guard bound, listen(fd, options.backlog) == 0 else {
            let code = errno
            close(fd)
            throw ListenError(address: address, errno: code)
        }
        unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(fd, $0, &length)
            }
        }
        descriptor = fd
        self.address = SocketAddress(storage: storage, length: length)
    }

    deinit { close(descriptor) }
}

/// Where the kernel writes the address of an accepted peer.
@safe public final class PeerAddressBuffer {
    let storage: UnsafeMutablePointer<sockaddr_storage>
    let length: UnsafeMutablePointer<socklen_t>

    /// Makes a buffer for one accept at a time.
    public init() {
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: sockaddr_storage())
        unsafe length = .allocate(capacity: 1)
        unsafe length.initialize(to: 0)
    }

    deinit {
        unsafe storage.deallocate()
        unsafe length.deallocate()
    }

    /// Makes a buffer that names a peer to connect to.
    public convenience init(_ address: SocketAddress) {
        self.init()
        unsafe storage.pointee = address.storage
        unsafe length.pointee = address.length
    }

    var address: UnsafeMutablePointer<sockaddr> {
        unsafe UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self)
    }

    func reset() { unsafe length.pointee = socklen_t(MemoryLayout<sockaddr_storage>.size) }

    /// The address of the last accepted peer.
    public var value: SocketAddress {
        unsafe SocketAddress(storage: storage.pointee, length: length.pointee)
    }
}
