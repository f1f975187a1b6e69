// One thing an operator can set: its names everywhere, its help, its default and its parser.

/// Why a value is not accepted, in words that say what is expected.
public struct BadValue: Error, Equatable {
    public var problem: String

    public init(_ problem: String) {
        self.problem = problem
    }
}

/// One entry of the catalog. The names on the command line and in the environment follow from the
/// key, so there is one rule to remember: `merge.minMs`, `--merge-min-ms`, `FANFARE_MERGE_MIN_MS`.
public struct Setting<Value: Sendable>: SettingEntry {
    public let key: String
    public let placeholder: String
    public let defaultText: String
    public let defaultWords: String?
    public let help: String
    public var isSecret = false
    public var isList = false

    /// Text from whichever source to the value.
    public let parse: @Sendable (String) throws(BadValue) -> Value

    /// - Parameters:
    ///   - defaultText: what is parsed when nobody says anything.
    ///   - defaultWords: what documentation shows instead of `defaultText`.
    public init(
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
    public func secret() -> Self {
        var copy = self
        copy.isSecret = true
        return copy
    }

    /// The same setting, given as a list: a JSON array, or text with commas.
    public func list() -> Self {
        var copy = self
        copy.isList = true
        return copy
    }

    public func check(_ text: String) throws(BadValue) {
        _ = try parse(text)
    }
}

/// What a table of settings needs to know of each, whatever its type.
public protocol SettingEntry: Sendable {
    /// Its place in the configuration file: `merge.minMs`.
    var key: String { get }
    /// What stands for its value in help texts: `MS`; empty for a switch.
    var placeholder: String { get }
    var defaultText: String { get }
    var defaultWords: String? { get }
    /// One sentence without a full stop.
    var help: String { get }
    var isSecret: Bool { get }
    var isList: Bool { get }

    /// Parses and forgets, for those who only want to know.
    func check(_ text: String) throws(BadValue)
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

    /// The default as documentation shows it.
    public var defaultShown: String { defaultWords ?? defaultText }

    private var words: [String] {
        key.split(separator: ".").flatMap { component in
            var words = [""]
            for character in component {
                if character.isUppercase { words.append("") }
                words[words.count - 1].append(character)
            }
            return words
        }
    }
}
