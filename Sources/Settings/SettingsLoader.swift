// Brings the sources together: flag before environment before file before default.

import Configuration

/// Reads and validates all settings.
///
/// - Parameters:
///   - flags: what the command line gave, by key.
///   - environment: the process's environment variables.
///   - configPath: the configuration file given on the command line; without one the environment
///     may name it, and without that there is none.
/// - Throws: the first thing that is wrong, with where it was said.
public func loadSettings(
    flags: [String: String], environment: [String: String], configPath: String? = nil
) throws(SettingsError) -> Settings {
    let path = configPath ?? environment[SettingsCatalog.configVariable].flatMap(nonEmpty)
    var file: ConfigFile?
    if let path { file = try readConfigFile(at: path) }
    var loader = SettingsLoader(flags: flags, environment: environment, file: file)
    return try loader.load()
}

/// One pass over the catalog.
struct SettingsLoader {
    /// A source and how to say where in it a key's value stands.
    private struct Source {
        var reader: ConfigReader
        var origin: @Sendable (any SettingEntry) -> SettingOrigin
    }

    private let file: ConfigFile?
    /// From the strongest to the weakest.
    private let sources: [Source]
    private var readings: [SettingReading] = []
    private var warnings: [String]

    init(flags: [String: String], environment: [String: String], file: ConfigFile?) {
        self.file = file
        let lines = Dictionary(
            uniqueKeysWithValues: (file?.entries ?? []).map { ($0.key, $0.line) })
        let path = file?.path ?? ""
        sources = [
            Source(reader: Self.reader(flags, name: "command line")) { .flag("--\($0.flag)") },
            Source(reader: Self.environmentReader(environment)) {
                .environment($0.environmentVariable)
            },
            Source(reader: Self.reader(Self.texts(of: file), name: "file")) {
                .file(path: path, line: lines[$0.key] ?? 0)
            },
        ]
        warnings = Self.unknownVariables(in: environment)
    }

    /// - Throws: the first thing that is wrong.
    mutating func load() throws(SettingsError) -> Settings {
        try checkFileKeys()
        let settings = Settings(
            http: try read(SettingsCatalog.http),
            rtmp: try read(SettingsCatalog.rtmp),
            staff: try read(SettingsCatalog.staff),
            staffToken: try read(SettingsCatalog.staffToken),
            dataPath: try read(SettingsCatalog.data),
            demo: try read(SettingsCatalog.demo),
            publishKey: try read(SettingsCatalog.publishKey),
            playerKey: try read(SettingsCatalog.playerKey),
            allowsGuests: try read(SettingsCatalog.guests),
            outageLimitS: try read(SettingsCatalog.outageLimitS),
            openIngest: try read(SettingsCatalog.openIngest),
            shardCount: try read(SettingsCatalog.shards),
            isPinned: try read(SettingsCatalog.pin),
            mergeMinMs: try read(SettingsCatalog.mergeMinMs),
            mergeMaxMs: try read(SettingsCatalog.mergeMaxMs),
            zeroCopy: try read(SettingsCatalog.zeroCopy),
            logLevel: try read(SettingsCatalog.logLevel),
            ingestGraceMs: try read(SettingsCatalog.ingestGraceMs),
            ingestTakeoverMs: try read(SettingsCatalog.ingestTakeoverMs),
            passScriptData: try read(SettingsCatalog.passScriptData),
            waitForStreamMs: try read(SettingsCatalog.waitForStreamMs),
            streamCountMax: try read(SettingsCatalog.streamsMax),
            timelineMegabytes: try read(SettingsCatalog.timelineMegabytes),
            timelineSeconds: try read(SettingsCatalog.timelineSeconds),
            viewerCountMax: try read(SettingsCatalog.viewersMax),
            connectionsPerAddressMax: try read(SettingsCatalog.perAddress),
            lagSkipMs: try read(SettingsCatalog.lagSkipMs),
            lagDropMs: try read(SettingsCatalog.lagDropMs),
            corsOrigins: try read(SettingsCatalog.corsOrigins),
            readings: readings,
            warnings: warnings)
        try SettingsRules.check(settings)
        return settings
    }

