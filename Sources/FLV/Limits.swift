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
