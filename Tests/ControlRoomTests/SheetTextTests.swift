// What people take for CSV, and what they are told then.

import FoundationEssentials
import Testing

@testable import ControlRoom

@Suite struct SheetTextTests {
    private static let head = "text,option1,option2,correct\n"

    private func complaint(_ bytes: [UInt8]) -> String? {
        let fault = #expect(throws: Complaint.self) { try SheetText.text(of: bytes) }
        return fault?.sentence
    }

    private static func utf16(_ text: String, isLittle: Bool, mark: Bool) -> [UInt8] {
        (mark ? [0xFEFF] + Array(text.utf16) : Array(text.utf16)).flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittle ? bytes : bytes.reversed()
        }
    }

    @Test(arguments: [
        ("PK\u{3}\u{4}xl/workbook.xml", "workbook"), ("%PDF-1.7", "PDF"),
        ("{\\rtf1\\ansi", "RTF"), ("  <!DOCTYPE html><table>", "HTML"),
        ("\u{FEFF}<html>", "HTML"), ("<?xml version=\"1.0\"?>", "XML"),
        ("<TABLE border=1>", "HTML"),
    ])
    func otherFilesAreNamed(text: String, kind: String) {
        let words = complaint(Array(text.utf8))
        #expect(words?.contains(kind) == true, "\(words ?? "none")")
        #expect(words?.contains("CSV UTF-8") == true)
    }

    @Test func oldWorkbooksAreNamed() {
        let bytes: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]
        #expect(complaint(bytes)?.contains(".xls") == true)
    }

    @Test func utf16IsNamedWithAndWithoutItsMark() {
        for isLittle in [true, false] {
            for mark in [true, false] {
                let bytes = Self.utf16(Self.head, isLittle: isLittle, mark: mark)
                #expect(complaint(bytes)?.contains("UTF-16") == true, "\(isLittle) \(mark)")
            }
        }
        let wide: [UInt8] = [0xFF, 0xFE, 0, 0, 0x74, 0, 0, 0]
        #expect(complaint(wide)?.contains("UTF-32") == true)
    }

    @Test func windows1252IsNamedWithItsRow() {
        let bytes = Array((Self.head + "Grün?,a,b,1\r\nCaf").utf8) + [0xE9] + Array("?,a,b,1".utf8)
        let words = complaint(bytes)
        #expect(words?.contains("Windows-1252") == true)
        #expect(words?.contains("row 3") == true, "\(words ?? "none")")
        #expect(words?.contains("Café") == true, "\(words ?? "none")")
    }

    @Test(arguments: ["", "\u{FEFF}", head, "text\toption1\r", "é", "a", "<5 is what?,a"])
    func textIsTaken(text: String) throws {
        #expect(try SheetText.text(of: Array(text.utf8)) == text)
    }

    @Test(arguments: [
        "text\toption1\toption2\tcorrect\na, b?\tx; y\tz\t1\n",
        "text\toption1\toption2\tcorrect\ra, b?\tx; y\tz\t1\r",
        "sep=;\r\ntext;option1;option2;correct\r\n\"a, b?\";\"x; y\";z;1\r\n",
        "sep=\t\ntext\toption1\toption2\tcorrect\na, b?\tx; y\tz\t1\n",
        "\u{FEFF}text,option1,option2,correct\n\"a, b?\",x; y,z,1",
    ])
    func everySeparatorAndLineEndIsTaken(text: String) {
        let rows = QuestionCSV.read(text)
        #expect(rows.faults.isEmpty, "\(rows.faults)")
        #expect(rows.rows.map(\.text) == ["a, b?"])
        #expect(rows.rows.first?.options == ["x; y", "z"])
    }

    @Test func unknownColumnsAreNamedTogetherAndIgnoredOnRequest() {
        let text = "text,Author,option1,option2,,correct,Difficulty\na?,Ann,x,y,note,1,hard\n"
        let strict = QuestionCSV.read(text)
        #expect(strict.rows.isEmpty)
        #expect(strict.faults.count == 1)
        let words = strict.faults.first?.error ?? ""
        for part in ["“Author”", "“Difficulty”", "--ignore-unknown-columns", "windowMs"] {
            #expect(words.contains(part), "\(words)")
        }
        let lenient = QuestionCSV.read(text, ignoresUnknownColumns: true)
        #expect(lenient.faults.isEmpty, "\(lenient.faults)")
        #expect(lenient.rows.first?.options == ["x", "y"])
        // What is needed is needed all the same.
        let poor = QuestionCSV.read("Author,option1\n", ignoresUnknownColumns: true)
        #expect(poor.faults.contains { $0.error.contains("“text” is missing") })
    }

    @Test func manyColumnsAndFaultsAreBounded() {
        let wide = String(repeating: "text,", count: 400_000)
        #expect(QuestionCSV.read(wide).faults.map(\.row) == [1])
        let rows = QuestionCSV.read(Self.head + String(repeating: ",x,,9\n", count: 200))
        #expect(rows.faults.count <= Limits.rowFaultCountMax)
    }
}
