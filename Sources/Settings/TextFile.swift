// Reads small text files, also those of /proc that have no size.

import Glibc

/// Why a file could not be read.
public enum TextFileError: Error, Equatable, CustomStringConvertible {
    case system(errno: CInt)
    case tooLong(byteCountMax: Int)
    case notUTF8

    public var description: String {
        switch self {
        case .system(let code): systemErrorText(code)
        case .tooLong(let byteCountMax): "it is longer than \(byteCountMax) bytes"
        case .notUTF8: "it is not UTF-8 text"
        }
    }
}

/// What the system says of an error number.
public func systemErrorText(_ code: CInt) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// Small text files.
public enum TextFile {
    /// The whole content.
    public static func read(_ path: String, byteCountMax: Int = 1 << 16) throws(TextFileError)
        -> String
    {
        let content = try bytes(path, byteCountMax: byteCountMax)
        guard let text = String(validating: content, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    /// The whole content, whatever it is.
    public static func bytes(_ path: String, byteCountMax: Int) throws(TextFileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno: errno) }
        defer { close(descriptor) }
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
}
