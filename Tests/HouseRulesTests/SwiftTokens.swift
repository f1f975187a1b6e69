// A Swift file as words and signs: enough to see what is declared and what is named.

/// A word (an identifier or a keyword) or a sign. What texts say is left out; what is put into them
/// is not.
struct SwiftToken: Sendable {
    let text: String
    /// From 1 on.
    let line: Int
    let isWord: Bool
}

/// Takes a Swift file apart.
struct SwiftTokens {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private(set) var tokens: [SwiftToken] = []

    static func of(_ text: String) -> [SwiftToken] {
        var reader = SwiftTokens(bytes: Array(text.utf8))
        while reader.index < reader.bytes.count { reader.step() }
        return reader.tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    private mutating func advance() {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
    }

    private mutating func step() {
        let byte = bytes[index]
        if byte <= 0x20 {
            advance()
        } else if starts(with: "//") {
            while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        } else if starts(with: "/*") {
            passComment()
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#") && beginsRawText {
            passText()
        } else if Self.isWordByte(byte) || byte == UInt8(ascii: "`") {
            takeWord()
        } else {
            tokens.append(
                SwiftToken(text: String(Unicode.Scalar(byte)), line: line, isWord: false))
            index += 1
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func takeWord() {
        let isQuoted = bytes[index] == UInt8(ascii: "`")
        if isQuoted { index += 1 }
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if isQuoted { index += 1 }
        tokens.append(SwiftToken(text: word, line: line, isWord: true))
    }

    private mutating func passComment() {
        var depth = 0
        while index < bytes.count {
            if starts(with: "/*") {
                depth += 1
                index += 2
            } else if starts(with: "*/") {
                depth -= 1
                index += 2
                if depth == 0 { return }
            } else {
                advance()
            }
        }
    }

    /// Whether a `#` begins `#"…"#`.
    private var beginsRawText: Bool {
        let next = bytes[index...].first { $0 != UInt8(ascii: "#") }
        return next == UInt8(ascii: "\"")
    }

    private mutating func passText() {
        var hashCount = 0
        while bytes[index] == UInt8(ascii: "#") {
            hashCount += 1
            index += 1
        }
        let quoteCount = starts(with: "\"\"\"") ? 3 : 1
        index += quoteCount
        let hashes = [UInt8](repeating: UInt8(ascii: "#"), count: hashCount)
        let end = [UInt8](repeating: UInt8(ascii: "\""), count: quoteCount) + hashes
        let escape = [UInt8(ascii: "\\")] + hashes
        while index < bytes.count {
            if bytes[index...].starts(with: end) {
                index += end.count
                return
            }
            guard bytes[index...].starts(with: escape) else {
                advance()
                continue
            }
            index += escape.count
            guard index < bytes.count else { return }
            if bytes[index] == UInt8(ascii: "(") { takeInterpolation() } else { advance() }
        }
    }

    /// What stands between `\(` and its `)`.
    private mutating func takeInterpolation() {
        var depth = 0
        repeat {
            if bytes[index] == UInt8(ascii: "(") { depth += 1 }
            if bytes[index] == UInt8(ascii: ")") { depth -= 1 }
            step()
        } while index < bytes.count && depth > 0
    }
}
