// Every bound of this module, in one place.

/// Bounds of the record layer.
public enum TLSLimits {
    /// Bytes that one record may carry (RFC 8446, section 5.1).
    public static let plaintextByteCountMax = 1 << 14
    /// Bytes before a record's body, and of the whole of a record that comes: what a cipher and
    /// padding may add to it is at most 256 (RFC 8446, section 5.2).
    public static let headByteCount = 5
    public static let recordByteCountMax = headByteCount + plaintextByteCountMax + 256
    /// Bytes that our records have besides what they carry, at most.
    public static let overheadByteCountMax = headByteCount + 8 + 16
    /// Records under one key of AES-GCM: fewer than the 2^24.5 after which somebody might tell them
    /// from chance (RFC 8446, section 5.5). Then TLS 1.3 changes its keys, and TLS 1.2 ends.
    public static let recordCountMax: UInt64 = 1 << 24
    /// Records in a row that carry nothing: empty ones, warnings, KeyUpdates.
    static let idleRecordCountMax: UInt8 = 32
    /// KeyUpdates of one connection: enough for 2^34 records of the client's.
    static let keyUpdateCountMax: UInt16 = 1_024
}
