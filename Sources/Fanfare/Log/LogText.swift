// What a record may look like: no longer than a line should be, and with nothing in it unseen.

/// Bounds of the log, each with its unit.
enum LogLimits {
    /// A record's line, bytes, its line feed included: what a pipe takes as a whole (PIPE_BUF).
    static let lineByteCountMax = 4_096
    /// What is shown of a record's own words, bytes.
    static let messageByteCountMax = 2_048
    /// What is shown of one value of its metadata, bytes.
    static let valueByteCountMax = 512
    /// What is shown of a metadata's key, bytes.
    static let keyByteCountMax = 64
    /// What waits to be written, bytes; beyond it, records are lost and counted.
    static let queueByteCountMax = 1 << 20
    /// What is written at once, bytes, unless a single line is longer.
    static let batchByteCountMax = 1 << 16
    /// How long the end of the process waits for what has not been written, ms.
    static let flushMsMax: Int64 = 2_000
    /// For so long a loss is a warning of `/healthz`, ms.
    static let lossWarningMs: Int64 = 60_000
}

/// Text of whatever origin, made fit for a line that is read by eyes and by programs.
enum LogText {
    /// The text with its invisible characters written out and its end cut off beyond
    /// `byteCountMax`: nothing from the network can forge a second record, steer a terminal, turn
    /// the line's direction, or fill the disk. A cut says how many bytes are missing.
    static func visible(_ text: String, byteCountMax: Int) -> String {
        escaped(text, byteCountMax: byteCountMax, as: .words)
    }

    /// The same for a value: with quotes around it where it has spaces or the like, so that a line
    /// can be taken apart again.
    static func quoted(_ text: String, byteCountMax: Int) -> String {
        let isPlain =
            !text.isEmpty && text.utf8.count <= byteCountMax
            && text.unicodeScalars.allSatisfy {
                !isUnseen($0) && $0 != " " && $0 != "\"" && $0 != "=" && $0 != "\\"
            }
        if isPlain { return text }
        return "\"" + escaped(text, byteCountMax: byteCountMax, as: .value) + "\""
    }

    /// A JSON string, quotes included, which has what is invisible as escapes too: JSON can be looked
    /// at by eyes. The bound is of its escaped bytes.
    static func jsonString(_ text: String, byteCountMax: Int) -> String {
        "\"" + escaped(text, byteCountMax: byteCountMax, as: .json) + "\""
    }

    /// What a text is to be fit for.
    private enum Place { case words, value, json }

    private static func escaped(
        _ text: String, byteCountMax: Int, as place: Place
    ) -> String {
        let byteCount = text.utf8.count
        if place == .words, byteCount <= byteCountMax, text.utf8.allSatisfy(isPrintable) {
            return text
        }
        var shown = ""
        var shownByteCount = 0
        var readByteCount = 0
        // Not by characters: a quote and an accent behind it are one.
        for scalar in text.unicodeScalars {
            let piece = form(of: scalar, in: place)
            shownByteCount += piece.utf8.count
            guard shownByteCount <= byteCountMax else {
                return shown + "… (\(byteCount - readByteCount) bytes more)"
            }
            shown += piece
            readByteCount += UTF8.width(scalar)
        }
        return shown
    }

    private static func form(of scalar: Unicode.Scalar, in place: Place) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\"" where place != .words: "\\\""
        case "\\" where place != .words: "\\\\"
        case _ where isUnseen(scalar) && place == .json:
            scalar.utf16.map(jsonEscape).joined()
        case _ where isUnseen(scalar):
            "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        default: String(scalar)
        }
    }

    private static func jsonEscape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII || scalar.value < 0x20 || scalar.value == 0x7F else { return false }
        return switch scalar.properties.generalCategory {
        // Format characters turn the direction of text, or make two texts look like one.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
