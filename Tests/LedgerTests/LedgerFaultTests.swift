// Files and disks that aren't as they should be.

import Foundation
import GRDB
import Ledger
import Testing
import Trivia

@Suite("A ledger in trouble")
struct LedgerFaultTests {
    private func expect(
        _ folder: Folder, _ isRight: (LedgerError) -> Bool,
        _ location: SourceLocation = #_sourceLocation
    ) {
        do throws(LedgerError) {
            let ledger = try Ledger(folderPath: folder.path)
            for entry in try ledger.shows() { _ = try ledger.load(show: entry.id) }
            Issue.record("it was opened", sourceLocation: location)
        } catch {
            #expect(isRight(error), "\(error)", sourceLocation: location)
            #expect(error.description.hasSuffix("."), sourceLocation: location)
        }
    }

    @Test("something else in its place stays as it is")
    func foreign() throws {
        let text = try Folder()
        let path = text.path + "/ledger.sqlite"
        let bytes = Data(String(repeating: "not a database\n", count: 500).utf8)
        try bytes.write(to: URL(fileURLWithPath: path))
        expect(text) { if case .notALedger = $0 { true } else { false } }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)

        let other = try Folder()
        let queue = try DatabaseQueue(path: other.path + "/ledger.sqlite")
        try queue.write { try $0.execute(sql: "CREATE TABLE recipes (id INTEGER)") }
        try queue.close()
        expect(other) { if case .notALedger = $0 { true } else { false } }
        #expect(!FileManager.default.fileExists(atPath: other.path + "/ledger.sqlite-wal"))
    }

    @Test("a newer one is left alone")
    func newer() throws {
        let folder = try Folder()
        do {
            let queue = try DatabaseQueue(path: Ledger(folderPath: folder.path).path)
            try queue.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of next year')")
            }
            try queue.close()
        }
        expect(folder) { if case .newer = $0 { true } else { false } }
    }

    @Test("a second process is told that there is a first")
    func inUse() throws {
        let folder = try Folder()
        let first = try Ledger(folderPath: folder.path)
        expect(folder) { if case .inUse = $0 { true } else { false } }
        #expect(try first.shows().isEmpty)
    }

    @Test("a folder that isn't there")
    func noFolder() throws {
        let folder = try Folder()
        try FileManager.default.removeItem(atPath: folder.path)
        expect(folder) { if case .cannotOpen = $0 { true } else { false } }
    }

    @Test("damage is found")
    func damage() throws {
        let folder = try Folder()
        do {
            var booked = try Booked(Ledger(folderPath: folder.path))
            try booked.addQuestions(100)
            try booked.ledger.checkpoint()
        }
        let copy = try folder.crashCopy()
        let path = copy.path + "/ledger.sqlite"
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let end = try file.seekToEnd()
        for offset in stride(from: UInt64(4096), to: end, by: 4096) {
            try file.seek(toOffset: offset)
            try file.write(contentsOf: Data(repeating: 0xAA, count: 2000))
        }
        try file.close()
        expect(copy) { if case .damaged = $0 { true } else { false } }
    }

    @Test("a full disk refuses all of a write, and goes on when there is room")
    func full() throws {
        let folder = try Folder()
        let ledger = try Ledger(folderPath: folder.path, pageCountMax: 60)
        var booked = try Booked(ledger)
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        var written = booked.show
        var error: LedgerError?
        for group in 0..<1000 {
            do {
                try booked.join((0..<50).map { "player-\(group)-\($0)" })
                written = booked.show
            } catch let failure as LedgerError {
                error = failure
                break
            }
        }
        #expect(error == .full(path: ledger.path))
        #expect(try ledger.load(show: "show").show == written)
    }
}
