// TLS by the kernel (CONFIG_TLS), where it has it: then the timeline is sent as it is.

import Glibc
import IORing
import TLS

/// What the kernel is given of a connection (linux/tls.h). It seals what we send; what comes stays
/// ours to open.
enum KernelTLS {
    private static let upperLayerOption: Int32 = 31  // TCP_ULP
    private static let level: Int32 = 282  // SOL_TLS
    private static let sendOption: Int32 = 1  // TLS_TX

    /// Whether this kernel has TLS: asked on a socket that isn't connected, it refuses that, and not
    /// the name.
    static func isThere() -> Bool {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let error = attach(to: descriptor)
        return error == 0 || error == ENOTCONN
    }

    private static func attach(to descriptor: Int32) -> Int32 {
        let name: StaticString = "tls"
        let code = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), upperLayerOption, name.utf8Start,
            socklen_t(name.utf8CodeUnitCount))
        return code == 0 ? 0 : errno
    }

    /// Gives a connection's write key to the kernel.
    ///
    /// - Returns: false where it doesn't take it: then nothing has changed, and we seal.
    static func give(_ keys: SessionKeys, to descriptor: Int32) -> Bool {
        guard attach(to: descriptor) == 0 else { return false }
        var description = self.description(of: keys)
        defer {
            unsafe description.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe explicit_bzero(base, bytes.count)
            }
        }
        return unsafe setsockopt(
            descriptor, level, sendOption, description, socklen_t(description.count)) == 0
    }

    /// The bytes of `struct tls12_crypto_info_…` for the write direction.
    static func description(of keys: SessionKeys) -> [UInt8] {
        let version: UInt16 = keys.version == .tls13 ? 0x0304 : 0x0303
        let cipher: UInt16 =
            switch keys.suite {
            case .aes128GCM: 51
            case .aes256GCM: 52
            case .chaCha20Poly1305: 54
            }
        var bytes: [UInt8] = []
        for number in [version, cipher] {
            unsafe withUnsafeBytes(of: number) { unsafe bytes.append(contentsOf: $0) }
        }
        let sequence = (0..<8).map {
            UInt8(truncatingIfNeeded: keys.write.sequence >> (56 - 8 * $0))
        }
        let iv = (0..<12).map { keys.write.iv[$0] }
        let key = (0..<keys.suite.keyByteCount).map { keys.write.key[$0] }
        if keys.suite == .chaCha20Poly1305 {
            return bytes + iv + key + sequence
        }
        // Of TLS 1.2's nonce eight bytes go with each record: its number, as ours do.
        let explicit = keys.version == .tls12 ? sequence : Array(iv[4...])
        return bytes + explicit + key + iv[..<4] + sequence
    }
}

/// The messages that the kernel is given to seal, each made when it is first sent.
struct KernelAlerts: ~Copyable {
    /// By their last byte, which tells all apart that a server says: the alert's number.
    private var records: [UInt8: TypedRecord] = [:]

    mutating func send(
        _ message: ControlMessage, to slot: Int, by ring: inout Ring, _ token: Token
    ) {
        let (type, bytes) = message.content
        precondition(bytes.count == 2, "the kernel can't change its key")
        let record = records[bytes[1]] ?? TypedRecord(type: type, bytes: bytes)
        records[bytes[1]] = record
        ring.send(record, slot: slot, token: token)
    }
}
