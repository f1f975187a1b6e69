// Looking at raw bytes.

extension RawSpan {
    /// The byte at an offset, which must be within bounds.
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Whether these are the bytes of a text.
    func equals(_ text: some Sequence<UInt8>) -> Bool {
        var offset = 0
        for byte in text {
            guard offset < byteCount, self[offset] == byte else { return false }
            offset += 1
        }
        return offset == byteCount
    }
}
