// Reads small text files, also those of /proc that have no size.

import Glibc

/// Why a file could not be read.
public enum TextFileError: Error, Equatable, CustomStringConvertible {
    case system(errno: CInt)
    case tooLong(byteCountMax: Int)
    case notUTF8
    /// A pipe, a socket or a device, which may keep a reader waiting for ever.
    case notAFile

    public var description: String {
        switch self {
        case .system(let code): systemErrorText(code)
        case .tooLong(let byteCountMax): "it is longer than \(byteCountMax) bytes"
        case .notUTF8: "it is not UTF-8 text"
        case .notAFile: "it is a pipe, a socket or a device, and not a file"
        }
    }
}

/// What the system says of an error number.
public func systemErrorText(_ code: CInt) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// Small text files.
public enum TextFile {
    /// What may be read.
    public enum Source: Sendable {
        /// Files, which don't keep a server waiting that reads them while it runs.
        case file
        /// Also what a command is given by a shell: standard input, another program's output.
        case anything
    }

    /// The whole content.
    public static func read(
        _ path: String, byteCountMax: Int = 1 << 16, from source: Source = .file
    ) throws(TextFileError) -> String {
        let content = try bytes(path, byteCountMax: byteCountMax, from: source)
        guard let text = String(validating: content, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    /// The whole content, whatever it is.
    public static func bytes(
        _ path: String, byteCountMax: Int, from source: Source = .file
    ) throws(TextFileError) -> [UInt8] {
        // A pipe that nobody writes to would hold up whoever opens it.
        let waits = source == .file ? O_NONBLOCK : 0
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | waits)
        guard descriptor >= 0 else {
            // So a socket is refused.
            throw errno == ENXIO ? .notAFile : .system(errno: errno)
        }
        defer { close(descriptor) }
        if source == .file { try checkIsFile(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno: errno) }
            if count == 0 { break }
            content += chunk[..<count]
            guard content.count <= byteCountMax else { throw .tooLong(byteCountMax: byteCountMax) }
        }
        return content
    }

    private static func checkIsFile(_ descriptor: CInt) throws(TextFileError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw .system(errno: EISDIR)
        default: throw .notAFile
        }
    }
}
