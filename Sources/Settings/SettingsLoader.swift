// Brings the sources together: flag before environment before file before default.

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
    let loader = SettingsLoader(flags: flags, environment: environment, file: file)
    return try loader.load()
}

/// One pass over the catalog: what each source says, as text by key, from the strongest to the
/// weakest.
///
/// swift-configuration did the looking up once. What it is asked for here, three dictionaries do;
/// what else it has (a JSON file by Foundation, without lines, comments or a word on unknown and
/// repeated keys) is less than an operator needs, so that our reader of the file stays anyway.
struct SettingsLoader {
    private let flags: [String: String]
    private let environment: [String: String]
    private let file: ConfigFile?

    init(flags: [String: String], environment: [String: String], file: ConfigFile?) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    /// - Throws: the first thing that is wrong.
    func load() throws(SettingsError) -> Settings {
        try checkFileKeys()
        var values: [String: any Sendable] = [:]
        var readings: [SettingReading] = []
        for setting in SettingsCatalog.all {
            let (text, origin) = given(for: setting)
            readings.append(
                SettingReading(
                    key: setting.key,
                    text: setting.shown(text), origin: origin,
                    fingerprint: text.hashValue))
            do throws(BadValue) {
                values[setting.key] = try setting.value(of: text)
            } catch {
                throw .badValue(
                    key: setting.key, text: setting.shownInError(text), origin: origin,
                    problem: error.problem)
            }
        }
        let settings = Settings(
            values: values, readings: readings, warnings: Self.unknownVariables(in: environment))
        try SettingsRules.check(settings)
        return settings
    }

    /// The strongest source that says something is asked; what weaker ones say is not looked at,
    /// so that a flag can mend a bad file. An empty text says nothing.
    private func given(for setting: any SettingEntry) -> (text: String, origin: SettingOrigin) {
        if let text = flags[setting.key].flatMap(nonEmpty) {
            return (text, .flag("--\(setting.flag)"))
        }
        if let text = environment[setting.environmentVariable].flatMap(nonEmpty) {
            return (text, .environment(setting.environmentVariable))
        }
        if let file, let entry = file.entries.first(where: { $0.key == setting.key }),
            let text = nonEmpty(entry.text)
        {
            return (text, .file(path: file.path, line: entry.line))
        }
        return (setting.defaultText, .standard)
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
                    text: setting.shownInError("[\(items.joined(separator: ", "))]"),
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
