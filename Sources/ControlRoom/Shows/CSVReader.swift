// Values with commas, semicolons or tabs between them, taken apart strictly.

/// One record of a CSV text.
struct CSVRecord: Equatable {
    /// The row a spreadsheet shows it in: the first is 1, and empty lines count.
    var row: Int
    /// Its fields, quotes and doubled quotes taken off, line ends as line feeds.
    var fields: [String]
}

/// Why a text isn't CSV.
struct CSVFault: Error, Equatable {
    /// The row in which the broken record begins.
    var row: Int
    /// What is wrong, and what to do.
    var sentence: String
}

/// Reads RFC 4180, with what programs do besides: a byte order mark, semicolons, tabs, Excel's line
/// `sep=;` in front, and line ends of every kind.
enum CSVReader {
    /// The records; empty lines aren't among them.
    ///
    /// - Parameter recordCountMax: how many are taken, so that a huge text ends early.
    static func records(
        of text: String, recordCountMax: Int = .max
    ) throws(CSVFault) -> [CSVRecord] {
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var parser = Parser(bytes: bytes, separator: separator(of: bytes))
        if let named = namedSeparator(bytes) {
            parser = Parser(bytes: bytes.dropFirst(5), separator: named)
            parser.skipLine()
        }
        var records: [CSVRecord] = []
        while let record = try parser.nextRecord() {
            guard records.count < recordCountMax else {
                throw CSVFault(
                    row: record.row,
                    sentence: "the file has more than \(recordCountMax) rows; make it shorter")
            }
            records.append(record)
        }
        return records
    }

    /// What a first line `sep=;` says.
    private static func namedSeparator(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard bytes.starts(with: "sep=".utf8), let named = bytes.dropFirst(4).first,
            [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].contains(named)
        else { return nil }
        let next = bytes.dropFirst(5).first
        return next == 0x0A || next == 0x0D ? named : nil
    }

    /// Spreadsheets of countries with a decimal comma write semicolons, and what is copied out of
    /// one has tabs. The first line tells: it has column names, and those have none of the three.
    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        var isQuoted = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09:
                if !isQuoted { return byte }
            case 0x0A, 0x0D:
                if !isQuoted { return UInt8(ascii: ",") }
            default: break
            }
        }
        return UInt8(ascii: ",")
    }
}

private struct Parser {
    private let bytes: ArraySlice<UInt8>
    private let separator: UInt8
    private var offset: Int
    private var row = 0

    private static let quote = UInt8(ascii: "\"")

    init(bytes: ArraySlice<UInt8>, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        offset = bytes.startIndex
    }

    /// Goes behind the line that says what separates.
    mutating func skipLine() {
        row += 1
        takeLineEnd()
    }

    mutating func nextRecord() throws(CSVFault) -> CSVRecord? {
        while offset < bytes.endIndex {
            row += 1
            let start = offset
            var fields: [String] = []
            repeat {
                guard fields.count < Limits.csvColumnCountMax else {
                    throw fault(
                        "the row has more than \(Limits.csvColumnCountMax) fields; take out what "
                            + "isn't a question's")
                }
                fields.append(try field())
            } while take(separator)
            let isBlank = offset == start
            takeLineEnd()
            if !isBlank { return CSVRecord(row: row, fields: fields) }
        }
        return nil
    }

    private mutating func field() throws(CSVFault) -> String {
        guard take(Self.quote) else { return try plainField() }
        var content: [UInt8] = []
        while true {
            guard offset < bytes.endIndex else {
                throw fault("a quote was opened that is never closed; close it with \"")
            }
            if take(Self.quote) {
                guard take(Self.quote) else { break }
                content.append(Self.quote)
            } else if isAtLineEnd {
                takeLineEnd()
                content.append(0x0A)
            } else {
                content.append(bytes[offset])
                offset += 1
            }
        }
        let isAtEnd = offset == bytes.endIndex || isAtLineEnd || bytes[offset] == separator
        guard isAtEnd else {
            throw fault("something follows a closing quote; write a quote within quotes as \"\"")
        }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func plainField() throws(CSVFault) -> String {
        let start = offset
        while offset < bytes.endIndex, bytes[offset] != separator, !isAtLineEnd {
            guard bytes[offset] != Self.quote else {
                throw fault(
                    "a quote stands within a field that isn't quoted; "
                        + "put the whole field into quotes, and write the inner one as \"\"")
            }
            offset += 1
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private var isAtLineEnd: Bool { bytes[offset] == 0x0A || bytes[offset] == 0x0D }

    private mutating func takeLineEnd() {
        if take(0x0D) {
            _ = take(0x0A)
        } else {
            _ = take(0x0A)
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < bytes.endIndex, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private func fault(_ sentence: String) -> CSVFault { CSVFault(row: row, sentence: sentence) }
}
