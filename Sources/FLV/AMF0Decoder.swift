// Decodes AMF0: bounded in depth, count and size, and never reading past its input.

import WireBytes

/// Action Message Format 0: decoding and encoding of whole values.
public enum AMF0 {
    /// Decodes all values up to the end of the input.
    ///
    /// Invalid UTF-8 is repaired. An object or ECMA array whose end marker is missing at the very
    /// end of the input is taken as complete, because some encoders leave it out of `onMetaData`.
    public static func decode(
        _ bytes: RawSpan, limits: AMF0Limits = .init()
    ) throws(AMF0Error) -> [AMF0Value] {
        try decodePrefix(bytes, maxValues: .max, limits: limits).values
    }

    /// Decodes up to `maxValues` values and tells how many bytes they took.
    ///
    /// A reference may point to any earlier object of the same call.
    public static func decodePrefix(
        _ bytes: RawSpan, maxValues: Int, limits: AMF0Limits = .init()
    ) throws(AMF0Error) -> (values: [AMF0Value], byteCount: Int) {
        var decoder = AMF0Decoder(limits: limits)
        var values: [AMF0Value] = []
        while values.count < maxValues, decoder.offset < bytes.byteCount {
            values.append(try decoder.value(bytes))
        }
        return (values, decoder.offset)
    }

    /// Encodes values one after the other.
    public static func encode(_ values: [AMF0Value]) -> [UInt8] {
        var writer = AMF0Writer()
        for value in values { writer.write(value) }
        return writer.bytes
    }

    /// Encodes values one after the other.
    public static func encode(_ values: AMF0Value...) -> [UInt8] {
        encode(values)
    }
}

/// The state of one decode. The bytes are passed to each call, so that nothing borrowed is stored.
struct AMF0Decoder {
    /// An object that references may point to, and what putting it in again costs.
    private struct Referable {
        /// Nil while the object's own contents are being read: AMF0 can send cycles, we take none.
        var value: AMF0Value?
        var valueCount = 0
        var byteCount = 0
        /// How many levels of objects it has, itself included.
        var height = 0
    }

    let limits: AMF0Limits
    private(set) var offset = 0
    private var depth = 0
    /// The deepest level seen inside the object that is being read.
    private var deepest = 0
    private var valueCount = 0
    /// Bytes that references stand for on top of the input's own.
    private var referencedByteCount = 0
    private var referables: [Referable] = []

    init(limits: AMF0Limits) {
        self.limits = limits
    }

    mutating func value(_ bytes: RawSpan) throws(AMF0Error) -> AMF0Value {
        try count(values: 1)
        let start = offset
        let marker = try byte(bytes)
        switch marker {
        case AMF0Marker.number:
            return .number(try double(bytes))
        case AMF0Marker.boolean:
            return .boolean(try byte(bytes) != 0)
        case AMF0Marker.string:
            return .string(try string(bytes, byteCount: Int(try uint16(bytes))))
        case AMF0Marker.null:
            return .null
        case AMF0Marker.undefined:
            return .undefined
        case AMF0Marker.unsupported:
            return .unsupported
        case AMF0Marker.date:
            let unixMs = try double(bytes)
            return .date(unixMs: unixMs, zone: Int16(bitPattern: try uint16(bytes)))
        case AMF0Marker.longString:
            return .longString(try string(bytes, byteCount: Int(try uint32(bytes))))
        case AMF0Marker.xml:
            return .xml(try string(bytes, byteCount: Int(try uint32(bytes))))
        case AMF0Marker.reference:
            return try referenced(bytes, markerOffset: start)
        case AMF0Marker.object, AMF0Marker.ecmaArray, AMF0Marker.strictArray,
            AMF0Marker.typedObject:
            return try complex(bytes, marker: marker)
        default:
            throw .badMarker(marker, offset: start)
        }
    }

    /// An object or array: it counts as a level of depth and can be referred to later.
    private mutating func complex(
        _ bytes: RawSpan, marker: UInt8
    ) throws(AMF0Error) -> AMF0Value {
        try reach(depth + 1)
        let deepestBefore = deepest
        depth += 1
        deepest = depth
        let index = referables.count
        referables.append(Referable())
        let valueCountBefore = valueCount
        let byteCountBefore = offset + referencedByteCount

        let value: AMF0Value
        switch marker {
        case AMF0Marker.ecmaArray:
            // The count is a hint that encoders get wrong; the end marker decides.
            _ = try uint32(bytes)
            value = .ecmaArray(try properties(bytes))
        case AMF0Marker.strictArray:
            value = .strictArray(try elements(bytes))
        case AMF0Marker.typedObject:
            let className = try name(bytes)
            value = .typedObject(className: className, try properties(bytes))
        default:
            value = .object(try properties(bytes))
        }

        depth -= 1
        let height = deepest - depth
        deepest = max(deepest, deepestBefore)
        referables[index] = Referable(
            value: value, valueCount: valueCount - valueCountBefore,
            byteCount: offset + referencedByteCount - byteCountBefore, height: height)
        return value
    }

