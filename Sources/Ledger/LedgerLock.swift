// One process writes a ledger: whoever comes second is told so.

import Glibc

/// Holds `ledger.lock` for as long as it lives. The kernel gives it back however a process ends.
struct LedgerLock: ~Copyable {
    private let descriptor: CInt

    init(folderPath: String, ledgerPath: String) throws(LedgerError) {
        let path = folderPath + "/ledger.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EROFS || errno == EACCES { throw .readOnly(path: ledgerPath) }
            if errno == ENOSPC { throw .full(path: ledgerPath) }
            throw .cannotOpen(path: ledgerPath, reason: unsafe String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // The descriptor is closed by deinit, since all there is of this is there.
            if errno == EWOULDBLOCK { throw .inUse(path: ledgerPath) }
            throw .cannotOpen(path: ledgerPath, reason: unsafe String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }
}
