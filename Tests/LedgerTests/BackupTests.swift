// A backup of a ledger that is in use, and what the files hold when nobody writes.

import Dispatch
import Foundation
import Ledger
import Synchronization
import Testing
import Trivia

@Suite("Backups")
struct BackupTests {
    private func played(_ folder: Folder) throws -> Booked {
        var booked = try Booked(Ledger(folderPath: folder.path))
        try booked.addQuestions(2)
        try booked.host(.openLobby)
        try booked.join(["a", "b", "c"])
        try booked.host(.open(question: nil))
        try booked.answer([0, 1, 2])
        return booked
    }

    /// The show as it is in a ledger that has been put back.
    private func restored(_ backup: String) throws -> Show {
        let folder = try Folder()
        try FileManager.default.copyItem(atPath: backup, toPath: folder.path + "/ledger.sqlite")
        let ledger = try Ledger(folderPath: folder.path)
        #expect(try ledger.audit(show: "show").isSound)
        let show = try ledger.load(show: "show").show
        withExtendedLifetime(folder) {}
        return show
    }

    @Test("one file has all that was acknowledged, and opens by itself")
    func whole() throws {
        let folder = try Folder()
        let booked = try played(folder)
        let file = folder.path + "/copy.sqlite"
        let backup = try LedgerBackup.make(of: folder.path, to: file, replaces: false)
        #expect(backup.showCount == 1 && backup.answerCount == 3)
        let bytes = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64
        #expect(backup.byteCount == bytes)
        #expect(try restored(file) == booked.show)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.contains("partial") || $0.hasPrefix("copy.sqlite-") })
    }

    @Test("after a kill all is beside the file, and the backup has it")
    func stopped() throws {
        let folder = try Folder()
        let booked = try played(folder)
        let killed = try folder.crashCopy()
        let file = folder.path + "/copy.sqlite"
        _ = try LedgerBackup.make(of: killed.path, to: file, replaces: false)
        #expect(try restored(file) == booked.show)
        #expect(try Ledger(folderPath: killed.path).load(show: "show").show == booked.show)
    }

    @Test("nothing is written over unless it is meant, and the ledger never")
    func refusals() throws {
        let folder = try Folder()
        let booked = try played(folder)
        let file = folder.path + "/copy.sqlite"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
        #expect(throws: LedgerBackupError.exists(path: file)) {
            try LedgerBackup.make(of: folder.path, to: file, replaces: false)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("mine".utf8))
        for own in ["ledger.sqlite", "ledger.sqlite-wal"] {
            let path = folder.path + "/./" + own
            #expect(throws: LedgerBackupError.isTheLedger(path: path)) {
                try LedgerBackup.make(of: folder.path, to: path, replaces: true)
            }
        }
        _ = try LedgerBackup.make(of: folder.path, to: file, replaces: true)
        #expect(try restored(file) == booked.show)
        let nowhere = folder.path + "/nowhere/copy.sqlite"
        #expect(throws: LedgerBackupError.unwritable(nowhere, ENOENT)) {
            try LedgerBackup.make(of: folder.path, to: nowhere, replaces: false)
        }
        let empty = try Folder()
        #expect(throws: LedgerBackupError.noLedger(path: empty.path + "/ledger.sqlite")) {
            try LedgerBackup.make(of: empty.path, to: file, replaces: true)
        }
        let text = try Folder()
        let notes = String(repeating: "not a database\n", count: 500)
        try Data(notes.utf8).write(to: URL(fileURLWithPath: text.path + "/ledger.sqlite"))
        let other = text.path + "/copy.sqlite"
        #expect(throws: LedgerBackupError.self) {
            try LedgerBackup.make(of: text.path, to: other, replaces: false)
        }
        #expect(!FileManager.default.fileExists(atPath: other))
    }

    @Test("backups and the upkeep go on beside the writing, and each is of one moment")
    func beside() throws {
        let folder = try Folder()
        var booked = try played(folder)
        let ledger = booked.ledger
        var states = [booked.show]
        let isDone = Flag()
        let results = Flag()
        let thread = Thread {
            while !isDone.isSet {
                let isGood = (try? ledger.checkpointBeside()) != nil
                if !isGood { results.set() }
            }
            isDone.acknowledge()
        }
        thread.start()
        var files: [String] = []
        for number in 0..<30 {
            try booked.join(["late-\(number)"])
            states.append(booked.show)
            if number % 10 == 5 {
                let file = folder.path + "/copy-\(number).sqlite"
                _ = try LedgerBackup.make(of: folder.path, to: file, replaces: false)
                files.append(file)
                #expect(try restored(file) == booked.show)
            }
        }
        isDone.set()
        isDone.wait()
        #expect(!results.isSet)
        #expect(try ledger.load(show: "show").show == booked.show)
        #expect(files.count == 3)
    }

    @Test("when nobody writes, the one file has it all")
    func idle() throws {
        let folder = try Folder()
        let booked = try played(folder)
        #expect(try booked.ledger.checkpointBeside())
        #expect(
            try restored(folder.path + "/ledger.sqlite") == booked.show)
        try booked.ledger.checkpoint()
        #expect(booked.ledger.logByteCount == 0)
    }

    /// Something that is so from some moment on, for two threads.
    private final class Flag: Sendable {
        private let flag = Atomic<Bool>(false)
        private let acknowledged = DispatchSemaphore(value: 0)
        var isSet: Bool { flag.load(ordering: .acquiring) }
        func set() { flag.store(true, ordering: .releasing) }
        func acknowledge() { acknowledged.signal() }
        func wait() { acknowledged.wait() }
    }
}
