// A small JSON object read member by member, without an allocation.

import WireBytes

/// Reads one JSON object (RFC 8259) of at most a few KB by asking for one member after the other.
/// Nothing is copied; members nobody asked for are checked and passed over.
///
/// ```
/// var reader = try JSONReader(bytes)
/// while let name = try reader.nextName(in: bytes) {
///     if name.equals("choice", in: bytes) {
///         choice = try reader.wholeNumber(in: bytes, within: 0...7)
///     }
/// }
/// // The whole text was good JSON.
/// ```
///
/// Stricter than the RFC where leniency lets two readers disagree: no name comes twice in the
/// object itself (within what is passed over nobody looks), no half surrogate pairs, UTF-8 only.
public struct JSONReader: Sendable {
    private enum Place {
        /// Behind the opening brace.
        case start
        /// Behind a name and its colon.
        case value
        /// Behind a value.
        case afterValue
        case end
    }

    private let limits: JSONLimits
    private var scanner = JSONScanner()
    private var place = Place.start
    private var memberCount = 0
    private var names = InlineArray<32, JSONString>(
        repeating: JSONString(0..<0, hasEscapes: false))

    /// A reader at the beginning of an object.
    ///
    /// - Parameters:
    ///   - bytes: the whole text. The same bytes are to be handed to every call.
    ///   - limits: what the text may cost.
    /// - Throws: `JSONError`: too large, empty or no object.
    public init(_ bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.limits = limits
        guard bytes.byteCount <= limits.byteCountMax else { throw .tooLarge }
        guard try scanner.peek(in: bytes) == UInt8(ascii: "{") else { throw .notAnObject }
        scanner.skipByte()
    }

    /// The next member's name. The value of the one before is passed over if it wasn't read.
    ///
    /// - Returns: nil when the object has ended, and the text with it.
    /// - Throws: `JSONError`; don't call again.
    public mutating func nextName(in bytes: RawSpan) throws(JSONError) -> JSONString? {
        if place == .value { try skipValue(in: bytes) }
        guard place != .end else { return nil }
        var first = try scanner.peek(in: bytes)
        if first == UInt8(ascii: "}") {
            scanner.skipByte()
            scanner.skipSpace(in: bytes)
            guard scanner.index == bytes.byteCount else { throw .trailingBytes }
            place = .end
            return nil
        }
        if place == .afterValue {
            try scanner.expect(UInt8(ascii: ","), in: bytes)
            first = try scanner.peek(in: bytes)
        }
        guard first == UInt8(ascii: "\"") else {
            throw .unexpectedCharacter(at: scanner.index)
        }
        let name = try scanner.string(in: bytes)
        try scanner.expect(UInt8(ascii: ":"), in: bytes)
        try remember(name, in: bytes)
        place = .value
        return name
    }

    /// The member's value, a string.
    public mutating func string(in bytes: RawSpan) throws(JSONError) -> JSONString {
        guard try beginValue(in: bytes) == UInt8(ascii: "\"") else {
            throw .wrongType(expected: .string)
        }
        let string = try scanner.string(in: bytes)
        place = .afterValue
        return string
    }

    /// The member's value, a whole number. `1.0` and `1e0` are none.
    ///
    /// - Parameter range: the values to let in.
    public mutating func wholeNumber(
        in bytes: RawSpan, within range: ClosedRange<Int> = .min ... .max
    ) throws(JSONError) -> Int {
        let number = try number(in: bytes)
        guard !number.hasFraction else { throw .wrongType(expected: .wholeNumber) }
        guard let whole = number.whole, range.contains(whole) else { throw .numberOutOfRange }
        return whole
    }

    /// The member's value, a number that may have a fraction, which is cut off: a JWT's times
    /// (RFC 7519, section 2: NumericDate). An exponent is refused.
    ///
    /// - Parameter range: the values to let in, after cutting.
    public mutating func truncatedNumber(
        in bytes: RawSpan, within range: ClosedRange<Int> = .min ... .max
    ) throws(JSONError) -> Int {
        let number = try number(in: bytes)
        guard let whole = number.whole, range.contains(whole) else { throw .numberOutOfRange }
        return whole
    }

    /// The member's value, a boolean.
    public mutating func boolean(in bytes: RawSpan) throws(JSONError) -> Bool {
        switch try beginValue(in: bytes) {
        case UInt8(ascii: "t"): try scanner.expect(word: "true", in: bytes)
        case UInt8(ascii: "f"):
            try scanner.expect(word: "false", in: bytes)
            place = .afterValue
            return false
        default: throw .wrongType(expected: .boolean)
        }
        place = .afterValue
        return true
    }

    /// Passes over the member's value, whatever it is.
    public mutating func skipValue(in bytes: RawSpan) throws(JSONError) {
        _ = try beginValue(in: bytes)
        try scanner.skipValue(depthMax: limits.depthMax - 1, in: bytes)
        place = .afterValue
    }

    /// Where the member's value stands, whatever it is; it is passed over. An object within can be
    /// read by a reader of its own.
    public mutating func valueRange(in bytes: RawSpan) throws(JSONError) -> Range<Int> {
        _ = try beginValue(in: bytes)
        let start = scanner.index
        try scanner.skipValue(depthMax: limits.depthMax - 1, in: bytes)
        place = .afterValue
        return start..<scanner.index
    }

    // MARK: Within

    private mutating func beginValue(in bytes: RawSpan) throws(JSONError) -> UInt8 {
        precondition(place == .value, "nextName comes before each value")
        return try scanner.peek(in: bytes)
    }

    private mutating func number(in bytes: RawSpan) throws(JSONError) -> JSONScanner.Number {
        let first = try beginValue(in: bytes)
        guard first.isDigit || first == UInt8(ascii: "-") else {
            throw .wrongType(expected: .wholeNumber)
        }
        let number = try scanner.number(in: bytes)
        guard !number.hasExponent else { throw .wrongType(expected: .wholeNumber) }
        place = .afterValue
        return number
    }

    private mutating func remember(_ name: JSONString, in bytes: RawSpan) throws(JSONError) {
        guard memberCount < limits.memberCountMax else { throw .tooManyMembers }
        for index in 0..<memberCount where names[index].equals(name, in: bytes) {
            throw .duplicateName
        }
        names[memberCount] = name
        memberCount += 1
    }
}
