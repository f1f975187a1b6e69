// Appending numbers and borrowed bytes to a message that is being put together.

extension [UInt8] {
    /// Appends a copy of the bytes in one go.
    @inlinable @inline(__always)
    public mutating func append(copying span: RawSpan) {
        unsafe span.withUnsafeBytes { bytes in unsafe append(contentsOf: bytes) }
    }

    /// Appends a number of 1 to 8 bytes, the most significant first.
    @inlinable
    public mutating func append(bigEndian value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    /// Appends the low three bytes, the most significant first.
    @inlinable
    public mutating func append(bigEndian24 value: UInt32) {
        append(UInt8(truncatingIfNeeded: value >> 16))
        append(bigEndian: UInt16(truncatingIfNeeded: value))
    }

    /// Appends four bytes, the least significant first: RTMP's message stream id.
    @inlinable
    public mutating func append(littleEndian32 value: UInt32) {
        append(bigEndian: value.byteSwapped)
    }
}
