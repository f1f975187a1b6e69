// What a byte is as a character of ASCII, in the classes that several wire formats share.

extension UInt8 {
    /// A to Z and a to z.
    @inlinable public var isLetter: Bool {
        let lowercased = self | 0x20
        return lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z")
    }

    /// 0 to 9.
    @inlinable @inline(__always)
    public var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// Capitals made small; every other byte as it is.
    @inlinable public var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// 0 to 15, or nil for what is no hexadecimal digit.
    @inlinable public var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Letters, digits and `- . _ ~`: what needs no encoding in a URL (RFC 3986, section 2.3).
    @inlinable public var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: isLetter || isDigit
        }
    }
}

extension String {
    /// Whether it is an id as this house makes and takes them: 1 to `byteCountMax` letters, digits
    /// and `- . _ ~`, which need no encoding in a URL.
    ///
    /// - Parameter colons: whether `:` may be in it, too, as in the ids of a host's commands.
    public func isID(byteCountMax: Int, colons: Bool = false) -> Bool {
        1...byteCountMax ~= utf8.count
            && utf8.allSatisfy { $0.isUnreserved || colons && $0 == UInt8(ascii: ":") }
    }
}
