// CSV as people and programs write it, and as nobody should.

import Testing

@testable import ControlRoom

@Suite struct CSVTests {
    private func fields(_ text: String) throws -> [[String]] {
        try CSVReader.records(of: text).map(\.fields)
    }

    @Test(arguments: [
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a;b\n\"c;\"\"d\"\"\";e,f\n", [["a", "b"], ["c;\"d\"", "e,f"]]),
        ("a,b\n\"c\r\nd\",\"e\rf\"\n", [["a", "b"], ["c\nd", "e\nf"]]),
        ("a,,\n,,\n", [["a", "", ""], ["", "", ""]]),
        ("\"a;b\",c\nd,e;f\n", [["a;b", "c"], ["d", "e;f"]]),
        ("\n\na,b\n\n", [["a", "b"]]),
        ("é,\"🎺\"\n", [["é", "🎺"]]),
        ("", []), ("\u{FEFF}", []), ("\"\"", [[""]]),
    ])
    func itIsRead(text: String, fields: [[String]]) throws {
        #expect(try self.fields(text) == fields)
    }

    @Test func rowsAreThoseOfASpreadsheet() throws {
        let records = try CSVReader.records(of: "a,b\n\n\"c\nd\",e\nf,g\n")
        #expect(records.map(\.row) == [1, 3, 4])
    }

    @Test(arguments: [
        ("a,b\n\"c", 2, "never closed"), ("a\n\"b\"c\n", 2, "closing quote"),
        ("a\nb\"c\n", 2, "isn't quoted"), ("\"", 1, "never closed"),
        ("a\n\"b\" ,c", 2, "closing quote"), ("a\n\n\"\n\n\n", 3, "never closed"),
    ])
    func whatIsBrokenIsNamedByItsRow(text: String, row: Int, words: String) {
        let fault = #expect(throws: CSVFault.self) { try CSVReader.records(of: text) }
        #expect(fault?.row == row)
        #expect(fault?.sentence.contains(words) == true)
    }

    @Test func aHugeFileEndsEarly() {
        let text = String(repeating: "a\n", count: 100_000)
        let fault = #expect(throws: CSVFault.self) {
            try CSVReader.records(of: text, recordCountMax: 201)
        }
        #expect(fault?.row == 202)
    }

    @Test func whatIsWrittenIsRead() throws {
        let rows = [
            ["a", "b,c", "d\"e", "f\ng"], [" x ", "", "=1+1", "'q"], ["é;", "\"", "\n", "-"],
            ["\"\u{301},=1", "a\"\u{200D}", "\u{301}", ""],
        ]
        var writer = CSVWriter(.staff)
        for row in rows { writer.add(row) }
        #expect(try fields(writer.text) == rows)
    }

    @Test func whatPlayersChoseIsNoFormula() throws {
        var writer = CSVWriter(.players)
        let names = ["=1", "+1", "-1", "@x", "\t=x", " =x", "-x", "Ada", "1-2", ""]
        writer.add(names)
        #expect(
            try fields(writer.text) == [
                ["'=1", "+1", "-1", "'@x", "'\t=x", "' =x", "'-x", "Ada", "1-2", ""]
            ])
    }

    @Test(arguments: [
        "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{FE66}", "\u{FE62}", "\u{FE63}",
        "\u{FE6B}", "\u{2212}", "=", "+", "-", "@",
    ])
    func noFormOfAFormulasSignIsOne(sign: String) throws {
        let blanks = ["", "\t", "\r", "\n", " \t", "\u{FEFF}", "\u{A0}", "\u{200B}", "\u{3000}"]
        let names = blanks.map { $0 + sign + "SUM(A1)" } + [sign + "\u{301}x"]
        var writer = CSVWriter(.players)
        writer.add(names)
        let line = try #require(try fields(writer.text).first)
        for (written, name) in zip(line, names) {
            #expect(written.utf8.starts(with: "'".utf8), "\(name.unicodeScalars.map(\.value))")
        }
        // The staff's own texts stay as they are.
        var own = CSVWriter(.staff)
        own.add([sign + "1"])
        #expect(try fields(own.text) == [[sign + "1"]])
    }
}
