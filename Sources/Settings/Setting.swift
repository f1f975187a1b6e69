// One thing an operator can set, declared once: its names everywhere, its help, its default, its
// parser, and what a reload does with it.

import HTTPWire

/// Why a value is not accepted, in words that say what is expected.
public struct BadValue: Error, Equatable {
    /// What was expected.
    public var problem: String

    /// A reason in words.
    public init(_ problem: String) {
        self.problem = problem
    }
}

/// What a running server does with a new value when it is told to reload.
public enum SettingReload: Sendable {
    /// It is in force from the next start on, and the reload says so by name.
    case restart
    /// It is taken on at once. Whoever declares this puts it into force in `Reloading`.
    case live
    /// One value is changed for another at once; whether there is one at all is settled at the start.
    case liveWhileSet
}

/// What of a setting's value never stands in errors, logs and tables.
public enum SettingHiding: Sendable {
    /// All of it may be shown.
    case nothing
    /// Of URLs their paths and queries, which often are secrets.
    case paths
    /// All of it.
    case all
}

/// One entry of the catalog. The names on the command line and in the environment follow from the
/// key, so there is one rule to remember: `merge.minMs`, `--merge-min-ms`, `FANFARE_MERGE_MIN_MS`.
public struct Setting<Value: Sendable>: SettingEntry {
    public let key: String
    public let placeholder: String
    public let defaultText: String
    public let defaultWords: String?
    public let help: String
    public private(set) var hiding = SettingHiding.nothing
    public private(set) var isList = false
    public private(set) var reload = SettingReload.restart

    private let parse: @Sendable (String) throws(BadValue) -> Value

    /// - Parameters:
    ///   - defaultText: what is parsed when nobody says anything.
    ///   - defaultWords: what documentation shows instead of `defaultText`.
    ///   - parse: text from whichever source to the value.
    init(
        _ key: String, _ placeholder: String, default defaultText: String,
        words defaultWords: String? = nil, help: String,
        parse: @escaping @Sendable (String) throws(BadValue) -> Value
    ) {
        self.key = key
        self.placeholder = placeholder
        self.defaultText = defaultText
        self.defaultWords = defaultWords
        self.help = help
        self.parse = parse
    }

    /// The same setting, never shown in errors, logs or tables.
    func secret() -> Self {
        var copy = self
        copy.hiding = .all
        return copy
    }

    /// The same setting, of whose URLs nothing but scheme and host is shown.
    func hidingPaths() -> Self {
        var copy = self
        copy.hiding = .paths
        return copy
    }

    /// The same setting, given as a list: a JSON array, or text with commas.
    func list() -> Self {
        var copy = self
        copy.isList = true
        return copy
    }

    /// The same setting, which a running server takes on.
    func reloaded(_ reload: SettingReload = .live) -> Self {
        var copy = self
        copy.reload = reload
        return copy
    }

    public func value(of text: String) throws(BadValue) -> any Sendable {
        ParsedSetting(value: try parse(text))
    }
}

/// A setting's value on its way from the parser to `Settings`: a box, so that an optional stays one.
struct ParsedSetting<Value: Sendable>: Sendable {
    let value: Value
}

/// What a table of settings needs to know of each, whatever its type.
public protocol SettingEntry: Sendable {
    /// Its place in the configuration file: `merge.minMs`.
    var key: String { get }
    /// What stands for its value in help texts: `MS`; empty for a switch.
    var placeholder: String { get }
    /// What holds when nobody says anything.
    var defaultText: String { get }
    /// What documentation shows instead of it.
    var defaultWords: String? { get }
    /// One sentence without a full stop.
    var help: String { get }
    /// What of its value is never shown.
    var hiding: SettingHiding { get }
    /// Whether a file may give a list.
    var isList: Bool { get }
    /// What a running server does with a new value.
    var reload: SettingReload { get }

    /// Parses a text, for `Settings` to hold.
    func value(of text: String) throws(BadValue) -> any Sendable
}

extension SettingEntry {
    /// A switch is on or off and needs no value on the command line.
    public var isSwitch: Bool { placeholder.isEmpty }

    /// `--merge-min-ms` without the dashes.
    public var flag: String {
        words.joined(separator: "-").lowercased()
    }

    /// `FANFARE_MERGE_MIN_MS`.
    public var environmentVariable: String {
        "FANFARE_" + words.joined(separator: "_").uppercased()
    }

    /// Whether its value is never shown.
    public var isSecret: Bool { hiding == .all }

    /// Its value as tables show it.
    public func shown(_ text: String) -> String {
        guard !text.isEmpty else { return text }
        switch hiding {
        case .nothing: return text
        case .all: return "(hidden)"
        case .paths:
            let parts = isList ? text.split(separator: ",") : [text[...]]
            return parts.map { part in
                guard let url = HTTPURL(trimmed(part)) else {
                    return "(hidden)"
                }
                return url.target == "/" ? url.origin : url.origin + "/(hidden)"
            }
            .joined(separator: ",")
        }
    }

    /// Its value as an error shows it: nil where that could show too much, as what isn't taken may be
    /// anything.
    func shownInError(_ text: String) -> String? { hiding == .nothing ? text : nil }

    /// The default as documentation shows it.
    public var defaultShown: String { defaultWords ?? defaultText }

    private var words: [String] {
        key.split(separator: ".").flatMap { component in
            var words = [""]
            // Capitals in a row are one word: staffTLS is --staff-tls.
            var isCapital = false
            for character in component {
                if character.isUppercase && !isCapital { words.append("") }
                isCapital = character.isUppercase
                words[words.count - 1].append(character)
            }
            return words
        }
    }
}
