// One AMF0 value, as script tags and RTMP commands carry it.

/// A value of the Action Message Format 0 (Adobe, 2007).
///
/// References (2.9) never appear: the decoder puts the value they stand for in their place.
public enum AMF0Value: Equatable, Sendable {
    /// A number, 2.2.
    case number(Double)
    /// A truth value, 2.3.
    case boolean(Bool)
    /// A text of up to 65 535 bytes, 2.4. A longer one is written as a long string.
    case string(String)
    /// An anonymous object, 2.5.
    case object([AMF0Property])
    /// Nothing, 2.7.
    case null
    /// A value that was never set, 2.8.
    case undefined
    /// An array with names for indices, 2.10. `onMetaData` uses it.
    case ecmaArray([AMF0Property])
    /// An array with ordinal indices, 2.12.
    case strictArray([AMF0Value])
    /// A point in time in milliseconds since 1970 UTC, 2.13. `zone` is reserved and should be 0.
    case date(unixMs: Double, zone: Int16)
    /// A text with a 32-bit length, 2.14.
    case longString(String)
    /// A type the sender couldn't serialise, 2.15.
    case unsupported
    /// An XML document as text, 2.17.
    case xml(String)
    /// An object of a named class, 2.18.
    case typedObject(className: String, [AMF0Property])
}

/// One named value of an object or ECMA array.
public struct AMF0Property: Equatable, Sendable {
    /// The name. The wire has room for 65 535 bytes of UTF-8.
    public var name: String
    /// The value.
    public var value: AMF0Value

    /// A property.
    public init(_ name: String, _ value: AMF0Value) {
        self.name = name
        self.value = value
    }
}

extension AMF0Value {
    /// The text of a string, long string or XML document.
    public var stringValue: String? {
        switch self {
        case .string(let text), .longString(let text), .xml(let text): text
        default: nil
        }
    }

    /// The number, if it is one.
    public var numberValue: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The truth value, if it is one.
    public var boolValue: Bool? {
        if case .boolean(let flag) = self { flag } else { nil }
    }

    /// The properties of an object, ECMA array or typed object, in the order they were sent.
    public var properties: [AMF0Property]? {
        switch self {
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            properties
        default: nil
        }
    }

    /// The elements of a strict array.
    public var elements: [AMF0Value]? {
        if case .strictArray(let elements) = self { elements } else { nil }
    }

    /// The named property of an object-like value. Of two with the same name the later one counts,
    /// as if they had been assigned one after the other.
    public subscript(name: String) -> AMF0Value? {
        properties?.last { $0.name == name }?.value
    }
}

/// The type markers of AMF0, 2.1.
enum AMF0Marker {
    static let number: UInt8 = 0x00
    static let boolean: UInt8 = 0x01
    static let string: UInt8 = 0x02
    static let object: UInt8 = 0x03
    static let null: UInt8 = 0x05
    static let undefined: UInt8 = 0x06
    static let reference: UInt8 = 0x07
    static let ecmaArray: UInt8 = 0x08
    static let objectEnd: UInt8 = 0x09
    static let strictArray: UInt8 = 0x0A
    static let date: UInt8 = 0x0B
    static let longString: UInt8 = 0x0C
    static let unsupported: UInt8 = 0x0D
    static let xml: UInt8 = 0x0F
    static let typedObject: UInt8 = 0x10
}
