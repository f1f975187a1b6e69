// A TCP connection to another system, plain or over TLS, that never waits beyond its deadline.

import COpenSSL
import Glibc
import HTTPWire
import IORing
import WireBytes

/// Why another system couldn't be told, or asked.
enum CallError: Error, Equatable, CustomStringConvertible {
    case unknownName(host: String)
    case unreachable(host: String, errno: CInt)
    case tooLate(ms: Int64)
    case broke(errno: CInt)
    case endedTooSoon
    case tls(String)
    case noDigest
    case unreadable(String)
    case redirect(status: Int)
    case refused(status: Int, retryAfterS: Int?)
    /// The appliance ends.
    case stopped

    var description: String {
        switch self {
        case .unknownName(let host): "the name \(host) is unknown"
        case .unreachable(let host, let code): "\(host) can't be reached: \(errorText(code))"
        case .tooLate(let ms): "no answer within \(ms) ms"
        case .broke(let code): "the connection broke: \(errorText(code))"
        case .endedTooSoon: "it hung up before it had answered"
        case .tls(let reason): "no TLS: \(reason)"
        case .noDigest: "libcrypto has no HMAC-SHA-256"
        case .unreadable(let reason): "its answer can't be read: \(reason)"
        case .redirect(let status):
            "it answers \(status) and sends us elsewhere, where we don't go: set the address itself"
        case .refused(let status, _): "it answers \(status)"
        case .stopped: "the appliance ends"
        }
    }
}

/// Until when something may take, and whether it is still wanted.
struct CallDeadline: Sendable {
    let atMs: Int64
    let allMs: Int64
    let isStopping: @Sendable () -> Bool

    init(ms: Int64, isStopping: @escaping @Sendable () -> Bool) {
        atMs = MonotonicClock.nowMs() + ms
        allMs = ms
        self.isStopping = isStopping
    }

    /// Waits until a descriptor can be read from or written to.
    func wait(_ descriptor: CInt, for events: CInt) throws(CallError) {
        while true {
            if isStopping() { throw .stopped }
            let leftMs = atMs - MonotonicClock.nowMs()
            guard leftMs > 0 else { throw .tooLate(ms: allMs) }
            var wish = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = unsafe poll(&wish, 1, CInt(min(leftMs, Int64(CallbackLimits.sliceMs))))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .broke(errno: errno) }
        }
    }
}

/// A connection that is closed when it is let go.
struct CallSocket: ~Copyable {
    private let descriptor: CInt
    private let deadline: CallDeadline
    private let tls: SecureCall?

    /// Connects to the first address of a name that takes it, and shakes hands.
    init(to url: HTTPURL, deadline: CallDeadline) throws(CallError) {
        var failure = CallError.unknownName(host: url.host)
        var connected: CInt = -1
        for endpoint in try Self.endpoints(of: url).prefix(CallbackLimits.addressCountMax) {
            do throws(CallError) {
                connected = try Self.connect(to: endpoint, host: url.host, deadline: deadline)
                break
            } catch {
                guard case .unreachable = error else { throw error }
                failure = error
            }
        }
        guard connected >= 0 else { throw failure }
        let tls = try Self.secured(connected, url, deadline)
        descriptor = connected
        self.deadline = deadline
        self.tls = tls
    }

    deinit { close(descriptor) }

    /// Shakes hands where that is called for; closes the descriptor where it fails.
    private static func secured(
        _ descriptor: CInt, _ url: HTTPURL, _ deadline: CallDeadline
    ) throws(CallError) -> SecureCall? {
        guard url.isSecure else { return nil }
        do throws(CallError) {
            return try SecureCall(descriptor, host: url.host, deadline: deadline)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func endpoints(of url: HTTPURL) throws(CallError) -> [IPEndpoint] {
        if let address = IPAddress(url.host) { return [IPEndpoint(address, port: url.port)] }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(url.host, nil, &hints, &list) == 0 else {
            throw .unknownName(host: url.host)
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [IPEndpoint] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(of: entry.pointee) {
                found.append(IPEndpoint(address, port: url.port))
            }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let name = unsafe entry.ai_addr else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: name, count: Int(entry.ai_addrlen)).bytes
        switch unsafe entry.ai_family {
        case AF_INET where bytes.byteCount >= 8: return .v4(bytes.uint32(at: 4))
        case AF_INET6 where bytes.byteCount >= 24:
            return .v6(high: bytes.uint64(at: 8), low: bytes.uint64(at: 16))
        default: return nil
        }
    }

    private static func connect(
        to endpoint: IPEndpoint, host: String, deadline: CallDeadline
    ) throws(CallError) -> CInt {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let made = socket(endpoint.family, kind, 0)
        guard made >= 0 else { throw .unreachable(host: host, errno: errno) }
        var code = unsafe endpoint.withSocketName { unsafe Glibc.connect(made, $0, $1) }
        if code != 0, errno == EINPROGRESS {
            do throws(CallError) { try deadline.wait(made, for: POLLOUT) } catch {
                close(made)
                throw error
            }
            var length = socklen_t(MemoryLayout<CInt>.size)
            unsafe getsockopt(made, SOL_SOCKET, SO_ERROR, &code, &length)
        } else if code != 0 {
            code = errno
        }
        guard code == 0 else {
            close(made)
            throw .unreachable(host: host, errno: code)
        }
        return made
    }

    /// Sends all of it.
    func send(_ bytes: [UInt8]) throws(CallError) {
        if let tls { return try tls.send(bytes, descriptor, deadline) }
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress.map { unsafe $0 + sent }, buffer.count - sent,
                    CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                try deadline.wait(descriptor, for: POLLOUT)
            } else if count < 0, errno != EINTR {
                throw .broke(errno: errno)
            }
        }
    }

    /// Appends what has come; false at the end.
    func receive(into bytes: inout [UInt8]) throws(CallError) -> Bool {
        if let tls { return try tls.receive(into: &bytes, descriptor, deadline) }
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count >= 0 {
                bytes += chunk[..<count]
                return count > 0
            }
            switch errno {
            case EAGAIN: try deadline.wait(descriptor, for: POLLIN)
            case EINTR: continue
            default: throw .broke(errno: errno)
            }
        }
    }
}
