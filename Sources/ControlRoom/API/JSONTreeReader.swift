// JSON read into a tree in one pass: bounded in depth and in values, and never slower than its bytes.

import TextWire
import WireBytes

/// Why a text isn't JSON, or isn't taken.
struct JSONFault: Error, Equatable {
    /// The line, from 1.
    var line: Int
    /// What is wrong, and what to do.
    var problem: String

    /// "line 3: …".
    var sentence: String { "line \(line): \(problem)" }
}

/// Reads RFC 8259. A library that tries one type after the other for each value makes an error with
/// the whole way to it each time: 2 MB of brackets took it minutes.
struct JSONTreeReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var valueCount = 0

    /// The value in these bytes, which may begin with a byte order mark.
    static func tree(in bytes: [UInt8]) throws(JSONFault) -> JSONTree {
        var reader = JSONTreeReader(bytes: bytes)
        try reader.checkText()
        let tree = try reader.value(depth: 1)
        reader.skipSpace()
        if reader.peek != nil { throw reader.fault("something follows the end of the JSON") }
        return tree
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private func checkText() throws(JSONFault) {
        var checker = UTF8Checker()
        let isText = unsafe checker.take(bytes.span.bytes) && checker.isAtEnd
        guard isText else { throw fault("the text is not UTF-8; save it as UTF-8") }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONFault) -> JSONTree {
        valueCount += 1
        guard valueCount <= Limits.jsonValueCountMax else {
            throw fault("it has more than \(Limits.jsonValueCountMax) values; send less at once")
        }
        guard depth <= Limits.jsonDepthMax else {
            throw fault("it is nested more than \(Limits.jsonDepthMax) deep; nothing here is")
        }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try items(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case nil: throw fault("the text ends where a value is to come")
        default: return try word()
        }
    }

    private mutating func members(depth: Int) throws(JSONFault) -> [ByteString: JSONTree] {
        position += 1
        var members: [ByteString: JSONTree] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else {
                throw fault(
                    peek == UInt8(ascii: "}")
                        ? "a comma stands before the closing }; take it out"
                        : "a key in double quotes is to come here")
            }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else {
                throw fault("a colon is to follow the key \"\(key.quoted)\"")
            }
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: ByteString(key)) == nil else {
                throw fault("the key \"\(key.quoted)\" is there twice; leave one out")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else {
                throw fault("a comma or } is to follow the value of \"\(key.quoted)\"")
            }
        }
    }

    private mutating func items(depth: Int) throws(JSONFault) -> [JSONTree] {
        position += 1
        var items: [JSONTree] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            skipSpace()
            if !items.isEmpty, peek == UInt8(ascii: "]") {
                throw fault("a comma stands before the closing ]; take it out")
            }
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else {
                throw fault("a comma or ] is to follow a value of a list")
            }
        }
    }

    /// A number, true, false or null.
    private mutating func word() throws(JSONFault) -> JSONTree {
        let start = position
        while let byte = peek, Self.isWordByte(byte) {
            position += 1
            guard position - start <= Limits.jsonNumberByteCountMax else {
                throw fault("a number here has too many digits")
            }
        }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "": throw fault("a value is to come here: text in double quotes, a number, a list, …")
        default: break
        }
        guard Self.isNumber(word.utf8) else {
            throw fault("“\(word.quoted)” is no value; a text stands in double quotes")
        }
        if let integer = Int(word) { return .integer(integer) }
        guard let number = Double(word), number.isFinite else {
            throw fault("the number \(word.quoted) is too large")
        }
        // As 1.0 and 1e3: what is whole, and not so large that it was rounded, is a whole number.
        let isWhole = number.rounded(.towardZero) == number && number.magnitude < 0x1p53
        return isWhole ? .integer(Int(number)) : .number(number)
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

    /// RFC 8259, section 6: no plus in front, no zeros in front, digits around the point.
    private static func isNumber(_ text: String.UTF8View) -> Bool {
        var rest = text[...]
        func takeDigits() -> Int {
            let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let wholeCount = takeDigits()
        guard wholeCount == 1 || wholeCount > 1 && !startsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    // MARK: Strings

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        var content: [UInt8] = []
        var start = position
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                content += bytes[start..<position]
                position += 1
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                content += bytes[start..<position]
                position += 1
                content += String(Character(try escape())).utf8
                start = position
            case 0..<0x20:
                throw fault(
                    "a text isn't closed in its line; close it with \", and write \\n for a line end"
                )
            default: position += 1
            }
        }
        throw fault("the text ends within a text in quotes; close it with \"")
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard let letter = peek else { throw fault("the text ends within an escape") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault("a backslash stands before something it can't; write \\\\ for \\")
        }
    }

    /// Beyond U+FFFF two escapes make one character.
    private mutating func unicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        var code = try fourDigits()
        if 0xD800...0xDBFF ~= code, bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let low = try fourDigits()
            guard 0xDC00...0xDFFF ~= low else { throw fault("\\u escapes that make no character") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw fault("\\u escapes that make no character")
        }
        return scalar
    }

    private mutating func fourDigits() throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are to follow \\u")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    // MARK: Small things

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek {
            switch byte {
            case 0x0A: line += 1
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            position += 1
        }
    }

    private func fault(_ problem: String) -> JSONFault { JSONFault(line: line, problem: problem) }
}
