// What can be wrong with a JSON text.

/// A JSON text we refuse to read, or a value that isn't what was asked for.
public enum JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a value was expected to be.
    public enum Expectation: Sendable {
        case string, wholeNumber, boolean
    }

    /// Longer than `JSONLimits.byteCountMax`.
    case tooLarge
    /// The text doesn't begin with `{`.
    case notAnObject
    /// The text ends in the middle.
    case unexpectedEnd
    /// A character that can't stand there, by its offset in bytes.
    case unexpectedCharacter(at: Int)
    /// A control character within a string.
    case controlCharacter(at: Int)
    /// A backslash that begins no escape, or half a surrogate pair.
    case badEscape(at: Int)
    /// A string that isn't UTF-8.
    case notUTF8
    /// A number with a leading zero, without digits where they belong …
    case badNumber(at: Int)
    /// More members than `JSONLimits.memberCountMax`.
    case tooManyMembers
    /// Two members of one name.
    case duplicateName
    /// Nested more deeply than `JSONLimits.depthMax`.
    case tooDeep
    /// Something else behind the object's end.
    case trailingBytes
    /// The value is of another type.
    case wrongType(expected: Expectation)
    /// The whole number is outside of what was asked for.
    case numberOutOfRange

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .tooLarge: "The JSON text is too large; send less."
        case .notAnObject: "The JSON text is no object; send {\"name\": value, …}."
        case .unexpectedEnd: "The JSON text ends in the middle; send all of it."
        case .unexpectedCharacter(let offset):
            "The JSON text has a wrong character at byte \(offset); have a JSON library write it."
        case .controlCharacter(let offset):
            "A JSON string has a control character at byte \(offset); write it as \\u00XX."
        case .badEscape(let offset):
            "A JSON string has a wrong escape at byte \(offset); write \\n, \\\" or \\uXXXX."
        case .notUTF8: "A JSON string isn't UTF-8; encode the text in UTF-8."
        case .badNumber(let offset): "The JSON text has a malformed number at byte \(offset)."
        case .tooManyMembers: "The JSON object has too many members; leave out what isn't needed."
        case .duplicateName: "The JSON object has a name twice; send each name once."
        case .tooDeep: "The JSON text is nested too deeply; send a flat object."
        case .trailingBytes: "Something follows the JSON object; send one object and no more."
        case .wrongType(.string): "The value must be a string, in quotes."
        case .wrongType(.wholeNumber): "The value must be a whole number, without quotes."
        case .wrongType(.boolean): "The value must be true or false."
        case .numberOutOfRange: "The number is too small or too large here."
        }
    }
}
