// Bans that end and bans that are made at once: what is listed is in force.

import Access
import Glibc
import Synchronization
import Testing
import WireBytes

@testable import Fanfare

@Suite struct BansInForceTests {
    /// What was put into force last; others get to run while it is.
    private final class Door: Sendable {
        let bans = Mutex(HostBans())

        func put(_ bans: HostBans) {
            for _ in 0..<8 { sched_yield() }
            self.bans.withLock { $0 = bans }
        }
    }

    private func ban(_ address: String, untilMs: Int64?) throws -> HostBan {
        HostBan(
            range: try #require(AddressRange(address)), reason: "", by: "di", atMs: 0,
            untilMs: untilMs)
    }

    @Test func aBanIsInForceThatCameWhileAnotherEnded() async throws {
        let ending = try ban("203.0.113.7", untilMs: 10)
        let lasting = try ban("203.0.113.8", untilMs: nil)
        for _ in 0..<300 {
            let door = Door()
            let inForce = BansInForce(HostBans([ending])) { door.put($0) }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { inForce.endOver(nowMs: 10) }
                group.addTask { inForce.replace(by: HostBans([ending, lasting])) }
            }
            try #require(inForce.bans.all.contains(lasting))
            try #require(door.bans.withLock { $0 } == inForce.bans)
        }
    }

    @Test func whatIsNotOverStays() throws {
        let door = Door()
        let bans = HostBans([try ban("203.0.113.7", untilMs: 10)])
        let inForce = BansInForce(bans) { door.put($0) }
        inForce.endOver(nowMs: 9)
        #expect(inForce.bans == bans && door.bans.withLock { $0.all.isEmpty })
        inForce.endOver(nowMs: 10)
        #expect(inForce.bans.all.isEmpty)
    }
}
