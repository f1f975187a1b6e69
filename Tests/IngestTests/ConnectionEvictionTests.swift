// Which connection goes when there are too many.

import IORing
import Testing
import WireBytes

@testable import Ingest

@Suite struct ConnectionEvictionTests {
    private func guest(
        _ slot: Int, _ host: UInt64, _ progress: Int = 0, at acceptedMs: Int64 = 0
    ) throws -> ConnectionEviction.Guest {
        ConnectionEviction.Guest(
            slot: slot, host: HostKey(kind: .v4, value: host, isLoopback: false),
            progress: try #require(.init(rawValue: progress)), acceptedMs: acceptedMs)
    }

    @Test func theAddressWithTheMostGivesUpTheOneThatIsLeastFarAndOldest() throws {
        let eviction = ConnectionEviction([
            try guest(0, 1, at: 0), try guest(1, 2, 2, at: 1), try guest(2, 2, 1, at: 5),
            try guest(3, 2, 1, at: 4), try guest(4, 3, at: 0), try guest(5, 3, at: 0),
        ])
        #expect(eviction.victim == 3)
        #expect(eviction.victim(of: HostKey(kind: .v4, value: 1, isLoopback: false)) == 0)
        #expect(eviction.count(of: HostKey(kind: .v4, value: 2, isLoopback: false)) == 3)
        #expect(ConnectionEviction([]).victim == nil)
    }

    /// Saying `connect` and nothing more keeps no publisher out that comes now.
    @Test(arguments: [true, false])
    func whoIsConnectedAndDoesNotPublishGoesBeforeWhoComes(isOneAddress: Bool) throws {
        let idle = try (1...33).map { slot in
            try guest(slot, isOneAddress ? 1 : UInt64(slot), 2, at: Int64(slot))
        }
        let comer = try guest(0, isOneAddress ? 1 : 99, at: 9_000)
        let eviction = ConnectionEviction(idle + [comer], nowMs: 9_000)
        #expect(eviction.victim == 1)
        #expect(eviction.victim(of: comer.host) == (isOneAddress ? 1 : 0))
    }

    /// A handshake over a slow network among thousands of connections that say nothing.
    @Test(arguments: [1, 2, 200])
    func aSlowHandshakeIsNotPushedOut(hostileAddressCount: UInt64) throws {
        let honest = try guest(0, 9_999, 1)
        var others: [ConnectionEviction.Guest] = []
        for active in 0..<3_000 {
            let host = UInt64(active) % hostileAddressCount
            others.append(try guest(active + 1, host, at: Int64(active)))
            guard others.count >= 256 else { continue }
            let victim = try #require(ConnectionEviction([honest] + others).victim)
            #expect(victim != 0)
            others.removeAll { $0.slot == victim }
        }
    }
}
