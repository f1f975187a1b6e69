// The text of a source file as bytes, and how it is looked through.

/// Bytes of a file. The loops are plain ones: the pages are made at every start, also by a program that
/// nobody has optimised.
struct SourceText {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Where a byte is first; the range's end where it isn't.
    func index(of byte: UInt8, in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index] != byte { index += 1 }
        return index
    }

    /// Where something other than a blank is first; the range's end where there is nothing.
    func skipBlanks(_ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        return index
    }

    /// Whether a text stands in a place, within the range.
    func has(_ text: StaticString, at index: Int, before end: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard end - index >= count else { return false }
        var offset = 0
        while offset < count {
            guard unsafe bytes[index + offset] == text.utf8Start[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Whether a word stands in a place, and what follows isn't part of it.
    func hasWord(_ word: StaticString, at index: Int, before end: Int) -> Bool {
        guard has(word, at: index, before: end) else { return false }
        let next = index + word.utf8CodeUnitCount
        return next == end || !bytes[next].isIdentifierCharacter
    }

    /// Where the first occurrence of a text begins.
    func find(_ text: StaticString, in range: Range<Int>) -> Int? {
        let first = unsafe text.utf8Start[0]
        var index = range.lowerBound
        while true {
            index = self.index(of: first, in: index..<range.upperBound)
            guard index < range.upperBound else { return nil }
            if has(text, at: index, before: range.upperBound) { return index }
            index += 1
        }
    }

    /// Where a name that begins in a place ends.
    func endOfName(_ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index].isIdentifierCharacter { index += 1 }
        return index
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension UInt8 {
    /// What names of JavaScript are made of, where they are ASCII.
    var isIdentifierCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: self >= 0x80
        }
    }
}
