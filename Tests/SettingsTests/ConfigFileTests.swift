// The configuration file's syntax, and that its errors name the line.

import Testing

@testable import Settings

@Suite struct ConfigFileTests {
    private func entries(_ text: String) throws -> [ConfigFile.Entry] {
        try ConfigFile.parse(text, path: "f").entries
    }

    private func error(_ text: String) -> String {
        do {
            _ = try ConfigFile.parse(text, path: "f")
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func nestedAndDottedKeysAreTheSame() throws {
        let nested = try entries(#"{"a": {"b": {"c": 1}}}"#)
        #expect(nested == [.init(key: "a.b.c", value: .scalar("1"), line: 1)])
        #expect(try entries(#"{"a.b.c": 1}"#) == nested)
        #expect(try entries(#"{"a": {"b.c": 1}}"#) == nested)
    }

    @Test func valuesAreKeptAsWritten() throws {
        let text = """
            // A comment before,
            { // within,
              "text": "a // b", "number": -1.50e2, "yes": true,
              "no": false, "list": [1, "two", true], "none": [], "empty": {}
            } // and after.
            """
        let expected: [ConfigFile.Entry] = [
            .init(key: "text", value: .scalar("a // b"), line: 3),
            .init(key: "number", value: .scalar("-1.50e2"), line: 3),
            .init(key: "yes", value: .scalar("true"), line: 3),
            .init(key: "no", value: .scalar("false"), line: 4),
            .init(key: "list", value: .list(["1", "two", "true"]), line: 4),
            .init(key: "none", value: .list([]), line: 4),
        ]
        #expect(try entries(text) == expected)
    }

    @Test func escapesAreUnderstood() throws {
        let text = #"{"k": "\"\\\/\b\f\n\r\t\u00e9\ud83c\udfba\u0041"}"#
        let value = "\"\\/\u{8}\u{c}\n\r\té🎺A"
        #expect(try entries(text) == [.init(key: "k", value: .scalar(value), line: 1)])
    }

    @Test func aByteOrderMarkAndWindowsLinesAreFine() throws {
        let text = "\u{FEFF}{\r\n\"a\": 1,\r\n\"b\": 2}\r\n"
        #expect(try entries(text).map(\.line) == [2, 3])
    }

    @Test(arguments: [
        ("", 1, "begins with {"), ("[]", 1, "begins with {"), ("{", 1, "expected a key"),
        ("{}\n{}", 2, "after the closing }"), ("{\"a\" 1}", 1, "expected : after"),
        ("{\n\"a\": 1\n\"b\": 2}", 3, "expected , or }"),
        ("{\"a\": 1,}", 1, "a comma stands behind the value of \"a\""),
        ("{\n\"a\": {\n\"b\": 1, // one\n}\n}", 3, "value of \"a.b\" and nothing follows"),
        ("{\n\"a\": [1,\n2,\n]}", 3, "last value of the list \"a\""),
        ("{\"a\": 1,,}", 1, "two commas"), ("{\"a\": 1,", 1, "expected a key"),
        ("{a: 1}", 1, "double quotes"), ("{\"a\": }", 1, "expected a value"),
        ("{\"a\":\nnull}", 2, "leave the key out"), ("{\"a\": tru}", 1, "expected a value"),
        ("{\"a\": .5}", 1, "expected a value"), ("{\"a\": inf}", 1, "expected a value"),
        ("{\"a\": \"x\n\"}", 1, "not closed in its line"), ("{\"a\": \"x", 1, "ends within"),
        ("{\"a\": \"\\x\"}", 1, "no escape"), ("{\"a\": \"\\u12\"}", 1, "four hexadecimal"),
        ("{\"a\": \"\\u+123\"}", 1, "four hexadecimal"),
        ("{\"a\": \"\\ud800x\"}", 1, "no character"), ("{\"a\": [1, [2]]}", 1, "expected a value"),
        ("{\"a\": [1 2]}", 1, "expected , or ]"), ("{\n/* no */}", 2, "comment begins with //"),
    ])
    func anErrorNamesItsLine(text: String, line: Int, words: String) {
        let error = error(text)
        #expect(error.hasPrefix("f, line \(line): "), "\(error)")
        #expect(error.contains(words), "\(error)")
    }

    @Test func nestingIsBounded() {
        let text = String(repeating: "{\"a\":", count: 50_000)
        #expect(error(text) == "f, line 1: nested too deep")
    }

    @Test func keysAreBounded() {
        let long = String(repeating: "k", count: 300)
        #expect(error("{\"\(long)\": 1}").contains("more than 256 bytes"))
        let half = String(repeating: "k", count: 150)
        #expect(error("{\"\(half)\": {\"\(half)\": 1}}").contains("more than 256 bytes"))
    }

    @Test func aKeySetTwiceIsRefusedWithBothLines() {
        let words = "\"a.b\" was already set in line 2; keep one"
        #expect(error("{\n\"a\": {\"b\": 1},\n\"a.b\": 2}") == "f, line 3: \(words)")
    }
}
