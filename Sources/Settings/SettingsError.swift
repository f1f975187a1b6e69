// Why settings are refused, and what to do about it.

/// What is wrong with what the operator has set.
public enum SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    case unreadableFile(path: String, reason: String)
    case malformedFile(path: String, line: Int, problem: String)
    case unknownKey(String, path: String, line: Int, suggestion: String?)
    case repeatedKey(String, path: String, line: Int, firstLine: Int)
    /// `text` is nil for a secret.
    case badValue(key: String, text: String?, origin: SettingOrigin, problem: String)
    /// Two settings that don't go together.
    case conflict(key: String, origin: SettingOrigin, problem: String)

    public var description: String {
        switch self {
        case .unreadableFile(let path, let reason):
            "cannot read the configuration file \(path): \(reason)"
        case .malformedFile(let path, let line, let problem):
            "\(path), line \(line): \(problem)"
        case .unknownKey(let key, let path, let line, let suggestion):
            "\(path), line \(line): unknown key \"\(key)\""
                + (suggestion.map { "; did you mean \"\($0)\"?" }
                    ?? "; fanfare check --print-settings text lists all keys")
        case .repeatedKey(let key, let path, let line, let firstLine):
            "\(path), line \(line): \"\(key)\" was already set in line \(firstLine); keep one"
        case .badValue(let key, let text, let origin, let problem):
            "\(origin): bad value \(text.map { "\"\($0)\" " } ?? "")for \(key): \(problem)"
        case .conflict(let key, let origin, let problem):
            "\(origin): \(key): \(problem)"
        }
    }
}
