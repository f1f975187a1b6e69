// A file that is to be CSV, as people save it: which of the many other things it is.

/// Makes a text of a file, or says what the file is and how to save it.
enum SheetText {
    /// - Throws: `Complaint` with what the file is instead, and what to do.
    static func text(of bytes: [UInt8]) throws(Complaint) -> String {
        if let kind = foreignKind(bytes) {
            throw Complaint(
                "the file is \(kind), not CSV, whatever its name says; open it in the program that "
                    + "made it and save it as “CSV UTF-8 (comma-separated)”")
        }
        if let encoding = wideEncoding(bytes) {
            throw Complaint(
                "the file is text in \(encoding); save it as “CSV UTF-8” and import it again")
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let (row, words) = firstFault(bytes)
        throw Complaint(
            "the file is not UTF-8: row \(row) has “\(words)”, most likely Windows-1252 (Excel's "
                + "plain “CSV”) or another old encoding; save it as “CSV UTF-8” and import it again"
        )
    }

    /// By the first bytes.
    private static func foreignKind(_ bytes: [UInt8]) -> String? {
        let kinds: [([UInt8], String)] = [
            (
                [0x50, 0x4B, 0x03, 0x04],
                "a workbook of Excel or LibreOffice (.xlsx, .ods) or a ZIP"
            ),
            ([0x50, 0x4B, 0x05, 0x06], "an empty ZIP"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old workbook of Excel (.xls)"),
            (Array("%PDF".utf8), "a PDF"), (Array("{\\rtf".utf8), "a text document (RTF)"),
            ([0x1F, 0x8B], "compressed (gzip)"), ([0x89, 0x50, 0x4E, 0x47], "a picture (PNG)"),
            ([0xFF, 0xD8, 0xFF], "a picture (JPEG)"),
        ]
        if let kind = kinds.first(where: { bytes.starts(with: $0.0) }) { return kind.1 }
        var start = bytes[...]
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
        start = start.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        // Column names don't begin so, and "web pages" are what some programs export as .xls.
        let words = String(decoding: start.prefix(16), as: UTF8.self).lowercased()
        if words.utf8.starts(with: "<?xml".utf8) { return "XML" }
        let markup = ["<!doctype", "<html", "<head", "<body", "<table", "<meta", "<!--"]
        return markup.contains { words.utf8.starts(with: $0.utf8) } ? "a web page (HTML)" : nil
    }

    /// Encodings with two or four bytes a letter: by their mark, or by the zeros in them.
    private static func wideEncoding(_ bytes: [UInt8]) -> String? {
        let wide = "UTF-16 (“Unicode text”)"
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            return "UTF-32"
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return wide }
        // Without a mark every second byte of the column names is zero.
        let sample = bytes.prefix(64)
        guard sample.count >= 4 else { return nil }
        var zeroCounts = [0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeroCounts[index % 2] += 1 }
        let isWide = zeroCounts.contains { $0 * 4 >= sample.count } && zeroCounts.contains(0)
        if isWide { return wide }
        return zeroCounts.reduce(0, +) * 2 >= sample.count ? "UTF-32" : nil
    }

    /// Where the first byte is that isn't UTF-8, and what stands around it, read as Windows-1252.
    private static func firstFault(_ bytes: [UInt8]) -> (row: Int, words: String) {
        // A byte that isn't UTF-8 becomes this character, as which it may stand there itself.
        var offset = 0
        var row = 1
        var wasReturn = false
        while offset < bytes.count {
            let byte = bytes[offset]
            let width = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            let end = min(offset + width, bytes.count)
            guard String(validating: bytes[offset..<end], as: UTF8.self) != nil else { break }
            if byte == 0x0D || byte == 0x0A && !wasReturn { row += 1 }
            wasReturn = byte == 0x0D
            offset = end
        }
        let nearby = bytes[max(0, offset - 12)..<min(bytes.count, offset + 12)]
        var words = ""
        for byte in nearby where byte >= 0x20 && byte != 0x7F {
            words.unicodeScalars.append(Unicode.Scalar(byte >= 0x80 && byte < 0xA0 ? 0x3F : byte))
        }
        return (row, words)
    }
}
