// A disk whose word for what was written can be withheld: SQLite's syncs fail when they are told to.

import GRDBSQLite
import Glibc
import Synchronization

/// Stands between SQLite and the files of this process. Files below a folder that was named fail to
/// be synced as often as was said; what was written is there all the same.
enum FaultyDisk {
    private typealias Open =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?,
            UnsafeMutablePointer<sqlite3_file>?, Int32, UnsafeMutablePointer<Int32>?
        ) -> Int32
    private typealias Sync = @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32

    private static let failures = Mutex<[String: Int]>([:])
    private static let files = Mutex<[Int: String]>([:])
    // Both are set before the first file is opened, and never again.
    private nonisolated(unsafe) static var plainOpen: Open?
    private nonisolated(unsafe) static var plainSync: Sync?
    // Addresses of what stands for which table of the system's file methods.
    private static let methods = Mutex<[Int: Int]>([:])

    /// From now on so many syncs of files below a folder fail.
    static func fail(below folder: String, syncCount: Int) {
        failures.withLock { $0[folder] = syncCount }
    }

    /// Goes between, once; ledgers that are opened afterwards are looked at.
    static let isInstalled: Bool = {
        guard let plain = sqlite3_vfs_find(nil) else { return false }
        plainOpen = plain.pointee.xOpen
        let faulty = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        faulty.initialize(to: plain.pointee)
        faulty.pointee.zName = UnsafePointer(strdup("faulty"))
        faulty.pointee.xOpen = { vfs, name, file, flags, outFlags in
            guard let open = FaultyDisk.plainOpen else { return SQLITE_CANTOPEN }
            let code = open(vfs, name, file, flags, outFlags)
            guard code == SQLITE_OK, let file, let plain = file.pointee.pMethods else {
                return code
            }
            file.pointee.pMethods = FaultyDisk.stand(for: plain)
            let path = name.map { String(cString: $0) } ?? ""
            let address = Int(bitPattern: file)
            FaultyDisk.files.withLock { $0[address] = path }
            return code
        }
        return sqlite3_vfs_register(faulty, 1) == SQLITE_OK
    }()

    private static func stand(
        for plain: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods>? {
        let address = Int(bitPattern: plain)
        let known = methods.withLock { methods -> Int in
            if let known = methods[address] { return known }
            guard let plain = UnsafePointer<sqlite3_io_methods>(bitPattern: address) else {
                return 0
            }
            if FaultyDisk.plainSync == nil { FaultyDisk.plainSync = plain.pointee.xSync }
            let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            copy.initialize(to: plain.pointee)
            copy.pointee.xSync = { file, flags in
                guard !FaultyDisk.isToFail(Int(bitPattern: file)), let sync = FaultyDisk.plainSync
                else { return SQLITE_IOERR | (4 << 8) }
                return sync(file, flags)
            }
            methods[address] = Int(bitPattern: copy)
            return Int(bitPattern: copy)
        }
        return UnsafePointer(bitPattern: known)
    }

    private static func isToFail(_ file: Int) -> Bool {
        guard let path = files.withLock({ $0[file] }) else { return false }
        return failures.withLock { failures in
            for (folder, count) in failures where count > 0 && path.hasPrefix(folder) {
                failures[folder] = count - 1
                return true
            }
            return false
        }
    }
}
