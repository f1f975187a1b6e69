// From text to the values settings have.

import Access
import FoundationEssentials
import HTTPWire
import Logging
import WireBytes

extension Setting where Value == IPEndpoint {
    /// HOST:PORT.
    static func address(_ key: String, default text: String, help: String) -> Self {
        Setting(key, "HOST:PORT", default: text, help: help) { text throws(BadValue) in
            try IPEndpoint(parsing: text)
        }
    }

    /// The same, also as the URL that commands of the staff take.
    static func staffAddress(_ key: String, default text: String, help: String) -> Self {
        Setting(key, "HOST:PORT", default: text, help: help) { text throws(BadValue) in
            guard !text.lowercased().contains("https://") else {
                throw BadValue("write HOST:PORT, and set staffTLS for a staff plane with TLS")
            }
            return try IPEndpoint(parsing: try StaffURL.hostAndPort(of: text))
        }
    }
}

extension Setting where Value == IPEndpoint? {
    /// HOST:PORT, or nothing for no such listener.
    static func optionalAddress(_ key: String, help: String) -> Self {
        Setting(key, "HOST:PORT", default: "", words: "none", help: help) { text throws(BadValue) in
            text.isEmpty ? nil : try IPEndpoint(parsing: text)
        }
    }
}

extension Setting where Value == Bool {
    /// On or off.
    static func toggle(_ key: String, help: String) -> Self {
        Setting(key, "", default: "false", help: help) { text throws(BadValue) in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: throw BadValue("expected true or false")
            }
        }
    }
}

extension Setting where Value == Int {
    /// A whole number within bounds.
    static func number(
        _ key: String, _ placeholder: String, default value: Int, in range: ClosedRange<Int>,
        help: String
    ) -> Self {
        Setting(key, placeholder, default: "\(value)", help: help) { text throws(BadValue) in
            try wholeNumber(text, in: range)
        }
    }

    /// A number of shards; by default as many as there are processors to run on.
    static func shards(_ key: String, help: String) -> Self {
        Setting(key, "N", default: "cores", help: help) { text throws(BadValue) in
            if text == "cores" {
                let cores = ProcessInfo.processInfo.activeProcessorCount
                return min(max(cores, 1), SettingLimits.shardCountMax)
            }
            return try wholeNumber(text, in: 1...SettingLimits.shardCountMax)
        }
    }
}

extension Setting where Value == Int? {
    /// A whole number, or "auto" for what the machine allows.
    static func numberOrAuto(
        _ key: String, _ placeholder: String, in range: ClosedRange<Int>, help: String
    ) -> Self {
        Setting(key, placeholder, default: "auto", help: help) { text throws(BadValue) in
            text == "auto" ? nil : try wholeNumber(text, in: range)
        }
    }
}

extension Setting where Value == String {
    /// A folder's path.
    static func folder(_ key: String, default path: String, help: String) -> Self {
        Setting(key, "DIR", default: path, help: help) { text throws(BadValue) in
            guard !text.isEmpty, !text.utf8.contains(0) else {
                throw BadValue("expected the path of a folder")
            }
            return text
        }
    }
}

extension Setting where Value == String? {
    /// A folder's path; nil for none.
    static func optionalFolder(_ key: String, words: String, help: String) -> Self {
        Setting(key, "DIR", default: "", words: words, help: help) { text throws(BadValue) in
            guard !text.utf8.contains(0) else { throw BadValue("expected the path of a folder") }
            return text.isEmpty ? nil : text
        }
    }
}

extension Setting where Value == String? {
    /// A file's path; nil for none.
    static func optionalFile(_ key: String, help: String) -> Self {
        Setting(key, "FILE", default: "", words: "none", help: help) { text throws(BadValue) in
            guard !text.utf8.contains(0) else { throw BadValue("expected the path of a file") }
            return text.isEmpty ? nil : text
        }
    }
}

extension Setting {
    /// A key or token that the operator chooses; nil if none is given.
    static func secret<Kind: SecretKind>(
        _ key: String, _ placeholder: String, words: String, help: String
    ) -> Self where Value == Secret<Kind>? {
        Setting(key, placeholder, default: "", words: words, help: help) { text throws(BadValue) in
            if text.isEmpty { return nil }
            do throws(SecretError) {
                return try Secret<Kind>(validating: text)
            } catch {
                throw BadValue(error.description)
            }
        }.secret()
    }
}

extension Setting where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of a few words.
    static func choice(_ key: String, default value: Value, help: String) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return Setting(key, "MODE", default: value.rawValue, help: help) { text throws(BadValue) in
            guard let value = Value(rawValue: text.lowercased()) else {
                throw BadValue("expected one of \(words.joined(separator: ", "))")
            }
            return value
        }
    }
}

