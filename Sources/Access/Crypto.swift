// The little of libcrypto that secrets need: random bytes, SHA-256, HMAC, comparison in constant
// time.

import COpenSSL

/// A SHA-256 digest: of one length whatever was digested, so comparing two tells nothing of it.
struct SHA256Digest: Sendable {
    private static let byteCount = 32
    fileprivate var bytes: [UInt8]

    /// In lower-case hexadecimal digits.
    var hexText: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

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

/// What stands for long contents: the same for the same bytes, and another for any others.
public enum ContentDigest {
    /// The SHA-256 of a text's or a list's bytes in hexadecimal digits; nil if libcrypto has none.
    public static func text(of bytes: [UInt8]) -> String? {
        (try? unsafe SHA256Digest(of: bytes.span.bytes))?.hexText
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

/// HMAC-SHA-256 (RFC 2104), what JWT calls HS256, under one key.
///
/// The key's two blocks are digested once; a code takes up from copies of what that gave, which
/// need no memory of their own as those of EVP do.
struct HMACSHA256: Sendable {
    typealias Code = InlineArray<32, UInt8>
    private static let blockByteCount = 64

    private var inner = SHA256_CTX()
    private var outer = SHA256_CTX()

    /// - Throws: `SecretError.noDigest` if libcrypto has no SHA-256.
    init(key: String) throws(SecretError) {
        var block = Array(key.utf8)
        if block.count > Self.blockByteCount {
            block = try unsafe SHA256Digest(of: block.span.bytes).bytes
        }
        block += [UInt8](repeating: 0, count: Self.blockByteCount - block.count)
        let (innerBlock, outerBlock) = (block.map { $0 ^ 0x36 }, block.map { $0 ^ 0x5C })
        let isGood =
            unsafe SHA256_Init(&inner) == 1 && SHA256_Init(&outer) == 1
            && SHA256_Update(&inner, innerBlock, innerBlock.count) == 1
            && SHA256_Update(&outer, outerBlock, outerBlock.count) == 1
        guard isGood else { throw .noDigest }
    }

    /// The code of a message; nil if libcrypto fails.
    func code(of message: RawSpan) -> Code? {
        var (inner, outer) = (inner, outer)
        var code = Code(repeating: 0)
        var span = code.mutableSpan
        let isGood = unsafe span.withUnsafeMutableBufferPointer { code in
            let isUpdated = unsafe message.withUnsafeBytes { message in
                unsafe SHA256_Update(&inner, message.baseAddress, message.count) == 1
            }
            return unsafe isUpdated && SHA256_Final(code.baseAddress, &inner) == 1
                && SHA256_Update(&outer, code.baseAddress, code.count) == 1
                && SHA256_Final(code.baseAddress, &outer) == 1
        }
        return isGood ? code : nil
    }

    /// Compares all bytes in every case.
    static func isSame(_ code: Code, as other: [UInt8]) -> Bool {
        guard other.count == code.count else { return false }
        return unsafe code.span.withUnsafeBufferPointer { code in
            unsafe CRYPTO_memcmp(code.baseAddress, other, code.count) == 0
        }
    }
}
