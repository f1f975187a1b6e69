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

    /// How the log is to be written, as far as that can be told where the settings can't be used: by
    /// whatever else is wrong with them, it stays what was asked for.
    public var logFormat: LogFormat {
        let setting = SettingsCatalog.shared.logFormat
        var texts = [flags[setting.key], environment[setting.environmentVariable]]
        if let filePath {
            do throws(SettingsError) {
                let file = try readConfigFile(at: filePath)
                texts.append(file.entries.first { $0.key == setting.key }?.text)
            } catch {
                // It can't be read, which is what will be told.
                texts.append(nil)
            }
        }
        let text = texts.lazy.compactMap { $0 }.first { !$0.isEmpty }
        // One that there isn't is among what will be told.
        let value = text.flatMap { try? setting.value(of: $0) } as? ParsedSetting<LogFormat>
        return value?.value ?? .text
    }

    /// All settings as the file has them now.
    public func load() throws(SettingsError) -> Settings {
        try loadSettings(flags: flags, environment: environment, configPath: configPath)
    }
}

/// What differs between the settings in force and those that were read again.
public struct SettingsChange: Sendable {
    /// Keys whose new value can be taken on at once.
    public var taken: [String] = []
    /// Keys whose new value is taken on by the next start.
    public var waiting: [String] = []
    /// Compares, as the catalog's declarations have it.
    public init(from old: Settings, to new: Settings) {
        for setting in SettingsCatalog.all {
            guard let before = old.reading(setting.key), let after = new.reading(setting.key),
                before.fingerprint != after.fingerprint
            else { continue }
            let isLive =
                switch setting.reload {
                case .restart: false
                case .live: true
                case .liveWhileSet: before.text.isEmpty == after.text.isEmpty
                }
            if isLive { taken.append(setting.key) } else { waiting.append(setting.key) }
        }
    }
}
