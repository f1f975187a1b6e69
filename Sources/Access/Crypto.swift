// The little of libcrypto that secrets need: random bytes, SHA-256, comparison in constant time.

import COpenSSL

/// A SHA-256 digest: of one length whatever was digested, so comparing two tells nothing of it.
struct SHA256Digest: Sendable {
    private static let byteCount = 32
    private var bytes: [UInt8]

    init(of message: RawSpan) throws(SecretError) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        var digestByteCount = UInt32(0)
        let done = unsafe message.withUnsafeBytes { input in
            unsafe bytes.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(
                    input.baseAddress, input.count, output.baseAddress, &digestByteCount,
                    EVP_sha256(), nil)
            }
        }
        guard done == 1, Int(digestByteCount) == Self.byteCount else { throw .noDigest }
        self.bytes = bytes
    }

    /// Compares all bytes in every case.
    func isSame(as other: SHA256Digest) -> Bool {
        unsafe CRYPTO_memcmp(bytes, other.bytes, Self.byteCount) == 0
    }
}

/// Bytes nobody can guess.
func randomBytes(count: Int) throws(SecretError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let done = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe RAND_bytes(buffer.baseAddress, Int32(buffer.count))
    }
    guard done == 1 else { throw .noRandomness }
    return bytes
}

/// base64url without padding (RFC 4648, section 5).
func base64URL(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var buffer: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
        buffer = buffer << 8 | UInt32(byte)
        bitCount += 8
        while bitCount >= 6 {
            bitCount -= 6
            text.append(alphabet[Int(buffer >> UInt32(bitCount) & 0x3F)])
        }
    }
    if bitCount > 0 {
        text.append(alphabet[Int(buffer << UInt32(6 - bitCount) & 0x3F)])
    }
    return String(decoding: text, as: UTF8.self)
}
