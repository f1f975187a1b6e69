// A TCP connection that never waits, for a thread that serves many.

import Glibc

/// A socket that takes and gives what it can at once.
final class LooseSocket {
    let descriptor: CInt
    private var unsent: [UInt8] = []

    /// Begins to connect.
    ///
    /// - Parameter receiveBufferByteCount: how much the kernel may hold that nobody reads; it
    ///   doubles it.
    /// - Parameter source: the address to come from; nil for the system's choice.
    init(port: UInt16, receiveBufferByteCount: CInt? = nil, source: String? = nil) throws {
        descriptor = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure.system(call: "socket", errno: errno) }
        var on: CInt = 1
        setsockopt(
            descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        if var count = receiveBufferByteCount {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &count, socklen_t(MemoryLayout<CInt>.size))
            // As over a network: with loopback's segments of 64 KB, of which none fits in such a
            // buffer, the kernel takes a slow reader for a dead one.
            var segment: CInt = 1_448
            setsockopt(
                descriptor, CInt(IPPROTO_TCP), TCP_MAXSEG, &segment,
                socklen_t(MemoryLayout<CInt>.size))
        }
        if let source { try bind(to: source) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 || errno == EINPROGRESS else {
            let code = errno
            close(descriptor)
            throw TestFailure.system(call: "connect", errno: code)
        }
    }

    deinit { close(descriptor) }

    private func bind(to source: String) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, source, &address.sin_addr)
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw TestFailure.system(call: "bind", errno: errno) }
    }

    /// Sends these bytes behind those that wait.
    func send(_ bytes: [UInt8]) {
        unsent += bytes
        flush()
    }

    /// Sends what waits, as far as it goes. A broken connection shows when it is read.
    func flush() {
        guard !unsent.isEmpty else { return }
        let count = Glibc.send(descriptor, unsent, unsent.count, CInt(MSG_NOSIGNAL))
        if count > 0 { unsent.removeFirst(count) }
    }

    /// What one look at the socket gave.
    enum Received: Equatable {
        case bytes(Int)
        case nothing
        /// The peer's end, or the error that broke the connection.
        case end(errno: CInt)
    }

    /// Takes what is there, as far as the buffer holds it.
    func receive(into buffer: inout [UInt8]) -> Received {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end(errno: 0) }
        let code = errno
        return [EAGAIN, EINTR, ENOTCONN].contains(code) ? .nothing : .end(errno: code)
    }
}
