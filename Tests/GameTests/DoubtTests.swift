// A disk that doesn't give its word: what players are told is what a restart finds.

import Game
import Ledger
import Testing
import Trivia

@Suite("The desk in doubt")
struct DoubtTests {
    /// A question that two may answer, and one has.
    private func opened() throws -> (stand: DeskStand, other: PlayerTicket) {
        #expect(FaultyDisk.isInstalled)
        let stand = try DeskStand()
        try stand.open()
        let (a, b) = (try stand.admit("a"), try stand.admit("b"))
        try stand.play(.open(question: nil))
        try stand.answer(a, "q0", 1, address: 1)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("accepted") == true)
        return (stand, b)
    }

    @Test("an answer whose sync failed is taken back before it is told as not kept")
    func failsOnce() throws {
        let (stand, b) = try opened()
        FaultyDisk.fail(below: stand.folder.path, syncCount: 1)
        try stand.answer(b, "q0", 0, address: 2)
        stand.desk.turn()
        #expect(stand.receipts[2]?.contains("not_kept") == true)
        let next = try stand.crashed()
        #expect(next.report?.numbers?.answeredCount == 1)
        try next.answer(next.admit("b"), "q0", 1, address: 3)
        next.desk.turn()
        #expect(next.receipts[3]?.contains("accepted") == true, "another choice stands")
        try stand.answer(b, "q0", 2, address: 4)
        stand.desk.turn()
        #expect(stand.receipts[4]?.contains("accepted") == true)
        #expect(try stand.crashed().report?.numbers?.answeredCount == 2)
    }

    @Test("as long as nothing can be proved, nobody is told anything else")
    func failsForLong() throws {
        let (stand, b) = try opened()
        FaultyDisk.fail(below: stand.folder.path, syncCount: .max)
        try stand.answer(b, "q0", 0, address: 2)
        try stand.answer(b, "q0", 1, address: 3)
        stand.desk.turn()
        for address in [2, 3] as [UInt64] {
            #expect(stand.receipts[address]?.contains(#""code":"undecided""#) == true)
        }
        #expect(stand.report?.numbers?.answeredCount == 1)
        #expect(throws: HostRefusal.self) { try stand.play(.lock(isForced: true)) }
        // A kill in this state finds it or doesn't; who asks again is told how it stands.
        let next = try stand.crashed()
        let kept = next.report?.numbers?.answeredCount
        try next.answer(next.admit("b"), "q0", 0, address: 4)
        next.desk.turn()
        #expect(next.receipts[4]?.contains("accepted") == true)
        #expect(kept == 2 || next.report?.numbers?.answeredCount == 2)
        // When the disk works again, it is decided.
        FaultyDisk.fail(below: stand.folder.path, syncCount: 0)
        stand.clock.pass(ms: 600)
        stand.desk.turn()
        #expect(stand.desk.health.failure == nil)
        #expect(try stand.crashed().report?.numbers?.answeredCount == 1)
        try stand.answer(b, "q0", 1, address: 5)
        stand.desk.turn()
        #expect(stand.receipts[5]?.contains("accepted") == true)
        #expect(try stand.desk.audit(show: "show").isSound)
    }

    @Test("a host's command whose sync failed has not happened")
    func hostCommand() throws {
        let (stand, _) = try opened()
        FaultyDisk.fail(below: stand.folder.path, syncCount: 1)
        #expect(throws: HostRefusal.self) { try stand.play(.lock(isForced: true)) }
        #expect(try stand.crashed().report?.stage == stand.report?.stage)
        #expect(try stand.crashed().report?.leftMs != nil, "still open")
        try stand.play(.lock(isForced: true))
        #expect(try stand.crashed().report?.leftMs == nil)
    }
}
