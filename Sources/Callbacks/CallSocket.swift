// A TCP connection to another system, plain or over TLS, that never waits beyond its deadline.

import COpenSSL
import Glibc
import HTTPWire
import IORing
import WireBytes

/// A connection that is closed when it is let go.
struct CallSocket: ~Copyable {
    private let descriptor: CInt
    private let deadline: CallDeadline
    private let tls: SecureCall?

    /// Connects to the first address of a name that takes it, and shakes hands.
    init(
        to url: HTTPURL, deadline: CallDeadline, names: NameLookup = .shared
    ) throws(CallError) {
        var failure = CallError.unknownName(host: url.host)
        var connected: CInt = -1
        let addresses = try names.addresses(of: url.host, deadline: deadline)
            .prefix(CallbackLimits.addressCountMax)
        for (index, address) in addresses.enumerated() {
            do throws(CallError) {
                // One that doesn't answer leaves time for the next.
                connected = try Self.connect(
                    to: IPEndpoint(address, port: url.port), host: url.host,
                    deadline: deadline.share(among: addresses.count - index))
                break
            } catch {
                switch error {
                case .unreachable, .tooLate: failure = error
                default: throw error
                }
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
            try deadline.check()
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
        try deadline.check()
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
