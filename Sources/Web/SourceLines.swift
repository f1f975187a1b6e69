// The lines of a source file, without those that are comments.

/// A line of a file that isn't a comment.
struct SourceLine {
    /// From 1.
    let number: Int
    /// Its bytes, without the line's end.
    let range: Range<Int>
}

/// Takes the comments off: lines that begin with `//`, and blocks that begin a line.
///
/// It is a matter of lines, and knows nothing of the language: a text that runs over lines must have
/// none that looks like a comment.
struct SourceLines {
    let source: SourceText
    private(set) var lines: [SourceLine] = []

    /// - Parameters:
    ///   - hasLineComments: whether `//` begins one, as in JavaScript and not in CSS.
    ///   - path: for errors.
    init(_ bytes: [UInt8], hasLineComments: Bool, path: String) throws(WebError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .file(path: path, problem: "it isn't UTF-8 text")
        }
        source = SourceText(bytes)
        var block = Block()
        var number = 0
        var start = 0
        while start < bytes.count {
            number += 1
            let lineEnd = source.index(of: 0x0A, in: start..<bytes.count)
            let end = lineEnd > start && bytes[lineEnd - 1] == 0x0D ? lineEnd - 1 : lineEnd
            if let code = block.code(
                of: start..<end, in: source, number, hasLineComments: hasLineComments)
            {
                lines.append(SourceLine(number: number, range: code))
            }
            start = lineEnd + 1
        }
        if let openedIn = block.openedIn {
            throw .line(path: path, number: openedIn, problem: "this comment has no end")
        }
    }

    /// Where in a comment the reading is.
    private struct Block {
        /// The line in which the comment began; nil outside of one.
        var openedIn: Int?
        private var isIndented = false

        /// What of a line is no comment; nil if it is nothing else.
        mutating func code(
            of line: Range<Int>, in source: SourceText, _ number: Int, hasLineComments: Bool
        ) -> Range<Int>? {
            var rest = line
            var hadComment = false
            if openedIn == nil {
                isIndented = source.skipBlanks(line) > line.lowerBound
            } else {
                guard let end = source.find("*/", in: line) else { return nil }
                rest = end + 2..<line.upperBound
                openedIn = nil
                hadComment = true
            }
            while true {
                let start = source.skipBlanks(rest)
                if start == rest.upperBound { return hadComment ? nil : rest }
                if hasLineComments, source.has("//", at: start, before: rest.upperBound) {
                    return nil
                }
                guard source.has("/*", at: start, before: rest.upperBound) else {
                    return hadComment && !isIndented ? start..<rest.upperBound : rest
                }
                guard let end = source.find("*/", in: start + 2..<rest.upperBound) else {
                    openedIn = number
                    return nil
                }
                hadComment = true
                rest = end + 2..<rest.upperBound
            }
        }
    }

    /// The lines as a text again, without the blanks that they begin with.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.bytes.count)
        var indentation = Indentation()
        for line in lines { indentation.append(line.range, of: source, to: &bytes) }
        return bytes
    }

    /// Takes off what lines begin with that is of use to people only, and empty lines; but nothing
    /// within a text between backquotes.
    struct Indentation {
        private var isInText = false

        mutating func append(_ line: Range<Int>, of source: SourceText, to bytes: inout [UInt8]) {
            let start = isInText ? line.lowerBound : source.skipBlanks(line)
            guard isInText || start < line.upperBound else { return }
            var index = start
            while index < line.upperBound {
                let byte = source.bytes[index]
                if byte == UInt8(ascii: "`") { isInText.toggle() }
                index += byte == UInt8(ascii: "\\") ? 2 : 1
            }
            bytes += source.bytes[start..<line.upperBound]
            bytes.append(0x0A)
        }
    }
}
