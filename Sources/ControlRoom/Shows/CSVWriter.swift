// Values as RFC 4180 wants them, for spreadsheets.

/// Writes CSV with commas and CRLF. It begins with a byte order mark, without which spreadsheets
/// take UTF-8 for something else.
struct CSVWriter {
    /// Who wrote the texts.
    enum Trust {
        /// The staff: their texts stay as they are, so that they can be read back.
        case staff
        /// Players: a name such as `=HYPERLINK(…)` would be run as a formula by a spreadsheet, so
        /// an apostrophe goes before it.
        case players
    }

    private let trust: Trust
    private(set) var text = "\u{FEFF}"

    init(_ trust: Trust) { self.trust = trust }

    mutating func add(_ fields: [String]) {
        text += fields.map(field).joined(separator: ",") + "\r\n"
    }

    private func field(_ value: String) -> String {
        var value = value
        // Without the blanks before it, which spreadsheets skip.
        let first = value.utf8.first { $0 > 0x20 || $0 == 0x09 || $0 == 0x0D }
        if trust == .players, let first, Self.formulaStarts.contains(first), Int(value) == nil {
            value = "'" + value
        }
        let needsQuotes = value.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), 0x0A, 0x0D: true
            default: false
            }
        }
        let hasBlankEnds = value.first?.isWhitespace == true || value.last?.isWhitespace == true
        guard needsQuotes || hasBlankEnds else { return value }
        // Not by characters: a quote and an accent behind it are one.
        var quoted = "\"".unicodeScalars
        for scalar in value.unicodeScalars {
            if scalar == "\"" { quoted.append("\"") }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    private static let formulaStarts: [UInt8] =
        [UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D]
}
