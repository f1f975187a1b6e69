// A folder of a test's own.

import FoundationEssentials

/// A folder of its own for a test, gone with the value.
public final class TemporaryFolder {
    /// Where it is.
    public let path: String

    /// Makes an empty one.
    public init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("fanfare-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives back its path.
    public func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// The names in the folder, sorted.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}
