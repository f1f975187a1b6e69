// A prepared statement without an object for each value: for what comes by the ten thousands.

import GRDB
import GRDBSQLite

/// One of a connection's cached statements. Good as long as the connection is.
@safe struct RawStatement {
    private let statement: Statement
    private let pointer: OpaquePointer

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        unsafe pointer = statement.sqliteStatement
    }

    func bind(_ index: Int32, _ value: Int64) { unsafe sqlite3_bind_int64(pointer, index, value) }

    func bindNull(_ index: Int32) { unsafe sqlite3_bind_null(pointer, index) }

    func bind(_ index: Int32, _ text: String) {
        // SQLite takes a copy of it.
        let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        unsafe sqlite3_bind_text(pointer, index, text, -1, transient)
    }

    /// Runs it to its end, and makes it ready for the next values.
    func run() throws {
        let code = unsafe sqlite3_step(pointer)
        let resetCode = unsafe sqlite3_reset(pointer)
        guard code == SQLITE_DONE else { throw error(resetCode == SQLITE_OK ? code : resetCode) }
    }

    /// Goes to the next row, if there is one.
    func step() throws -> Bool {
        switch unsafe sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            reset()
            return false
        case let code:
            let failure = error(code)
            reset()
            throw failure
        }
    }

    func reset() { unsafe sqlite3_reset(pointer) }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(pointer, column) == SQLITE_NULL
    }

    /// A column that has to have a whole number, by its name for people.
    func integer(_ column: Int32, _ name: String) throws(ColumnError) -> Int64 {
        guard unsafe sqlite3_column_type(pointer, column) == SQLITE_INTEGER else {
            throw .kind(name, "a whole number")
        }
        return unsafe sqlite3_column_int64(pointer, column)
    }

    /// A column that has to have a text. One with damaged bytes is refused: mended, it might be
    /// another's.
    func text(_ column: Int32, _ name: String) throws(ColumnError) -> String {
        guard unsafe sqlite3_column_type(pointer, column) == SQLITE_TEXT,
            let start = unsafe sqlite3_column_text(pointer, column)
        else { throw .kind(name, "a text") }
        let count = Int(unsafe sqlite3_column_bytes(pointer, column))
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw .encoding(name)
        }
        return text
    }

    private func error(_ code: Int32) -> DatabaseError {
        let message = unsafe sqlite3_errmsg(sqlite3_db_handle(pointer)).map {
            unsafe String(cString: $0)
        }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
}
