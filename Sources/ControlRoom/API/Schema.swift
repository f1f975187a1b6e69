// The form of a JSON value, as JSON Schema says it.

import WireBytes

/// A schema of the API document.
indirect enum Schema: Equatable, Sendable {
    case string(_ summary: String? = nil, words: [String]? = nil)
    case integer(_ summary: String? = nil, min: Int? = nil)
    case number(_ summary: String? = nil)
    case boolean(_ summary: String? = nil)
    case array(of: Schema, _ summary: String? = nil)
    case object([Property])
    /// One of the document's named schemas.
    case named(String)
    case oneOf([Schema])
    /// Nothing at all.
    case null

    /// A key of an object.
    struct Property: Equatable, Sendable {
        var name: String
        var schema: Schema
        var isRequired: Bool

        /// A key that is always there.
        static func must(_ name: String, _ schema: Schema) -> Property {
            Property(name: name, schema: schema, isRequired: true)
        }

        /// A key that may be left out.
        static func may(_ name: String, _ schema: Schema) -> Property {
            Property(name: name, schema: schema, isRequired: false)
        }
    }

    /// As the document has it.
    var json: JSONTree {
        switch self {
        case .string(let summary, let words):
            var fields = Self.fields("string", summary)
            if let words { fields["enum"] = .array(words.map(JSONTree.string)) }
            return .object(fields)
        case .integer(let summary, let min):
            var fields = Self.fields("integer", summary)
            if let min { fields["minimum"] = .integer(min) }
            return .object(fields)
        case .number(let summary): return .object(Self.fields("number", summary))
        case .boolean(let summary): return .object(Self.fields("boolean", summary))
        case .array(let item, let summary):
            var fields = Self.fields("array", summary)
            fields["items"] = item.json
            return .object(fields)
        case .object(let properties):
            var fields = Self.fields("object", nil)
            var members: [ByteString: JSONTree] = [:]
            for property in properties { members[ByteString(property.name)] = property.schema.json }
            fields["properties"] = .object(members)
            let required = properties.filter(\.isRequired).map { JSONTree.string($0.name) }
            if !required.isEmpty { fields["required"] = .array(required) }
            fields["additionalProperties"] = false
            return .object(fields)
        case .named(let name): return ["$ref": .string("#/components/schemas/\(name)")]
        case .null: return ["type": "null"]
        case .oneOf(let schemas): return ["oneOf": .array(schemas.map(\.json))]
        }
    }

    private static func fields(_ type: String, _ summary: String?) -> [ByteString: JSONTree] {
        var fields: [ByteString: JSONTree] = ["type": .string(type)]
        if let summary { fields["description"] = .string(summary) }
        return fields
    }
}

extension Schema {
    static func words<Word: RawRepresentable & CaseIterable>(
        _: Word.Type, _ summary: String? = nil
    ) -> Schema where Word.RawValue == String {
        .string(summary, words: Word.allCases.map(\.rawValue))
    }
}
