// The ledger: what must survive, in one SQLite file.

import GRDB
import Glibc
import Trivia

/// The shows of one appliance on disk, in `ledger.sqlite` of its data folder.
///
/// SQLite in WAL mode with full synchronisation: what a call has written is on the disk when the
/// call returns, and what a crash interrupts is not there at all. Calls may come from any thread;
/// writes wait for each other, reads don't wait for writes.
public final class Ledger: ShowWriting {
    /// The file.
    public let path: String
    let pool: DatabasePool
    private let lock: LedgerLock

    /// Opens the ledger in a folder, or makes it.
    ///
    /// - Parameters:
    ///   - folderPath: a folder that exists.
    ///   - pageCountMax: how large the file may become, in pages of 4 KB; nil for as large as the
    ///     disk lets it.
    /// - Throws: `LedgerError` telling what is wrong with the folder or the file.
    public init(folderPath: String, pageCountMax: Int? = nil) throws(LedgerError) {
        let path = folderPath + "/ledger.sqlite"
        self.path = path
        lock = try LedgerLock(folderPath: folderPath, ledgerPath: path)
        try Self.touch(path)
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(LedgerLimits.busyS)
        configuration.prepareDatabase { db in
            // Before anything is written: a file of somebody else's stays as it is.
            let id = try Int32.fetchOne(db, sql: "PRAGMA application_id")
            let tableCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
            guard id == LedgerSchema.applicationID || tableCount == 0 else {
                throw LedgerError.notALedger(path: path)
            }
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = LedgerSchema.migrator
            guard try !pool.read(migrator.hasBeenSuperseded) else {
                throw LedgerError.newer(path: path)
            }
            try migrator.migrate(pool)
            try pool.writeWithoutTransaction { db in
                // GRDB turns it down to NORMAL, which may lose the newest transactions with the
                // power.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.execute(
                    sql: "PRAGMA wal_autocheckpoint = \(LedgerLimits.checkpointPageCount)")
                if let pageCountMax {
                    try db.execute(sql: "PRAGMA max_page_count = \(pageCountMax)")
                }
            }
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Makes the file, for its owner's eyes only.
    private static func touch(_ path: String) throws(LedgerError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            switch errno {
            case EACCES, EROFS: throw .readOnly(path: path)
            case ENOSPC: throw .full(path: path)
            default:
                throw .cannotOpen(path: path, reason: unsafe String(cString: strerror(errno)))
            }
        }
        close(descriptor)
    }

    func reading<Value>(
        _ body: (Database) throws -> Value
    ) throws(LedgerError) -> Value {
        do { return try pool.read(body) } catch { throw LedgerError(error, path: path) }
    }

    func writing<Value>(
        _ body: (Database) throws -> Value
    ) throws(LedgerError) -> Value {
        do { return try pool.write(body) } catch { throw LedgerError(error, path: path) }
    }

    /// Puts the write-ahead log into the database, for a clean end. A crash needs none.
    public func checkpoint() throws(LedgerError) {
        do {
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch { throw LedgerError(error, path: path) }
    }
}

// MARK: What is in it

extension Ledger {
    /// All shows in the order in which they were made.
    public func shows() throws(LedgerError) -> [ShowEntry] {
        try reading { db in
            try Row.fetchAll(db, sql: "SELECT * FROM shows ORDER BY key").map { row in
                try self.entry(row)
            }
        }
    }

    /// A show of the list; nil where there is none of this id.
    public func entry(ofShow id: String) throws(LedgerError) -> ShowEntry? {
        try reading { db in
            try Row.fetchOne(db, sql: "SELECT * FROM shows WHERE id = ?", arguments: [id])
                .map { row in try self.entry(row) }
        }
    }

    func entry(_ row: Row) throws -> ShowEntry {
        let id: String = row["id"]
        let word: String = row["phase"]
        guard let phase = ShowPhase(rawValue: word) else {
            throw LedgerError.badRow(show: id, place: "its phase", reason: "“\(word)” is none")
        }
        return ShowEntry(
            key: ShowKey(rawValue: row["key"]), id: id, stream: row["stream"],
            title: row["title"], phase: phase, isRehearsal: row["is_rehearsal"],
            revision: row["revision"], createdMs: row["created_ms"])
    }

    /// The line that a command has left; nil where no command of this id was carried out.
    public func line(ofCommand id: String) throws(LedgerError) -> LogLine? {
        try reading { db in
            try Row.fetchOne(db, sql: "SELECT * FROM host_log WHERE command = ?", arguments: [id])
                .map(Self.line)
        }
    }

    /// The newest lines about a show, the oldest first.
    ///
    /// - Parameter countMax: so many at most.
    public func log(
        ofShow id: String, countMax: Int = 1000
    ) throws(LedgerError) -> [LogLine] {
        try reading { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM host_log WHERE show = ? ORDER BY number DESC LIMIT ?",
                arguments: [id, countMax]
            ).reversed().map(Self.line)
        }
    }

    /// When the shows' clock was last seen, ns; nil in a ledger without a show.
    public func aliveNs() throws(LedgerError) -> Int64? {
        try reading { db in try Int64.fetchOne(db, sql: "SELECT at_ns FROM alive") }
    }

    static func line(_ row: Row) -> LogLine {
        LogLine(
            atMs: row["at_ms"], who: row["who"], commandID: row["command"], show: row["show"],
            action: row["action"], detail: row["detail"], revision: row["revision"],
            isPending: row["is_pending"], digest: row["digest"])
    }
}
