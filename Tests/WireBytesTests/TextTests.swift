// Texts in bytes: compared, found, encoded for URLs; what an id is.

import TestSupport
import Testing
import WireBytes

@Suite struct TextTests {
    /// What is said of the bytes of a line.
    private func read<Result>(_ body: (RawSpan) -> Result) -> Result {
        let bytes = Array("GET /Live".utf8)
        return body(bytes.span.bytes)
    }

    @Test func textsAreCompared() {
        #expect(read { $0.equals("GET /Live" as StaticString) })
        #expect(!read { $0.equals("GET /Liv" as StaticString) })
        #expect(!read { $0.equals("GET /Lives" as StaticString) })
        #expect(read { $0.equals("GET /Live".utf8) })
        #expect(!read { $0.equals("GET /Liv".utf8) })
        #expect(!read { $0.equals("GET /Lives".utf8) })
        #expect(read { $0.equals("Live", in: 5..<9) })
        #expect(!read { $0.equals("live", in: 5..<9) })
        #expect(read { $0.equalsIgnoringCase("live", in: 5..<9) })
        #expect(!read { $0.equalsIgnoringCase("live", in: 4..<9) })
        #expect(read { $0.hasText("GET", at: 0) })
        #expect(!read { $0.hasText("Lives", at: 5) })
    }

    @Test func textsAreFoundAndTakenOut() {
        #expect(read { $0.firstIndex(of: UInt8(ascii: "/"), in: 0..<9) } == 4)
        #expect(read { $0.firstIndex(of: UInt8(ascii: "/"), in: 5..<9) } == nil)
        #expect(read { $0.text(in: 5..<9) } == "Live")
        let broken: [UInt8] = [0x61, 0xFF]
        let repaired = broken.span.bytes.text(in: 0..<2)
        #expect(repaired == "a\u{FFFD}")
    }

    @Test func classesOfCharactersAreRight() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            #expect(byte.isLetter == (character.isASCII && character.isLetter))
            #expect(byte.isDigit == ("0"..."9" ~= character))
            let digit = byte < 0x80 ? character.hexDigitValue.map { UInt8($0) } : nil
            #expect(byte.hexDigitValue == digit)
            #expect(
                byte.isUnreserved == (byte.isLetter || byte.isDigit || "-._~".contains(character)))
        }
        #expect(UInt8(ascii: "Z").asciiLowercased == UInt8(ascii: "z"))
        #expect(UInt8(ascii: "[").asciiLowercased == UInt8(ascii: "["))
    }

    @Test(arguments: [
        ("a", true), ("A-z.0_~", true), ("12345678", true), ("", false), ("123456789", false),
        ("a b", false), ("a:b", false), ("é", false), ("a/b", false), ("a\u{0}", false),
    ])
    func anIDIsOfUnreservedCharacters(text: String, isID: Bool) {
        #expect(text.isID(byteCountMax: 8) == isID)
    }

    @Test func aCommandsIDMayHaveColons() {
        #expect("a:b".isID(byteCountMax: 3, colons: true))
        #expect(!"a;b".isID(byteCountMax: 3, colons: true))
        #expect(!"a:bc".isID(byteCountMax: 3, colons: true))
    }
}

@Suite struct PercentEncodingTests {
    private func decode(_ text: String, plusIsSpace: Bool = false) -> String? {
        let bytes = Array("<\(text)>".utf8)
        return PercentEncoding.decode(
            1..<(bytes.count - 1), in: bytes.span.bytes, plusIsSpace: plusIsSpace)
    }

    @Test(arguments: [
        ("", ""), ("Az09-._~", "Az09-._~"), ("a b", "a%20b"), ("é/ª", "%C3%A9%2F%C2%AA"),
        ("\n%", "%0A%25"),
    ])
    func everythingButUnreservedIsEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(decode(encoded) == text)
        #expect(PercentEncoding.decodeLeniently(encoded) == text)
    }

    @Test(arguments: [("%41%6a%6A", "Ajj"), ("a+b", "a+b"), ("%E2%82%AC", "€"), ("%00", "\0")])
    func digitsAreOfEitherCase(encoded: String, text: String) {
        #expect(decode(encoded) == text)
        #expect(PercentEncoding.decodeLeniently(encoded) == text)
    }

    @Test(arguments: ["%", "a%2", "%4", "%4g", "%%41", "%ff", "%C3"])
    func brokenIsRefusedInRequestsAndKeptInAddresses(text: String) {
        #expect(decode(text) == nil)
        let kept = PercentEncoding.decodeLeniently(text)
        switch text {
        case "%%41": #expect(kept == "%A")
        case "%ff", "%C3": #expect(kept == "\u{FFFD}")
        default: #expect(kept == text)
        }
    }

    @Test func aPlusIsASpaceInForms() {
        #expect(decode("a+b%2B") == "a+b+")
        #expect(decode("a+b%2B", plusIsSpace: true) == "a b+")
    }

    @Test func hexIsTwoSmallDigitsAByte() {
        #expect(Hex.text(of: [0x00, 0x9F, 0xA0] as [UInt8]) == "009fa0")
        #expect([UInt8](hex: Hex.text(of: Array(0...255))) == Array(0...255))
    }
}
