// What is written is read back as it was, whenever the process ends; what is wrong is said.

import Foundation
import GRDB
import Ledger
import TestSupport
import Testing
import Trivia

@Suite("The ledger")
struct LedgerTests {
    @Test("a whole show is read back as it was, at every moment")
    func wholeShow() throws {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        func check() throws {
            let stored = try booked.ledger.load(show: "show")
            #expect(stored.show == booked.show)
            #expect(stored.entry.phase == booked.show.phase)
            let audit = try booked.ledger.audit(show: "show")
            #expect(audit.differences == [])
            #expect(audit.answerCount == Int(booked.show.acceptedCount))
        }
        try booked.addQuestions(4)
        try booked.host(.withdrawQuestion(id: "q3"))
        try booked.host(.orderQuestions(ids: ["q1", "q0", "q2"]))
        try booked.host(.edit(booked.show.plan))
        try booked.host(.openLobby)
        try check()
        try booked.join(["a", "b", "c", "d"])
        try booked.host(.open(question: nil))
        try booked.join(["late"])
        booked.nowMs += 1000
        try booked.answer([1, 1, 2, nil], handover: .at(ns: booked.nowMs * 1_000_000 - 5))
        try check()
        try booked.host(.pause)
        booked.nowMs += 1000
        try booked.host(.resume)
        try booked.host(.makeUpOutage(ms: 500))
        try booked.answer([nil, nil, nil, 0])
        try booked.host(.lock(isForced: true))
        try check()
        try booked.host(.reveal)
        try check()
        try booked.host(.void(question: "q1", reason: "It was ambiguous."))
        try booked.host(.next)
        try booked.host(.kick(player: "a"))
        try booked.host(.reinstate(player: "a"))
        try booked.host(.ban(player: "d"))
        try booked.host(.open(question: nil))
        try booked.answer([0, 0, 1, 0])
        try booked.host(.lock(isForced: true))
        try booked.host(.reveal)
        try booked.host(.finishEarly)
        try booked.host(.reopen)
        try booked.host(.finishEarly)
        try check()
        try booked.host(.settle)
        try check()
        let audit = try booked.ledger.audit(show: "show")
        #expect(audit.settlement == Settlement(booked.show))
        #expect(audit.settlement?.payouts.isEmpty == false)
        #expect(try booked.ledger.log(ofShow: "show").count == booked.show.revision + 1)
    }

