// The staff of a running appliance: what holds over a restart, and what doesn't.

import Access
import ControlRoom
import Glibc
import Logging
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Fanfare

@Suite struct LiveStaffTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func staff(
        _ folder: TemporaryFolder, master: String? = nil, nowMs: Int64 = 1_000
    ) throws -> LiveStaff {
        try LiveStaff(
            dataPath: folder.path,
            master: try master.map { LiveKey(try StaffToken(validating: $0)) },
            logger: Self.quiet, nowMs: { nowMs })
    }

    @Test func peopleAndSessionsHoldOverARestart() async throws {
        let folder = try TemporaryFolder()
        let token: String
        let session: String
        do {
            let first = try staff(folder)
            #expect(first.isOpen)
            token = try await first.add(name: "anna", role: .director)
            #expect(!first.isOpen)
            session = try #require(await first.open(by: token)).id
            #expect(throws: StaffFileError.inUse(path: folder.path)) { try staff(folder) }
        }
        let second = try staff(folder, nowMs: 2_000)
        let anna = StaffIdentity(name: "anna", role: .director, proof: .own)
        #expect(second.identity(ofToken: token) == anna)
        #expect(second.identity(ofSession: session) == anna)
        #expect(second.people().map(\.lastSeenAtMs) == [2_000])
        #expect(
            second.identity(ofSession: token) == nil && second.identity(ofToken: session) == nil)
        await second.close(session: session)
        #expect(second.identity(ofSession: session) == nil)
    }

    @Test func aSessionEndsWithItsTokenAndItsTime() async throws {
        let folder = try TemporaryFolder()
        let session: String
        do {
            let staff = try staff(folder)
            _ = try await staff.add(name: "anna", role: .director)
            let token = try await staff.add(name: "ben", role: .host)
            session = try #require(await staff.open(by: token)).id
            let other = try #require(await staff.open(by: token)).id
            try await staff.remove(name: "BEN")
            #expect(staff.identity(ofSession: session) == nil)
            #expect(staff.identity(ofSession: other) == nil)
            #expect(try await staff.open(by: token) == nil)
        }
        do {
            let staff = try staff(folder)
            #expect(staff.identity(ofSession: session) == nil)
            let token = try await staff.add(name: "ben", role: .host)
            let again = try #require(await staff.open(by: token)).id
            #expect(staff.identity(ofSession: again)?.name == "ben")
        }
        #expect(try staff(folder, nowMs: 1_001 + StaffLimits.sessionMsMax).people().count == 2)
    }

    @Test func aShortMasterTokensSessionsAreNotKept() async throws {
        for (master, isKept) in [("correct-horse", false), ("correct-horse-battery", true)] {
            let folder = try TemporaryFolder()
            let session: String
            do {
                let first = try staff(folder, master: master)
                session = try #require(await first.open(by: master)).id
                #expect(first.identity(ofSession: session) == .nobodyInParticular(.master))
            }
            let second = try staff(folder, master: master)
            #expect((second.identity(ofSession: session) != nil) == isKept)
            // With another master they are worth nothing.
            #expect(second.identity(ofToken: "another-master-token") == nil)
        }
    }

    @Test func whoMaySettleIsCounted() async throws {
        let folder = try TemporaryFolder()
        do {
            let staff = try staff(folder)
            #expect(staff.settlerCount == 0)
            _ = try await staff.add(name: "anna", role: .director)
            _ = try await staff.add(name: "mona", role: .monitor)
            #expect(staff.settlerCount == 1, "a monitor only looks")
            _ = try await staff.add(name: "hans", role: .host)
            #expect(staff.settlerCount == 2)
        }
        // Whoever has the operator's token is one more, and no more than one.
        #expect(try staff(folder, master: "correct-horse-battery").settlerCount == 3)
    }

    @Test func theLastPersonStays() async throws {
        let folder = try TemporaryFolder()
        do {
            let staff = try staff(folder)
            let token = try await staff.add(name: "anna", role: .director)
            let refusal = StaffRefusal.notNow(StaffPeopleError.lastPerson("anna").description)
            await #expect(throws: refusal) { try await staff.remove(name: "ANNA") }
            #expect(!staff.isOpen && staff.identity(ofToken: token)?.name == "anna")
        }
        // With the operator's token the plane isn't open without anybody.
        let staff = try staff(folder, master: "correct-horse-battery")
        try await staff.remove(name: "anna")
        #expect(staff.people().isEmpty && !staff.isOpen)
    }

    @Test func sessionsThatOthersCouldWriteAreNotTakenOn() async throws {
        let folder = try TemporaryFolder()
        let session: String
        do {
            let staff = try staff(folder)
            let token = try await staff.add(name: "anna", role: .director)
            session = try #require(await staff.open(by: token)).id
        }
        try #require(chmod(folder.path + "/staff-sessions.json", 0o666) == 0)
        let staff = try staff(folder)
        #expect(staff.identity(ofSession: session) == nil && staff.people().count == 1)
    }

    @Test func refusalsAreSentences() async throws {
        let folder = try TemporaryFolder()
        let staff = try staff(folder)
        await #expect(throws: StaffRefusal.notNow(StaffPeopleError.noDirectorFirst.description)) {
            try await staff.add(name: "ben", role: .host)
        }
        await #expect(throws: StaffRefusal.invalid(StaffPeopleError.badName.description)) {
            try await staff.add(name: "staff", role: .director)
        }
        await #expect(throws: StaffRefusal.unknown(StaffPeopleError.unknown("x").description)) {
            try await staff.remove(name: "x")
        }
    }

    @Test func aProgrammeCountsFromWhenItWentOnAir() {
        func count(_ joins: UInt64) -> ProgrammeCounts.Count {
            var count = ProgrammeCounts.Count()
            count.joins = joins
            count.bytes = joins * 10
            return count
        }
        let counts = ProgrammeCounts()
        #expect(counts.sinceOnAir(count(5), of: 1, slot: 0) == count(5))
        #expect(counts.sinceOnAir(count(7), of: 1, slot: 0) == count(7))
        #expect(counts.sinceOnAir(count(8), of: 2, slot: 0) == count(1))
        #expect(counts.sinceOnAir(count(9), of: 2, slot: 0) == count(2))
        #expect(counts.sinceOnAir(count(3), of: 1, slot: 1) == count(3))
    }
}
