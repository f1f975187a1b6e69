// A small file for another process, that nobody else reads.

import Glibc
import Settings

/// Why it can't be written.
struct DraftFileError: Error, CustomStringConvertible {
    let path: String
    let errno: CInt

    var description: String { "cannot write \(path): \(systemErrorText(errno))" }
}

/// Such files.
enum DraftFile {
    /// Writes a new one in the place of any that is there.
    static func write(_ text: String, to path: String) throws(DraftFileError) {
        unsafe unlink(path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw DraftFileError(path: path, errno: errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
        guard count == bytes.count else {
            throw DraftFileError(path: path, errno: count < 0 ? errno : ENOSPC)
        }
    }
}
