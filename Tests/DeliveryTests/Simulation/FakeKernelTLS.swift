// The TLS of the simulated kernel: it seals what its sockets took, and tells its records to the end.

import Glibc
import TLS

@testable import Delivery
@testable import IORing

/// What the kernel was given of one connection.
final class FakeKernelTLS {
    private var keys: SessionKeys
    private let sealer = RecordSealer()
    private let firstNumber: UInt64

    init(_ keys: SessionKeys) {
        self.keys = keys
        firstNumber = keys.write.sequence
    }

    /// Whether the shard may have found that its key has sealed enough: it counts two records more
    /// than there may be of each send.
    var isSpent: Bool {
        let counted = firstNumber + 3 * (keys.write.sequence - firstNumber)
        return keys.suite != .chaCha20Poly1305 && counted >= TLSLimits.recordCountMax
    }

    /// Its records of these bytes, opened by the client.
    func seal(_ bytes: UnsafeRawBufferPointer, for client: FakeTLSClient) -> [UInt8] {
        var plaintext: [UInt8] = []
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let count = min(rest.count, TLSLimits.plaintextByteCountMax)
            let piece = unsafe UnsafeRawBufferPointer(rebasing: rest[..<count])
            rest = unsafe UnsafeRawBufferPointer(rebasing: rest[count...])
            plaintext += send(to: client, byteCount: count) { number, output in
                unsafe sealer.seal(piece, number: number, with: keys, into: output)
            }
        }
        return plaintext
    }

    func seal(_ message: ControlMessage, for client: FakeTLSClient) {
        _ = send(to: client, byteCount: ControlMessage.byteCountMax) { number, output in
            unsafe sealer.seal(message, number: number, with: keys, into: output)
        }
    }

    private func send(
        to client: FakeTLSClient, byteCount: Int,
        _ seal: (UInt64, UnsafeMutableRawBufferPointer) -> Int
    ) -> [UInt8] {
        sealer.use(keys)
        var record = [UInt8](repeating: 0, count: byteCount + keys.overheadByteCount)
        let count = unsafe record.withUnsafeMutableBytes { unsafe seal(keys.write.sequence, $0) }
        keys.write.sequence += 1
        return unsafe record[..<count].withUnsafeBytes { unsafe client.take($0, count: count) }
    }
}

extension FakeWorld {
    func sendCounted(_ slot: Int, _ bytes: UnsafeRawBufferPointer, _ token: Token) {
        guard let connection = slots[slot], connection.kernelTLS != nil else {
            violate("a counted send to slot \(slot), which the kernel doesn't seal for")
            return post(token, -EBADF)
        }
        let result = unsafe take(bytes, of: connection, token)
        postNow(token, Int32(result))
    }

    func sendLast(_ slot: Int, _ message: ControlMessage, _ token: Token) {
        guard let connection = slots[slot], connection.kernelTLS != nil else {
            violate("a message to slot \(slot), which the kernel doesn't seal for")
            return post(token, -EBADF)
        }
        let result = connection.take(message)
        if let violation = connection.tls?.violation { violate(violation) }
        if result < 0 { postNow(token, Int32(result)) }
    }
}
