// Files of the data folder that are written as a whole: the old content or the new, whatever happens.

import Glibc

/// Why a file was not written.
struct DataFileError: Error {
    let errno: CInt
}

/// Writes small files.
enum DataFile {
    /// Puts bytes in the place of a file's content, on disk when it returns.
    static func write(
        _ bytes: [UInt8], to path: String, inFolder folderPath: String
    ) throws(DataFileError) {
        let draft = "\(path).new"
        unsafe unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(draft, flags, 0o600)
        guard descriptor >= 0 else { throw DataFileError(errno: Glibc.errno) }
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
        let isWritten = count == bytes.count && fsync(descriptor) == 0
        let code = Glibc.errno
        close(descriptor)
        guard isWritten, unsafe rename(draft, path) == 0 else {
            let reason =
                isWritten ? Glibc.errno : count >= 0 && count < bytes.count ? ENOSPC : code
            unsafe unlink(draft)
            throw DataFileError(errno: reason)
        }
        // The name is on disk only when its folder is.
        let folder = unsafe open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            _ = fsync(folder)
            close(folder)
        }
    }
}
