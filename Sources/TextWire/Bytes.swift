// Single bytes of borrowed memory, and what they may mean in JSON and base64.

extension RawSpan {
    /// One byte; an offset out of bounds traps. (A byte is a byte: nothing is unsafe about its
    /// type.)
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The eight bytes from an offset on, in the machine's order.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Whether the bytes from `start` on begin with `text`.
    func hasText(_ text: StaticString, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard byteCount - start >= count else { return false }
        let expected = unsafe text.utf8Start
        for index in 0..<count where unsafe self[start + index] != expected[index] {
            return false
        }
        return true
    }
}

extension UInt8 {
    @inline(__always)
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// JSON's white space: space, tab, line feed, carriage return.
    @inline(__always)
    var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

    /// 0 to 15, or nil for what is no hexadecimal digit.
    var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