    @Test("a crash after any write leaves just what was written", arguments: [1, 2, 3] as [UInt64])
    func crashes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(3)
        try booked.host(.openLobby)
        try booked.join((0..<20).map { "p\($0)" })
        func crash() throws {
            let copy = try folder.crashCopy()
            let stored = try Ledger(folderPath: copy.path).load(show: "show")
            #expect(stored.show == booked.show, "seed \(seed)")
        }
        for _ in 0..<3 {
            try booked.host(.open(question: nil))
            try crash()
            for _ in 0..<3 {
                booked.nowMs += 10
                try booked.answer((0..<20).map { _ in Int.random(in: 0...5, using: &random) })
                try crash()
            }
            try booked.host(.lock(isForced: true))
            try booked.host(.reveal)
            try crash()
        }
    }

    @Test("a write-ahead log that is cut anywhere gives a state that once was")
    func tornLog() throws {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        try booked.join((0..<50).map { "p\($0)" })
        try booked.host(.open(question: nil))
        var states = [booked.show]
        for player in 0..<50 {
            var choices = [Int?](repeating: nil, count: player)
            choices.append(1)
            try booked.answer(choices)
            states.append(booked.show)
        }
        let full = try folder.crashCopy()
        let log = try Data(contentsOf: URL(fileURLWithPath: full.path + "/ledger.sqlite-wal"))
        var random = SeededRandom(seed: 7)
        for _ in 0..<20 {
            let copy = try full.crashCopy()
            let count = Int.random(in: log.count * 4 / 5...log.count, using: &random)
            try log.prefix(count).write(
                to: URL(fileURLWithPath: copy.path + "/ledger.sqlite-wal"))
            let stored = try Ledger(folderPath: copy.path).load(show: "show")
            #expect(states.contains(stored.show))
        }
    }

    @Test("the log stays as it is, and a command is found by its id")
    func hostLog() throws {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        let early = LogLine(
            atMs: 8, who: "bert", commandID: "c-0", show: "show", action: "lock",
            detail: "waits", revision: 0, isPending: true)
        try booked.ledger.note(early, aliveNs: 70)
        try booked.host(.open(question: nil))
        #expect(try booked.ledger.load(show: "show").pendingLock == nil, "for no open question")
        let line = LogLine(
            atMs: 9, who: "bert", commandID: "c-1", show: "show", action: "lock",
            detail: "waits", revision: 0, isPending: true)
        try booked.ledger.note(line, aliveNs: 77)
        #expect(try booked.ledger.line(ofCommand: "c-1") == line)
        #expect(try booked.ledger.line(ofCommand: "c-2") == nil)
        #expect(try booked.ledger.load(show: "show").pendingLock == line)
        #expect(try booked.ledger.aliveNs() == 77)
        #expect(throws: LedgerError.self) { try booked.ledger.note(line, aliveNs: 78) }
        let other = try DatabaseQueue(path: booked.ledger.path)
        for sql in ["DELETE FROM host_log", "UPDATE host_log SET who = 'x'"] {
            #expect(throws: DatabaseError.self) { try other.write { try $0.execute(sql: sql) } }
        }
    }

    @Test("what was changed by hand is found by an audit")
    func tampering() throws {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        try booked.join(["a", "b"])
        try booked.host(.open(question: nil))
        try booked.answer([0, 1])
        try booked.host(.lock(isForced: true))
        try booked.host(.reveal)
        try booked.host(.finishEarly)
        try booked.host(.settle)
        #expect(try booked.ledger.audit(show: "show").isSound)
        /// What an audit finds in a copy that was changed by hand.
        func audit(after sql: String) throws -> ShowAudit {
            let copy = try folder.crashCopy()
            let queue = try DatabaseQueue(path: copy.path + "/ledger.sqlite")
            try queue.write { try $0.execute(sql: sql) }
            try queue.close()
            return try Ledger(folderPath: copy.path).audit(show: "show")
        }
        for sql in [
            "UPDATE payouts SET minor_units = minor_units + 1", "DELETE FROM payouts",
            "UPDATE rulings SET correct = 2", "UPDATE shows SET phase = 'live'",
            "UPDATE questions SET correct_option = 2", "DELETE FROM questions",
        ] {
            #expect(try !audit(after: sql).isSound, "\(sql)")
        }
        for sql in [
            "DELETE FROM answers WHERE receipt = 1", "UPDATE answers SET choice = 7",
            "UPDATE answers SET choice = 2 WHERE receipt = 1",
            "DELETE FROM events WHERE revision = 2", "UPDATE events SET json = '{'",
            "DELETE FROM players WHERE number = 1", "UPDATE events SET format = 99",
            "UPDATE events SET kind = 'paid' WHERE revision = 3",
        ] {
            #expect(throws: LedgerError.self, "\(sql)") { try audit(after: sql) }
        }
    }

    @Test("shows are listed, doubles refused, rehearsals removed")
    func list() throws {
        let folder = try Folder()
        let ledger = try Ledger(folderPath: folder.path)
        #expect(try ledger.shows().isEmpty)
        #expect(try ledger.aliveNs() == nil)
        let first = try Booked(ledger, id: "one")
        _ = try Booked(ledger, id: "two", plan: ShowPlan(title: "Try", isRehearsal: true))
        #expect(throws: LedgerError.sameShow("one")) { try Booked(ledger, id: "one") }
        #expect(throws: LedgerError.unknownShow("three")) { try ledger.load(show: "three") }
        let entries = try ledger.shows()
        #expect(entries.map(\.id) == ["one", "two"])
        #expect(entries.map(\.isRehearsal) == [false, true])
        #expect(entries[0].key == first.key)
        try ledger.remove(entries[1].key, line: Booked.line("delete", "two", 0))
        #expect(try ledger.shows().map(\.id) == ["one"])
        #expect(try ledger.log(ofShow: "two").map(\.action) == ["create", "delete"])
    }
}
