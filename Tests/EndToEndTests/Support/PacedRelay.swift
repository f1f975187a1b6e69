// A slow network of the tests' own: everything takes its time, and so many bytes a second go through.

import Foundation

/// Relays connections to a port of this machine, each way with a delay and a bandwidth.
///
/// As a network does, it takes what is sent whether or not the other end has had it: nobody finds its
/// peer's window closed because of it.
final class PacedRelay: Sendable {
    /// Where it listens.
    let port: UInt16
    private let target: UInt16
    private let delayMs: Double
    private let bytesPerMs: Double
    private let listener: CInt
    private let isStopped = Monitor(false)
    private let ended = Monitor(false)
    private static let tickMs: CInt = 2

    /// - Parameters:
    ///   - delayMs: how long each byte is on its way, each way.
    ///   - bytesPerMs: how many go through, each way.
    init(to target: UInt16, delayMs: Double, bytesPerMs: Double) throws {
        self.target = target
        self.delayMs = delayMs
        self.bytesPerMs = bytesPerMs
        listener = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    ? getsockname(listener, $0, &length) : -1
            }
        }
        guard code == 0 else {
            let code = errno
            close(listener)
            throw TestFailure.system(call: "listen", errno: code)
        }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in run() }
    }

    /// Breaks all connections, and ends the thread.
    func stop() {
        isStopped.withLock { $0 = true }
        _ = ended.wait(within: 10) { $0 }
    }

    /// One direction of a connection.
    private struct Way {
        var pieces: [(dueMs: Double, bytes: [UInt8])] = []
        /// When the next byte may go.
        var freeMs = 0.0
        var isOver = false
    }

    private struct Pair {
        let near: CInt
        let far: CInt
        var up = Way()
        var down = Way()
    }

    private func run() {
        var pairs: [Pair] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while !isStopped.withLock({ $0 }) {
            while let pair = accept() { pairs.append(pair) }
            for index in pairs.indices.reversed() {
                let (near, far) = (pairs[index].near, pairs[index].far)
                move(&pairs[index].up, from: near, to: far, &buffer)
                move(&pairs[index].down, from: far, to: near, &buffer)
                let isOver = [pairs[index].up, pairs[index].down].contains {
                    $0.isOver && $0.pieces.isEmpty
                }
                guard isOver else { continue }
                close(near)
                close(far)
                pairs.remove(at: index)
            }
            var entries = pairs.flatMap { [$0.near, $0.far] }.map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&entries, nfds_t(entries.count), Self.tickMs)
        }
        for pair in pairs {
            close(pair.near)
            close(pair.far)
        }
        close(listener)
        ended.withLock { $0 = true }
    }

    private func accept() -> Pair? {
        let flags = CInt(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let near = Glibc.accept(listener, nil, nil)
        guard near >= 0 else { return nil }
        _ = fcntl(near, F_SETFL, fcntl(near, F_GETFL) | O_NONBLOCK)
        let far = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | flags, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = target.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return Pair(near: near, far: far)
    }

    /// Takes what has come, and gives on what is due.
    private func move(_ way: inout Way, from: CInt, to: CInt, _ buffer: inout [UInt8]) {
        while !way.isOver {
            let count = recv(from, &buffer, buffer.count, 0)
            if count > 0 {
                let nowMs = MachineClock.nowMs
                way.freeMs = max(way.freeMs, nowMs) + Double(count) / bytesPerMs
                way.pieces.append((way.freeMs + delayMs, Array(buffer[..<count])))
                continue
            }
            guard count == 0 || ![EAGAIN, EINTR, ENOTCONN].contains(errno) else { break }
            way.isOver = true
        }
        while let first = way.pieces.first, first.dueMs <= MachineClock.nowMs {
            let count = send(to, first.bytes, first.bytes.count, CInt(MSG_NOSIGNAL))
            guard count > 0 else { break }
            way.pieces[0].bytes.removeFirst(count)
            if way.pieces[0].bytes.isEmpty { way.pieces.removeFirst() }
        }
    }
}
