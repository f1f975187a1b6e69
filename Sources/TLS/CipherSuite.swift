// The versions and the suites of ciphers that are spoken: those whose records are sealed as one.

/// The version of a connection.
public enum TLSVersion: UInt8, BitwiseCopyable, Sendable {
    /// TLS 1.2 (RFC 5246).
    case tls12
    /// TLS 1.3 (RFC 8446).
    case tls13
}

/// What seals a connection's records; in TLS 1.2 with keys by ECDHE.
public enum CipherSuite: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// AES-128-GCM with SHA-256.
    case aes128GCM
    /// AES-256-GCM with SHA-384.
    case aes256GCM
    /// ChaCha20-Poly1305 with SHA-256.
    case chaCha20Poly1305

    /// Bytes of a key.
    public var keyByteCount: Int { self == .aes128GCM ? 16 : 32 }
    /// Bytes of a digest of the suite's, which is what a traffic secret has.
    public var secretByteCount: Int { self == .aes256GCM ? 48 : 32 }
}
