// The pages' files as somebody wrote them: those in the program, or those of a folder.

import CWebFiles

/// Files by their path below Sources/Web/Files.
public struct WebFiles: Sendable {
    /// Their bytes.
    public let files: [String: [UInt8]]

    /// Files of whoever brings some.
    ///
    /// - Throws: `WebError` where they are more, or larger, than `WebLimits` has it.
    public init(_ files: [String: [UInt8]]) throws(WebError) {
        guard files.count <= WebLimits.fileCountMax else {
            throw .file(
                path: "the folder",
                problem: "\(files.count) files are too many; \(WebLimits.fileCountMax) is the most")
        }
        var byteCount = 0
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            byteCount += bytes.count
            guard bytes.count <= WebLimits.fileByteCountMax,
                byteCount <= WebLimits.totalByteCountMax
            else {
                throw .file(
                    path: path,
                    problem: "too large; a file has at most \(WebLimits.fileByteCountMax) bytes, "
                        + "and all have \(WebLimits.totalByteCountMax)")
            }
        }
        self.files = files
    }

    /// The program's own.
    public static func builtIn() throws(WebError) -> WebFiles {
        var files: [String: [UInt8]] = [:]
        for index in 0..<fanfare_web_file_count() {
            guard let file = unsafe fanfare_web_file(index) else { break }
            let path = unsafe String(cString: file.pointee.path)
            files[path] = unsafe Array(
                UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.byte_count))
        }
        return try WebFiles(files)
    }

    /// The bytes of a file.
    func bytes(_ path: String) throws(WebError) -> [UInt8] {
        guard let bytes = files[path] else { throw .missing(path) }
        return bytes
    }
}

/// Paths with folders in them.
enum WebPath {
    /// The folder that a file lies in, without a slash at its end.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }

    /// Where a relative reference leads from a file; nil if it leads out of all folders, or is none.
    static func resolve(_ reference: String, from path: String) -> String? {
        guard reference.hasPrefix("./") || reference.hasPrefix("../") else { return nil }
        var parts = folder(of: path).split(separator: "/").map(String.init)
        for part in reference.split(separator: "/", omittingEmptySubsequences: false) {
            switch part {
            case ".": continue
            case "..":
                guard parts.popLast() != nil else { return nil }
            case "": return nil
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    /// `viewer` and `js` of `page/viewer.js`.
    static func nameAndExtension(of path: String) -> (name: String, suffix: String) {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = file.lastIndex(of: ".") else { return (file, "") }
        return (String(file[..<dot]), String(file[file.index(after: dot)...]))
    }
}
