// What secrets take from libcrypto: bytes nobody can guess, and digests of long contents.

import COpenSSL
import Digests
import WireBytes

/// What stands for long contents: the same for the same bytes, and another for any others.
public enum ContentDigest {
    /// The SHA-256 of a text's or a list's bytes in hexadecimal digits; nil if libcrypto has none.
    public static func text(of bytes: [UInt8]) -> String? {
        unsafe SHA256.digest(of: bytes.span.bytes).map { Hex.text(of: $0) }
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
