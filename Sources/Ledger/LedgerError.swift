// What can be wrong with the ledger, and what to do about it.

import GRDB
import Glibc
import Trivia

/// Why the ledger can't be opened, written or read. Whatever was to be written has not been, not
/// even in part, except after `undecided`.
public enum LedgerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The folder or the file can't be opened or made.
    case cannotOpen(path: String, reason: String)
    /// Another process has it open.
    case inUse(path: String)
    /// The file is something else than a ledger.
    case notALedger(path: String)
    /// A newer version of this program has written it.
    case newer(path: String)
    /// The file or the folder can't be written.
    case readOnly(path: String)
    /// The disk is full.
    case full(path: String)
    /// The file is damaged.
    case damaged(path: String, reason: String)
    /// Anything else that SQLite says.
    case failed(path: String, reason: String)
    /// The disk has failed in the midst of a write and of the attempt to take it back: nobody knows
    /// whether a restart would find it. The next write that goes well takes it back for good.
    case undecided(path: String, reason: String)
    /// A row of this show isn't what we write.
    case badRow(show: String, place: String, reason: String)
    /// The events of this show don't make a show.
    case badLog(show: String, ReplayError)
    /// There is no such show.
    case unknownShow(String)
    /// There is a show of this id already.
    case sameShow(String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "The ledger \(path) can't be opened (\(reason)). Make its folder one that this user "
                + "may write, or choose another with --data."
        case .inUse(let path):
            "The ledger \(path) is in use by another process. Stop that one, or choose another "
                + "folder with --data."
        case .notALedger(let path):
            "\(path) is not a ledger of Fanfare's. Move it away, or choose another folder with "
                + "--data."
        case .newer(let path):
            "The ledger \(path) was written by a newer version of Fanfare. Start that version, or "
                + "choose another folder with --data."
        case .readOnly(let path):
            "The ledger \(path) can't be written. Make the file and its folder writable for this "
                + "user."
        case .full(let path):
            "The disk that has the ledger \(path) is full. Make room; nothing is accepted until "
                + "then."
        case .damaged(let path, let reason):
            "The ledger \(path) is damaged (\(reason)). Keep a copy of it and its -wal file, and "
                + "put a backup in its place."
        case .failed(let path, let reason):
            "The ledger \(path) doesn't work (\(reason)). Look at the disk and its file system."
        case .undecided(let path, let reason):
            "The ledger \(path) doesn't work (\(reason)), and whether the last write is on the disk "
                + "isn't known. Look at the disk and its file system, and send the same again."
        case .badRow(let show, let place, let reason):
            "In the ledger of show “\(show)”, \(place) can't be read: \(reason). Keep a copy of "
                + "it, and put a backup in its place."
        case .badLog(let show, let error):
            "The ledger of show “\(show)” contradicts itself. \(error) Keep a copy of it, and put "
                + "a backup in its place."
        case .unknownShow(let id): "There is no show “\(id)”. Look at the list of shows."
        case .sameShow(let id): "There is a show “\(id)” already. Choose another id."
        }
    }

    init(_ error: any Error, path: String) {
        if let error = error as? LedgerError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self = .cannotOpen(path: path, reason: reason)
        case .SQLITE_NOTADB: self = .notALedger(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, reason: reason)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(path: path)
        // SQLite tells of a full disk as such only where it writes pages of its own.
        case .SQLITE_IOERR where Self.isDiskFull(path): self = .full(path: path)
        default: self = .failed(path: path, reason: reason)
        }
    }

    /// Whether what was to be written may be on the disk although SQLite says that it failed.
    ///
    /// A transaction in the write-ahead log is what ends with its last page. Where writing that page
    /// fails, or nothing was begun, there is no such transaction. Where only the disk's word for it is
    /// missing, all of it may be there, and a process that is killed then finds it again.
    static func leavesDoubt(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_IOERR else {
            return false
        }
        switch error.extendedResultCode {
        case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_LOCK,
            .SQLITE_IOERR_RDLOCK, .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMSIZE,
            .SQLITE_IOERR_SHMLOCK, .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_NOMEM:
            return false
        default: return true
        }
    }

    private static func isDiskFull(_ path: String) -> Bool {
        var disk = statvfs()
        return unsafe statvfs(path, &disk) == 0 && disk.f_bavail == 0
    }
}
