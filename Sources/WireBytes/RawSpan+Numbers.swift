// Numbers in borrowed bytes: what every wire format here is read through.

/// The most significant byte comes first, as networks have it, unless a name says otherwise.
///
/// The caller checks the bounds first: reading outside is our mistake, and traps.
extension RawSpan {
    /// One byte. (A byte is a byte: nothing is unsafe about its type.)
    @inlinable @inline(__always)
    public subscript(offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Two bytes.
    @inlinable @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// Three bytes.
    @inlinable @inline(__always)
    public func uint24(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 8 | UInt32(self[offset + 2])
    }

    /// Four bytes.
    @inlinable @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight bytes.
    @inlinable @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Four bytes, the least significant first: RTMP's message stream id.
    @inlinable @inline(__always)
    public func littleEndian32(at offset: Int) -> UInt32 {
        uint32(at: offset).byteSwapped
    }

    /// Eight bytes in the machine's own order, for looking at many at a time.
    @inlinable @inline(__always)
    public func word(at offset: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
