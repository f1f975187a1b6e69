// Any JSON value: what bodies are read from, and what the API document is made of.

import WireBytes

/// A JSON value.
enum JSONTree: Encodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([ByteString: JSONTree])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let isTrue): try container.encode(isTrue)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let items): try container.encode(items)
        case .object(let fields):
            var members: [String: JSONTree] = [:]
            for (key, value) in fields { members[key.text] = value }
            try container.encode(members)
        }
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
        self = .object(Dictionary(fields.map { (ByteString($0), $1) }) { first, _ in first })
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
    private let fields: [ByteString: JSONTree]

    /// - Parameters:
    ///   - what: the thing in words, "a show".
    ///   - keys: those it may have.
    init(_ tree: JSONTree, what: String, keys: [String]) throws(Complaint) {
        guard case .object(let fields) = tree else {
            throw Complaint("\(what) is a JSON object, such as {\"\(keys.first ?? "key")\": …}")
        }
        let known = Set(keys.map { ByteString($0) })
        var unknown: String?
        for key in fields.keys where !known.contains(key) {
            unknown = unknown.map { min($0, key.text) } ?? key.text
        }
        if let unknown {
            throw Complaint(
                "\(what) has no \"\(unknown.quoted)\"; it may have "
                    + keys.map { "\"\($0)\"" }.joined(separator: ", "))
        }
        self.what = what
        self.fields = fields
    }

    /// A value; null is as good as none.
    func value(_ key: String) -> JSONTree? {
        guard let value = fields[ByteString(key)], value != .null else { return nil }
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
