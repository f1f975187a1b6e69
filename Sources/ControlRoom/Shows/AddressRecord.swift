// Players by address, as the staff see them.

/// One address that players came from: an IPv4 address, an IPv6 /64, or a /48 with all in it.
public struct AddressRecord: Sendable, Codable, Equatable {
    /// The address; nil for players of whom it isn't known.
    public var address: String?
    /// How many players came from there.
    public var playerCount: Int
    /// How many of them are still in.
    public var survivorCount: Int
    /// When the first and the last of them joined, ms since 1970.
    public var firstJoinedAtMs: Int64?
    public var lastJoinedAtMs: Int64?
    /// The most of them who joined within ten seconds.
    public var sameInstantCount: Int
    /// The most of them who have given the very same answers, two at least.
    public var samePatternCount: Int
    /// Whether it may be one person under many names. It may be a school as well.
    public var isSuspicious: Bool
    /// Whether nobody can play from there.
    public var isBanned: Bool

    /// An address.
    public init(
        address: String?, playerCount: Int, survivorCount: Int = 0,
        firstJoinedAtMs: Int64? = nil, lastJoinedAtMs: Int64? = nil, sameInstantCount: Int = 0,
        samePatternCount: Int = 0, isSuspicious: Bool = false, isBanned: Bool = false
    ) {
        self.address = address
        self.playerCount = playerCount
        self.survivorCount = survivorCount
        self.firstJoinedAtMs = firstJoinedAtMs
        self.lastJoinedAtMs = lastJoinedAtMs
        self.sameInstantCount = sameInstantCount
        self.samePatternCount = samePatternCount
        self.isSuspicious = isSuspicious
        self.isBanned = isBanned
    }
}

/// An address that many players came from, as the live view has it.
public struct CrowdedAddress: Sendable, Codable, Equatable {
    /// The address.
    public var address: String
    /// How many players came from there.
    public var playerCount: Int

    /// An address.
    public init(address: String, playerCount: Int) {
        self.address = address
        self.playerCount = playerCount
    }
}
