// Small files that nobody but their owner reads: there whole, or not at all.

import Glibc

/// Why such a file can't be written.
public struct PrivateFileError: Error, Equatable, CustomStringConvertible {
    /// What the system said.
    public let errno: CInt

    /// The same in words.
    public var description: String { systemErrorText(errno) }
}

/// Writes small files that are closed to others (0600) from the first moment on, and on disk when it
/// has returned.
public enum PrivateFile {
    /// Puts a file in the place of any that is there, which stays as it is where this fails. One at a
    /// time may write to a path.
    public static func replace(
        _ path: String, with bytes: [UInt8]
    ) throws(PrivateFileError) {
        let draft = "\(path).new"
        try write(bytes, toDraft: draft)
        guard unsafe rename(draft, path) == 0 else {
            let code = errno
            unsafe unlink(draft)
            throw PrivateFileError(errno: code)
        }
        syncFolder(of: path)
    }

    /// Makes a file where there is none. Several processes may try: one of them has made it.
    ///
    /// - Returns: false if there is one, which stays as it is.
    public static func create(
        _ path: String, with bytes: [UInt8]
    ) throws(PrivateFileError) -> Bool {
        let draft = "\(path).\(getpid()).new"
        try write(bytes, toDraft: draft)
        defer { unsafe unlink(draft) }
        // A link never takes another's place, as a new name would.
        guard unsafe link(draft, path) == 0 else {
            guard errno == EEXIST else { throw PrivateFileError(errno: errno) }
            return false
        }
        syncFolder(of: path)
        return true
    }

    private static func write(
        _ bytes: [UInt8], toDraft draft: String
    ) throws(PrivateFileError) {
        // One that a process left behind when it was killed.
        unsafe unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(draft, flags, 0o600)
        guard descriptor >= 0 else { throw PrivateFileError(errno: errno) }
        defer { close(descriptor) }
        do throws(PrivateFileError) {
            try write(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw PrivateFileError(errno: errno) }
        } catch {
            unsafe unlink(draft)
            throw error
        }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: CInt
    ) throws(PrivateFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw PrivateFileError(errno: count < 0 ? errno : ENOSPC) }
            rest = rest.dropFirst(count)
        }
    }

    /// The name is on disk only when its folder is. Where a file system can't say so, the file is as
    /// good as that system makes it.
    private static func syncFolder(of path: String) {
        let end = path.lastIndex(of: "/")
        let folder = end.map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
