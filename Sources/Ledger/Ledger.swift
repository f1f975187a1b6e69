// The ledger: what must survive, in one SQLite file.

import GRDB
import Glibc
import Synchronization
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
    /// A connection that never writes anything of a show.
    let upkeep: DatabaseQueue
    private let writes = Atomic<UInt64>(0)
    /// How many writes there were.
    public var writeCount: UInt64 { writes.load(ordering: .relaxed) }
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
            var beside = Configuration()
            beside.label = "ledger upkeep"
            upkeep = try DatabaseQueue(path: path, configuration: beside)
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
        writes.wrappingAdd(1, ordering: .relaxed)
        do { return try pool.write(body) } catch {
            let failure = LedgerError(error, path: path)
            guard LedgerError.leavesDoubt(error) else { throw failure }
            // What is written next stands where this was to stand: once that is on the disk, the
            // rest of this is nothing that anybody would read.
            do {
                try pool.write { try $0.execute(sql: "PRAGMA user_version = 0") }
            } catch { throw .undecided(path: path, reason: "\(error)") }
            throw failure
        }
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

    /// All shows in the order in which they were made, and apart from them those whose line in the
    /// list can't be read.
    public func listing() throws(LedgerError) -> (entries: [ShowEntry], damaged: [DamagedShow]) {
        try reading { db in
            var entries: [ShowEntry] = []
            var damaged: [DamagedShow] = []
            for row in try Row.fetchAll(db, sql: "SELECT * FROM shows ORDER BY key") {
                do throws(LedgerError) {
                    entries.append(try entry(row))
                } catch { damaged.append(DamagedShow(id: Self.name(of: row), error: error)) }
            }
            return (entries, damaged)
        }
    }

    /// What a show's row is called where nothing is sure about it.
    static func name(of row: Row) -> String {
        let reader = RowReader(row)
        if let id = try? reader.text("id") { return id }
        return (try? reader.integer("key", as: Int64.self)).map { "number \($0)" } ?? "of no name"
    }

    func entry(_ row: Row) throws(LedgerError) -> ShowEntry {
        let show = Self.name(of: row)
        return try LedgerError.reading("its line in the list", of: show) {
            () throws(ColumnError) in
            let reader = RowReader(row)
            let word = try reader.text("phase")
            guard let phase = ShowPhase(rawValue: word) else {
                throw .kind("phase", "a phase of a show")
            }
            // What GRDB has mended would be looked for in vain; and ids are plain letters.
            let id = try reader.text("id")
            guard id.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .encoding("id") }
            return ShowEntry(
                key: ShowKey(rawValue: try reader.integer("key")), id: id,
                stream: try reader.text("stream"), title: try reader.text("title"), phase: phase,
                isRehearsal: try reader.flag("is_rehearsal"),
                revision: try reader.integer("revision"),
                createdMs: try reader.integer("created_ms"))
        }
    }

    /// The line that a command has left; nil where no command of this id was carried out.
    public func line(ofCommand id: String) throws(LedgerError) -> LogLine? {
        try reading { db in
            try Row.fetchOne(db, sql: "SELECT * FROM host_log WHERE command = ?", arguments: [id])
                .map { row in try Self.line(row) }
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
            ).reversed().map { row in try Self.line(row) }
        }
    }

    /// When the shows' clock was last seen, ns; nil in a ledger without a show, and where the row
    /// that says so has an instant that can't have been.
    public func aliveNs() throws(LedgerError) -> Int64? {
        try reading { db in
            try Row.fetchAll(db, sql: "SELECT at_ns FROM alive LIMIT 2").compactMap { row in
                try? RowReader(row).integer("at_ns", as: Int64.self)
            }.filter(LedgerLimits.instantNs.contains).max()
        }
    }

    static func line(_ row: Row) throws(LedgerError) -> LogLine {
        let reader = RowReader(row)
        let show = (try? reader.text("show")) ?? "of no name"
        return try LedgerError.reading("a line of the host's log", of: show) {
            () throws(ColumnError) in
            LogLine(
                atMs: try reader.integer("at_ms"), who: try reader.text("who"),
                commandID: try reader.textIfAny("command"), show: try reader.text("show"),
                action: try reader.text("action"), detail: try reader.text("detail"),
                revision: try reader.integer("revision"),
                isPending: try reader.flag("is_pending"),
                digest: try reader.textIfAny("digest"))
        }
    }
}
