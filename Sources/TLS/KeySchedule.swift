// How secrets become keys.

import COpenSSL

/// HKDF-Expand-Label of TLS 1.3 (RFC 8446, sections 7.1 to 7.3) and the PRF of TLS 1.2 (RFC 5246,
/// section 5).
enum KeySchedule {
    // Made once; OpenSSL counts references by atomics and changes nothing else of them.
    private nonisolated(unsafe) static let hkdf = unsafe EVP_KDF_fetch(nil, "HKDF", nil)
    private nonisolated(unsafe) static let prf = unsafe EVP_KDF_fetch(nil, "TLS1-PRF", nil)

    /// Makes key and IV of a direction's traffic secret; its records begin anew.
    static func makeKeys(_ suite: CipherSuite, of keys: inout DirectionKeys) throws(TLSError) {
        let secret = keys.secret
        keys.key = .init(repeating: 0)
        var key = keys.key.mutableSpan
        try expandLabel(suite, secret, "key", into: &key, byteCount: suite.keyByteCount)
        var iv = keys.iv.mutableSpan
        try expandLabel(suite, secret, "iv", into: &iv, byteCount: 12)
        keys.sequence = 0
    }

    /// The keys that come after a KeyUpdate (RFC 8446, section 7.2).
    static func update(_ suite: CipherSuite, _ keys: inout DirectionKeys) throws(TLSError) {
        let former = keys.secret
        var secret = keys.secret.mutableSpan
        try expandLabel(
            suite, former, "traffic upd", into: &secret, byteCount: suite.secretByteCount)
        try makeKeys(suite, of: &keys)
    }

    /// HKDF-Expand-Label with an empty context.
    private static func expandLabel(
        _ suite: CipherSuite, _ secret: InlineArray<48, UInt8>, _ label: StaticString,
        into output: inout MutableSpan<UInt8>, byteCount: Int
    ) throws(TLSError) {
        var info: [UInt8] = [0, UInt8(byteCount), UInt8(6 + label.utf8CodeUnitCount)]
        info += "tls13 ".utf8
        unsafe info += UnsafeBufferPointer(
            start: label.utf8Start, count: label.utf8CodeUnitCount)
        info.append(0)
        var secret = secret
        defer { Secrets.wipe(&secret) }
        var mode = Int32(EVP_KDF_HKDF_MODE_EXPAND_ONLY)
        let isDone = unsafe withUnsafeMutableBytes(of: &secret) { secret in
            unsafe info.withUnsafeMutableBytes { info in
                unsafe withUnsafeMutablePointer(to: &mode) { mode in
                    unsafe derive(
                        hkdf, suite,
                        [
                            OSSL_PARAM_construct_int(name("mode"), mode),
                            OSSL_PARAM_construct_octet_string(
                                name("key"), secret.baseAddress, suite.secretByteCount),
                            OSSL_PARAM_construct_octet_string(
                                name("info"), info.baseAddress, info.count),
                        ], into: &output, byteCount: byteCount)
                }
            }
        }
        guard isDone else { throw .library }
    }

    /// The keys of both directions: the first bytes that the PRF makes of "key expansion".
    static func expand12(
        _ suite: CipherSuite, masterSecret: RawSpan, clientRandom: RawSpan, serverRandom: RawSpan,
        client: inout DirectionKeys, server: inout DirectionKeys
    ) throws(TLSError) {
        let keyByteCount = suite.keyByteCount
        let ivByteCount = suite == .chaCha20Poly1305 ? 12 : 4
        var seed = Array("key expansion".utf8)
        for random in [copy(serverRandom), copy(clientRandom)] { seed += random }
        var secret = copy(masterSecret)
        var block = [UInt8](repeating: 0, count: 2 * (keyByteCount + ivByteCount))
        defer {
            Secrets.wipe(&secret)
            Secrets.wipe(&block)
        }
        let byteCount = block.count
        var output = block.mutableSpan
        let isDone = unsafe secret.withUnsafeMutableBytes { secret in
            unsafe seed.withUnsafeMutableBytes { seed in
                unsafe derive(
                    prf, suite,
                    [
                        OSSL_PARAM_construct_octet_string(
                            name("secret"), secret.baseAddress, secret.count),
                        OSSL_PARAM_construct_octet_string(
                            name("seed"), seed.baseAddress, seed.count),
                    ], into: &output, byteCount: byteCount)
            }
        }
        guard isDone else { throw .library }
        for index in 0..<keyByteCount {
            client.key[index] = block[index]
            server.key[index] = block[keyByteCount + index]
        }
        for index in 0..<ivByteCount {
            client.iv[index] = block[2 * keyByteCount + index]
            server.iv[index] = block[2 * keyByteCount + ivByteCount + index]
        }
    }

    private static func copy(_ span: RawSpan) -> [UInt8] {
        unsafe span.withUnsafeBytes { unsafe Array($0) }
    }

    private static func derive(
        _ function: OpaquePointer?, _ suite: CipherSuite, _ parameters: [OSSL_PARAM],
        into output: inout MutableSpan<UInt8>, byteCount: Int
    ) -> Bool {
        precondition(byteCount <= output.count)
        guard let function = unsafe function, let context = unsafe EVP_KDF_CTX_new(function) else {
            return false
        }
        defer { unsafe EVP_KDF_CTX_free(context) }
        let digest: StaticString = suite == .aes256GCM ? "SHA384" : "SHA256"
        let all =
            unsafe parameters + [
                OSSL_PARAM_construct_utf8_string(
                    name("digest"), UnsafeMutablePointer(mutating: name(digest)), 0),
                OSSL_PARAM_construct_end(),
            ]
        return unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe EVP_KDF_derive(context, output.baseAddress, byteCount, all) == 1
        }
    }

    /// A text that stays where it is: parameters point to it.
    private static func name(_ text: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

/// What was secret and isn't needed any more.
enum Secrets {
    /// Overwrites a value that has no references.
    static func wipe<Value: BitwiseCopyable>(_ value: inout Value) {
        unsafe withUnsafeMutableBytes(of: &value) {
            unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
        }
    }

    /// Overwrites an array's bytes.
    static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
