// A disk whose word for what was written can be withheld: SQLite's syncs fail when they are told to.

import GRDBSQLite
import Glibc
import Synchronization

/// Stands between SQLite and the files of this process. Files below a folder that was named fail to
/// be synced as often as was said; what was written is there all the same.
enum FaultyDisk {
    private static let failures = Mutex<[String: Int]>([:])
    private static let files = Mutex<[UnsafeRawPointer: String]>([:])
    private typealias Open =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?,
            UnsafeMutablePointer<sqlite3_file>?, Int32, UnsafeMutablePointer<Int32>?
        ) -> Int32
    private typealias Sync = @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32
    private struct Original: @unchecked Sendable {
        var open: Open?
        var sync: Sync?
        var methods: [UnsafeRawPointer: UnsafePointer<sqlite3_io_methods>] = [:]
    }
    private static let original = Mutex(Original())

    /// From now on so many syncs of files below a folder fail.
    static func fail(below folder: String, syncCount: Int) {
        failures.withLock { $0[folder] = syncCount }
    }

    /// Goes between, once; ledgers that are opened afterwards are looked at.
    static let isInstalled: Bool = {
        guard let plain = sqlite3_vfs_find(nil) else { return false }
        original.withLock { $0.open = plain.pointee.xOpen }
        let faulty = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        faulty.initialize(to: plain.pointee)
        faulty.pointee.zName = UnsafePointer(strdup("faulty"))
        faulty.pointee.xOpen = { vfs, name, file, flags, outFlags in
            guard let open = original.withLock({ $0.open }) else { return SQLITE_CANTOPEN }
            let code = open(vfs, name, file, flags, outFlags)
            guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods else {
                return code
            }
            file.pointee.pMethods = FaultyDisk.methods(methods)
            let path = name.map { String(cString: $0) } ?? ""
            files.withLock { $0[UnsafeRawPointer(file)] = path }
            return code
        }
        return sqlite3_vfs_register(faulty, 1) == SQLITE_OK
    }()

    private static func methods(
        _ plain: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods> {
        original.withLock { original in
            if let known = original.methods[UnsafeRawPointer(plain)] { return known }
            original.sync = plain.pointee.xSync
            let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            copy.initialize(to: plain.pointee)
            copy.pointee.xSync = { file, flags in
                guard !FaultyDisk.isToFail(file), let sync = FaultyDisk.plainSync else {
                    return SQLITE_IOERR | (4 << 8)
                }
                return sync(file, flags)
            }
            original.methods[UnsafeRawPointer(plain)] = UnsafePointer(copy)
            return UnsafePointer(copy)
        }
    }

    private static var plainSync: Sync? { original.withLock { $0.sync } }

    private static func isToFail(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Bool {
        guard let file, let path = files.withLock({ $0[UnsafeRawPointer(file)] }) else {
            return false
        }
        return failures.withLock { failures in
            for (folder, count) in failures where count > 0 && path.hasPrefix(folder) {
                failures[folder] = count - 1
                return true
            }
            return false
        }
    }
}
