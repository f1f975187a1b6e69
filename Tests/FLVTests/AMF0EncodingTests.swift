// AMF0 encoding: the bytes of each type, objects written piece by piece, and the way back.

import TestSupport
import Testing

@testable import FLV

private func decode(
    _ bytes: [UInt8], limits: AMF0Limits = .init()
) throws(AMF0Error) -> [AMF0Value] {
    try AMF0.decode(bytes.span.bytes, limits: limits)
}

@Suite("AMF0 encoding")
struct AMF0EncodingTests {
    @Test(
        "each type's bytes",
        arguments: [
            (AMF0Value.number(-0.0), "00 8000000000000000"),
            (.boolean(true), "0101"),
            (.string("é"), "02 0002 C3A9"),
            (.null, "05"),
            (.undefined, "06"),
            (.unsupported, "0D"),
            (.date(unixMs: 0, zone: -1), "0B 0000000000000000 FFFF"),
            (.longString("a"), "0C 00000001 61"),
            (.xml("b"), "0F 00000001 62"),
            (.object([]), "03 000009"),
            (.ecmaArray([.init("a", .null)]), "08 00000001 0001 61 05 000009"),
            (.strictArray([.null]), "0A 00000001 05"),
            (.typedObject(className: "C", []), "10 0001 43 000009"),
        ])
    func bytes(value: AMF0Value, hex: String) {
        #expect(AMF0.encode(value) == [UInt8](hex: hex))
    }

    @Test("an object written piece by piece has the bytes of the whole value")
    func pieces() {
        var writer = AMF0Writer()
        writer.string("onStatus")
        writer.number(0)
        writer.null()
        writer.beginObject()
        writer.property("level", .string("status"))
        writer.name("list")
        writer.beginStrictArray(count: 2)
        writer.boolean(true)
        writer.boolean(false)
        writer.name("more")
        writer.beginECMAArray(count: 0)
        writer.endObject()
        writer.endObject()
        let whole = AMF0.encode(
            .string("onStatus"), .number(0), .null,
            .object([
                .init("level", .string("status")),
                .init("list", .strictArray([.boolean(true), .boolean(false)])),
                .init("more", .ecmaArray([])),
            ]))
        #expect(writer.bytes == whole)
        writer.removeAll()
        #expect(writer.bytes.isEmpty)
    }

    @Test("a text of 65 536 bytes becomes a long string, one of 65 535 doesn't")
    func longText() throws {
        let limits = AMF0Limits(stringByteCountMax: 70_000)
        let text = String(repeating: "x", count: 65_536)
        let long = AMF0.encode(.string(text))
        #expect(try decode(long, limits: limits) == [.longString(text)])
        let short = AMF0.encode(.string(String(text.dropLast())))
        #expect(short[0] == 0x02)
        #expect(short.count == 3 + 65_535)
    }

    @Test("a name too long for the format is cut between characters")
    func longName() throws {
        let bytes = AMF0.encode(.object([.init(String(repeating: "€", count: 30_000), .null)]))
        let value = try decode(bytes)[0]
        #expect(value.properties?.first?.name == String(repeating: "€", count: 21_845))
    }

    @Test("random values survive the way out and back", arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let values = (0..<4).map { _ in randomValue(depth: 4, using: &random) }
        #expect(try decode(AMF0.encode(values)) == values, "seed \(seed)")
    }

    private func randomValue(depth: Int, using random: inout SeededRandom) -> AMF0Value {
        switch Int.random(in: 0..<(depth > 0 ? 13 : 9), using: &random) {
        case 0: .number(Double.random(in: -1e9...1e9, using: &random))
        case 1: .boolean(Bool.random(using: &random))
        case 2: .string(randomText(using: &random))
        case 3: .null
        case 4: .undefined
        case 5: .unsupported
        case 6: .date(unixMs: Double.random(in: 0...2e12, using: &random), zone: 0)
        case 7: .longString(randomText(using: &random))
        case 8: .xml(randomText(using: &random))
        case 9: .object(randomProperties(depth: depth, using: &random))
        case 10: .ecmaArray(randomProperties(depth: depth, using: &random))
        case 11:
            .typedObject(
                className: randomText(using: &random),
                randomProperties(depth: depth, using: &random))
        default:
            .strictArray(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    randomValue(depth: depth - 1, using: &random)
                })
        }
    }

    private func randomProperties(
        depth: Int, using random: inout SeededRandom
    ) -> [AMF0Property] {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in
            AMF0Property(randomText(using: &random), randomValue(depth: depth - 1, using: &random))
        }
    }

    private func randomText(using random: inout SeededRandom) -> String {
        let alphabet = Array("aZ0_é€😀 ")
        return String(
            (0..<Int.random(in: 0...9, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            })
    }
}
