// Any JSON value: what bodies are read from, and what the API document is made of.

import FoundationEssentials

/// A JSON value.
enum JSONTree: Codable, Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if container.decodeNil() {
            self = .null
        } else if let isTrue = try? container.decode(Bool.self) {
            self = .bool(isTrue)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let items = try? container.decode([JSONTree].self) {
            self = .array(items)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let isTrue): try container.encode(isTrue)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let items): try container.encode(items)
        case .object(let fields): try container.encode(fields)
        }
    }

    /// The value in these bytes; nil if they aren't JSON.
    init?(parsing bytes: some Sequence<UInt8>) {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else {
            return nil
        }
        self = tree
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .string(text) }
    init(integerLiteral integer: Int) { self = .integer(integer) }
    init(booleanLiteral isTrue: Bool) { self = .bool(isTrue) }
    init(arrayLiteral items: JSONTree...) { self = .array(items) }
    init(dictionaryLiteral fields: (String, JSONTree)...) {
        self = .object(Dictionary(fields) { first, _ in first })
    }
}

/// What is wrong with something a person wrote, as a sentence.
struct Complaint: Error, Equatable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// An object read strictly: a misspelt key would be a wish that nobody hears.
struct JSONFields {
    private let what: String
    private let fields: [String: JSONTree]

    /// - Parameters:
    ///   - what: the thing in words, "a show".
    ///   - keys: those it may have.
    init(_ tree: JSONTree, what: String, keys: [String]) throws(Complaint) {
        guard case .object(let fields) = tree else {
            throw Complaint("\(what) is a JSON object, such as {\"\(keys.first ?? "key")\": …}")
        }
        for key in fields.keys.sorted() where !keys.contains(key) {
            throw Complaint(
                "\(what) has no \"\(key.prefix(Limits.quotedTextCharacterCountMax))\"; it may have "
                    + keys.map { "\"\($0)\"" }.joined(separator: ", "))
        }
        self.what = what
        self.fields = fields
    }

    /// Whether the key is there, if only with null.
    func has(_ key: String) -> Bool { fields[key] != nil }

    /// A value; null is as good as none.
    func value(_ key: String) -> JSONTree? {
        guard let value = fields[key], value != .null else { return nil }
        return value
    }

    func string(_ key: String) throws(Complaint) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else { throw wrong(key, "a string") }
        return text
    }

    func integer(_ key: String) throws(Complaint) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let integer) = value else { throw wrong(key, "a whole number") }
        return integer
    }

    func bool(_ key: String) throws(Complaint) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let isTrue) = value else { throw wrong(key, "true or false") }
        return isTrue
    }

    func strings(_ key: String) throws(Complaint) -> [String]? {
        guard let value = value(key) else { return nil }
        guard case .array(let items) = value else { throw wrong(key, "a list of strings") }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw wrong(key, "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    /// One word of a few.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, _: Word.Type
    ) throws(Complaint) -> Word? where Word.RawValue == String {
        guard let value = value(key) else { return nil }
        let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
        guard case .string(let text) = value, let word = Word(rawValue: text) else {
            throw wrong(key, words)
        }
        return word
    }

    func missing(_ key: String) -> Complaint { Complaint("\(what) needs \"\(key)\"") }

    private func wrong(_ key: String, _ kind: String) -> Complaint {
        Complaint("\"\(key)\" of \(what) must be \(kind)")
    }
}
