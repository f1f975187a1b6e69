// One cipher context for each suite and direction, lent to one connection after another.

import COpenSSL

/// What OpenSSL keeps of ciphers, made once: a connection's key is put in for each use.
///
/// Giving a context another key costs about a microsecond; nothing is allocated by it.
@safe struct RecordCipher: ~Copyable {
    /// Nil where OpenSSL lacks a suite's cipher: then no handshake ends with it either.
    private let contexts: InlineArray<3, OpaquePointer?>
    private let isSealing: Int32

    init(isSealing: Bool) {
        let direction: Int32 = isSealing ? 1 : 0
        self.isSealing = direction
        unsafe contexts = [
            Self.make("AES-128-GCM", direction), Self.make("AES-256-GCM", direction),
            Self.make("ChaCha20-Poly1305", direction),
        ]
    }

    private static func make(_ name: String, _ direction: Int32) -> OpaquePointer? {
        guard let cipher = unsafe EVP_CIPHER_fetch(nil, name, nil) else { return nil }
        // The context keeps a hold of its own on it.
        defer { unsafe EVP_CIPHER_free(cipher) }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        guard unsafe EVP_CipherInit_ex(context, cipher, nil, nil, nil, direction) == 1 else {
            unsafe EVP_CIPHER_CTX_free(context)
            return nil
        }
        return unsafe context
    }

    deinit { for index in 0..<3 { unsafe EVP_CIPHER_CTX_free(contexts[index]) } }

    /// Whether OpenSSL has a suite's cipher.
    func has(_ suite: CipherSuite) -> Bool { unsafe contexts[Int(suite.rawValue)] != nil }

    @inline(__always)
    private func context(_ suite: CipherSuite) -> OpaquePointer {
        guard let context = unsafe contexts[Int(suite.rawValue)] else {
            preconditionFailure("no connection is taken whose cipher OpenSSL lacks")
        }
        return unsafe context
    }

    /// Puts a connection's key in.
    @inline(__always)
    func use(_ suite: CipherSuite, _ keys: DirectionKeys) {
        let context = unsafe context(suite)
        let isGood = unsafe withUnsafeBytes(of: keys.key) { key in
            unsafe EVP_CipherInit_ex(
                context, nil, nil, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
                isSealing)
        }
        precondition(isGood == 1, "OpenSSL takes a key for a cipher that it has")
    }

    /// Begins a record under the key that was put in.
    @inline(__always)
    private func begin(_ context: OpaquePointer, _ record: RecordContext) {
        var written: Int32 = 0
        let isGood = unsafe withUnsafeBytes(of: record.nonce) { nonce in
            unsafe withUnsafeBytes(of: record.extra) { extra in
                unsafe EVP_CipherInit_ex(
                    context, nil, nil, nil,
                    nonce.baseAddress?.assumingMemoryBound(to: UInt8.self), isSealing) == 1
                    && EVP_CipherUpdate(
                        context, nil, &written,
                        extra.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        Int32(record.extraByteCount)) == 1
            }
        }
        precondition(isGood, "OpenSSL takes a nonce for a cipher that it has")
    }

    /// Seals bytes, and one more if there is one to come behind them; the tag follows.
    @inline(__always)
    func seal(
        _ suite: CipherSuite, _ record: RecordContext,
        _ plaintext: UnsafeRawBufferPointer, _ last: UInt8?, into output: UnsafeMutableRawPointer
    ) {
        let context = unsafe context(suite)
        unsafe begin(context, record)
        let target = unsafe output.assumingMemoryBound(to: UInt8.self)
        var written: Int32 = 0
        var count = plaintext.count
        var isGood = true
        if count > 0 {
            unsafe isGood =
                EVP_CipherUpdate(
                    context, target, &written,
                    plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(count)) == 1
        }
        if let last {
            isGood =
                unsafe withUnsafeBytes(of: last) { last in
                    unsafe EVP_CipherUpdate(
                        context, target + count, &written,
                        last.baseAddress?.assumingMemoryBound(to: UInt8.self), 1) == 1
                } && isGood
            count += 1
        }
        unsafe isGood =
            isGood && EVP_CipherFinal_ex(context, target + count, &written) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, target + count) == 1
        precondition(isGood, "sealing can't fail")
    }

    /// Opens bytes where they are.
    ///
    /// - Parameter sealed: the ciphertext and behind it the tag.
    /// - Returns: whether the tag is right; if not, what is there now is nobody's.
    @inline(__always)
    func open(
        _ suite: CipherSuite, _ record: RecordContext,
        _ sealed: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let count = sealed.count - 16
        guard let base = sealed.baseAddress, count >= 0 else { return false }
        let context = unsafe context(suite)
        unsafe begin(context, record)
        let target = unsafe base.assumingMemoryBound(to: UInt8.self)
        var written: Int32 = 0
        if count > 0 {
            guard unsafe EVP_CipherUpdate(context, target, &written, target, Int32(count)) == 1
            else { return false }
        }
        // Nothing is written by the last step but to where the tag is.
        return unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, target + count) == 1
            && EVP_CipherFinal_ex(context, target + count, &written) == 1
    }
}
