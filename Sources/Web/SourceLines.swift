// The lines of a source file, without those that are comments.

/// A line of a file that isn't a comment.
struct SourceLine {
    /// From 1.
    let number: Int
    var text: ArraySlice<UInt8>

    /// Whether the line begins with a word and something that isn't part of it.
    func begins(with word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard text.starts(with: word) else { return false }
        guard let next = text.dropFirst(count).first else { return true }
        return !next.isIdentifierCharacter
    }
}

/// Takes the comments off: lines that begin with `//`, and blocks that begin a line.
///
/// It is a matter of lines, and knows nothing of the language: a text that runs over lines must have
/// none that looks like a comment.
struct SourceLines {
    private(set) var lines: [SourceLine] = []

    /// - Parameters:
    ///   - hasLineComments: whether `//` begins one, as in JavaScript and not in CSS.
    ///   - path: for errors.
    init(_ bytes: [UInt8], hasLineComments: Bool, path: String) throws(WebError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .file(path: path, problem: "it isn't UTF-8 text")
        }
        var openedIn: Int?
        var isIndented = false
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var rest = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            var hadComment = openedIn != nil
            if openedIn == nil {
                isIndented = rest.first == UInt8(ascii: " ") || rest.first == UInt8(ascii: "\t")
            } else {
                guard let end = rest.end(of: "*/") else { continue }
                rest = rest[end...]
                openedIn = nil
            }
            while openedIn == nil {
                let text = rest.withoutIndentation
                if hasLineComments, text.starts(with: "//" as StaticString) {
                    rest = []
                    hadComment = true
                }
                guard text.starts(with: "/*" as StaticString) else { break }
                hadComment = true
                guard let end = text.dropFirst(2).end(of: "*/") else {
                    openedIn = number
                    break
                }
                rest = text[end...]
            }
            if hadComment {
                if openedIn != nil || rest.withoutIndentation.isEmpty { continue }
                if !isIndented { rest = rest.withoutIndentation }
            }
            lines.append(SourceLine(number: number, text: rest))
        }
        if let openedIn {
            throw .line(path: path, number: openedIn, problem: "this comment has no end")
        }
        // What comes behind the last line end is no line.
        if lines.last?.text.isEmpty == true, bytes.last == UInt8(ascii: "\n") { lines.removeLast() }
    }

    /// The lines as a text again.
    var bytes: [UInt8] {
        lines.reduce(into: []) { bytes, line in
            bytes += line.text
            bytes.append(UInt8(ascii: "\n"))
        }
    }
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

extension ArraySlice<UInt8> {
    /// Whether it begins with these bytes.
    func starts(with text: StaticString) -> Bool {
        unsafe count >= text.utf8CodeUnitCount
            && starts(
                with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Where the first occurrence of a text begins.
    func start(of text: StaticString) -> Int? {
        let first = unsafe text.utf8Start.pointee
        var index = startIndex
        while let found = self[index...].firstIndex(of: first) {
            if self[found...].starts(with: text) { return found }
            index = found + 1
        }
        return nil
    }

    /// Where the first occurrence of a text ends.
    func end(of text: StaticString) -> Int? { start(of: text).map { $0 + text.utf8CodeUnitCount } }

    /// Without the blanks it begins with.
    var withoutIndentation: ArraySlice<UInt8> {
        drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// The same as text.
    var text: String { String(decoding: self, as: UTF8.self) }
}
