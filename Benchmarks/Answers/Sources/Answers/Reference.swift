// What the desk is held against: the same rows into SQLite without any judging.

import GRDBSQLite
import Glibc

/// Rows like the ledger's, put into a file of their own as plainly as can be.
enum PlainRows {
    /// Inserts so many rows in groups, one transaction and one fsync each.
    ///
    /// - Returns: how long it took, ns.
    static func insert(_ count: Int, groupCount: Int, path: String) -> Int64 {
        var database: OpaquePointer?
        guard unsafe sqlite3_open(path, &database) == SQLITE_OK else {
            fatalError("\(path) can't be made")
        }
        defer { unsafe sqlite3_close(database) }
        func run(_ sql: String) {
            guard unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
                fatalError("SQLite refuses \(sql)")
            }
        }
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA wal_autocheckpoint = 16384")
        run(
            """
            CREATE TABLE answers (show INTEGER NOT NULL, receipt INTEGER NOT NULL,
                player INTEGER NOT NULL, question INTEGER NOT NULL, choice INTEGER NOT NULL,
                received_ns INTEGER NOT NULL, handed_over_ns INTEGER,
                PRIMARY KEY (show, receipt)) STRICT, WITHOUT ROWID
            """)
        var statement: OpaquePointer?
        unsafe sqlite3_prepare_v2(
            database, "INSERT INTO answers VALUES (1, ?, ?, ?, 1, ?, NULL)", -1, &statement, nil)
        defer { unsafe sqlite3_finalize(statement) }
        let startNs = Disk.nowNs()
        var row = 0
        while row < count {
            run("BEGIN")
            for _ in 0..<min(groupCount, count - row) {
                row += 1
                unsafe sqlite3_bind_int64(statement, 1, Int64(row))
                unsafe sqlite3_bind_int64(statement, 2, Int64(row % 100_000))
                unsafe sqlite3_bind_int64(statement, 3, Int64(row / 100_000))
                unsafe sqlite3_bind_int64(statement, 4, startNs)
                guard unsafe sqlite3_step(statement) == SQLITE_DONE else {
                    fatalError("SQLite refuses a row")
                }
                unsafe sqlite3_reset(statement)
            }
            run("COMMIT")
        }
        return Disk.nowNs() - startNs
    }
}
