// A listening TCP socket, with the options every accepted connection inherits.

import Glibc
public import WireBytes

/// Why a listener could not be had.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    /// Where it should have listened.
    public let address: IPEndpoint
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
    public let address: IPEndpoint

    /// Binds and listens.
    public init(address: IPEndpoint, options: ListenerOptions) throws(ListenError) {
        var name = SocketName(address)
        let fd = socket(
            name.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
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
        let bound = unsafe name.withAddress { unsafe bind(fd, $0, $1.pointee) == 0 }
        guard bound, listen(fd, options.backlog) == 0 else {
            let code = errno
            close(fd)
            throw ListenError(address: address, errno: code)
        }
        _ = unsafe name.withAddress { unsafe getsockname(fd, $0, $1) }
        descriptor = fd
        self.address = name.endpoint
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
    public convenience init(_ endpoint: IPEndpoint) {
        self.init()
        let name = SocketName(endpoint)
        unsafe storage.pointee = name.storage
        unsafe length.pointee = name.length
    }

    /// Accepts a connection as a process descriptor, whose peer is the value then.
    ///
    /// - Returns: the descriptor, or -1 with `errno`.
    public func accept(_ listener: Int32) -> Int32 {
        reset()
        let descriptor = unsafe Glibc.accept(listener, address, length)
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return descriptor
    }

    var address: UnsafeMutablePointer<sockaddr> {
        unsafe UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self)
    }

    func reset() { unsafe length.pointee = socklen_t(MemoryLayout<sockaddr_storage>.size) }

    /// The address of the last accepted peer.
    public var value: IPEndpoint {
        unsafe SocketName(storage: storage.pointee, length: length.pointee).endpoint
    }
}
