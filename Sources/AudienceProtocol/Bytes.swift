// Looking at borrowed bytes.

extension RawSpan {
    /// One byte; an offset out of bounds traps. (A byte is a byte: nothing is unsafe about its
    /// type.)
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Whether the bytes of `range` are `text`, exactly.
    func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let expected = unsafe text.utf8Start
        for index in 0..<range.count
        where unsafe self[range.lowerBound + index] != expected[index] {
            return false
        }
        return true
    }
}

extension UInt8 {
    /// A to Z, a to z and 0 to 9.
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
