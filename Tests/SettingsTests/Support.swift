// A temporary folder, and settings from as little text as a test needs.

import FoundationEssentials
import Testing

@testable import Fanfare

/// A folder of its own for a test, gone with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("fanfare-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives back its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// The names in the folder, sorted.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}

/// Settings from flags (by key), environment and a configuration file's text.
func settings(
    flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
) throws -> Settings {
    guard let file else { return try loadSettings(flags: flags, environment: environment) }
    let folder = try TemporaryFolder()
    let path = try folder.write(file, to: "fanfare.json")
    return try withExtendedLifetime(folder) {
        try loadSettings(flags: flags, environment: environment, configPath: path)
    }
}

/// The error that such settings give.
func settingsError(
    flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) -> SettingsError? {
    #expect(throws: SettingsError.self, sourceLocation: sourceLocation) {
        try settings(flags: flags, environment: environment, file: file)
    }
}

extension SettingsError {
    /// The description with the temporary folder's part of the path left out.
    var words: String {
        guard let name = description.firstRange(of: "fanfare.json") else { return description }
        return String(description[name.lowerBound...])
    }
}
