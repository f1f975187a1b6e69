// Writes AMF0: whole values, or objects piece by piece without building them first.

/// Appends AMF0 values to `bytes`.
public struct AMF0Writer: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer.
    public init() {}

    /// Forgets what was written and keeps the memory, for the next message.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes any value.
    public mutating func write(_ value: AMF0Value) {
        switch value {
        case .number(let number): self.number(number)
        case .boolean(let flag): boolean(flag)
        case .string(let text): string(text)
        case .null: null()
        case .undefined: bytes.append(AMF0Marker.undefined)
        case .unsupported: bytes.append(AMF0Marker.unsupported)
        case .longString(let text): longText(text, marker: AMF0Marker.longString)
        case .xml(let text): longText(text, marker: AMF0Marker.xml)
        case .date(let unixMs, let zone):
            bytes.append(AMF0Marker.date)
            appendBigEndian(unixMs.bitPattern)
            appendBigEndian(UInt16(bitPattern: zone))
        case .object(let properties):
            beginObject()
            write(properties)
        case .ecmaArray(let properties):
            beginECMAArray(count: properties.count)
            write(properties)
        case .typedObject(let className, let properties):
            bytes.append(AMF0Marker.typedObject)
            name(className)
            write(properties)
        case .strictArray(let elements):
            beginStrictArray(count: elements.count)
            for element in elements { write(element) }
        }
    }

    /// Writes a number, 2.2.
    public mutating func number(_ number: Double) {
        bytes.append(AMF0Marker.number)
        appendBigEndian(number.bitPattern)
    }

    /// Writes a truth value, 2.3.
    public mutating func boolean(_ flag: Bool) {
        bytes.append(AMF0Marker.boolean)
        bytes.append(flag ? 1 : 0)
    }

    /// Writes a text, 2.4; one of more than 65 535 bytes as a long string, 2.14.
    public mutating func string(_ text: String) {
        let byteCount = text.utf8.count
        guard byteCount <= Int(UInt16.max) else {
            return longText(text, marker: AMF0Marker.longString)
        }
        bytes.append(AMF0Marker.string)
        appendBigEndian(UInt16(byteCount))
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes null, 2.7.
    public mutating func null() {
        bytes.append(AMF0Marker.null)
    }

    /// Begins an object, 2.5: properties follow, then `endObject()`.
    public mutating func beginObject() {
        bytes.append(AMF0Marker.object)
    }

    /// Begins an ECMA array, 2.10: `count` properties follow, then `endObject()`.
    public mutating func beginECMAArray(count: Int) {
        bytes.append(AMF0Marker.ecmaArray)
        appendBigEndian(UInt32(count))
    }

    /// Begins a strict array, 2.12: exactly `count` values follow, and no end marker.
    public mutating func beginStrictArray(count: Int) {
        bytes.append(AMF0Marker.strictArray)
        appendBigEndian(UInt32(count))
    }

    /// Writes one property of the object that was begun.
    public mutating func property(_ name: String, _ value: AMF0Value) {
        self.name(name)
        write(value)
    }

    /// Writes the name of a property whose value is written next. More than 65 535 bytes of it have
    /// no room in the format: it is cut there, between two characters.
    public mutating func name(_ name: String) {
        var byteCount = name.utf8.count
        if byteCount > AMF0Limits.nameByteCountMax {
            byteCount = 0
            for scalar in name.unicodeScalars {
                let next = byteCount + UTF8.width(scalar)
                if next > AMF0Limits.nameByteCountMax { break }
                byteCount = next
            }
        }
        appendBigEndian(UInt16(byteCount))
        bytes.append(contentsOf: name.utf8.prefix(byteCount))
    }

    /// Ends an object or ECMA array, 2.11.
    public mutating func endObject() {
        appendBigEndian(UInt16(0))
        bytes.append(AMF0Marker.objectEnd)
    }

    private mutating func write(_ properties: [AMF0Property]) {
        for property in properties { self.property(property.name, property.value) }
        endObject()
    }

    private mutating func longText(_ text: String, marker: UInt8) {
        bytes.append(marker)
        appendBigEndian(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func appendBigEndian<Integer: FixedWidthInteger & UnsignedInteger>(
        _ value: Integer
    ) {
        var shift = Integer.bitWidth - 8
        while shift >= 0 {
            bytes.append(UInt8(truncatingIfNeeded: value >> Integer(shift)))
            shift -= 8
        }
    }
}
