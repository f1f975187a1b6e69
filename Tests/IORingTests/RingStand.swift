// A ring with a listener on loopback and plain blocking clients, for tests against the kernel.

import Glibc
import IORing
import Testing
import WireBytes

/// Whether this machine gives us a ring at all; else the tests of it are skipped with the reason.
enum Kernel {
    static let failure = RingProbe.run().failure
    static let hasRing = failure == nil
    static let reason = Comment(
        rawValue: "no io_uring here: \(failure.map(\.description) ?? "it works")")
    static let hasIPv6: Bool = {
        guard let address = IPEndpoint(host: "::1", port: 0) else { return false }
        return (try? Listener(address: address, options: ListenerOptions())) != nil
    }()
    /// RLIMIT_NOFILE.
    static let descriptorCountMax: Int = {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }()
}

/// A ring, a listener, and what one needs to talk to it.
final class RingStand {
    var ring: Ring
    let pool: BufferPool
    let listener: Listener
    let peer = PeerAddressBuffer()

    static let bufferCount = 4
    static let bufferByteCount = 512
    /// How long to wait for what must come, ns.
    private static let patienceNs: Int64 = 5_000_000_000

    init(host: String = "127.0.0.1", options: ListenerOptions = ListenerOptions()) throws {
        let address = IPEndpoint(host: host, port: 0)
        ring = try Ring(entries: 32, completions: 256, slots: 8)
        pool = try BufferPool(
            ring: ring, group: 0, count: RingStand.bufferCount,
            bufferByteCount: RingStand.bufferByteCount)
        guard let address else { throw RingError.enter(errno: EINVAL) }
        listener = try Listener(address: address, options: options)
    }

    func token(_ operation: UInt8, slot: Int = 0) -> Token {
        Token(operation: operation, generation: 7, slot: slot)
    }

    /// The next completion; nil if none comes.
    func next() throws -> Completion? {
        let endNs = MonotonicClock.nowNs() + RingStand.patienceNs
        try ring.submit()
        while true {
            if let completion = ring.nextCompletion() { return completion }
            let leftNs = endNs - MonotonicClock.nowNs()
            guard leftNs > 0 else { return nil }
            try ring.submit(waitingAtMostNs: leftNs)
        }
    }

    /// Lets a client connect and accepts it into a slot.
    func accept(into slot: Int = 0) throws -> Client {
        let client = try Client(to: listener.address)
        ring.accept(listener: listener.descriptor, into: slot, peer: peer, token: token(1))
        guard let completion = try next(), completion.result == 0 else {
            throw RingError.enter(errno: EPROTO)
        }
        return client
    }

    /// The tokens of all that is posted before an operation that completes at once.
    func postedBeforeMarker(slot: Int = 0) throws -> [Completion] {
        let marker = token(99, slot: slot)
        // Sending nothing completes at once, whatever the socket holds.
        var nothing: UInt8 = 0
        unsafe ring.send(slot: slot, from: &nothing, byteCount: 0, token: marker)
        var posted: [Completion] = []
        while let completion = try next(), completion.token != marker {
            posted.append(completion)
        }
        return posted
    }
}

/// A blocking TCP client with a time limit on all it does.
final class Client {
    let descriptor: Int32
    /// Its own port.
    let port: UInt16

    init(to address: IPEndpoint) throws {
        let isIPv6 = address.host.contains(":")
        let fd = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        descriptor = fd
        var time = timeval(tv_sec: 5, tv_usec: 0)
        let timeByteCount = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(fd, SOL_SOCKET, option, &time, timeByteCount)
        }
        var storage = sockaddr_storage()
        let length: Int
        if isIPv6 {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = address.port.bigEndian
            unsafe inet_pton(AF_INET6, address.host, &target.sin6_addr)
            length = MemoryLayout<sockaddr_in6>.size
            unsafe memcpy(&storage, &target, length)
        } else {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = address.port.bigEndian
            unsafe inet_pton(AF_INET, address.host, &target.sin_addr)
            length = MemoryLayout<sockaddr_in>.size
            unsafe memcpy(&storage, &target, length)
        }
        let code = unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(fd, $0, socklen_t(length))
            }
        }
        guard code == 0 else {
            let error = RingError.enter(errno: errno)
            close(fd)
            throw error
        }
        var own = sockaddr_in6()
        var ownLength = socklen_t(MemoryLayout<sockaddr_in6>.size)
        unsafe withUnsafeMutablePointer(to: &own) { pointer in
            _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(fd, $0, &ownLength)
            }
        }
        port = UInt16(bigEndian: own.sin6_port)
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads so many bytes, or fewer if the stream ends before.
    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let taken = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe recv(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done, 0)
            }
            guard taken > 0 else { break }
            done += taken
        }
        return Array(bytes[..<done])
    }

    /// Whether the stream has ended in order.
    var isAtEnd: Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, 0) == 0
    }

    /// Ends the connection with a reset, as a process that is killed with unread bytes does.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let byteCount = socklen_t(MemoryLayout<Glibc.linger>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, byteCount)
        // The descriptor stays taken until the end: what is reset is the socket behind it.
        let null = open("/dev/null", O_RDWR)
        dup2(null, descriptor)
        close(null)
    }

    func shutdownSending() { shutdown(descriptor, Int32(SHUT_WR)) }
}
