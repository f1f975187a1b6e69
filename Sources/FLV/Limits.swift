// Every bound of the FLV module, with its unit. What comes in is hostile until it has passed them.

/// Bounds for decoding AMF0 from the network.
public struct AMF0Limits: Equatable, Sendable {
    /// How deep objects and arrays may nest. The decoder recurses: keep it far below 1 000.
    public var depthMax: Int
    /// How many values one decode may make, those inside objects and behind references included.
    public var valueCountMax: Int
    /// The longest string, in bytes of UTF-8, after repair.
    public var stringByteCountMax: Int
    /// The most bytes one decode may stand for once references are followed.
    public var expandedByteCountMax: Int

    /// Limits that every real encoder stays far below.
    public init(
        depthMax: Int = 32, valueCountMax: Int = 4096, stringByteCountMax: Int = 65_536,
        expandedByteCountMax: Int = 1 << 20
    ) {
        self.depthMax = depthMax
        self.valueCountMax = valueCountMax
        self.stringByteCountMax = stringByteCountMax
        self.expandedByteCountMax = expandedByteCountMax
    }

    /// The longest name of a property, in bytes of UTF-8: its length field has 16 bits.
    static let nameByteCountMax = 65_535
}

/// Bounds for reading an FLV byte stream.
public struct FLVLimits: Equatable, Sendable {
    /// The largest body of a tag, in bytes. The format's own bound is its 24-bit size field.
    public var bodyByteCountMax: Int

    /// Limits for a stream; by default the format's own.
    public init(bodyByteCountMax: Int = FLVLimits.formatBodyByteCountMax) {
        self.bodyByteCountMax = bodyByteCountMax
    }

    /// What the 24-bit size field of a tag can say: 16 MiB less a byte.
    public static let formatBodyByteCountMax = (1 << 24) - 1

    /// The longest file header. It says how long it is, 9 bytes in every version there ever was.
    static let fileHeaderByteCountMax = 1024
    /// The longest parameter set (SPS, VPS) or sequence header OBU that is looked into.
    static let parameterSetByteCountMax = 4096
    /// The largest width or height taken for true, in pixels.
    static let sideMax = 65_535
    /// The highest frame rate taken for true, a second.
    static let framesPerSecondMax = 1000.0
}
