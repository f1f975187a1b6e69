// Texts in borrowed bytes: compared, found and taken out.

extension RawSpan {
    /// Whether these are the bytes of a text.
    public func equals(_ text: StaticString) -> Bool {
        byteCount == text.utf8CodeUnitCount && hasText(text, at: 0)
    }

    /// Whether these are the bytes of a text.
    public func equals(_ text: some Sequence<UInt8>) -> Bool {
        var offset = 0
        for byte in text {
            guard offset < byteCount, self[offset] == byte else { return false }
            offset += 1
        }
        return offset == byteCount
    }

    /// Whether the bytes of `range` are `text`, exactly.
    public func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && hasText(text, at: range.lowerBound)
    }

    /// Whether the bytes from `start` on begin with `text`.
    public func hasText(_ text: StaticString, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard byteCount - start >= count else { return false }
        let expected = unsafe text.utf8Start
        for index in 0..<count where unsafe self[start + index] != expected[index] {
            return false
        }
        return true
    }

    /// Whether the bytes of `range` are `lowercased`, ASCII case left aside.
    public func equalsIgnoringCase(_ lowercased: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == lowercased.utf8CodeUnitCount else { return false }
        let expected = unsafe lowercased.utf8Start
        for index in 0..<range.count
        where unsafe self[range.lowerBound + index].asciiLowercased != expected[index] {
            return false
        }
        return true
    }

    /// The first `byte` in `range`.
    public func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte { return index }
        return nil
    }

    /// The bytes of `range` as text; invalid UTF-8 is repaired with U+FFFD.
    public func text(in range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
