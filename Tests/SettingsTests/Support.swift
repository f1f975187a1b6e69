// Settings from as little text as a test needs.

import Settings
import TestSupport
import Testing

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
