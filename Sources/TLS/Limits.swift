// Every bound of this module, in one place.

/// Bounds of the record layer.
public enum TLSLimits {
    /// Bytes that one record may carry (RFC 8446, section 5.1).
    public static let plaintextByteCountMax = 1 << 14
}
