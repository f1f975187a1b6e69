// The little of libcrypto that secrets need: random bytes, SHA-256, HMAC, comparison in constant
// time.

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

/// HMAC-SHA-256 (RFC 2104), what JWT calls HS256.
enum HMACSHA256 {
    static let byteCount = 32

    /// The 32 bytes of the code; nil if libcrypto has no SHA-256.
    static func code(of message: RawSpan, key: String) -> [UInt8]? {
        var key = key
        var code = [UInt8](repeating: 0, count: byteCount)
        var codeByteCount = UInt32(0)
        let result = key.withUTF8 { key in
            unsafe message.withUnsafeBytes { input in
                unsafe code.withUnsafeMutableBufferPointer { output in
                    unsafe HMAC(
                        EVP_sha256(), key.baseAddress, Int32(key.count), input.baseAddress,
                        input.count, output.baseAddress, &codeByteCount)
                }
            }
        }
        guard unsafe result != nil, Int(codeByteCount) == byteCount else { return nil }
        return code
    }

    /// Compares all bytes in every case.
    static func isSame(_ code: [UInt8], as other: [UInt8]) -> Bool {
        guard code.count == byteCount, other.count == byteCount else { return false }
        return unsafe CRYPTO_memcmp(code, other, byteCount) == 0
    }
}
