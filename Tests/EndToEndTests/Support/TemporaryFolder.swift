// Where the tests keep their files; gone when they end.

import Foundation

/// Folders under one of this process.
enum TemporaryFolder {
    /// That of the whole process.
    static let root: URL = {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "fanfare-end-to-end-\(getpid())")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: TemporaryFolder.root) }
        return url
    }()

    /// A new empty one.
    static func make() throws -> URL {
        let url = root.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
