// Where a server's settings came from, to be read again while it runs.

/// The command line and the environment of this process, which stay as they are, and the path of the
/// configuration file, which doesn't.
public struct SettingsSource: Sendable {
    public var flags: [String: String]
    public var environment: [String: String]
    public var configPath: String?

    /// - Parameters:
    ///   - flags: what the command line gave, by key.
    ///   - environment: the process's environment variables.
    ///   - configPath: the file that the command line names.
    public init(flags: [String: String], environment: [String: String], configPath: String?) {
        self.flags = flags
        self.environment = environment
        self.configPath = configPath
    }

    /// The configuration file, if there is one.
    public var filePath: String? {
        let named = configPath ?? environment[SettingsCatalog.configVariable]
        return named.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All settings as the file has them now.
    public func load() throws(SettingsError) -> Settings {
        try loadSettings(flags: flags, environment: environment, configPath: configPath)
    }
}

/// What differs between the settings in force and those that were read again.
public struct SettingsChange: Sendable, Equatable {
    /// Keys whose new value can be taken on at once.
    public var taken: [String] = []
    /// Keys whose new value is taken on by the next start.
    public var waiting: [String] = []

    public init(from old: Settings, to new: Settings) {
        let before = Dictionary(
            old.readings.map { ($0.key, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
        let reloadable = Set(SettingsCatalog.reloadable.map(\.key))
        for reading in new.readings where before[reading.key] != reading.fingerprint {
            // With a token comes another way of letting people in, not just another token.
            let changesKind =
                reading.key == SettingsCatalog.staffToken.key
                && (old.staffToken == nil) != (new.staffToken == nil)
            if reloadable.contains(reading.key) && !changesKind {
                taken.append(reading.key)
            } else {
                waiting.append(reading.key)
            }
        }
    }
}
