// Looking at raw bytes.

extension RawSpan {
    /// The byte at an offset, which must be within bounds.
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Whether these are the bytes of a text of the program.
    func equals(_ text: StaticString) -> Bool {
        guard byteCount == text.utf8CodeUnitCount else { return false }
        let expected = unsafe text.utf8Start
        for offset in 0..<byteCount where unsafe self[offset] != expected[offset] { return false }
        return true
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
