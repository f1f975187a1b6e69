// What a text must be like to be shown to an audience or used as an id.

import TextWire
import WireBytes

/// Where a text comes from.
public enum TextSource: Sendable {
    /// From somebody who can mend it.
    case people
    /// From a ledger, which was let in under the rules of its time: it stays readable.
    case ledger
}

/// What is wrong with a text.
public enum TextFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is nothing in it but blanks.
    case empty
    /// There is something in it, but nothing that can be seen.
    case showsNothing
    /// It changes the direction of the text around it.
    case turnsItsLine
    /// It has more bytes of UTF-8 than `byteCountMax`.
    case tooLong(byteCount: Int, byteCountMax: Int)
    /// It has a control character.
    case controlCharacter
    /// An id with something else than letters, digits and `- . _ ~`.
    case notAnID
    /// An address that begins neither with `https://` nor `http://` nor `/`.
    case notAnAddress

    /// The end of a sentence that began with what the text is: "is empty; …".
    public var description: String {
        switch self {
        case .empty: return "is empty; write something"
        case .showsNothing:
            return "has nothing that can be seen; write letters, digits or signs that show"
        case .turnsItsLine:
            return "turns the direction of the text around (U+202A to U+202E, or an isolate that "
                + "isn't closed); take those characters out"
        case .tooLong(let byteCount, let byteCountMax):
            return "has \(byteCount) bytes; shorten it to \(byteCountMax)"
        case .controlCharacter: return "has a control character; take it out"
        case .notAnID: return "may only have letters (a-z, A-Z), digits and - . _ ~"
        case .notAnAddress: return "is to begin with https://, http:// or /"
        }
    }
}

enum TextRule {
    /// A text for people: one line, or several where `allowsLines`.
    static func check(
        _ text: String, byteCountMax: Int, allowsLines: Bool = false,
        from source: TextSource = .people
    ) throws(TextFault) {
        let byteCount = text.utf8.count
        guard byteCount <= byteCountMax else {
            throw .tooLong(byteCount: byteCount, byteCountMax: byteCountMax)
        }
        guard !text.allSatisfy(\.isWhitespace) else { throw .empty }
        for scalar in text.unicodeScalars {
            let isLineEnd = scalar == "\n" && allowsLines
            // Unicode's general category Cc is exactly these.
            let isControl = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
            guard isLineEnd || !isControl else { throw .controlCharacter }
        }
        guard source == .people else { return }
        guard VisibleText.showsSomething(text) else { throw .showsNothing }
        guard !VisibleText.turnsItsLine(text) else { throw .turnsItsLine }
    }

    /// What is to be seen of a text: without what shows nothing, and each run of blanks as one.
    static func shown(_ text: String) -> String {
        var visible = String.UnicodeScalarView()
        visible.append(
            contentsOf: text.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint })
        return String(visible).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// An id of ours, which needs no encoding in a URL (RFC 3986, section 2.3).
    static func checkID(_ text: String) throws(TextFault) {
        try check(text, byteCountMax: TriviaLimits.idByteCountMax)
        guard text.isID(byteCountMax: TriviaLimits.idByteCountMax) else { throw .notAnID }
    }

    /// Where a picture or a sound lies.
    static func checkAddress(
        _ text: String, from source: TextSource = .people
    ) throws(TextFault) {
        try check(text, byteCountMax: TriviaLimits.mediaURLByteCountMax, from: source)
        guard text.hasPrefix("https://") || text.hasPrefix("http://") || text.hasPrefix("/") else {
            throw .notAnAddress
        }
    }
}
