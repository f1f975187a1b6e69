// Where players come from: for the staff's eyes only.

import Access
import WireBytes

/// Where and when a player came in.
public struct PlayerOrigin: Equatable, Sendable {
    /// The address; nil where it isn't known, as with players of an older ledger.
    public let host: HostKey?
    /// When, ms since 1970; nil where it isn't known.
    public let joinedMs: Int64?

    /// An origin.
    public init(host: HostKey?, joinedMs: Int64?) {
        self.host = host
        self.joinedMs = joinedMs
    }
}

/// The ids of guests: `guest.` and 32 characters by chance.
enum GuestID {
    private static let prefix = "guest."

    /// A new one.
    static func random() throws(SecretError) -> String {
        prefix + (try StaffToken.random().text)
    }

    /// Whether an id is one that we have made.
    static func isOne(_ id: String) -> Bool {
        guard id.hasPrefix(prefix), id.utf8.count == prefix.utf8.count + 32 else { return false }
        return id.utf8.dropFirst(prefix.utf8.count).allSatisfy { Base64.isDigit($0, .url) }
    }
}

/// The players of one show by address.
struct PlayerOrigins: Sendable {
    /// By the player's number.
    private(set) var origins: [PlayerOrigin] = []
    private var counts: [HostKey: Int] = [:]
    /// Those addresses that many players come from, and from how many on the host is told next.
    private var crowded: [HostKey: Int] = [:]
    private var noteCount = 0

    /// The next player came in.
    ///
    /// - Returns: how many have come from there, where the host is to be told of it now.
    mutating func add(_ origin: PlayerOrigin) -> (host: HostKey, count: Int)? {
        origins.append(origin)
        guard let host = origin.host else { return nil }
        let news = count(host)
        return host.site.flatMap { count($0) } ?? news
    }

    private mutating func count(_ host: HostKey) -> (host: HostKey, count: Int)? {
        let count = (counts[host] ?? 0) + 1
        counts[host] = count
        guard count >= GameLimits.crowdCountMin else { return nil }
        let next = crowded[host] ?? GameLimits.crowdNoteCount
        guard count >= next, !host.isLoopback, noteCount < GameLimits.crowdNoteCountMax else {
            crowded[host] = next
            return nil
        }
        crowded[host] = next * 4
        noteCount += 1
        return (host, count)
    }

    /// The addresses that most players come from, if many do.
    func largest(_ countMax: Int) -> [AddressCount] {
        let all = crowded.keys.map { AddressCount(host: $0, playerCount: counts[$0] ?? 0) }
        return Array(all.sorted(by: AddressCount.isFirst).prefix(countMax))
    }
}

/// How many of a show's players came from one address.
public struct AddressCount: Equatable, Sendable {
    /// The address, an IPv6 /64, or a /48 with all that lies in it.
    public let host: HostKey
    /// How many came from there.
    public let playerCount: Int

    static func isFirst(_ one: AddressCount, _ other: AddressCount) -> Bool {
        one.playerCount != other.playerCount
            ? one.playerCount > other.playerCount : one.host.description < other.host.description
    }
}
