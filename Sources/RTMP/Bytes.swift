// Reading and appending the big-endian numbers that RTMP is made of.

extension RawSpan {
    /// The byte at `offset`. Offsets out of bounds are a mistake of ours and trap.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Two bytes, the most significant first.
    @inline(__always)
    func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// Three bytes, the most significant first.
    @inline(__always)
    func bigEndian24(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 8 | UInt32(byte(at: offset + 2))
    }

    /// Four bytes, the most significant first.
    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Four bytes, the least significant first: the message stream id, and only that.
    @inline(__always)
    func littleEndian32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Whether these bytes are exactly `expected`.
    func equals(_ expected: StaticString) -> Bool {
        guard byteCount == expected.utf8CodeUnitCount else { return false }
        return unsafe withUnsafeBytes { bytes in
            unsafe bytes.elementsEqual(
                UnsafeBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount))
        }
    }
}

extension [UInt8] {
    /// Appends a copy of the bytes in one go.
    @inline(__always)
    mutating func append(copying span: RawSpan) {
        unsafe span.withUnsafeBytes { bytes in unsafe append(contentsOf: bytes) }
    }

    /// Appends the low three bytes, the most significant first.
    mutating func append(bigEndian24 value: UInt32) {
        append(UInt8(truncatingIfNeeded: value >> 16))
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends four bytes, the most significant first.
    mutating func append(bigEndian32 value: UInt32) {
        append(UInt8(truncatingIfNeeded: value >> 24))
        append(bigEndian24: value)
    }

    /// Appends two bytes, the most significant first.
    mutating func append(bigEndian16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends four bytes, the least significant first.
    mutating func append(littleEndian32 value: UInt32) {
        append(bigEndian32: value.byteSwapped)
    }
}
