// As much of JSON Schema as the audience's document uses.

import Foundation

/// A document, and values that are held against its schemas.
struct JSONSchema {
    let document: [String: Any]

    /// What is wrong with a value; empty where it is as described. A property that isn't described
    /// counts as wrong.
    func faults(of value: Any, as schema: [String: Any], at place: String = "$") -> [String] {
        if let reference = schema["$ref"] as? String {
            let parts = reference.split(separator: "/").dropFirst().map(String.init)
            let target = parts.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
            guard let target = target as? [String: Any] else { return ["\(reference) is nowhere"] }
            return faults(of: value, as: target, at: place)
        }
        if let choices = schema["oneOf"] as? [[String: Any]] {
            let all = choices.map { faults(of: value, as: $0, at: place) }
            let fitting = all.count { $0.isEmpty }
            return fitting == 1 ? [] : ["\(place) fits \(fitting) of: \(all)"]
        }
        if let constant = schema["const"] as? String {
            return value as? String == constant ? [] : ["\(place) isn't \(constant)"]
        }
        if let words = schema["enum"] as? [String] {
            return (value as? String).map(words.contains) == true
                ? [] : ["\(place) isn't of \(words)"]
        }
        switch schema["type"] as? String {
        case "object": return faults(ofObject: value, as: schema, at: place)
        case "array":
            guard let items = value as? [Any], let schema = schema["items"] as? [String: Any] else {
                return ["\(place) is no array"]
            }
            return items.enumerated().flatMap {
                faults(of: $0.element, as: schema, at: "\(place)[\($0.offset)]")
            }
        case "string": return value is String ? [] : ["\(place) is no string"]
        case "boolean": return Self.isBoolean(value) ? [] : ["\(place) is no boolean"]
        case "integer":
            let number = (value as? NSNumber)?.doubleValue
            let isWhole = number.map { $0 == $0.rounded() } == true && !Self.isBoolean(value)
            return isWhole ? [] : ["\(place) is no integer"]
        default: return ["\(place): the schema says nothing"]
        }
    }

    private func faults(
        ofObject value: Any, as schema: [String: Any], at place: String
    ) -> [String] {
        guard let object = value as? [String: Any] else { return ["\(place) is no object"] }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let required = schema["required"] as? [String] ?? []
        let missing = required.filter { object[$0] == nil }.map { "\(place).\($0) is missing" }
        return missing
            + object.flatMap { name, value in
                properties[name].map { faults(of: value, as: $0, at: "\(place).\(name)") }
                    ?? ["\(place).\(name) isn't described"]
            }
    }

    private static func isBoolean(_ value: Any) -> Bool {
        // A number is boxed like a boolean; only its kind tells them apart.
        (value as? NSNumber).map { String(cString: $0.objCType) } == "c"
    }
}
