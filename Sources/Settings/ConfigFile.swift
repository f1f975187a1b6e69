// The configuration file: JSON with // comments, read strictly and with line numbers.

/// The keys of a configuration file, flattened: `{"merge": {"minMs": 40}}` and
/// `{"merge.minMs": 40}` both are `merge.minMs`.
public struct ConfigFile: Sendable, Equatable {
    /// One value as it stands in the file.
    public enum Value: Sendable, Equatable {
        /// A string's content, or a number, true or false as written.
        case scalar(String)
        case list([String])
    }

    /// A key with its value and the line its name is in, counted from 1.
    public struct Entry: Sendable, Equatable {
        /// With those it is nested in: `merge.minMs`.
        public var key: String
        /// What stands behind it.
        public var value: Value
        /// Counted from 1.
        public var line: Int

        /// The value as other sources would have it: a list with commas.
        public var text: String {
            switch value {
            case .scalar(let text): text
            case .list(let items): items.joined(separator: ",")
            }
        }
    }

    /// How its errors call it.
    public var path: String
    /// In the file's order; every key once.
    public var entries: [Entry]

    /// A configuration is a page of text; anything longer is some other file.
    public static let byteCountMax = 1 << 20

    /// Parses the file's text.
    ///
    /// - Throws: `SettingsError.malformedFile` and `.repeatedKey`, each with the line.
    public static func parse(_ text: String, path: String) throws(SettingsError) -> ConfigFile {
        let entries: [Entry]
        do {
            entries = try ConfigFileReader.entries(in: Array(text.utf8))
        } catch {
            throw .malformedFile(path: path, line: error.line, problem: error.problem)
        }
        var firstLines: [String: Int] = [:]
        for entry in entries {
            if let firstLine = firstLines.updateValue(entry.line, forKey: entry.key) {
                throw .repeatedKey(
                    entry.key, path: path, line: entry.line, firstLine: firstLine)
            }
        }
        return ConfigFile(path: path, entries: entries)
    }
}
