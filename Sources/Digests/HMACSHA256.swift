// Message authentication under one key.

import COpenSSL

/// HMAC-SHA-256 (RFC 2104), what JWT calls HS256, under one key.
///
/// The key's two blocks are digested once, and a code takes up from copies of what that gave:
/// libcrypto's own HMAC costs six times as much for a token.
@safe public final class HMACSHA256: Sendable {
    /// An authentication code.
    public typealias Code = InlineArray<32, UInt8>
    private static let blockByteCount = 64

    // Written by `init` alone; copying from a context doesn't change it.
    private nonisolated(unsafe) let inner: OpaquePointer
    private nonisolated(unsafe) let outer: OpaquePointer

    /// What makes and checks codes under a key; nil if libcrypto has no SHA-256.
    public init?(key: some Collection<UInt8>) {
        var block = Array(key)
        if block.count > Self.blockByteCount {
            guard let digest = unsafe SHA256.digest(of: block.span.bytes) else { return nil }
            block = digest
        }
        block += [UInt8](repeating: 0, count: Self.blockByteCount - block.count)
        guard let inner = unsafe Self.context(after: block.map { $0 ^ 0x36 }) else { return nil }
        guard let outer = unsafe Self.context(after: block.map { $0 ^ 0x5C }) else {
            unsafe EVP_MD_CTX_free(inner)
            return nil
        }
        unsafe self.inner = inner
        unsafe self.outer = outer
    }

    deinit {
        unsafe EVP_MD_CTX_free(inner)
        unsafe EVP_MD_CTX_free(outer)
    }

    /// The code of a message; nil if libcrypto has no memory.
    public func code(of message: RawSpan) -> Code? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        var code = Code(repeating: 0)
        var span = code.mutableSpan
        let isGood = unsafe span.withUnsafeMutableBufferPointer { code in
            let isUpdated = unsafe message.withUnsafeBytes { message in
                unsafe EVP_MD_CTX_copy_ex(context, inner) == 1
                    && EVP_DigestUpdate(context, message.baseAddress, message.count) == 1
            }
            return unsafe isUpdated && EVP_DigestFinal_ex(context, code.baseAddress, nil) == 1
                && EVP_MD_CTX_copy_ex(context, outer) == 1
                && EVP_DigestUpdate(context, code.baseAddress, code.count) == 1
                && EVP_DigestFinal_ex(context, code.baseAddress, nil) == 1
        }
        return isGood ? code : nil
    }

    /// A context that has digested one block.
    private static func context(after block: [UInt8]) -> OpaquePointer? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        let isGood =
            unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
            && EVP_DigestUpdate(context, block, block.count) == 1
        guard isGood else {
            unsafe EVP_MD_CTX_free(context)
            return nil
        }
        return unsafe context
    }
}
