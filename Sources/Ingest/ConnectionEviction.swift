// Who has to go when more connections have come to the ingest than it keeps.

import RTMP
import WireBytes

/// The connections that don't publish, by the addresses they come from.
///
/// Whoever opens the most pays for it: connections that say nothing push each other out, not the
/// handshake of a publisher on a slow network.
struct ConnectionEviction {
    /// A connection that doesn't publish.
    struct Guest {
        let slot: Int
        let host: HostKey
        let progress: RTMPServerSession.Progress
        let acceptedMs: Int64
    }

    private let guests: [Guest]
    private let counts: [HostKey: Int]
    private let nowMs: Int64

    init(_ guests: [Guest], nowMs: Int64 = 0) {
        self.guests = guests
        self.nowMs = nowMs
        counts = guests.reduce(into: [:]) { $0[$1.host, default: 0] += 1 }
    }

    /// How many come from there.
    func count(of host: HostKey) -> Int { counts[host] ?? 0 }

    /// The slot of the one that goes: of the address with the most connections the one that has
    /// come least far, and has been here longest.
    var victim: Int? { victim(among: guests) }

    /// The same among the connections of one address.
    func victim(of host: HostKey) -> Int? { victim(among: guests.filter { $0.host == host }) }

    private func victim(among guests: [Guest]) -> Int? {
        guests.min { left, right in
            let counts = (count(of: left.host), count(of: right.host))
            if counts.0 != counts.1 { return counts.0 > counts.1 }
            // Who has had the time for a handshake and doesn't publish goes before who comes now,
            // however far it has come: a connect costs nothing.
            let isOld = (isOld(left), isOld(right))
            if isOld.0 != isOld.1 { return isOld.0 }
            if !isOld.0, left.progress != right.progress { return left.progress < right.progress }
            return left.acceptedMs < right.acceptedMs
        }?.slot
    }

    private func isOld(_ guest: Guest) -> Bool {
        nowMs - guest.acceptedMs >= IngestSettings.handshakeMs
    }
}
