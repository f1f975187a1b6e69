// What the operator has decided, validated: plain values for the rest of the program.

import Access

/// Everything that can be set, by the names of the catalog's declarations: `settings.mergeMinMs` is
/// what was read for the declaration of that name in `SettingsCatalog`. Made by `loadSettings`; whoever
/// holds one may rely on it.
@dynamicMemberLookup
public struct Settings: Sendable {
    /// By key, each a `ParsedSetting` of its declaration's type.
    private var values: [String: any Sendable]
    /// Where each value came from, in the catalog's order, for `fanfare check`.
    public private(set) var readings: [SettingReading]
    /// What is no error but probably a mistake; logged at start-up.
    public let warnings: [String]

    init(values: [String: any Sendable], readings: [SettingReading], warnings: [String]) {
        self.values = values
        self.readings = readings
        self.warnings = warnings
    }

    /// The value of a declaration.
    public subscript<Value>(
        dynamicMember name: KeyPath<SettingsCatalog, Setting<Value>>
    ) -> Value {
        let setting = SettingsCatalog.shared[keyPath: name]
        guard let parsed = values[setting.key] as? ParsedSetting<Value> else {
            preconditionFailure("\(setting.key) is declared, but isn't among all settings")
        }
        return parsed.value
    }

    /// Where a setting's value came from.
    func reading(_ key: String) -> SettingReading? { readings.first { $0.key == key } }

    /// These, with some as they are in others: what waits for a restart stays in force as it was, and
    /// must still differ the next time.
    ///
    /// - Parameter keys: the settings to be taken from the others.
    public func keeping(_ keys: [String], of others: Settings) -> Settings {
        var kept = self
        for index in kept.readings.indices where keys.contains(kept.readings[index].key) {
            let key = kept.readings[index].key
            guard let reading = others.reading(key) else { continue }
            kept.readings[index] = reading
            kept.values[key] = others.values[key]
        }
        return kept
    }
}

extension Settings {
    /// What is said at the start of each secret that can be guessed.
    public var secretWarnings: [String] {
        [self.publishKey?.warning, self.staffToken?.warning, self.playerKey?.warning].compactMap {
            $0
        } + urlKeyWarnings + [self.callbackSecret?.warning].compactMap { $0 }
    }

    /// The same of keys for signed URLs, each by its setting's name.
    public var urlKeyWarnings: [String] {
        playKeyWarnings + pushKeyWarnings
    }

    /// Of those that viewers come in by.
    public var playKeyWarnings: [String] {
        [("--play-key", self.playKey), ("--play-key-previous", self.playKeyPrevious)]
            .compactMap(Self.warning)
    }

    /// Of those that publishers come in by.
    public var pushKeyWarnings: [String] {
        [("--push-key", self.pushKey), ("--push-key-previous", self.pushKeyPrevious)]
            .compactMap(Self.warning)
    }

    private static func warning(of flag: String, _ key: URLKey?) -> String? {
        (key?.warning).map { "\(flag): \($0)" }
    }

    /// Flags by which secrets were given, with their dashes: every user of the machine can read them
    /// in the list of processes.
    public var secretFlags: [String] {
        SettingsCatalog.all.filter(\.isSecret).compactMap { setting in
            guard case .flag(let name)? = reading(setting.key)?.origin else { return nil }
            return name
        }
    }
}

/// Whether the network card is given the media without a copy.
public enum ZeroCopyMode: String, Sendable, CaseIterable {
    /// Where the kernel really takes the pages; found out on real traffic.
    case auto
    /// Wherever the kernel knows how.
    case on
    /// Never.
    case off
}

/// How the log is written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// A line for eyes: time, level, label, words, metadata as `key=value`.
    case text
    /// A JSON object a line.
    case json
}

/// One setting's text and where it came from.
public struct SettingReading: Sendable, Equatable {
    /// As in the catalog.
    public let key: String
    /// Hidden if the setting is a secret.
    public let text: String
    /// Who said so.
    public let origin: SettingOrigin
    /// The same for the same text, be it hidden or not; of use in this process only.
    let fingerprint: Int
}

/// Who said so.
public enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// `--name`, with the dashes.
    case flag(String)
    /// The variable's name.
    case environment(String)
    /// The configuration file, with the line counted from 1.
    case file(path: String, line: Int)
    /// The default.
    case standard

    /// As it stands in front of an error: `--name`, `NAME`, `path, line 3`, "default".
    public var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let name): name
        case .file(let path, let line): "\(path), line \(line)"
        case .standard: "default"
        }
    }
}
