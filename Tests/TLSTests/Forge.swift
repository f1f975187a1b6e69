// Records that RecordSealer doesn't make, by OpenSSL alone.

import COpenSSL
import TLS

enum Forge {
    /// A record of TLS 1.3 with these inner bytes: content, type and padding.
    static func record13(_ inner: [UInt8], _ keys: inout SessionKeys) throws -> [UInt8] {
        let length = inner.count + 16
        let head: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
        var nonce = (0..<12).map { keys.write.iv[$0] }
        for (index, byte) in number(keys.write.sequence).enumerated() { nonce[4 + index] ^= byte }
        keys.write.sequence += 1
        return try head + seal(inner, keys, nonce: nonce, extra: head)
    }

    /// A record of TLS 1.2.
    static func record12(
        _ content: [UInt8], type: UInt8, _ keys: inout SessionKeys
    ) throws -> [UInt8] {
        let number = number(keys.write.sequence)
        let isChaCha = keys.suite == .chaCha20Poly1305
        var nonce = (0..<12).map { keys.write.iv[$0] }
        for index in 0..<8 {
            nonce[4 + index] = isChaCha ? nonce[4 + index] ^ number[index] : number[index]
        }
        keys.write.sequence += 1
        let extra = number + [type, 3, 3, 0, UInt8(content.count)]
        let sealed = try (isChaCha ? [] : number) + seal(content, keys, nonce: nonce, extra: extra)
        return [type, 3, 3, UInt8(sealed.count >> 8), UInt8(sealed.count & 0xFF)] + sealed
    }

    private static func number(_ sequence: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * $0)) }
    }

    private static func seal(
        _ bytes: [UInt8], _ keys: SessionKeys, nonce: [UInt8], extra: [UInt8]
    ) throws -> [UInt8] {
        let cipher =
            switch keys.suite {
            case .aes128GCM: unsafe EVP_aes_128_gcm()
            case .aes256GCM: unsafe EVP_aes_256_gcm()
            case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
            }
        let key = (0..<32).map { keys.write.key[$0] }
        var output = [UInt8](repeating: 0, count: bytes.count + 16)
        var written: Int32 = 0
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let count = bytes.count
        let isGood = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe EVP_EncryptInit_ex(context, cipher, nil, key, nonce) == 1
                && EVP_EncryptUpdate(context, nil, &written, extra, Int32(extra.count)) == 1
                && EVP_EncryptUpdate(context, output.baseAddress, &written, bytes, Int32(count))
                    == 1
                && EVP_EncryptFinal_ex(context, output.baseAddress! + count, &written) == 1
                && EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, 16, output.baseAddress! + count) == 1
        }
        guard isGood else { throw TLSError.library }
        return output
    }
}
