// An option as people name it: by its number, or by its text.

import TextWire

/// The right option as a host, a file or a form writes it.
public enum OptionName {
    /// The option that is meant by its number from 1, by `#2`, or by its text.
    ///
    /// - Returns: its number, counted from 1.
    public static func resolve(
        _ text: String, among options: [String]
    ) throws(OptionFault) -> Int {
        if text.hasPrefix("#"), let number = Int(text.dropFirst()) {
            return try checked(number, among: options)
        }
        let named = options.firstIndex { $0.trimmed == text }.map { $0 + 1 }
        guard let number = Int(text) else {
            guard let named else { throw .noOption(text, optionCount: options.count) }
            return named
        }
        guard let named, named != number else { return try checked(number, among: options) }
        guard 1...options.count ~= number else { return named }
        throw .ambiguous(text, number: number, named: named)
    }

    /// A number from 1, if there is such an option.
    public static func checked(
        _ number: Int, among options: [String]
    ) throws(OptionFault) -> Int {
        guard number >= 1, number <= options.count else {
            throw .number(number, optionCount: options.count)
        }
        return number
    }
}

extension Question {
    /// The option of this question that is meant, counted from 1.
    public func option(named text: String) throws(OptionFault) -> Int {
        try OptionName.resolve(text.trimmed, among: options)
    }

    /// How a file says which option is right, so that it is read back as the same.
    public var correctName: String {
        let plain = String(correct)
        let isPlain = (try? OptionName.resolve(plain, among: options)) == correct
        return isPlain ? plain : "#" + plain
    }
}

/// Why a text names no option.
public enum OptionFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No option has this number.
    case number(Int, optionCount: Int)
    /// No option has this text.
    case noOption(String, optionCount: Int)
    /// It is one option's number and another one's text.
    case ambiguous(String, number: Int, named: Int)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .number(let number, let optionCount):
            "“correct” is \(number), and there are \(optionCount) options; "
                + "give a number from 1 to \(optionCount)"
        case .noOption(let text, let optionCount):
            "“correct” is “\(text.quoted)”, which is no option; give an option's number "
                + "from 1 to \(optionCount), or its text"
        case .ambiguous(let text, let number, let named):
            "“correct” is “\(text.quoted)”, which is option \(number)'s number and option "
                + "\(named)'s text; write #\(number) or #\(named)"
        }
    }
}
