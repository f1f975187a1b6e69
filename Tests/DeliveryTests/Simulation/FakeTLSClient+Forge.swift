// Records of TLS 1.3 that RecordSealer doesn't make.

import COpenSSL
import TLS

extension FakeTLSClient {
    /// A record of TLS 1.3 with this content and type, by OpenSSL alone.
    static func forge(_ content: [UInt8], type: UInt8, _ keys: inout SessionKeys) -> [UInt8] {
        let inner = content + [type]
        let length = inner.count + 16
        let head: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
        var nonce = (0..<12).map { keys.write.iv[$0] }
        for index in 0..<8 {
            nonce[4 + index] ^= UInt8(
                truncatingIfNeeded: keys.write.sequence >> UInt64(56 - 8 * index))
        }
        keys.write.sequence += 1
        let cipher =
            switch keys.suite {
            case .aes128GCM: unsafe EVP_aes_128_gcm()
            case .aes256GCM: unsafe EVP_aes_256_gcm()
            case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
            }
        let key = (0..<32).map { keys.write.key[$0] }
        var output = [UInt8](repeating: 0, count: length)
        var written: Int32 = 0
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let isGood = unsafe output.withUnsafeMutableBufferPointer { output in
            guard let base = output.baseAddress else { return false }
            return unsafe EVP_EncryptInit_ex(context, cipher, nil, key, nonce) == 1
                && EVP_EncryptUpdate(context, nil, &written, head, Int32(head.count)) == 1
                && EVP_EncryptUpdate(context, base, &written, inner, Int32(inner.count)) == 1
                && EVP_EncryptFinal_ex(context, base + inner.count, &written) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, base + inner.count) == 1
        }
        precondition(isGood, "OpenSSL seals a test's record")
        return head + output
    }
}
