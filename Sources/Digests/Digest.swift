// What stands for a message: MD5, SHA-1 and SHA-256, and comparing such values without telling
// anything.

import COpenSSL

/// MD5 (RFC 1321). Broken as a signature of documents; signed addresses in the form of other networks
/// are made with it, each under a key.
public enum MD5 {
    /// The digest's 16 bytes; nil if libcrypto has no MD5.
    public static func digest(of message: RawSpan) -> [UInt8]? {
        unsafe Digest.compute(EVP_md5(), of: message, byteCount: 16)
    }
}

/// SHA-1 (RFC 3174). Broken as a signature; WebSocket's handshake only uses it to show that both
/// sides speak WebSocket.
public enum SHA1 {
    /// The digest's 20 bytes; nil if libcrypto has no SHA-1.
    public static func digest(of message: RawSpan) -> [UInt8]? {
        unsafe Digest.compute(EVP_sha1(), of: message, byteCount: 20)
    }
}

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// Bytes of a digest.
    public static let byteCount = 32

    /// The digest's 32 bytes; nil if libcrypto has no SHA-256.
    public static func digest(of message: RawSpan) -> [UInt8]? {
        unsafe Digest.compute(EVP_sha256(), of: message, byteCount: byteCount)
    }
}

/// Comparing what an attacker must not guess piece by piece.
public enum ConstantTime {
    /// Whether two have the same bytes, in a time that depends on nothing but their length.
    public static func isSame(_ one: RawSpan, as other: RawSpan) -> Bool {
        guard one.byteCount == other.byteCount else { return false }
        return unsafe one.withUnsafeBytes { one in
            unsafe other.withUnsafeBytes { other in
                unsafe CRYPTO_memcmp(one.baseAddress, other.baseAddress, one.count) == 0
            }
        }
    }
}

private enum Digest {
    static func compute(
        _ algorithm: OpaquePointer?, of message: RawSpan, byteCount: Int
    ) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var digestByteCount = UInt32(0)
        let isDone = unsafe message.withUnsafeBytes { input in
            unsafe bytes.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(
                    input.baseAddress, input.count, output.baseAddress, &digestByteCount,
                    algorithm, nil)
            }
        }
        return isDone == 1 && Int(digestByteCount) == byteCount ? bytes : nil
    }
}
