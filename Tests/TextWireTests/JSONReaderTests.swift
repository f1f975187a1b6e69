// JSON objects read member by member: what is taken, and how each fault is told.

import TestSupport
import Testing
import TextWire
import WireBytes

/// What a text's members come to, read as whatever they are.
private enum Value: Equatable {
    case string(String)
    case number(Int)
    case boolean(Bool)
    case null, other
}

private struct Member: Equatable {
    var name: String
    var value: Value
    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

private func members(
    of bytes: [UInt8], limits: JSONLimits = JSONLimits()
) throws(JSONError) -> [Member] {
    let span = bytes.span.bytes
    var reader = try JSONReader(span, limits: limits)
    var members: [Member] = []
    while let name = try reader.nextName(in: span) {
        let value: Value
        // A copy tries out what the value is: a failed read leaves the original where it was.
        var trial = reader
        if let string = try? trial.string(in: span) {
            (reader, value) = (trial, .string(string.text(in: span)))
        } else {
            trial = reader
            if let number = try? trial.wholeNumber(in: span) {
                (reader, value) = (trial, .number(number))
            } else {
                trial = reader
                if let boolean = try? trial.boolean(in: span) {
                    (reader, value) = (trial, .boolean(boolean))
                } else {
                    let range = try reader.valueRange(in: span)
                    value = span.equals("null", in: range) ? .null : .other
                }
            }
        }
        members.append(Member(name.text(in: span), value))
    }
    return members
}

private func members(of text: String) throws(JSONError) -> [Member] {
    try members(of: Array(text.utf8))
}

@Suite struct JSONReaderTests {
    @Test func allKindsOfMembersAreRead() throws {
        let text = #" { "s" : "x" , "n":-12,"t":true,"f":false,"z":null,"o":{"a":[1,{}]},"a":[] } "#
        #expect(
            try members(of: text) == [
                Member("s", .string("x")), Member("n", .number(-12)),
                Member("t", .boolean(true)), Member("f", .boolean(false)), Member("z", .null),
                Member("o", .other), Member("a", .other),
            ])
        #expect(try members(of: "\t{\r\n}\n").isEmpty)
    }

