// The desk on a disk that fails while a question is open: nothing is promised, the host is told.

import Foundation
import Game
import TestSupport
import Testing
import Trivia

@Suite("The desk in trouble")
struct TroubleTests {
    @Test(
        "on a full disk answers are refused, the host is told, and all goes on when there is room",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.need)))
    func fullDisk() throws {
        let folder = try Folder()
        try SmallDisk.run(at: folder.path, byteCount: 8 << 20) { disk in
            let stand = try DeskStand(folder: folder, tuning: GroupTuning(countMax: 1000))
            try stand.open()
            let tickets = try (0..<20_000).map { try stand.admit("p\($0)") }
            stand.desk.turn()
            #expect(stand.desk.health.failure == nil)
            try stand.play(.open(question: nil))
            let filler = try disk.fill()
            for (index, ticket) in tickets.enumerated() {
                try stand.answer(ticket, "q0", 1, address: UInt64(index))
            }
            stand.desk.turn()
            let accepted = stand.receipts.texts.withLock { texts in
                Set(texts.filter { $0.value.contains(#""accepted""#) }.keys)
            }
            let refused = stand.receipts.texts.withLock { texts in
                Set(texts.filter { $0.value.contains(#""not_kept""#) }.keys)
            }
            #expect(!refused.isEmpty && accepted.count + refused.count == tickets.count)
            #expect(stand.report?.numbers?.answeredCount == accepted.count)
            #expect(stand.desk.health.failure?.contains("full") == true)
            #expect(stand.desk.notes.count == 1, "told once")
            #expect(stand.desk.notes.last?.text.contains("can't be stored") == true)
            #expect(stand.desk.notes.last?.show == "show")
            unlink(filler)
            for index in refused {
                try stand.answer(tickets[Int(index)], "q0", 1, address: index)
            }
            stand.desk.turn()
            let all = stand.receipts.texts.withLock {
                $0.values.allSatisfy { $0.contains(#""accepted""#) }
            }
            #expect(all)
            #expect(stand.desk.health.failure == nil)
            #expect(stand.desk.notes.last?.text == "Answers are stored again.")
            #expect(try Int(stand.ledger.load(show: "show").show.acceptedCount) == tickets.count)
            #expect(try stand.desk.audit(show: "show").isSound)
        }
    }

    @Test("where the first answer isn't kept, another one isn't told that it stands")
    func notKept() throws {
        let stand = try DeskStand()
        try stand.open()
        let ticket = try stand.admit("a")
        stand.desk.turn()
        try stand.play(.open(question: nil))
        stand.writer.isBroken.withLock { $0 = true }
        try stand.answer(ticket, "q0", 1, address: 1)
        try stand.answer(ticket, "q0", 2, address: 2)
        stand.desk.turn()
        for address in [1, 2] as [UInt64] {
            #expect(stand.receipts[address]?.contains("not_kept") == true)
        }
        stand.writer.isBroken.withLock { $0 = false }
        try stand.answer(ticket, "q0", 2, address: 3)
        stand.desk.turn()
        #expect(stand.receipts[3]?.contains("accepted") == true)
    }

    @Test("that it works again is found out though nobody does anything")
    func recovery() throws {
        let stand = try DeskStand()
        try stand.open()
        stand.writer.isBroken.withLock { $0 = true }
        #expect(throws: HostRefusal.self) { try stand.host(.shuffle) }
        #expect(stand.desk.health.failure != nil)
        stand.clock.pass(ms: 600)
        stand.desk.turn()
        #expect(stand.desk.health.failure != nil)
        stand.writer.isBroken.withLock { $0 = false }
        stand.clock.pass(ms: 600)
        stand.desk.turn()
        #expect(stand.desk.health.failure == nil)
        #expect(stand.desk.notes.isEmpty, "no answer was refused")
    }
}