extension Setting where Value == Logger.Level {
    /// swift-log's levels.
    static func logLevel(_ key: String, help: String) -> Self {
        Setting(key, "LEVEL", default: "info", help: help) { text throws(BadValue) in
            guard let level = Logger.Level(rawValue: text.lowercased()) else {
                let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw BadValue("expected one of \(names)")
            }
            return level
        }
    }
}

extension Setting where Value == [String] {
    /// Web origins, or "*".
    static func origins(_ key: String, help: String) -> Self {
        Setting(key, "ORIGIN,…", default: "*", help: help) { text throws(BadValue) in
            let origins = text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
            guard origins.allSatisfy({ $0 == "*" || CORSPolicy.isOrigin($0) }) else {
                throw BadValue(
                    "expected \"*\" or origins without a path, such as https://show.example.com")
            }
            return origins
        }.list()
    }
}

extension Setting where Value == [String] {
    /// Files' paths.
    static func files(_ key: String, help: String) -> Self {
        Setting(key, "FILE,…", default: "", words: "none", help: help) { text throws(BadValue) in
            guard !text.utf8.contains(0) else { throw BadValue("expected paths of files") }
            return text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
        }.list()
    }
}

extension Setting where Value == AddressRanges {
    /// Addresses and ranges of them.
    static func addressRanges(_ key: String, help: String) -> Self {
        Setting(key, "CIDR,…", default: "", words: "none", help: help) { text throws(BadValue) in
            let parts = text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
            guard parts.count <= SettingLimits.addressRangeCountMax else {
                throw BadValue("at most \(SettingLimits.addressRangeCountMax) ranges are taken")
            }
            var ranges: [AddressRange] = []
            for part in parts {
                guard let range = AddressRange(part) else {
                    throw BadValue(
                        "expected addresses or ranges of them, such as 192.0.2.7 or 10.0.0.0/8, and "
                            + "\"\(part)\" is none")
                }
                ranges.append(range)
            }
            return AddressRanges(ranges)
        }.list()
    }
}

extension Setting where Value == HTTPURL? {
    /// An http or https URL; nil for none.
    static func url(_ key: String, words: String, help: String) -> Self {
        Setting(key, "URL", default: "", words: words, help: help) { text throws(BadValue) in
            text.isEmpty ? nil : try httpURL(text, "")
        }.hidingPaths()
    }
}

extension Setting where Value == [HTTPURL] {
    /// A few http or https URLs, or none.
    static func urls(_ key: String, countMax: Int, help: String) -> Self {
        Setting(key, "URL,…", default: "", words: "none", help: help) { text throws(BadValue) in
            var urls: [HTTPURL] = []
            let parts = text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
            for (index, part) in parts.enumerated() {
                // By its number, as what is wrong with it may be a password.
                let which = parts.count == 1 ? "" : " as number \(index + 1) of \(parts.count)"
                urls.append(try httpURL(part, which))
            }
            guard urls.count <= countMax, Set(urls.map(\.text)).count == urls.count else {
                throw BadValue("expected at most \(countMax) URLs, each once")
            }
            return urls
        }.list().hidingPaths()
    }
}

extension Setting where Value == Set<CallbackEventName> {
    /// Names of events, or "*".
    static func callbackEvents(_ key: String, help: String) -> Self {
        Setting(key, "EVENT,…", default: "*", help: help) { text throws(BadValue) in
            var events: Set<CallbackEventName> = []
            for part in text.split(separator: ",").map({ trimmed($0) }) where !part.isEmpty {
                if part == "*" {
                    events.formUnion(CallbackEventName.allCases)
                } else if let event = CallbackEventName(rawValue: part) {
                    events.insert(event)
                } else {
                    let names = CallbackEventName.allCases.map(\.rawValue)
                    throw BadValue("expected \"*\" or some of \(names.joined(separator: ", "))")
                }
            }
            return events
        }.list()
    }
}

private func httpURL(_ text: String, _ which: String) throws(BadValue) -> HTTPURL {
    guard let url = HTTPURL(text) else {
        throw BadValue(
            "expected a URL such as https://example.com/fanfare\(which), without a user and a "
                + "fragment")
    }
    return url
}

/// Bounds that more than one parser shares.
enum SettingLimits {
    static let shardCountMax = 256
    static let addressRangeCountMax = 64
}

private func wholeNumber(_ text: String, in range: ClosedRange<Int>) throws(BadValue) -> Int {
    guard let number = Int(text), range.contains(number) else {
        throw BadValue("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
}

func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
}
