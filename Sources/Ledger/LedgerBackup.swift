// A backup: one file that opens by itself, of a ledger that may be in use.

import GRDB
import Glibc

/// What a backup has.
public struct LedgerBackup: Equatable, Sendable {
    /// The file.
    public let path: String
    /// Its size, bytes.
    public let byteCount: Int64
    /// The shows in it, those that can't be read included.
    public let showCount: Int
    /// All their answers that count.
    public let answerCount: Int

    /// Writes what a ledger has at this moment to a file, whether or not a server has it open: what
    /// was acknowledged before is in it. The server goes on meanwhile. The file is there only when it
    /// has been read through and found sound.
    ///
    /// - Parameters:
    ///   - folderPath: the ledger's folder, which stays as it is.
    ///   - path: where the backup is to be.
    ///   - replaces: whether a file that is there is replaced.
    /// - Throws: `LedgerBackupError`; then the file is as it was before.
    public static func make(
        of folderPath: String, to path: String, replaces: Bool
    ) throws(LedgerBackupError) -> LedgerBackup {
        let source = folderPath + "/ledger.sqlite"
        guard unsafe access(source, F_OK) == 0 else { throw .noLedger(path: source) }
        for name in ["", "-wal", "-shm"] where isSame(source + name, path) {
            throw .isTheLedger(path: path)
        }
        // Before the work; and once more, in one step, after it.
        if !replaces, unsafe access(path, F_OK) == 0 { throw .exists(path: path) }
        // Beside it, so that it can be put in its place in one step.
        let partial = "\(path).partial-\(getpid())"
        defer {
            for ending in ["", "-journal", "-wal", "-shm"] { unsafe unlink(partial + ending) }
        }
        try create(partial, for: path)
        let (showCount, answerCount) = try copy(source, to: partial)
        let byteCount = try sync(partial)
        try put(partial, at: path, replaces: replaces)
        try sync(folderOf: path)
        return LedgerBackup(
            path: path, byteCount: byteCount, showCount: showCount, answerCount: answerCount)
    }

    private static func copy(
        _ source: String, to partial: String
    ) throws(LedgerBackupError) -> (showCount: Int, answerCount: Int) {
        var reading = Configuration()
        reading.readonly = true
        reading.busyMode = .timeout(LedgerLimits.backupBusyS)
        do {
            let from = try DatabaseQueue(path: source, configuration: reading)
            try from.read { db in
                let id = try Int32.fetchOne(db, sql: "PRAGMA application_id")
                guard id == LedgerSchema.applicationID else {
                    throw LedgerError.notALedger(path: source)
                }
            }
            let to = try DatabaseQueue(path: partial)
            try from.backup(to: to)
            try from.close()
            let counts = try to.writeWithoutTransaction { db in
                // One file, without a log beside it.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                let words = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
                guard words == ["ok"] else {
                    throw LedgerError.damaged(
                        path: source, reason: words.first ?? "it can't be read through")
                }
                return (
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM shows") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM answers") ?? 0
                )
            }
            try to.close()
            return counts
        } catch {
            let failure = LedgerError(error, path: source)
            // Only the backup takes any room.
            if case .full = failure { throw .unwritable(partial, ENOSPC) }
            throw .ledger(failure)
        }
    }

    // MARK: Files

    private static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard unsafe stat(one, &first) == 0, unsafe stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// Gives a file its name.
    private static func put(
        _ partial: String, at path: String, replaces: Bool
    ) throws(LedgerBackupError) {
        if !replaces {
            if unsafe link(partial, path) == 0 { return }
            if errno == EEXIST { throw .exists(path: path) }
            // A file system without links, as on many a stick.
            if unsafe access(path, F_OK) == 0 { throw .exists(path: path) }
        }
        guard unsafe rename(partial, path) == 0 else { throw .unwritable(path, errno) }
    }

    /// Makes an empty file for its owner's eyes only.
    private static func create(
        _ partial: String, for path: String
    ) throws(LedgerBackupError) {
        let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path, errno) }
        close(descriptor)
    }

    private static func sync(_ path: String) throws(LedgerBackupError) -> Int64 {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fsync(descriptor) == 0, unsafe fstat(descriptor, &status) == 0 else {
            throw .unwritable(path, errno)
        }
        return Int64(status.st_size)
    }

    private static func sync(folderOf path: String) throws(LedgerBackupError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(folder, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unwritable(folder, errno) }
    }
}

/// Why there is no backup.
public enum LedgerBackupError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no ledger where one was looked for.
    case noLedger(path: String)
    /// A file is there already.
    case exists(path: String)
    /// The backup would be in the ledger's own place.
    case isTheLedger(path: String)
    /// The file can't be written; the system's number for why.
    case unwritable(String, CInt)
    /// The ledger can't be read.
    case ledger(LedgerError)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noLedger(let path):
            "There is no ledger \(path). Say with --data in which folder the server keeps it."
        case .exists(let path):
            "\(path) is there already. Choose another name, or replace it with --force."
        case .isTheLedger(let path):
            "\(path) is the ledger itself. Choose another place for its backup."
        case .unwritable(let path, let code):
            "\(path) can't be written (\(unsafe String(cString: strerror(code)))). Choose another "
                + "place, or make room."
        case .ledger(let error): error.description
        }
    }
}
