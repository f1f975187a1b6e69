// A disk of a test's own that can be filled up and made read-only, seen by one thread alone.

import Glibc

/// A file system of a few megabytes in memory.
public struct SmallDisk {
    /// Where it is, for the thread that made it.
    public let path: String

    /// Why a test without one is left out.
    public static let need: String = "mounting needs root and CAP_SYS_ADMIN"

    /// Whether this process may mount anything.
    public static let isPossible: Bool = {
        var isPossible = false
        try? SecludedThread.run { isPossible = seclude() == 0 }
        return isPossible
    }()

    /// Runs a body on a thread that alone sees a new disk at this path. What is to be on the disk
    /// has to be opened by the body. The disk goes with the thread.
    ///
    /// - Parameters:
    ///   - path: an empty folder.
    ///   - byteCount: its size.
    public static func run(
        at path: String, byteCount: Int, _ body: (SmallDisk) throws -> Void
    ) throws {
        try SecludedThread.run {
            guard seclude() == 0, mount("none", path, "tmpfs", 0, "size=\(byteCount)") == 0
            else { throw SmallDiskError(code: errno) }
            try body(SmallDisk(path: path))
        }
    }

    /// Takes all the room that is left.
    ///
    /// - Returns: The file that has it; unlink it to give the room back.
    public func fill() throws -> String {
        let file = path + "/filler"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw SmallDiskError(code: errno) }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 7, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        return file
    }

    /// Makes it one that can only be read. Nothing on it may be open for writing.
    public func setReadOnly() throws {
        let flags = UInt(MS_REMOUNT) | UInt(MS_RDONLY)
        guard mount("none", path, "tmpfs", flags, nil) == 0 else {
            throw SmallDiskError(code: errno)
        }
    }

    /// Gives this thread mounts of its own.
    private static func seclude() -> CInt {
        let newMounts: CInt = 0x0002_0000
        guard SecludedThread.unshare(newMounts) == 0 else { return -1 }
        return mount("none", "/", nil, UInt(MS_REC) | UInt(MS_PRIVATE), nil)
    }
}

/// What the kernel says.
public struct SmallDiskError: Error {
    /// The error's number.
    public let code: CInt
}