    /// The strongest source that says something is asked; what weaker ones say is not looked at,
    /// so that a flag can mend a bad file.
    private mutating func read<Value>(
        _ setting: Setting<Value>
    ) throws(SettingsError) -> Value {
        var text = setting.defaultText
        var origin = SettingOrigin.standard
        for source in sources {
            let key = ConfigKey(setting.key)
            let given = source.reader.string(forKey: key, isSecret: setting.isSecret)
            if let given, !given.isEmpty {
                (text, origin) = (given, source.origin(setting))
                break
            }
        }
        let shown = setting.isSecret && !text.isEmpty ? "(hidden)" : text
        readings.append(
            SettingReading(
                key: setting.key, text: shown, origin: origin, fingerprint: text.hashValue))
        do {
            return try setting.parse(text)
        } catch {
            throw .badValue(
                key: setting.key, text: setting.isSecret ? nil : text, origin: origin,
                problem: error.problem)
        }
    }

    // MARK: Strictness

    private func checkFileKeys() throws(SettingsError) {
        guard let file else { return }
        for entry in file.entries {
            guard let setting = SettingsCatalog.all.first(where: { $0.key == entry.key }) else {
                throw .unknownKey(
                    entry.key, path: file.path, line: entry.line,
                    suggestion: Similarity.closest(
                        to: entry.key, among: SettingsCatalog.all.map(\.key)))
            }
            if case .list(let items) = entry.value, !setting.isList {
                throw .badValue(
                    key: entry.key,
                    text: setting.isSecret ? nil : "[\(items.joined(separator: ", "))]",
                    origin: .file(path: file.path, line: entry.line),
                    problem: "expected one value, not a list")
            }
        }
    }

    /// Only a warning: container platforms put variables of their own making next to ours, such as
    /// `FANFARE_SERVICE_HOST` for a service of that name.
    private static func unknownVariables(in environment: [String: String]) -> [String] {
        let known = SettingsCatalog.all.map(\.environmentVariable)
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("FANFARE_"), !known.contains(name),
                name != SettingsCatalog.configVariable
            else { return nil }
            let hint = Similarity.closest(to: name, among: known)
            return "the environment variable \(name) is none of Fanfare's and was ignored"
                + (hint.map { "; did you mean \($0)?" } ?? "")
        }
    }

    // MARK: Sources

    private static func reader(_ texts: [String: String], name: String) -> ConfigReader {
        let values = texts.map { key, text in
            (
                AbsoluteConfigKey(ConfigKey(key).components),
                ConfigValue(.string(text), isSecret: true)
            )
        }
        return ConfigReader(
            provider: InMemoryProvider(
                name: name, values: Dictionary(uniqueKeysWithValues: values)))
    }

    private static func environmentReader(_ environment: [String: String]) -> ConfigReader {
        ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: environment)
                .prefixKeys(with: "fanfare"))
    }

    private static func texts(of file: ConfigFile?) -> [String: String] {
        var texts: [String: String] = [:]
        for entry in file?.entries ?? [] {
            switch entry.value {
            case .scalar(let text): texts[entry.key] = text
            case .list(let items): texts[entry.key] = items.joined(separator: ",")
            }
        }
        return texts
    }
}

private func nonEmpty(_ text: String) -> String? {
    text.isEmpty ? nil : text
}

/// Reads a configuration file.
///
/// - Throws: `SettingsError.unreadableFile`, `.malformedFile` and `.repeatedKey`.
public func readConfigFile(at path: String) throws(SettingsError) -> ConfigFile {
    let text: String
    do {
        text = try TextFile.read(path, byteCountMax: ConfigFile.byteCountMax)
    } catch {
        throw .unreadableFile(path: path, reason: error.description)
    }
    return try ConfigFile.parse(text, path: path)
}
