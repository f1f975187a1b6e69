// The parser of the configuration file: RFC 8259 JSON plus // comments.

import WireBytes

/// A syntax error with its line.
struct ConfigSyntaxError: Error, Equatable {
    var line: Int
    var problem: String
}

/// Goes through the bytes once. Not a general JSON library: it yields flat keys with line numbers,
/// which no library offers, and refuses what a configuration has no use for (null, lists in lists).
struct ConfigFileReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var entries: [ConfigFile.Entry] = []

    private static let depthMax = 8
    /// A key with those it is nested in, bytes: each one within it repeats them.
    private static let keyByteCountMax = 256

    static func entries(in bytes: [UInt8]) throws(ConfigSyntaxError) -> [ConfigFile.Entry] {
        var reader = ConfigFileReader(bytes: bytes)
        try reader.skipSpace()
        guard reader.peek == UInt8(ascii: "{") else {
            throw reader.error("a configuration begins with {")
        }
        try reader.readObject(prefix: "", depth: 1)
        try reader.skipSpace()
        if reader.peek != nil { throw reader.error("there is more text after the closing }") }
        return reader.entries
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    // MARK: Structure

    private mutating func readObject(prefix: String, depth: Int) throws(ConfigSyntaxError) {
        guard depth <= Self.depthMax else { throw error("nested too deep") }
        position += 1
        try skipSpace()
        if take("}") { return }
        var lastComma: (line: Int, key: String)?
        while true {
            if let lastComma, peek == UInt8(ascii: "}") {
                throw ConfigSyntaxError(
                    line: lastComma.line,
                    problem: "a comma stands behind the value of \"\(lastComma.key)\" and nothing "
                        + "follows it; take the comma out")
            }
            guard peek == UInt8(ascii: "\"") else {
                throw error(
                    peek == UInt8(ascii: ",")
                        ? "two commas follow each other; take one out"
                        : "expected a key in double quotes, or }")
            }
            let keyLine = line
            let key = prefix + (try readString())
            guard key.utf8.count <= Self.keyByteCountMax else {
                throw error("a key has more than \(Self.keyByteCountMax) bytes")
            }
            try skipSpace()
            guard take(":") else { throw error("expected : after the key \"\(key)\"") }
            try skipSpace()
            if peek == UInt8(ascii: "{") {
                try readObject(prefix: key + ".", depth: depth + 1)
            } else {
                let value = try readValue(of: key)
                entries.append(.init(key: key, value: value, line: keyLine))
            }
            try skipSpace()
            if take("}") { return }
            let commaLine = line
            guard take(",") else { throw error("expected , or } after the value of \"\(key)\"") }
            lastComma = (commaLine, key)
            try skipSpace()
        }
    }

    private mutating func readValue(of key: String) throws(ConfigSyntaxError) -> ConfigFile.Value {
        guard take("[") else { return .scalar(try readScalar(of: key)) }
        var items: [String] = []
        try skipSpace()
        if take("]") { return .list(items) }
        while true {
            items.append(try readScalar(of: key))
            try skipSpace()
            if take("]") { return .list(items) }
            let commaLine = line
            guard take(",") else { throw error("expected , or ] in the list \"\(key)\"") }
            try skipSpace()
            guard peek != UInt8(ascii: "]") else {
                throw ConfigSyntaxError(
                    line: commaLine,
                    problem: "a comma stands behind the last value of the list \"\(key)\"; take it "
                        + "out")
            }
        }
    }

    private mutating func readScalar(of key: String) throws(ConfigSyntaxError) -> String {
        if peek == UInt8(ascii: "\"") { return try readString() }
        let start = position
        while let byte = peek, Self.isWordByte(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        if word == "true" || word == "false" || Self.isNumber(word) { return word }
        if word == "null" { throw error("\"\(key)\" is null; leave the key out instead") }
        throw error(
            "expected a value for \"\(key)\": text in double quotes, a number, true, false or a "
                + "list")
    }

    // MARK: Strings

    private mutating func readString() throws(ConfigSyntaxError) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error("the text is not valid UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                try readEscape(into: &content)
            case 0..<0x20:
                throw error("the text is not closed in its line; a double quote is missing")
            default:
                content.append(byte)
            }
        }
        throw error("the file ends within a text; a double quote is missing")
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(ConfigSyntaxError) {
        guard let byte = peek else { throw error("the file ends within a text") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: "\(try readUnicodeEscape())".utf8)
        default: throw error("\\\(UnicodeScalar(byte)) is no escape in JSON; write \\\\ for \\")
        }
    }

    /// RFC 8259 section 7: beyond U+FFFF two escapes make one character.
    private mutating func readUnicodeEscape() throws(ConfigSyntaxError) -> UnicodeScalar {
        let first = UInt32(try readFourHexDigits())
        var code = first
        if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let second = UInt32(try readFourHexDigits())
            guard (0xDC00..<0xE000).contains(second) else {
                throw error("\\u escapes that make no character")
            }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = UnicodeScalar(code) else {
            throw error("\\u escapes that make no character")
        }
        return scalar
    }

    private mutating func readFourHexDigits() throws(ConfigSyntaxError) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, !digits.contains(UInt8(ascii: "+")),
            let code = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("expected four hexadecimal digits after \\u") }
        position += 4
        return code
    }

    // MARK: Small things

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() throws(ConfigSyntaxError) {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "/"):
                guard bytes[position...].starts(with: "//".utf8) else {
                    throw error("a comment begins with //")
                }
                while let next = peek, next != UInt8(ascii: "\n") { position += 1 }
            default:
                return
            }
        }
    }

    private func error(_ problem: String) -> ConfigSyntaxError {
        ConfigSyntaxError(line: line, problem: problem)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isNumber(_ word: String) -> Bool {
        guard let first = word.utf8.first, first == UInt8(ascii: "-") || first.isDigit
        else { return false }
        return Double(word) != nil
    }
}
