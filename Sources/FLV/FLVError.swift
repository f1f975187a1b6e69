// Why FLV bytes were refused.

/// What is wrong with an FLV stream, a tag's body or a codec's sequence header.
public enum FLVError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The stream doesn't begin with "FLV".
    case notFLV
    /// The file header's version isn't 1.
    case unknownVersion(UInt8)
    /// The file header says it is shorter than 9 bytes or unreasonably long.
    case badFileHeaderLength(UInt32)
    /// A tag that is neither audio, video nor script data.
    case unknownTagType(UInt8)
    /// A tag with the filter bit: it is encrypted or otherwise pre-processed.
    case filteredTag
    /// A tag whose stream id isn't 0: most likely the reader has lost its place.
    case nonZeroStreamId(UInt32)
    /// A tag's body is larger than `FLVLimits.bodyByteCountMax`.
    case bodyTooLarge(byteCount: Int, byteCountMax: Int)
    /// The size repeated after a tag isn't that tag's.
    case wrongPreviousTagSize(found: UInt32, expected: UInt32)
    /// A tag's body ends inside its codec header.
    case truncatedBody(byteCount: Int)
    /// A packet type that neither the FLV nor the Enhanced RTMP specification knows.
    case unknownPacketType(UInt8)
    /// A multitrack type that the Enhanced RTMP specification doesn't know.
    case unknownMultitrackType(UInt8)
    /// A codec's sequence header can't be used.
    case badSequenceHeader(codec: String, SequenceHeaderFault)

    public var description: String {
        switch self {
        case .notFLV:
            "This is not an FLV stream: it doesn't begin with \"FLV\"."
        case .unknownVersion(let version):
            "FLV version \(version) is unknown: only version 1 exists."
        case .badFileHeaderLength(let byteCount):
            "The FLV file header claims \(byteCount) bytes, it should have 9: the file is damaged."
        case .unknownTagType(let type):
            "A tag of type \(type): only 8 (audio), 9 (video) and 18 (script data) exist."
        case .filteredTag:
            "The stream is encrypted: publish it without FLV encryption."
        case .nonZeroStreamId(let id):
            "A tag has stream id \(id), it must be 0: the stream is damaged."
        case .bodyTooLarge(let byteCount, let byteCountMax):
            "A tag has \(byteCount) bytes, \(byteCountMax) are allowed: lower the encoder's bitrate."
        case .wrongPreviousTagSize(let found, let expected):
            "After a tag of \(expected) bytes stands \(found) as its size: the stream is damaged."
        case .truncatedBody(let byteCount):
            "A tag's body of \(byteCount) bytes ends inside its codec header."
        case .unknownPacketType(let type):
            "Packet type \(type) is unknown to FLV and Enhanced RTMP: use a common encoder setting."
        case .unknownMultitrackType(let type):
            "Multitrack type \(type) is unknown to Enhanced RTMP: publish a single track."
        case .badSequenceHeader(let codec, let fault):
            "The encoder's \(codec) sequence header \(fault): restart the encoder."
        }
    }
}

/// What is wrong with a codec's sequence header.
public enum SequenceHeaderFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// It ends too early.
    case truncated
    /// It doesn't begin like one.
    case unrecognised
    /// It holds no parameter set that tells the picture's size.
    case noParameterSet
    /// It holds a value that the codec's specification doesn't allow.
    case outOfRange

    public var description: String {
        switch self {
        case .truncated: "is cut short"
        case .unrecognised: "has an unknown form"
        case .noParameterSet: "holds no parameter set"
        case .outOfRange: "holds an impossible value"
        }
    }
}
