// The write-ahead log is put into the database beside the writing, so that no answer waits for it.

import GRDB
import Glibc

extension Ledger {
    /// The size of the write-ahead log, bytes.
    public var logByteCount: Int64 {
        var status = stat()
        return unsafe stat(path + "-wal", &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Puts as much of the write-ahead log into the database as can be without waiting for anybody:
    /// writes go on meanwhile, though on the same disk.
    ///
    /// - Returns: Whether all of it is there; not so while somebody else does the same.
    public func checkpointBeside() throws(LedgerError) -> Bool {
        do {
            let counts = try upkeep.writeWithoutTransaction { try $0.checkpoint(.passive) }
            return counts.walFrameCount == counts.checkpointedFrameCount
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        {
            return false
        } catch { throw LedgerError(error, path: path) }
    }

    /// Puts the write-ahead log into the database and empties it, for a clean end. A crash needs none.
    public func checkpoint() throws(LedgerError) {
        do {
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch { throw LedgerError(error, path: path) }
    }
}
