// Disks that are full or can't be written, and a database that somebody else holds.

import Foundation
import GRDB
import Ledger
import TestSupport
import Testing
import Trivia

@Suite("A ledger on a bad disk")
struct LedgerDiskTests {
    private func error(_ body: () throws -> Void) -> LedgerError? {
        do { try body() } catch { return error as? LedgerError }
        return nil
    }

    @Test(
        "a full disk refuses whole writes, and takes them again when there is room",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.need)))
    func full() throws {
        let folder = try Folder()
        try SmallDisk.run(at: folder.path, byteCount: 1 << 20) { disk in
            var booked = try Booked(Ledger(folderPath: disk.path))
            try booked.addQuestions(1)
            try booked.host(.openLobby)
            let filler = try disk.fill()
            var written = booked.show
            var failure: LedgerError?
            for group in 0..<1000 where failure == nil {
                failure = error {
                    try booked.join((0..<50).map { "player-\(group)-\($0)" })
                    written = booked.show
                }
            }
            #expect(failure == .full(path: booked.ledger.path))
            #expect(try booked.ledger.load(show: "show").show == written)
            unlink(filler)
            booked.show = written
            try booked.join(["late"])
            #expect(try booked.ledger.load(show: "show").show == booked.show)
        }
    }

    @Test(
        "on a disk that is full from the start it says so",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.need)))
    func fullFromTheStart() throws {
        let folder = try Folder()
        try SmallDisk.run(at: folder.path, byteCount: 1 << 16) { disk in
            _ = try disk.fill()
            let failure = error { _ = try Ledger(folderPath: disk.path) }
            #expect(failure == .full(path: disk.path + "/ledger.sqlite"))
        }
        let other = try Folder()
        try SmallDisk.run(at: other.path, byteCount: 1 << 20) { disk in
            do { _ = try Booked(Ledger(folderPath: disk.path)) }
            let filler = try disk.fill()
            let failure = error {
                for entry in try Ledger(folderPath: disk.path).shows() { Issue.record("\(entry)") }
            }
            #expect(failure == .full(path: disk.path + "/ledger.sqlite"), "a restart")
            unlink(filler)
            #expect(try Ledger(folderPath: disk.path).shows().map(\.id) == ["show"])
        }
    }

    @Test(
        "a folder that can only be read is told at the start",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.need)))
    func readOnly() throws {
        let folder = try Folder()
        try SmallDisk.run(at: folder.path, byteCount: 1 << 20) { disk in
            do { _ = try Booked(Ledger(folderPath: disk.path)) }
            try disk.setReadOnly()
            let failure = error { _ = try Ledger(folderPath: disk.path) }
            #expect(failure == .readOnly(path: disk.path + "/ledger.sqlite"))
        }
    }

    @Test("a database that another program holds refuses writes until it is let go")
    func held() throws {
        let folder = try Folder()
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        let other = try DatabaseQueue(path: booked.ledger.path)
        let before = booked.show
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect(error { try booked.join(["a"]) } == .inUse(path: booked.ledger.path))
            #expect(try booked.ledger.load(show: "show").show == before)
            try db.execute(sql: "ROLLBACK")
        }
        booked.show = before
        try booked.join(["a"])
        #expect(try booked.ledger.load(show: "show").show == booked.show)
    }

    @Test("a ledger of before commands had digests is taken over")
    func older() throws {
        let folder = try Folder()
        do {
            let path = try Booked(Ledger(folderPath: folder.path)).ledger.path
            let queue = try DatabaseQueue(path: path)
            try queue.write { db in
                try db.execute(sql: "ALTER TABLE host_log DROP COLUMN digest")
                try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE '2 %'")
            }
            try queue.close()
        }
        let ledger = try Ledger(folderPath: folder.path)
        let old = try #require(try ledger.log(ofShow: "show").first)
        #expect(old.digest == nil)
        try ledger.note(
            LogLine(
                atMs: 9, who: "bert", commandID: "c-1", show: "show", action: "lock",
                revision: 0, digest: "abc"), aliveNs: 7)
        #expect(try ledger.line(ofCommand: "c-1")?.digest == "abc")
        #expect(try ledger.line(ofCommand: #require(old.commandID)) == old)
    }
}
