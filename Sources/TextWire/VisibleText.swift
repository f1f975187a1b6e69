// Whether there is anything to be seen of a text, and whether it stays in its line.

/// What a text looks like to those it is shown to.
public enum VisibleText {
    /// Whether anything can be seen: blanks of all kinds, fillers, joiners, marks without a letter
    /// under them and characters that no font has are nothing.
    public static func showsSomething(_ text: String) -> Bool {
        text.unicodeScalars.contains(where: isVisible)
    }

    /// Whether the text changes the direction of what stands around it: by an override or an
    /// embedding (U+202A to U+202E), which nobody needs since there are isolates, or by an isolate
    /// (U+2066 to U+2069) that isn't closed, or closed without being open.
    public static func turnsItsLine(_ text: String) -> Bool {
        var isolateCount = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x202A...0x202E: return true
            case 0x2066...0x2068: isolateCount += 1
            case 0x2069:
                isolateCount -= 1
                if isolateCount < 0 { return true }
            default: continue
            }
        }
        return isolateCount != 0
    }

    /// Whether a character can be seen by itself.
    public static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        // The letters of most texts, without a look into the tables of Unicode.
        if scalar.value < 0x7F { return scalar.value > 0x20 }
        guard !isBlank(scalar), !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator, .nonspacingMark, .enclosingMark, .spacingMark:
            return false
        default: return true
        }
    }

    /// What Unicode counts among the symbols and letters, and is blank all the same.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Braille without a dot, the place of an object, a note without a head, two hieroglyphs.
        case 0x2800, 0xFFFC, 0x1D159, 0x13441, 0x13442: true
        // Fillers of Hangul.
        case 0x115F, 0x1160, 0x3164, 0xFFA0: true
        default: false
        }
    }
}
