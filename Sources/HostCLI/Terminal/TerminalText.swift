// Texts of others on a terminal: players, encoders and colleagues write them, and a terminal obeys.

/// Text made fit for a terminal.
public enum TerminalText {
    /// A text as part of one line: nothing in it ends the line, steers the terminal, or turns the
    /// direction of what stands around it. Control characters are blanks; what else can't be seen is
    /// written out, but for the joiners that scripts and pictures need.
    public static func plain(_ text: String) -> String { shown(text, keepsLines: false) }

    /// The same of several lines, which stay lines.
    public static func lines(_ text: String) -> String { shown(text, keepsLines: true) }

    private static func shown(_ text: String, keepsLines: Bool) -> String {
        if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where keepsLines, "\u{200C}", "\u{200D}": shown.append(scalar)
            case _ where scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value: shown.append(" ")
            case _ where isUnseen(scalar):
                let digits = String(scalar.value, radix: 16, uppercase: true)
                shown.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
