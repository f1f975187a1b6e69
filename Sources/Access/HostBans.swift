// Addresses that nobody is let in from, by whose word and for how long.

public import WireBytes

/// A ban of an address or a range of them.
public struct HostBan: Sendable, Equatable {
    /// Whom it is about.
    public let range: AddressRange
    /// Why, in the words of whoever did it.
    public let reason: String
    /// Who did it.
    public let by: String
    /// When, and until when; nil for as long as nobody lifts it. Ms since 1970.
    public let atMs: Int64
    public let untilMs: Int64?

    /// A ban.
    public init(range: AddressRange, reason: String, by: String, atMs: Int64, untilMs: Int64?) {
        self.range = range
        self.reason = reason
        self.by = by
        self.atMs = atMs
        self.untilMs = untilMs
    }

    /// Whether it is still in force.
    public func isInForce(nowMs: Int64) -> Bool { untilMs.map { nowMs < $0 } ?? true }
}

/// Why an address isn't banned.
public enum HostBanError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It would be a good part of everybody.
    case tooWide(AddressRange)
    /// It would be everybody who comes through a proxy.
    case isProxy(AddressRange, AddressRange)
    /// No more fit in.
    case tooMany

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .tooWide(let range):
            "\(range) is too many addresses at once: ban an IPv4 /\(HostBans.v4PrefixMin) or an IPv6 "
                + "/\(HostBans.v6PrefixMin) at most"
        case .isProxy(let range, let proxy):
            "\(range) has the trusted proxy \(proxy) in it, and with it everybody who comes through "
                + "it: ban who is behind it"
        case .tooMany:
            "\(HostBans.countMax) bans are the most: lift some, or ban a range of addresses"
        }
    }
}

/// All bans, in the order in which they were made. A plain value.
public struct HostBans: Sendable, Equatable {
    /// Each of them.
    public private(set) var all: [HostBan] = []

    /// How many there may be, and how much one of them may take in.
    public static let countMax = 1_000
    static let v4PrefixMin = 8
    static let v6PrefixMin = 16

    /// No bans, or those that were kept.
    public init(_ all: [HostBan] = []) { self.all = Array(all.prefix(Self.countMax)) }

    /// The ranges that they are about.
    public var ranges: AddressRanges { AddressRanges(all.map(\.range)) }

    /// Adds a ban, in the place of one of the same addresses.
    ///
    /// - Parameter trusted: proxies, which must not be banned.
    public mutating func add(
        _ ban: HostBan, trusted: AddressRanges = AddressRanges()
    ) throws(HostBanError) {
        let range = ban.range
        let prefixMin = range.first.isV6 ? Self.v6PrefixMin : Self.v4PrefixMin
        guard range.prefixBitCount >= prefixMin else { throw .tooWide(range) }
        if let proxy = trusted.all.first(where: { $0.overlaps(range) }) {
            throw .isProxy(range, proxy)
        }
        all.removeAll { $0.range == range }
        guard all.count < Self.countMax else { throw .tooMany }
        all.append(ban)
    }

    /// Takes a ban back; false where there is none of just these addresses.
    public mutating func lift(_ range: AddressRange) -> Bool {
        let count = all.count
        all.removeAll { $0.range == range }
        return all.count < count
    }

    /// Forgets those that are over; false where none was.
    public mutating func forgetOver(nowMs: Int64) -> Bool {
        let count = all.count
        all.removeAll { !$0.isInForce(nowMs: nowMs) }
        return all.count < count
    }
}
