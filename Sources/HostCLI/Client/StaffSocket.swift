// A blocking TCP connection to a staff plane, with TLS where that is spoken.

import Glibc
import IORing
import Settings
import TLS
import WireBytes

/// How a staff plane that speaks TLS is told from another.
struct StaffSecurity: Sendable, Equatable {
    /// What its certificate has to be for.
    var server: String
    /// Certificates in PEM that are trusted besides this machine's; nil for none.
    var authorities: [UInt8]?
}

/// A blocking connection that is closed when it is let go.
struct StaffSocket: ~Copyable {
    private let address: IPEndpoint
    private let descriptor: CInt
    private let secure: SecureClient?

    init(
        to address: IPEndpoint, security: StaffSecurity?, patienceS: Int
    ) throws(StaffCallError) {
        let made = try Self.connected(to: address, patienceS: patienceS)
        do throws(StaffCallError) {
            secure = try security.map { (security) throws(StaffCallError) in
                try Self.shakenHands(security, on: made, with: address)
            }
        } catch {
            close(made)
            throw error
        }
        self.address = address
        descriptor = made
    }

    deinit { close(descriptor) }

    private static func connected(
        to address: IPEndpoint, patienceS: Int
    ) throws(StaffCallError) -> CInt {
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
        return made
    }

    private static func shakenHands(
        _ security: StaffSecurity, on descriptor: CInt, with address: IPEndpoint
    ) throws(StaffCallError) -> SecureClient {
        do throws(SecureClientError) {
            let client = try SecureClient(
                server: security.server, authorities: security.authorities)
            while true {
                let isOver = try client.shake()
                do throws(StaffCallError) {
                    try send(client.takeOutbox(), on: descriptor, to: address)
                    if isOver { return client }
                    var bytes: [UInt8] = []
                    guard try receive(into: &bytes, on: descriptor, from: address) else {
                        throw .endedTooSoon(address)
                    }
                    unsafe client.receive(bytes.span.bytes)
                } catch let error {
                    throw SecureClientError.failed(reason: error.description)
                }
            }
        } catch {
            throw .insecure(address, error)
        }
    }

    func send(_ bytes: [UInt8]) throws(StaffCallError) {
        guard let secure else { return try Self.send(bytes, on: descriptor, to: address) }
        do throws(SecureClientError) {
            try unsafe secure.write(bytes.span.bytes)
        } catch { throw .insecure(address, error) }
        try Self.send(secure.takeOutbox(), on: descriptor, to: address)
    }

    /// Appends what has come; false at the end.
    func receive(into bytes: inout [UInt8]) throws(StaffCallError) -> Bool {
        guard let secure else {
            return try Self.receive(into: &bytes, on: descriptor, from: address)
        }
        let before = bytes.count
        while true {
            do throws(SecureClientError) {
                let isOver = try secure.read(into: &bytes)
                if bytes.count > before { return true }
                if isOver { return false }
            } catch { throw .insecure(address, error) }
            var ciphertext: [UInt8] = []
            // Without a word of the end somebody may have cut it short.
            guard try Self.receive(into: &ciphertext, on: descriptor, from: address) else {
                throw .endedTooSoon(address)
            }
            unsafe secure.receive(ciphertext.span.bytes)
        }
    }

    private static func send(
        _ bytes: [UInt8], on descriptor: CInt, to address: IPEndpoint
    ) throws(StaffCallError) {
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

    private static func receive(
        into bytes: inout [UInt8], on descriptor: CInt, from address: IPEndpoint
    ) throws(StaffCallError) -> Bool {
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