    @Test func placesOfValuesAreTold() throws {
        let text = Array(#"{"a": [1,{"b":"]"}] ,"n":-1.5,"s":"x\"y"}"#.utf8)
        let span = text.span.bytes
        var reader = try JSONReader(span)
        var values: [String] = []
        while try reader.nextName(in: span) != nil {
            values.append(String(decoding: text[try reader.valueRange(in: span)], as: UTF8.self))
        }
        #expect(values == [#"[1,{"b":"]"}]"#, "-1.5", #""x\"y""#])
        #expect(throws: JSONError.self) {
            let broken = Array(#"{"a":[1,}"#.utf8)
            var other = try JSONReader(broken.span.bytes)
            _ = try other.nextName(in: broken.span.bytes)
            _ = try other.valueRange(in: broken.span.bytes)
        }
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "A\u{e9}\u{20AC}"), (#""\uD83C\uDF89!""#, "\u{1F389}!"),
        (#""\u0000""#, "\u{0}"), (#""\uFFFF\u0080\u07FF\u0800""#, "\u{FFFF}\u{80}\u{7FF}\u{800}"),
        ("\"caf\u{e9} \u{1F389}\"", "caf\u{e9} \u{1F389}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    ])
    func stringsAreDecoded(json: String, text: String) throws {
        let bytes = Array(#"{"v":\#(json)}"#.utf8)
        let span = bytes.span.bytes
        var reader = try JSONReader(span)
        _ = try reader.nextName(in: span)
        let string = try reader.string(in: span)
        let expected = Array(text.utf8)
        #expect(string.text(in: span) == text)
        #expect(string.byteCount(in: span) == expected.count)
        let longer = expected + [0x61]
        let isSame = string.equals(expected.span.bytes, in: span)
        let isLonger = string.equals(longer.span.bytes, in: span)
        #expect(isSame && !isLonger)
        #expect(string.isEmpty == text.isEmpty)
        for capacity in 0...expected.count {
            var fits = false
            let decoded = [UInt8](capacity: capacity) { output in
                fits = string.decode(in: span, to: &output)
            }
            #expect(fits == (capacity == expected.count))
            #expect(decoded == Array(expected[..<capacity]))
        }
    }

    @Test func namesAreComparedAsWhatTheyMean() throws {
        let bytes = Array(#"{"typ\u0065":1}"#.utf8)
        var reader = try JSONReader(bytes.span.bytes)
        let name = try #require(try reader.nextName(in: bytes.span.bytes))
        let isType = name.equals("type", in: bytes.span.bytes)
        let isShorter = name.equals("typ", in: bytes.span.bytes)
        let isLonger = name.equals("types", in: bytes.span.bytes)
        #expect(isType && !isShorter && !isLonger)
    }

    @Test(arguments: [
        ("", JSONError.unexpectedEnd), ("  ", .unexpectedEnd), ("[]", .notAnObject),
        ("\"a\"", .notAnObject), ("\u{FEFF}{}", .notAnObject), ("{", .unexpectedEnd),
        (#"{"a""#, .unexpectedEnd), (#"{"a":"#, .unexpectedEnd), (#"{"a":1"#, .unexpectedEnd),
        (#"{"a":1,"#, .unexpectedEnd), (#"{"a":"x"#, .unexpectedEnd),
        (#"{"a":"x\"#, .unexpectedEnd), (#"{"a":"\u00"#, .unexpectedEnd),
        (#"{"a":tru"#, .unexpectedEnd), (#"{"a":-"#, .unexpectedEnd), (#"{"a":1."#, .unexpectedEnd),
        (#"{"a":[1,"#, .unexpectedEnd), (#"{"a":{"b""#, .unexpectedEnd),
        ("{,}", .unexpectedCharacter(at: 1)), (#"{"a":1,}"#, .unexpectedCharacter(at: 7)),
        (#"{"a" 1}"#, .unexpectedCharacter(at: 5)), (#"{"a":}"#, .unexpectedCharacter(at: 5)),
        (#"{a:1}"#, .unexpectedCharacter(at: 1)), (#"{'a':1}"#, .unexpectedCharacter(at: 1)),
        (#"{"a":1 "b":2}"#, .unexpectedCharacter(at: 7)),
        (#"{"a":1;}"#, .unexpectedCharacter(at: 6)), (#"{"a":truth}"#, .unexpectedCharacter(at: 5)),
        (#"{"a":[1 2]}"#, .unexpectedCharacter(at: 8)),
        (#"{"a":[1}}"#, .unexpectedCharacter(at: 7)),
        (#"{"a":{"b":1]}"#, .unexpectedCharacter(at: 11)),
        (#"{"a":{1:1}}"#, .unexpectedCharacter(at: 6)),
        (#"{"a":[,]}"#, .unexpectedCharacter(at: 6)),
        (#"{"a":NaN}"#, .unexpectedCharacter(at: 5)), (#"{"a":+1}"#, .unexpectedCharacter(at: 5)),
        (#"{"a":01}"#, .badNumber(at: 5)), (#"{"a":-x}"#, .badNumber(at: 5)),
        (#"{"a":-01}"#, .badNumber(at: 5)), (#"{"a":1.x}"#, .badNumber(at: 5)),
        (#"{"a":1ex}"#, .badNumber(at: 5)), (#"{"a":1e+}"#, .badNumber(at: 5)),
        ("{\"a\":\"\u{1f}\"}", .controlCharacter(at: 6)), ("{\"\n\":1}", .controlCharacter(at: 2)),
        (#"{"a":"\x"}"#, .badEscape(at: 6)), (#"{"a":"\u00g0"}"#, .badEscape(at: 6)),
        (#"{"a":"\uDC00"}"#, .badEscape(at: 6)), (#"{"a":"\uD800"}"#, .badEscape(at: 6)),
        (#"{"a":"\uD800\n"}"#, .badEscape(at: 6)), (#"{"a":"\uD800\u0041"}"#, .badEscape(at: 6)),
        (#"{"a":1,"a":2}"#, .duplicateName), (#"{"a":1,"b":2,"\u0061":3}"#, .duplicateName),
        (#"{"\uD83C\uDF89":1,"🎉":1}"#, .duplicateName), (#"{"":1,"":2}"#, .duplicateName),
        ("{}{}", .trailingBytes), ("{}\u{0}", .trailingBytes), (#"{"a":1}]"#, .trailingBytes),
    ])
    func faultsAreTold(text: String, error: JSONError) {
        #expect(throws: error) { try members(of: text) }
    }

    @Test(arguments: ["FF", "C3", "ED A0 80", "C0 80"])
    func stringsAreUTF8(hex: String) {
        let bytes = Array(#"{"a":""#.utf8) + [UInt8](hex: hex) + Array(#""}"#.utf8)
        #expect(throws: JSONError.notUTF8) { try members(of: bytes) }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("7", 7), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min), ("255", 255),
    ])
    func wholeNumbersAreRead(text: String, number: Int) throws {
        #expect(try members(of: "{\"a\":\(text)}") == [Member("a", .number(number))])
    }

    @Test(arguments: [
        ("256", JSONError.numberOutOfRange), ("-1", .numberOutOfRange),
        ("9223372036854775808", .numberOutOfRange),
        (String(repeating: "9", count: 400), .numberOutOfRange),
        ("1.0", .wrongType(expected: .wholeNumber)), ("1e0", .wrongType(expected: .wholeNumber)),
        ("\"1\"", .wrongType(expected: .wholeNumber)), ("null", .wrongType(expected: .wholeNumber)),
        ("{}", .wrongType(expected: .wholeNumber)),
    ])
    func otherNumbersAreRefused(text: String, error: JSONError) {
        #expect(throws: error) {
            let bytes = Array("{\"a\":\(text)}".utf8)
            var reader = try JSONReader(bytes.span.bytes)
            _ = try reader.nextName(in: bytes.span.bytes)
            _ = try reader.wholeNumber(in: bytes.span.bytes, within: 0...255)
        }
    }

    @Test func textsHaveTheirBounds() throws {
        func object(memberCount: Int) -> String {
            "{" + (0..<memberCount).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
        }
        #expect(try members(of: object(memberCount: 16)).count == 16)
        #expect(throws: JSONError.tooManyMembers) { try members(of: object(memberCount: 17)) }

        func nested(depth: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: depth - 1)
                + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(try members(of: nested(depth: 8)).count == 1)
        #expect(throws: JSONError.tooDeep) { try members(of: nested(depth: 9)) }
        #expect(throws: JSONError.tooDeep) {
            try members(of: #"{"a":"# + String(repeating: #"{"a":"#, count: 800))
        }
        let deep = JSONLimits(depthMax: 64)
        #expect(try members(of: Array(nested(depth: 64).utf8), limits: deep).count == 1)
        #expect(throws: JSONError.tooDeep) {
            try members(of: Array(nested(depth: 65).utf8), limits: deep)
        }

        let full = "{}" + String(repeating: " ", count: 4094)
        #expect(try members(of: full).isEmpty)
        #expect(throws: JSONError.tooLarge) { try members(of: full + " ") }
    }

    @Test func changedTextsNeverTrap() {
        let original = Array(
            #"{"type":"an\u0073wer","q":"\uD83C\uDF89é","c":-12.5e3,"x":{"a":[true,null,{}]}}"#.utf8
        )
        for seed in UInt64(1)...20_000 {
            var random = SeededRandom(seed: seed)
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
            _ = try? members(of: bytes)
        }
    }

    @Test func errorsAreSentences() {
        let errors: [JSONError] = [
            .tooLarge, .notAnObject, .unexpectedEnd, .unexpectedCharacter(at: 3),
            .controlCharacter(at: 3), .badEscape(at: 3), .notUTF8, .badNumber(at: 3),
            .tooManyMembers, .duplicateName, .tooDeep, .trailingBytes,
            .wrongType(expected: .string), .wrongType(expected: .wholeNumber),
            .wrongType(expected: .boolean), .numberOutOfRange,
        ]
        #expect(Set(errors.map(\.description)).count == errors.count)
    }
}
