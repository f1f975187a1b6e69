// The bounds of the texts that TextWire reads from the network.

/// What a JSON text may cost us before it is refused. All bounds are inclusive.
public struct JSONLimits: Sendable, Equatable {
    /// The most members an object can be let have: their names are kept to find doubles.
    public static let memberCountBound = 32
    /// The longest text that can be let in; offsets are 16 bits wide.
    public static let byteCountBound = 65_535

    /// The whole text, white space included.
    public var byteCountMax: Int
    /// The members of the outermost object.
    public var memberCountMax: Int
    /// How deeply objects and arrays may be nested, the outermost object included; at most 64.
    public var depthMax: Int

    /// Texts of 4 KB with 16 members, nested 8 deep, unless told otherwise.
    public init(byteCountMax: Int = 4096, memberCountMax: Int = 16, depthMax: Int = 8) {
        precondition(byteCountMax <= Self.byteCountBound)
        precondition(memberCountMax <= Self.memberCountBound)
        precondition((1...64).contains(depthMax))
        self.byteCountMax = byteCountMax
        self.memberCountMax = memberCountMax
        self.depthMax = depthMax
    }
}

/// How much of somebody's text is quoted back in an error.
enum QuoteLimits {
    static let characterCountMax = 60
    static let byteCountMax = 240
}
