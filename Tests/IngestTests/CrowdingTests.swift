// Which connection goes when there are too many.

import IORing
import Testing

@testable import Ingest

@Suite struct CrowdingTests {
    private func guest(
        _ slot: Int, _ host: UInt64, _ progress: Int = 0, at acceptedMs: Int64 = 0
    ) throws -> Crowding.Guest {
        Crowding.Guest(
            slot: slot, host: HostKey(kind: .v4, value: host, isLoopback: false),
            progress: try #require(.init(rawValue: progress)), acceptedMs: acceptedMs)
    }

    @Test func theAddressWithTheMostGivesUpTheOneThatIsLeastFarAndOldest() throws {
        let crowding = Crowding([
            try guest(0, 1, at: 0), try guest(1, 2, 2, at: 1), try guest(2, 2, 1, at: 5),
            try guest(3, 2, 1, at: 4), try guest(4, 3, at: 0), try guest(5, 3, at: 0),
        ])
        #expect(crowding.victim == 3)
        #expect(crowding.victim(of: HostKey(kind: .v4, value: 1, isLoopback: false)) == 0)
        #expect(crowding.count(of: HostKey(kind: .v4, value: 2, isLoopback: false)) == 3)
        #expect(Crowding([]).victim == nil)
    }

    /// Saying `connect` and nothing more keeps no publisher out that comes now.
    @Test(arguments: [true, false])
    func whoIsConnectedAndDoesNotPublishGoesBeforeWhoComes(isOneAddress: Bool) throws {
        let idle = try (1...33).map { slot in
            try guest(slot, isOneAddress ? 1 : UInt64(slot), 2, at: Int64(slot))
        }
        let comer = try guest(0, isOneAddress ? 1 : 99, at: 9_000)
        let crowding = Crowding(idle + [comer], nowMs: 9_000)
        #expect(crowding.victim == 1)
        #expect(crowding.victim(of: comer.host) == (isOneAddress ? 1 : 0))
    }

    /// A handshake over a slow network among thousands of connections that say nothing.
    @Test(arguments: [1, 2, 200])
    func aSlowHandshakeIsNotPushedOut(hostileAddressCount: UInt64) throws {
        let honest = try guest(0, 9_999, 1)
        var others: [Crowding.Guest] = []
        for turn in 0..<3_000 {
            let host = UInt64(turn) % hostileAddressCount
            others.append(try guest(turn + 1, host, at: Int64(turn)))
            guard others.count >= 256 else { continue }
            let victim = try #require(Crowding([honest] + others).victim)
            #expect(victim != 0)
            others.removeAll { $0.slot == victim }
        }
    }
}
