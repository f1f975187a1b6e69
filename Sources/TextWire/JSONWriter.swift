// Small JSON objects written into a caller's buffer, without an allocation.

/// Writes one object at a time (RFC 8259) to the end of a buffer.
///
/// ```
/// var writer = JSONWriter()
/// writer.begin(to: &output)
/// writer.member("type", "receipt", to: &output)
/// writer.member("choice", 1, to: &output)
/// writer.end(to: &output)
/// // {"type":"receipt","choice":1}
/// ```
public struct JSONWriter: Sendable {
    private var needsComma = false

    /// Whether the buffer was too small for something; what stands in it is then of no use.
    public private(set) var hasOverflowed = false

    /// A writer before its object.
    public init() {}

    /// The opening brace, also of an object nested as the value of `name`.
    public mutating func begin(
        _ name: StaticString? = nil, to output: inout OutputSpan<UInt8>
    ) {
        if let name { self.name(name, to: &output) }
        append(UInt8(ascii: "{"), to: &output)
        needsComma = false
    }

    /// The closing brace.
    public mutating func end(to output: inout OutputSpan<UInt8>) {
        append(UInt8(ascii: "}"), to: &output)
        needsComma = true
    }

    /// A member whose value is a fixed text, of characters that need no escape.
    public mutating func member(
        _ name: StaticString, _ value: StaticString, to output: inout OutputSpan<UInt8>
    ) {
        self.name(name, to: &output)
        append(UInt8(ascii: "\""), to: &output)
        append(value, to: &output)
        append(UInt8(ascii: "\""), to: &output)
    }

    /// A member whose value is a text.
    public mutating func member(
        _ name: StaticString, _ value: String, to output: inout OutputSpan<UInt8>
    ) {
        self.name(name, to: &output)
        append(UInt8(ascii: "\""), to: &output)
        for byte in value.utf8 { appendEscaped(byte, to: &output) }
        append(UInt8(ascii: "\""), to: &output)
    }

    /// A member whose value is a text, given as its UTF-8.
    public mutating func member(
        _ name: StaticString, utf8 value: RawSpan, to output: inout OutputSpan<UInt8>
    ) {
        self.name(name, to: &output)
        append(UInt8(ascii: "\""), to: &output)
        for index in 0..<value.byteCount { appendEscaped(value[index], to: &output) }
        append(UInt8(ascii: "\""), to: &output)
    }

    /// A member whose value is a whole number.
    public mutating func member(
        _ name: StaticString, _ value: Int, to output: inout OutputSpan<UInt8>
    ) {
        self.name(name, to: &output)
        if value < 0 { append(UInt8(ascii: "-"), to: &output) }
        let magnitude = value.magnitude
        var divisor: UInt = 1
        while magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(
                UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / divisor % 10),
                to: &output)
            divisor /= 10
        }
    }

    /// A member whose value is a boolean.
    public mutating func member(
        _ name: StaticString, _ value: Bool, to output: inout OutputSpan<UInt8>
    ) {
        self.name(name, to: &output)
        append(value ? "true" as StaticString : "false", to: &output)
    }

    // MARK: Within

    private mutating func name(_ name: StaticString, to output: inout OutputSpan<UInt8>) {
        if needsComma { append(UInt8(ascii: ","), to: &output) }
        needsComma = true
        append(UInt8(ascii: "\""), to: &output)
        append(name, to: &output)
        append(UInt8(ascii: "\""), to: &output)
        append(UInt8(ascii: ":"), to: &output)
    }

    private mutating func append(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
        guard output.freeCapacity > 0 else {
            hasOverflowed = true
            return
        }
        output.append(byte)
    }

    private mutating func append(_ text: StaticString, to output: inout OutputSpan<UInt8>) {
        let start = unsafe text.utf8Start
        for index in 0..<text.utf8CodeUnitCount { append(unsafe start[index], to: &output) }
    }

    private mutating func appendEscaped(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
        let escape = JSONText.escape(of: byte)
        guard escape.count > 0 else {
            append(byte, to: &output)
            return
        }
        for index in 0..<escape.count { append(escape.bytes[index], to: &output) }
    }
}
