// Values as RFC 4180 wants them, for spreadsheets.

import TextWire

/// Writes CSV with commas and CRLF. It begins with a byte order mark, without which spreadsheets
/// take UTF-8 for something else.
struct CSVWriter {
    /// Who wrote the texts.
    enum Trust {
        /// The staff: their texts stay as they are, so that they can be read back.
        case staff
        /// Players: a name such as `=HYPERLINK(…)` would be run as a formula by a spreadsheet, so
        /// an apostrophe goes before it. The wide and the small forms of those signs are as good as
        /// the plain ones to some.
        case players
    }

    private let trust: Trust
    private(set) var text: String

    /// - Parameter isContinued: whether it goes on with what another writer began.
    init(_ trust: Trust, isContinued: Bool = false) {
        self.trust = trust
        text = isContinued ? "" : "\u{FEFF}"
    }

    mutating func add(_ fields: [String]) {
        text += fields.map(field).joined(separator: ",") + "\r\n"
    }

    private func field(_ value: String) -> String {
        var value = value
        if trust == .players, Self.isFormula(value) {
            value = "'" + value
        }
        let needsQuotes = value.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, 0x0A, 0x0D: true
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

    /// Whether a spreadsheet might run it. Whole numbers stay numbers.
    private static func isFormula(_ value: String) -> Bool {
        guard let first = value.unicodeScalars.first else { return false }
        if first == "\t" || first == "\r" || first == "\n" { return true }
        // Without the blanks before it, and what shows nothing, which spreadsheets skip.
        guard let sign = value.unicodeScalars.first(where: VisibleText.isVisible) else {
            return false
        }
        return formulaSigns.contains(sign) && Int(value) == nil
    }

    /// Equals, plus, minus and at: plain, wide, small, and the minus of mathematics.
    private static let formulaSigns: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{FE66}",
        "\u{FE62}", "\u{FE63}", "\u{FE6B}", "\u{2212}",
    ]
}