    private mutating func properties(_ bytes: RawSpan) throws(AMF0Error) -> [AMF0Property] {
        var properties: [AMF0Property] = []
        while offset < bytes.byteCount {
            let name = try name(bytes)
            if name.isEmpty, offset < bytes.byteCount,
                bytes[offset] == AMF0Marker.objectEnd
            {
                offset += 1
                break
            }
            properties.append(AMF0Property(name, try value(bytes)))
        }
        return properties
    }

    private mutating func elements(_ bytes: RawSpan) throws(AMF0Error) -> [AMF0Value] {
        let count = Int(try uint32(bytes))
        // Each element has at least its marker: a count that can't be true costs no memory.
        guard count <= limits.valueCountMax - valueCount else {
            throw .tooManyValues(valueCountMax: limits.valueCountMax)
        }
        guard count <= bytes.byteCount - offset else { throw .truncated(offset: bytes.byteCount) }
        var elements: [AMF0Value] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try value(bytes)) }
        return elements
    }

    /// The object a reference stands for. It counts in full each time, or a few hundred bytes could
    /// stand for a terabyte.
    private mutating func referenced(
        _ bytes: RawSpan, markerOffset: Int
    ) throws(AMF0Error) -> AMF0Value {
        let index = Int(try uint16(bytes))
        guard index < referables.count, let value = referables[index].value else {
            throw .badReference(index: index, offset: markerOffset)
        }
        try reach(depth + referables[index].height)
        try count(values: referables[index].valueCount)
        referencedByteCount += referables[index].byteCount
        guard referencedByteCount <= limits.expandedByteCountMax else {
            throw .expansionTooLarge(byteCountMax: limits.expandedByteCountMax)
        }
        return value
    }

    private mutating func reach(_ level: Int) throws(AMF0Error) {
        guard level <= limits.depthMax else { throw .tooDeep(depthMax: limits.depthMax) }
        deepest = max(deepest, level)
    }

    private mutating func count(values count: Int) throws(AMF0Error) {
        valueCount += count
        guard valueCount <= limits.valueCountMax else {
            throw .tooManyValues(valueCountMax: limits.valueCountMax)
        }
    }

    private mutating func name(_ bytes: RawSpan) throws(AMF0Error) -> String {
        let name = try string(bytes, byteCount: Int(try uint16(bytes)))
        let byteCountMax = AMF0Limits.nameByteCountMax
        guard name.utf8.count <= byteCountMax else {
            throw .stringTooLong(byteCount: name.utf8.count, byteCountMax: byteCountMax)
        }
        return name
    }

    private mutating func string(
        _ bytes: RawSpan, byteCount: Int
    ) throws(AMF0Error) -> String {
        let byteCountMax = limits.stringByteCountMax
        guard byteCount <= byteCountMax else {
            throw .stringTooLong(byteCount: byteCount, byteCountMax: byteCountMax)
        }
        let start = try advance(byteCount, in: bytes)
        let text = bytes.text(in: start..<offset)
        // Repair makes three bytes of a bad one.
        guard text.utf8.count <= byteCountMax else {
            throw .stringTooLong(byteCount: text.utf8.count, byteCountMax: byteCountMax)
        }
        return text
    }

    private mutating func byte(_ bytes: RawSpan) throws(AMF0Error) -> UInt8 {
        bytes[try advance(1, in: bytes)]
    }

    private mutating func uint16(_ bytes: RawSpan) throws(AMF0Error) -> UInt16 {
        bytes.uint16(at: try advance(2, in: bytes))
    }

    private mutating func uint32(_ bytes: RawSpan) throws(AMF0Error) -> UInt32 {
        bytes.uint32(at: try advance(4, in: bytes))
    }

    private mutating func double(_ bytes: RawSpan) throws(AMF0Error) -> Double {
        Double(bitPattern: bytes.uint64(at: try advance(8, in: bytes)))
    }

    /// Goes `byteCount` bytes on and returns where they begin.
    private mutating func advance(
        _ byteCount: Int, in bytes: RawSpan
    ) throws(AMF0Error) -> Int {
        guard byteCount <= bytes.byteCount - offset else {
            throw .truncated(offset: bytes.byteCount)
        }
        defer { offset += byteCount }
        return offset
    }
}
