// The tokens of a JSON text: strings, numbers, and whole values to be passed over.

import WireBytes

/// A place in a JSON text (RFC 8259), moved past one token after the other. Whatever it passes over
/// it has checked.
struct JSONScanner: Sendable {
    private(set) var index = 0

    /// The next byte that is no white space.
    mutating func peek(in bytes: RawSpan) throws(JSONError) -> UInt8 {
        skipSpace(in: bytes)
        guard index < bytes.byteCount else { throw .unexpectedEnd }
        return bytes[index]
    }

    mutating func skipSpace(in bytes: RawSpan) {
        while index < bytes.byteCount, bytes[index].isJSONSpace { index += 1 }
    }

    /// Passes the byte that `peek` showed.
    mutating func skipByte() { index += 1 }

    /// Passes one byte that must be there, behind white space.
    mutating func expect(_ byte: UInt8, in bytes: RawSpan) throws(JSONError) {
        guard try peek(in: bytes) == byte else { throw .unexpectedCharacter(at: index) }
        index += 1
    }

    /// Passes `true`, `false` or `null`.
    mutating func expect(word: StaticString, in bytes: RawSpan) throws(JSONError) {
        guard bytes.hasText(word, at: index) else {
            let isCut = bytes.byteCount - index < word.utf8CodeUnitCount
            throw isCut ? .unexpectedEnd : .unexpectedCharacter(at: index)
        }
        index += word.utf8CodeUnitCount
    }

    // MARK: Strings

    /// Passes the string whose quote `peek` showed.
    mutating func string(in bytes: RawSpan) throws(JSONError) -> JSONString {
        index += 1
        let start = index
        var hasEscapes = false
        var isASCII = true
        while index < bytes.byteCount {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                let range = start..<index
                index += 1
                if !isASCII {
                    var checker = UTF8Checker()
                    guard checker.take(bytes.extracting(range)), checker.isAtEnd else {
                        throw .notUTF8
                    }
                }
                return JSONString(range, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape(in: bytes)
            case 0..<0x20:
                throw .controlCharacter(at: index)
            default:
                if byte >= 0x80 { isASCII = false }
                index += 1
            }
        }
        throw .unexpectedEnd
    }

    /// Passes an escape; a first half of a surrogate pair together with its second.
    private mutating func skipEscape(in bytes: RawSpan) throws(JSONError) {
        let start = index
        guard start + 1 < bytes.byteCount else { throw .unexpectedEnd }
        index += 2
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"): break
        default: throw .badEscape(at: start)
        }
        let unit = try codeUnit(escapedAt: start, in: bytes)
        switch unit & 0xFC00 {
        case 0xD800:
            guard bytes.hasText("\\u", at: index) else {
                throw bytes.byteCount - index < 2 ? .unexpectedEnd : .badEscape(at: start)
            }
            index += 2
            guard try codeUnit(escapedAt: start, in: bytes) & 0xFC00 == 0xDC00 else {
                throw .badEscape(at: start)
            }
        case 0xDC00: throw .badEscape(at: start)
        default: break
        }
    }

    /// Passes four hexadecimal digits.
    private mutating func codeUnit(
        escapedAt start: Int, in bytes: RawSpan
    ) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard index < bytes.byteCount else { throw .unexpectedEnd }
            guard let digit = bytes[index].hexDigitValue else { throw .badEscape(at: start) }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    // MARK: Numbers

    /// A number's whole part, and whether there is more to it.
    struct Number {
        /// The whole part with its sign; nil if it doesn't fit.
        var whole: Int?
        var hasFraction = false
        var hasExponent = false
    }

    /// Passes the number whose first character `peek` showed.
    mutating func number(in bytes: RawSpan) throws(JSONError) -> Number {
        let start = index
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let firstDigit = index
        var whole: Int? = 0
        try skipDigits(of: start, in: bytes) { digit in
            // Summed on the negative side, which has one number more.
            whole = whole.flatMap { sum in
                let (product, isOver) = sum.multipliedReportingOverflow(by: 10)
                let (next, isUnder) = product.subtractingReportingOverflow(Int(digit))
                return isOver || isUnder ? nil : next
            }
        }
        guard bytes[firstDigit] != UInt8(ascii: "0") || index == firstDigit + 1 else {
            throw .badNumber(at: start)
        }
        if !isNegative { whole = whole.flatMap { $0 == .min ? nil : -$0 } }
        var number = Number(whole: whole)
        if index < bytes.byteCount, bytes[index] == UInt8(ascii: ".") {
            index += 1
            number.hasFraction = true
            try skipDigits(of: start, in: bytes)
        }
        if index < bytes.byteCount, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            number.hasExponent = true
            if index < bytes.byteCount,
                bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")
            {
                index += 1
            }
            try skipDigits(of: start, in: bytes)
        }
        return number
    }

    /// Passes one digit or more.
    private mutating func skipDigits(
        of start: Int, in bytes: RawSpan, _ take: (UInt8) -> Void = { _ in }
    ) throws(JSONError) {
        guard index < bytes.byteCount else { throw .unexpectedEnd }
        guard bytes[index].isDigit else { throw .badNumber(at: start) }
        while index < bytes.byteCount, bytes[index].isDigit {
            take(bytes[index] & 0x0F)
            index += 1
        }
    }

    // MARK: Whole values

    /// Passes a value of any kind. What is nested in it is remembered as one bit a level, so that
    /// no text, however it is nested, costs stack.
    ///
    /// - Parameter depthMax: how deeply objects and arrays may be nested in the value, itself
    ///   included; at most 64.
    mutating func skipValue(depthMax: Int, in bytes: RawSpan) throws(JSONError) {
        var depth = 0
        // The lowest bit is the innermost level: 1 for an object.
        var objects: UInt64 = 0
        while true {
            let first = try peek(in: bytes)
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                guard depth < depthMax else { throw .tooDeep }
                index += 1
                let isObject = first == UInt8(ascii: "{")
                let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
                if try peek(in: bytes) == end {
                    index += 1
                } else {
                    depth += 1
                    objects = objects << 1 | (isObject ? 1 : 0)
                    if isObject { try skipName(in: bytes) }
                    continue
                }
            } else {
                try skipScalar(first, in: bytes)
            }
            // A value has ended, and with it perhaps what it stands in.
            while depth > 0 {
                let isObject = objects & 1 == 1
                let next = try peek(in: bytes)
                if next == UInt8(ascii: ",") {
                    index += 1
                    if isObject { try skipName(in: bytes) }
                    break
                }
                guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw .unexpectedCharacter(at: index)
                }
                index += 1
                depth -= 1
                objects >>= 1
            }
            if depth == 0 { return }
        }
    }

    /// Passes a member's name and the colon.
    private mutating func skipName(in bytes: RawSpan) throws(JSONError) {
        guard try peek(in: bytes) == UInt8(ascii: "\"") else {
            throw .unexpectedCharacter(at: index)
        }
        _ = try string(in: bytes)
        try expect(UInt8(ascii: ":"), in: bytes)
    }

    private mutating func skipScalar(_ first: UInt8, in bytes: RawSpan) throws(JSONError) {
        switch first {
        case UInt8(ascii: "\""): _ = try string(in: bytes)
        case UInt8(ascii: "t"): try expect(word: "true", in: bytes)
        case UInt8(ascii: "f"): try expect(word: "false", in: bytes)
        case UInt8(ascii: "n"): try expect(word: "null", in: bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try number(in: bytes)
        default: throw .unexpectedCharacter(at: index)
        }
    }
}
