// Compares answers with the API document: as much of JSON Schema as the document uses.

import FoundationEssentials

@testable import ControlRoom

extension JSONTree {
    /// The value in these bytes; nil if they aren't JSON.
    init?(parsing bytes: [UInt8]) {
        guard let tree = try? JSONTreeReader.tree(in: bytes) else { return nil }
        self = tree
    }

    var fields: [String: JSONTree] {
        guard case .object(let fields) = self else { return [:] }
        return Dictionary(uniqueKeysWithValues: fields.map { ($0.key.text, $0.value) })
    }
    var items: [JSONTree] { if case .array(let items) = self { items } else { [] } }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    subscript(_ key: String) -> JSONTree? { fields[key] }
}

struct SchemaCheck {
    let document: JSONTree

    /// "GET /api/v1/shows/{show}" and so on.
    var operations: [String] {
        (document["paths"]?.fields ?? [:]).flatMap { path, operations in
            operations.fields.keys.map { "\($0.uppercased()) \(path)" }
        }
    }

    /// The document's path that this one is an example of; the one with most words in common.
    func template(of path: String) -> String {
        let parts = path.split(separator: "?")[0].split(separator: "/")
        let fitting = (document["paths"]?.fields ?? [:]).keys.filter { template in
            let others = template.split(separator: "/")
            return others.count == parts.count
                && zip(others, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return fitting.min { $0.count { $0 == "{" } < $1.count { $0 == "{" } } ?? "none of \(path)"
    }

    /// What isn't as the document says.
    func problems(_ method: String, _ template: String, _ answer: StaffAnswer) -> [String] {
        guard let operation = document["paths"]?[template]?[method.lowercased()] else {
            return ["there is no \(method) \(template)"]
        }
        let responses = operation["responses"]
        let known = responses?[String(answer.status)]
        guard answer.status < 400 || known != nil || responses?["default"] != nil else {
            return ["the status is not in the document"]
        }
        guard let response = known ?? (answer.status >= 400 ? responses?["default"] : nil) else {
            return ["the status is not in the document"]
        }
        guard let content = response["content"] else {
            return answer.body.isEmpty ? [] : ["there is a body"]
        }
        let type = answer.field("content-type")?.split(separator: ";").first.map(String.init)
        guard let type, let media = content[type] else {
            return ["the type \(type ?? "none") is not in the document"]
        }
        guard type == "application/json", let schema = media["schema"] else { return [] }
        guard let tree = JSONTree(parsing: answer.body) else { return ["it is not JSON"] }
        return problems(tree, schema, at: "$")
    }

    private func problems(_ tree: JSONTree, _ schema: JSONTree, at place: String) -> [String] {
        if let name = schema["$ref"]?.text?.split(separator: "/").last {
            guard let named = document["components"]?["schemas"]?[String(name)] else {
                return ["\(place): no schema \(name)"]
            }
            return problems(tree, named, at: place)
        }
        if let choices = schema["oneOf"]?.items {
            let fits = choices.contains { problems(tree, $0, at: place).isEmpty }
            return fits ? [] : ["\(place): none of the choices"]
        }
        switch (schema["type"]?.text, tree) {
        case ("string", .string(let text)):
            guard let words = schema["enum"]?.items, !words.contains(.string(text)) else {
                return []
            }
            return ["\(place): \(text) is none of \(words)"]
        case ("integer", .integer), ("number", .integer), ("number", .number),
            ("boolean", .bool), ("null", .null):
            return []
        // Beyond what Int has room for.
        case ("integer", .number(let number)) where number == number.rounded(): return []
        case ("array", .array(let items)):
            return items.enumerated().flatMap { index, item in
                problems(item, schema["items"] ?? .null, at: "\(place)[\(index)]")
            }
        case ("object", .object):
            let fields = tree.fields
            let properties = schema["properties"]?.fields ?? [:]
            let missing = (schema["required"]?.items ?? []).compactMap(\.text)
                .filter { fields[$0] == nil }.map { "\(place).\($0) is missing" }
            return missing
                + fields.flatMap { key, value in
                    properties[key].map { problems(value, $0, at: "\(place).\(key)") }
                        ?? ["\(place).\(key) is not in the document"]
                }
        default: return ["\(place): \(tree) is no \(schema["type"]?.text ?? "?")"]
        }
    }
}
