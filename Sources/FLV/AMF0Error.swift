// Why AMF0 bytes were refused.

/// What is wrong with a piece of AMF0. Offsets are bytes from the start of the input.
public enum AMF0Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// The input ends inside a value.
    case truncated(offset: Int)
    /// A type marker that is unknown, reserved, or not allowed in this place.
    case badMarker(UInt8, offset: Int)
    /// A reference to an object that doesn't exist or isn't complete yet.
    case badReference(index: Int, offset: Int)
    /// Objects nest deeper than `AMF0Limits.depthMax`.
    case tooDeep(depthMax: Int)
    /// More values than `AMF0Limits.valueCountMax`.
    case tooManyValues(valueCountMax: Int)
    /// A string or name longer than allowed.
    case stringTooLong(byteCount: Int, byteCountMax: Int)
    /// References blow the input up beyond `AMF0Limits.expandedByteCountMax`.
    case expansionTooLarge(byteCountMax: Int)

    public var description: String {
        switch self {
        case .truncated(let offset):
            "The AMF0 data ends at byte \(offset), inside a value: the sender cut the message short."
        case .badMarker(0x11, let offset):
            "AMF3 data at byte \(offset): set the encoder to AMF0 (object encoding 0)."
        case .badMarker(let marker, let offset):
            "Byte \(offset) is \(marker), which begins no AMF0 value: the data is damaged."
        case .badReference(let index, let offset):
            "The AMF0 reference at byte \(offset) points to object \(index), which isn't complete."
        case .tooDeep(let depthMax):
            "The AMF0 objects nest deeper than \(depthMax): send simpler metadata."
        case .tooManyValues(let valueCountMax):
            "The AMF0 data holds more than \(valueCountMax) values: send less metadata."
        case .stringTooLong(let byteCount, let byteCountMax):
            "An AMF0 string has \(byteCount) bytes, \(byteCountMax) are allowed: send a shorter one."
        case .expansionTooLarge(let byteCountMax):
            "The AMF0 references stand for more than \(byteCountMax) bytes: send less metadata."
        }
    }
}
