// Rows that anybody may have changed: each column with what can't be there, and no trap.

import Foundation
import GRDB
import Ledger
import TestSupport
import Testing
import Trivia

@Suite("A ledger with damaged rows")
struct DamagedRowTests {
    /// Two shows with something in each table, one of them with an open question.
    private static func whole() throws -> Folder {
        let folder = try Folder()
        let ledger = try Ledger(folderPath: folder.path)
        var first = try Booked(ledger, id: "one")
        try first.addQuestions(2)
        try first.host(.openLobby)
        try first.join(["a", "b", "c"])
        for _ in 0..<2 {
            try first.host(.open(question: nil))
            try first.answer([0, 1, nil], handover: .at(ns: first.nowMs * 1_000_000 - 5))
            try first.host(.pause)
            first.nowMs += 1000
            try first.host(.resume)
            try first.host(.lock(isForced: true))
            try first.host(.reveal)
        }
        try first.host(.finish)
        try first.host(.settle)
        var second = try Booked(ledger, id: "two")
        try second.addQuestions(2)
        try second.host(.openLobby)
        try second.join(["a", "b"])
        second.nowMs += 5000
        try second.host(.open(question: nil))
        try second.answer([1, 0])
        try ledger.note(
            LogLine(
                atMs: 7, who: "anna", commandID: "pending", show: "two", action: "lock",
                revision: 0, isPending: true), aliveNs: 6_000_000_000_000)
        try ledger.checkpoint()
        return folder
    }

    private static func queue(_ folder: Folder) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        return try DatabaseQueue(
            path: folder.path + "/ledger.sqlite", configuration: configuration)
    }

    /// The tables without what keeps them from having everything.
    private static func columns(of queue: DatabaseQueue) throws -> [(String, String)] {
        try queue.write { db in
            let tables = [
                "shows", "events", "players", "answers", "host_log", "alive", "questions",
                "rulings", "payouts",
            ]
            var columns: [(String, String)] = []
            for table in tables {
                try db.execute(sql: "CREATE TABLE loose AS SELECT * FROM \(table)")
                try db.execute(sql: "DROP TABLE \(table)")
                try db.execute(sql: "ALTER TABLE loose RENAME TO \(table)")
                columns += try db.columns(in: table).map { (table, $0.name) }
            }
            return columns
        }
    }

    private static let values = [
        "NULL", "9223372036854775807", "-9223372036854775808", "-1", "4294967296", "1e308",
        "'word'", "x'FF00'", "CAST(x'C328' AS TEXT)", "'{\"plan\":{}}'",
    ]

    private static func expectDamage(_ place: String, _ body: () throws -> Void) {
        do { try body() } catch {
            #expect((error as? LedgerError)?.isDamage == true, "\(place): \(error)")
        }
    }

    /// Looks at all there is. What can't be read is an error, and names the show.
    private static func readAll(_ folder: Folder, _ place: String) throws -> Set<String> {
        let ledger = try Ledger(folderPath: folder.path)
        var sound: Set<String> = []
        _ = try ledger.aliveNs()
        _ = try ledger.newestSettled()
        for damaged in try ledger.digests().damaged {
            #expect(damaged.error.isDamage, "\(place)")
        }
        _ = try? ledger.line(ofCommand: "pending")
        for entry in try ledger.listing().entries {
            do throws(LedgerError) {
                _ = try ledger.load(show: entry.id)
                sound.insert(entry.id)
            } catch {
                #expect(error.isDamage, "\(place): \(error)")
                #expect(error.description.contains("“\(entry.id)”"), "\(place): \(error)")
            }
            expectDamage(place) { _ = try ledger.audit(show: entry.id) }
            expectDamage(place) { _ = try ledger.history(ofShow: entry.id) }
            expectDamage(place) { _ = try ledger.log(ofShow: entry.id) }
        }
        return sound
    }

    @Test("each column may have anything, and the other show is sound", arguments: 0..<3)
    func anything(part: Int) throws {
        let whole = try Self.whole()
        let loose = try Self.queue(whole)
        let columns = try Self.columns(of: loose)
        try loose.close()
        #expect(try Self.readAll(whole, "untouched") == ["one", "two"])
        var random = SeededRandom(seed: UInt64(part))
        for (index, (table, column)) in columns.enumerated() where index % 3 == part {
            for value in Self.values {
                let copy = try whole.crashCopy()
                let queue = try Self.queue(copy)
                try queue.write { db in
                    let rows = try Int64.fetchAll(db, sql: "SELECT rowid FROM \(table)")
                    let row = try #require(rows.randomElement(using: &random))
                    try db.execute(
                        sql: "UPDATE \(table) SET \(column) = \(value) WHERE rowid = \(row)")
                }
                try queue.close()
                let place = "\(table).\(column) = \(value)"
                #expect(try !Self.readAll(copy, place).isEmpty, "\(place)")
            }
        }
    }

    @Test(
        "rows that are missing, doubled or swapped are told",
        arguments: 1...4 as ClosedRange<UInt64>)
    func missing(seed: UInt64) throws {
        let whole = try Self.whole()
        let loose = try Self.queue(whole)
        _ = try Self.columns(of: loose)
        try loose.close()
        var random = SeededRandom(seed: seed)
        for table in ["events", "players", "answers", "questions", "rulings", "host_log"] {
            for change in ["delete", "double", "swap"] {
                let copy = try whole.crashCopy()
                let queue = try Self.queue(copy)
                try queue.write { db in
                    let rows = try Int64.fetchAll(db, sql: "SELECT rowid FROM \(table)")
                    let row = try #require(rows.randomElement(using: &random))
                    let place =
                        [
                            "events": "revision", "players": "number", "answers": "receipt",
                            "host_log": "number",
                        ][table] ?? "show"
                    switch change {
                    case "delete": try db.execute(sql: "DELETE FROM \(table) WHERE rowid = \(row)")
                    case "double":
                        try db.execute(
                            sql: "INSERT INTO \(table) SELECT * FROM \(table) WHERE rowid = \(row)")
                    default:
                        try db.execute(
                            sql: "UPDATE \(table) SET \(place) = \(place) + 1 WHERE rowid = \(row)")
                    }
                }
                try queue.close()
                #expect(try !Self.readAll(copy, "\(table) \(change), seed \(seed)").isEmpty)
            }
        }
    }
}
