// JSON as people and machines send it: read in one pass, and bounded whatever it is.

import Testing

@testable import ControlRoom

@Suite struct JSONTreeReaderTests {
    private func tree(_ text: String) throws -> JSONTree {
        try JSONTreeReader.tree(in: Array(text.utf8))
    }

    private func fault(_ text: String) -> JSONFault? {
        #expect(throws: JSONFault.self) { try tree(text) }
    }

    @Test func valuesAreRead() throws {
        let text = """
            \u{FEFF} {"a": [1, -2, 0, 1.5, 1e3, 2.0, -0.0], "b": {"c": null, "d": true, "e": false},
             "f": "x\\n\\u00e9\\ud83d\\ude00\\/\\"\\\\", "": [], "g": {}, "big": 12345678901234567890}
            """
        let read = try tree(text)
        #expect(
            read == [
                "a": [1, -2, 0, .number(1.5), 1000, 2, 0],
                "b": ["c": .null, "d": true, "e": false], "f": "x\né😀/\"\\", "": [], "g": [:],
                "big": .number(12_345_678_901_234_567_890),
            ])
    }

    @Test(arguments: [
        ("", 1, "ends"), ("[1,]", 1, "comma stands before the closing ]"),
        ("{\n\"a\": 1,\n}", 3, "comma stands before the closing }"), ("[1 2]", 1, "comma or ]"),
        ("{\"a\" 1}", 1, "colon"), ("{\"a\": 1, \"a\": 2}", 1, "twice"), ("{a: 1}", 1, "quotes"),
        ("\n[\n01]", 3, "no value"), ("[+1]", 1, "no value"), ("[1.]", 1, "no value"),
        ("[.5]", 1, "value"), ("[1e]", 1, "no value"), ("[nul]", 1, "no value"),
        ("[1e999]", 1, "too large"), ("\"a\nb\"", 1, "isn't closed"), ("\"a", 1, "ends within"),
        ("\"\\x\"", 1, "backslash"), ("\"\\ud83d\"", 1, "no character"),
        ("\"\\u12\"", 1, "four hexadecimal"), ("[] []", 1, "follows the end"), ("'a'", 1, "value"),
        ("[NaN]", 1, "no value"), ("[" + String(repeating: "1", count: 100) + "]", 1, "digits"),
    ])
    func faultsAreNamedWithTheirLine(text: String, line: Int, words: String) {
        let fault = fault(text)
        #expect(fault?.line == line)
        #expect(fault?.problem.contains(words) == true, "\(fault?.problem ?? "none")")
    }

    @Test func keysAreComparedByBytes() throws {
        let tree = try tree("{\"jos\u{E9}\": 1, \"jose\u{301}\": 2}")
        guard case .object(let members) = tree else {
            Issue.record("it is no object")
            return
        }
        #expect(members.count == 2)
    }

    @Test func whatIsNotUTF8IsNone() {
        for bytes: [UInt8] in [[0x22, 0xE9, 0x22], [0xFF, 0xFE, 0x5B, 0x00], [0x22, 0xC3]] {
            #expect(throws: JSONFault.self) { try JSONTreeReader.tree(in: bytes) }
        }
    }

    /// Two megabytes of each kind of nonsense. A reader that isn't linear would not come to an end
    /// here within any time limit of a test: the one before took minutes for the first.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "[", "{\"a\":", "[[],", "[{},", "[\"\",", "[[[[[[[[[[]]]]]]]]]],", "\"\\u0000", "\"",
            "[-", "{\"", "[1e5,", "[null,",
        ])
    func nonsenseEndsEarly(piece: String) {
        let count = (2 << 20) / piece.utf8.count
        #expect(throws: JSONFault.self) {
            try JSONTreeReader.tree(in: Array(String(repeating: piece, count: count).utf8))
        }
    }

    @Test func depthAndCountAreBounded() throws {
        let depth = Limits.jsonDepthMax
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try tree(nested(depth)) }
        #expect(fault(nested(depth + 1))?.problem.contains("deep") == true)
        func list(_ count: Int) -> String {
            "[" + [String](repeating: "1", count: count).joined(separator: ",") + "]"
        }
        #expect(throws: Never.self) { try tree(list(Limits.jsonValueCountMax - 1)) }
        #expect(fault(list(Limits.jsonValueCountMax))?.problem.contains("values") == true)
    }

    @Test func whatIsQuotedIsShort() {
        let long = "e" + String(repeating: "\u{301}", count: 100_000)
        let fault = fault("{\"\(long)\": 1, \"\(long)\": 2}")
        #expect((fault?.problem.utf8.count ?? .max) < 400)
        #expect(long.quoted.utf8.count <= 240)
        #expect("josé".quoted == "josé")
    }
}
