// What a shard knows of the addresses that its connections come from.

import WireBytes

/// One address on one shard.
struct Peer {
    let host: HostKey
    /// Whether it is a trusted proxy, which asks for everybody.
    var isProxy: Bool
    /// When its next request is due at the allowed rate, µs.
    var requestDueUs: Int64 = 0
    /// When the next wrong token is due, ms.
    var guessDueMs: Int64 = 0
}

/// The addresses of a shard's connections, by their numbers in the book.
///
/// As long as an address has a connection anywhere, its number is nobody else's; so what stands here
/// under the number of a connection that is open is that connection's.
struct Peers {
    private var peers: [Peer?] = []
    /// The /48 of IPv6 addresses, which have bounds of their own.
    private var sites: [HostKey: Int64] = [:]

    /// A connection of this address has come in.
    mutating func note(_ number: PeerNumber, _ host: HostKey, isProxy: Bool = false) {
        let index = Int(number)
        if index >= peers.count {
            peers += Array(repeating: nil, count: index + 1 - peers.count)
        }
        if peers[index]?.host != host { peers[index] = Peer(host: host, isProxy: isProxy) }
        peers[index]?.isProxy = isProxy
    }

    /// Whose connection it is.
    func host(_ number: PeerNumber) -> HostKey {
        guard let peer = peers[Int(number)] else {
            preconditionFailure("noted as it came in")
        }
        return peer.host
    }

    /// Counts a request or a message; false where the address has had too many.
    mutating func mayAsk(_ number: PeerNumber, nowMs: Int64, perSecondMax: Int64) -> Bool {
        let index = Int(number)
        guard perSecondMax > 0, let peer = peers[index], !peer.host.isLoopback, !peer.isProxy
        else { return true }
        let nowUs = nowMs * 1_000
        guard
            let dueUs = Self.next(
                peer.requestDueUs, nowUs: nowUs, intervalUs: max(1, 1_000_000 / perSecondMax),
                burst: perSecondMax * 2)
        else { return false }
        if let site = peer.host.site {
            if sites.count >= DeliverySettings.siteCountMax {
                sites = sites.filter { $0.value > nowUs }
            }
            let share = perSecondMax * DeliverySettings.siteRequestShare
            guard
                let siteDueUs = Self.next(
                    sites[site] ?? 0, nowUs: nowUs, intervalUs: max(1, 1_000_000 / share),
                    burst: share * 2)
            else { return false }
            if sites.count < DeliverySettings.siteCountMax { sites[site] = siteDueUs }
        }
        peers[index]?.requestDueUs = dueUs
        return true
    }

    /// Whether a token of this address is looked at now.
    func mayTry(_ number: PeerNumber, nowMs: Int64) -> Bool {
        guard let peer = peers[Int(number)], !peer.isProxy else { return true }
        let burstMs = DeliverySettings.guessIntervalMs * DeliverySettings.guessBurstMax
        return peer.guessDueMs - nowMs <= burstMs - DeliverySettings.guessIntervalMs
    }

    /// A token of this address was wrong.
    mutating func noteWrongToken(_ number: PeerNumber, nowMs: Int64) {
        let dueMs = max(peers[Int(number)]?.guessDueMs ?? 0, nowMs)
        peers[Int(number)]?.guessDueMs = dueMs + DeliverySettings.guessIntervalMs
    }

    /// When the next one is due, if one comes now; nil if it comes too early.
    private static func next(
        _ dueUs: Int64, nowUs: Int64, intervalUs: Int64, burst: Int64
    ) -> Int64? {
        let due = max(dueUs, nowUs)
        guard due - nowUs <= intervalUs * (burst - 1) else { return nil }
        return due + intervalUs
    }
}
