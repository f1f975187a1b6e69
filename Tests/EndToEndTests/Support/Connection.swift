// A TCP connection to a server on this machine, with a limit on every wait.

import Foundation

/// A socket. One thread may read while another writes.
final class Connection: Sendable {
    private let descriptor: CInt

    /// Connects.
    ///
    /// - Parameter receiveBufferByteCount: how much the kernel may hold that nobody reads.
    init(port: UInt16, receiveBufferByteCount: CInt? = nil) throws {
        Self.raiseDescriptorLimit
        descriptor = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure.system(call: "socket", errno: errno) }
        func set(_ level: CInt, _ name: CInt, _ value: CInt) {
            var value = value
            setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
        }
        set(CInt(IPPROTO_TCP), TCP_NODELAY, 1)
        if let receiveBufferByteCount { set(SOL_SOCKET, SO_RCVBUF, receiveBufferByteCount) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 {
            guard errno == EINPROGRESS else { throw Self.failure("connect") }
            try waitUntil(CInt(POLLOUT), by: Deadline(seconds: 15), "a connection")
            var error: CInt = 0
            var length = socklen_t(MemoryLayout<CInt>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
            guard error == 0 else { throw TestFailure.system(call: "connect", errno: error) }
        }
    }

    deinit { close(descriptor) }

    /// The port at this end.
    var localPort: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Sends all of the bytes.
    func send(_ bytes: [UInt8], within seconds: Double = 15) throws {
        let count = try sendWhatFits(bytes, within: seconds)
        guard count == bytes.count else {
            throw TestFailure.timedOut(waitingFor: "the peer to take \(bytes.count) bytes")
        }
    }

    /// Sends until all is sent or the socket has taken nothing for that long.
    ///
    /// - Returns: how many bytes it took.
    func sendWhatFits(_ bytes: [UInt8], within seconds: Double) throws -> Int {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress! + offset, buffer.count - offset,
                    CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                offset += count
            } else if errno == EAGAIN {
                do {
                    try waitUntil(CInt(POLLOUT), by: Deadline(seconds: seconds), "room to send")
                } catch TestFailure.timedOut {
                    return offset
                }
            } else if errno != EINTR {
                throw Self.failure("send")
            }
        }
        return offset
    }

    /// What has come; empty at the end of the stream.
    ///
    /// - Throws: `TestFailure.timedOut`, or the system's error when the peer has reset the
    ///   connection.
    func receive(within seconds: Double = 15) throws -> [UInt8] {
        let deadline = Deadline(seconds: seconds)
        var failure: CInt = 0
        while true {
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
                failure = received < 0 ? errno : 0
                count = max(0, received)
            }
            switch failure {
            case 0: return bytes
            case EAGAIN: try waitUntil(CInt(POLLIN), by: deadline, "bytes to receive")
            case EINTR: continue
            default: throw TestFailure.system(call: "recv", errno: failure)
            }
        }
    }

    /// Waits for the peer to hang up, throwing away what it still sends.
    ///
    /// - Returns: what it sent before.
    func receiveToEnd(within seconds: Double = 15) throws -> [UInt8] {
        let deadline = Deadline(seconds: seconds)
        var all: [UInt8] = []
        while true {
            do {
                let bytes = try receive(within: Double(deadline.leftMs) / 1_000)
                if bytes.isEmpty { return all }
                all += bytes
            } catch TestFailure.system(_, ECONNRESET) {
                return all
            }
        }
    }

    /// Whether there is something to read, or the end, within that time.
    func isReadable(within seconds: Double) -> Bool {
        do {
            try waitUntil(CInt(POLLIN), by: Deadline(seconds: seconds), "")
            return true
        } catch {
            return false
        }
    }

    /// Ends our direction of the connection.
    func finishSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Ends the connection in both directions; a thread that reads sees the end.
    func hangUp() { shutdown(descriptor, CInt(SHUT_RDWR)) }

    private func waitUntil(_ events: CInt, by deadline: Deadline, _ what: String) throws {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let count = poll(&entry, 1, deadline.leftMs)
            if count > 0 { return }
            if count == 0 { throw TestFailure.timedOut(waitingFor: what) }
            guard errno == EINTR else { throw Self.failure("poll") }
        }
    }

    private static func failure(_ call: String) -> TestFailure { .system(call: call, errno: errno) }

    /// Thousands of connections need more descriptors than the soft limit allows.
    private static let raiseDescriptorLimit: Void = {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }()
}
