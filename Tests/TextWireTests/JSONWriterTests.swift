// JSON written into a buffer, and JSON strings on their own.

import TestSupport
import Testing
import TextWire

@Suite struct JSONWriterTests {
    private func receipt(capacity: Int) -> (text: String, hasOverflowed: Bool) {
        var writer = JSONWriter()
        let name = Array("caf\u{e9}\n".utf8)
        let bytes = [UInt8](capacity: capacity) { output in
            writer.begin(to: &output)
            writer.member("type", "receipt", to: &output)
            writer.member("from", "a\"b<" as String, to: &output)
            writer.member("name", utf8: name.span.bytes, to: &output)
            writer.begin("in", to: &output)
            writer.member("n", 0, to: &output)
            writer.end(to: &output)
            writer.member("least", Int.min, to: &output)
            writer.member("most", Int.max, to: &output)
            writer.member("yes", true, to: &output)
            writer.member("no", false, to: &output)
            writer.end(to: &output)
        }
        return (String(decoding: bytes, as: UTF8.self), writer.hasOverflowed)
    }

    @Test func anObjectIsWritten() {
        let expected =
            #"{"type":"receipt","from":"a\"b\u003c","name":"café\n","in":{"n":0},"#
            + #""least":-9223372036854775808,"most":9223372036854775807,"yes":true,"no":false}"#
        let written = receipt(capacity: 1000)
        #expect(written.text == expected)
        #expect(!written.hasOverflowed)
        let count = expected.utf8.count
        #expect(receipt(capacity: count).text == expected)
        for capacity in 0..<count {
            #expect(receipt(capacity: capacity).hasOverflowed)
        }
    }

    @Test func numbersAreWrittenInFull() {
        for number in [1, 9, 10, 99, 100, -1, -10, 1_000_000, 1_700_000_000_123] {
            var writer = JSONWriter()
            let bytes = [UInt8](capacity: 64) { output in
                writer.begin(to: &output)
                writer.member("n", number, to: &output)
                writer.end(to: &output)
            }
            #expect(String(decoding: bytes, as: UTF8.self) == "{\"n\":\(number)}")
        }
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1f}\u{7f}", #""\u0000\u001f\u007f""#),
        ("</script>&", #""\u003c/script\u003e\u0026""#),
        ("caf\u{e9} \u{1F389}", "\"caf\u{e9} \u{1F389}\""), ("", #""""#),
    ])
    func stringsAreEscaped(plain: String, json: String) {
        var bytes: [UInt8] = []
        JSONText.append(plain, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == json)
    }

    @Test func whatIsWrittenIsRead() throws {
        var random = SeededRandom(seed: 8259)
        for _ in 0..<500 {
            let text = String(decoding: random.bytes(40), as: UTF8.self)
            var bytes = Array(#"{"a":"#.utf8)
            JSONText.append(text, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
            var reader = try JSONReader(bytes.span.bytes)
            _ = try reader.nextName(in: bytes.span.bytes)
            let read = try reader.string(in: bytes.span.bytes).text(in: bytes.span.bytes)
            #expect(read.utf8.elementsEqual(text.utf8), "seed \(random.seed)")
            #expect(try reader.nextName(in: bytes.span.bytes) == nil)
        }
    }
}
