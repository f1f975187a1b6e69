// Players by where they come from: for the staff, and for bans.

import Trivia
public import WireBytes

/// One address that players of a show came from.
public struct AddressReport: Equatable, Sendable {
    /// The address, an IPv6 /64, or a /48 with all that lies in it; nil for players of whom it isn't
    /// known.
    public let host: HostKey?
    /// How many players came from there, and how many of them are still in.
    public internal(set) var playerCount = 0
    public internal(set) var survivorCount = 0
    /// When the first and the last of them came, ms since 1970; nil where that isn't known.
    public internal(set) var firstJoinedMs: Int64?
    public internal(set) var lastJoinedMs: Int64?
    /// The most of them who came within ten seconds.
    public internal(set) var sameInstantCount = 0
    /// The most of them who have given the very same answers, two at least.
    public internal(set) var samePatternCount = 0
    /// Whether nobody can play from there.
    public internal(set) var isBanned = false

    /// Whether it may be one person: that many can be a school as well, so nobody is refused for it.
    public var isSuspicious: Bool {
        [playerCount, sameInstantCount, samePatternCount].contains {
            $0 >= GameLimits.crowdCountMin
        }
    }
}

extension ShowReport {
    /// The addresses that most players came from. It looks at every player, and takes its time.
    ///
    /// - Parameter countMax: so many at most.
    public func addresses(countMax: Int = GameLimits.addressCountMax) -> [AddressReport] {
        var players: [HostKey?: [Int32]] = [:]
        for number in 0..<Int32(clamping: min(show.tally.players, origins.count)) {
            let host = origins[Int(number)].host
            players[host, default: []].append(number)
            if let site = host?.site { players[site, default: []].append(number) }
        }
        // A /48 says something only where several of its /64 play.
        for (host, numbers) in players where host?.kind == .v6Site {
            let hosts = Set(numbers.map { origins[Int($0)].host })
            if hosts.count == 1 { players[host] = nil }
        }
        for address in show.bannedAddresses {
            guard let host = HostKey(address) else { continue }
            players[host] = players[host] ?? []
        }
        let largest = players.sorted { one, other in
            one.value.count != other.value.count
                ? one.value.count > other.value.count
                : "\(one.key.map(\.description) ?? "")" < "\(other.key.map(\.description) ?? "")"
        }
        return largest.prefix(countMax).map { host, numbers in report(of: host, numbers) }
    }

    private func report(of host: HostKey?, _ numbers: [Int32]) -> AddressReport {
        var report = AddressReport(host: host)
        report.isBanned = show.isBanned(host)
        report.playerCount = numbers.count
        var patterns: [[UInt8]: Int] = [:]
        for number in numbers {
            let player = PlayerNumber(rawValue: number)
            if show.standing(of: player)?.status == .playing { report.survivorCount += 1 }
            let receipts = show.receipts(of: player)
            guard receipts.count > 1 else { continue }
            let pattern = receipts.flatMap { receipt in
                [
                    UInt8(truncatingIfNeeded: receipt.question.rawValue >> 8),
                    UInt8(truncatingIfNeeded: receipt.question.rawValue), receipt.choice,
                ]
            }
            patterns[pattern, default: 0] += 1
        }
        report.samePatternCount = patterns.values.max() ?? 0
        let times = numbers.compactMap { origins[Int($0)].joinedMs }.sorted()
        report.firstJoinedMs = times.first
        report.lastJoinedMs = times.last
        var start = 0
        for end in times.indices {
            while times[end] - times[start] > GameLimits.sameInstantMs { start += 1 }
            report.sameInstantCount = max(report.sameInstantCount, end - start + 1)
        }
        return report
    }
}

extension DeskCore {
    /// The address that a host has named.
    static func host(_ text: String) throws(HostRefusal) -> HostKey {
        guard let host = HostKey(text) else { throw .badAddress }
        return host
    }

    /// The players who came from an address as they joined, or the last time, and aren't banned yet.
    func players(from host: HostKey, _ slot: Int, _ show: Show) -> [PlayerNumber] {
        let joined = shows.slots[slot].crowd.origins.enumerated().filter { _, origin in
            origin.host.map { host.contains($0) } ?? false
        }.map { PlayerNumber(rawValue: Int32($0.offset)) }
        let seen = admission.players(of: show.id, from: host)
            .compactMap { show.playerNumber(forID: $0) }
        return Set(joined + seen).filter { show.standing(of: $0)?.status != .banned }.sorted()
    }
}

extension Show {
    /// Whether nobody can play from there.
    func isBanned(_ host: HostKey?) -> Bool {
        guard let host, !bannedAddresses.isEmpty else { return false }
        return isBanned(address: host.description)
            || host.site.map { isBanned(address: $0.description) } ?? false
    }
}
