// The bounds of handshakes and certificates.

extension TLSLimits {
    /// What a record of a handshake begins with (RFC 8446, section 5.1).
    static let handshakeRecord: UInt8 = 22
    /// Bytes that a client may send before its handshake is over. A hello with all that is in use has
    /// two thousand.
    public static let handshakeByteCountMax = 64 << 10
    /// Certificates in one file.
    static let chainCountMax = 16
    /// Certificates with their keys in one context.
    public static let identityCountMax = 64
    /// Bytes of a file with certificates, a key, or an authority's answer.
    public static let fileByteCountMax = 256 << 10
    /// How far clocks may be apart, s.
    static let clockToleranceS: Int64 = 300
    /// How long a key makes tickets, s.
    static let ticketKeyS: Int64 = 6 * 3_600
    /// With the two before the newest, a ticket is good for twelve hours at least.
    static let ticketKeyCountMax = 3
    /// How long a session may be gone on with, s.
    static let sessionS: Int64 = 12 * 3_600
    /// Names of a certificate that vouches for itself.
    static let selfSignedNameCountMax = 32
}
