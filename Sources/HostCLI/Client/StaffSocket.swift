// A blocking TCP connection to a staff plane.

import Glibc
import IORing
import Settings
import WireBytes

/// A blocking TCP connection that is closed when it is let go.
struct StaffSocket: ~Copyable {
    private let address: IPEndpoint
    private let descriptor: CInt

    init(to address: IPEndpoint, patienceS: Int) throws(StaffCallError) {
        let made = socket(address.family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard made >= 0 else { throw .unreachable(address, errno: errno) }
        var patience = timeval(tv_sec: patienceS, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(
                made, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        let code = unsafe address.withSocketName { unsafe connect(made, $0, $1) }
        guard code == 0 else {
            let failure = StaffCallError.unreachable(address, errno: errno)
            close(made)
            throw failure
        }
        self.address = address
        descriptor = made
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws(StaffCallError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .broken(address, errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Appends what has come; false at the end.
    func receive(into bytes: inout [UInt8]) throws(StaffCallError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .broken(address, errno: errno) }
            bytes += chunk[..<count]
            return count > 0
        }
    }
}
