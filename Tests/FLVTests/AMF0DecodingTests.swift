// AMF0 decoding: every type, what real encoders get wrong, and what hostile peers try.

import TestSupport
import Testing

@testable import FLV

private func decode(
    _ hex: String, limits: AMF0Limits = .init()
) throws(AMF0Error) -> [AMF0Value] {
    try decode([UInt8](hex: hex), limits: limits)
}

private func decode(
    _ bytes: [UInt8], limits: AMF0Limits = .init()
) throws(AMF0Error) -> [AMF0Value] {
    try AMF0.decode(bytes.span.bytes, limits: limits)
}

@Suite("AMF0 decoding")
struct AMF0DecodingTests {
    @Test(
        "every type of the specification",
        arguments: [
            ("00 3FF8000000000000", AMF0Value.number(1.5)),
            ("01 00", .boolean(false)),
            ("01 07", .boolean(true)),
            ("02 0003 E282AC", .string("€")),
            ("02 0000", .string("")),
            ("05", .null),
            ("06", .undefined),
            ("0B 4278000000000000 FFC4", .date(unixMs: 0x1_8000_00_00_00, zone: -60)),
            ("0C 00000002 6869", .longString("hi")),
            ("0D", .unsupported),
            ("0F 00000004 3C612F3E", .xml("<a/>")),
            ("03 0001 61 05 000009", .object([.init("a", .null)])),
            ("08 00000001 0001 61 05 000009", .ecmaArray([.init("a", .null)])),
            ("0A 00000002 05 06", .strictArray([.null, .undefined])),
            (
                "10 0001 43 0001 61 0101 000009",
                .typedObject(className: "C", [.init("a", .boolean(true))])
            ),
        ])
    func everyType(hex: String, value: AMF0Value) throws {
        #expect(try decode(hex) == [value])
    }

    @Test("the connect command of ffmpeg comes out whole")
    func connectCommand() throws {
        let values = try decode(
            """
            020007636f6e6e656374 003ff0000000000000 03 0003617070 0200046c697665
            000474797065 02000a6e6f6e70726976617465 0008666c617368566572
            020024464d4c452f332e302028636f6d70617469626c653b204c61766635392e32372e31303029
            0005746355726c 02001a72746d703a2f2f3132372e302e302e313a313933352f6c697665 000009
            """)
        #expect(values.count == 3)
        #expect(values[0].stringValue == "connect")
        #expect(values[1].numberValue == 1)
        #expect(values[2]["app"]?.stringValue == "live")
        #expect(values[2]["tcUrl"]?.stringValue == "rtmp://127.0.0.1:1935/live")
        #expect(values[2]["nothing"] == nil)
    }

    @Test("a prefix stops after the wanted values and tells where")
    func prefix() throws {
        let bytes = [UInt8](hex: "02 0001 61 05 06 FF")
        let (values, byteCount) = try AMF0.decodePrefix(bytes.span.bytes, maxValues: 2)
        #expect(values == [.string("a"), .null])
        #expect(byteCount == 5)
    }

    @Test("no bytes are no values")
    func empty() throws {
        #expect(try decode("").isEmpty)
    }

    @Test("a wrong count of an ECMA array doesn't matter, its end marker does")
    func wrongArrayCount() throws {
        let values = try decode("08 FFFFFFFF 0001 61 05 000009 01 01")
        #expect(values == [.ecmaArray([.init("a", .null)]), .boolean(true)])
    }

    @Test(
        "a missing end marker at the end of the input is made up for",
        arguments: ["03 0001 61 05", "03 0001 61 03 0001 62 05", "03"])
    func missingEndMarker(hex: String) throws {
        let values = try decode(hex)
        #expect(values.count == 1)
        #expect(values[0].properties != nil)
    }

    @Test("input that ends inside a property is an error")
    func tornProperty() {
        #expect(throws: AMF0Error.truncated(offset: 6)) { try decode("03 0001 61 05 00") }
        #expect(throws: AMF0Error.truncated(offset: 7)) { try decode("03 0001 61 05 0000") }
    }

    @Test("a property without a name is a property")
    func emptyName() throws {
        #expect(try decode("03 0000 05 000009") == [.object([.init("", .null)])])
    }

    @Test("of two properties with one name the later counts")
    func repeatedName() throws {
        let value = try decode("03 0001 61 0100 0001 61 0101 000009")[0]
        #expect(value["a"] == .boolean(true))
    }

    @Test("bytes that aren't UTF-8 are repaired")
    func invalidUTF8() throws {
        #expect(try decode("02 0003 61FF62") == [.string("a\u{FFFD}b")])
    }

    @Test("references stand for earlier objects, also inside others")
    func references() throws {
        let one = AMF0Value.object([.init("a", .null)])
        #expect(try decode("03 0001 61 05 000009 07 0000") == [one, one])
        // The strict array is object 0, the one inside it 1.
        #expect(
            try decode("0A 00000002 03 0001 61 05 000009 07 0001") == [.strictArray([one, one])])
    }

    @Test("references to what isn't there or isn't complete are errors")
    func badReferences() {
        #expect(throws: AMF0Error.badReference(index: 0, offset: 0)) { try decode("07 0000") }
        #expect(throws: AMF0Error.badReference(index: 0, offset: 4)) {
            try decode("03 0001 61 07 0000 000009")
        }
    }

    @Test(
        "markers that are reserved or unknown are errors",
        arguments: [0x04, 0x09, 0x0E, 0x11, 0x12, 0xFF] as [UInt8])
    func badMarkers(marker: UInt8) {
        #expect(throws: AMF0Error.badMarker(marker, offset: 1)) {
            try decode([0x05, marker, 0, 0] as [UInt8])
        }
    }

    @Test("every way to cut a message short is an error or fewer values, never a trap")
    func everyTruncation() throws {
        let whole = AMF0.encode(
            .string("onMetaData"),
            .ecmaArray([
                .init("width", .number(1280)), .init("stereo", .boolean(true)),
                .init("list", .strictArray([.date(unixMs: 1, zone: 0), .longString("long")])),
                .init("typed", .typedObject(className: "K", [.init("x", .xml("<x/>"))])),
            ]))
        let values = try decode(whole)
        for count in 0..<whole.count {
            let short = Array(whole[..<count])
            let found = try? decode(short)
            // Whole again only where nothing but the two end markers is missing.
            #expect(found != values || [3, 6].contains(whole.count - count))
        }
    }
}

@Suite("AMF0 limits")
struct AMF0LimitTests {
    @Test("nesting 10 000 deep is refused at the 33rd level")
    func nesting() {
        let bytes = [UInt8](hex: String(repeating: "03 0001 61", count: 10_000))
        #expect(throws: AMF0Error.tooDeep(depthMax: 32)) { try decode(bytes) }
    }

    @Test("32 levels are allowed")
    func allowedNesting() throws {
        let bytes = [UInt8](hex: String(repeating: "03 0001 61", count: 32) + "05")
        #expect(try decode(bytes).count == 1)
    }

    @Test("references can't be used to nest deeper")
    func nestingByReference() {
        // Three objects of three levels each, every one with the one before at its bottom.
        let hex = "03 0001 61 03 0001 61 03 0001 61 05 000009 000009 000009"
        let next = "03 0001 61 03 0001 61 03 0001 61 07 0000 000009 000009 000009"
        #expect(throws: AMF0Error.tooDeep(depthMax: 5)) {
            try decode(hex + next, limits: .init(depthMax: 5))
        }
        #expect(throws: Never.self) { try decode(hex + next, limits: .init(depthMax: 6)) }
    }

    @Test("references that double each time are counted in full")
    func doubling() {
        // Object n is an array of twice object n - 1: 40 of them would stand for 2^40 values.
        var bytes = [UInt8](hex: "0A 00000002 05 05")
        for index in 0..<40 {
            bytes += [0x0A, 0, 0, 0, 2, 0x07, 0, UInt8(index), 0x07, 0, UInt8(index)]
        }
        #expect(throws: AMF0Error.tooManyValues(valueCountMax: 4096)) {
            try decode(bytes, limits: .init(depthMax: 100))
        }
    }

    @Test("references to a long text can't blow the input up")
    func expansion() {
        var bytes = AMF0.encode(
            .object([.init("a", .string(String(repeating: "x", count: 60_000)))]))
        for _ in 0..<20 { bytes += [0x07, 0, 0] }
        #expect(throws: AMF0Error.expansionTooLarge(byteCountMax: 1 << 20)) {
            try decode(bytes)
        }
    }

    @Test("an array that claims four billion elements costs nothing")
    func hugeArray() {
        #expect(throws: AMF0Error.tooManyValues(valueCountMax: 4096)) {
            try decode("0A FFFFFFFF 05")
        }
        #expect(throws: AMF0Error.truncated(offset: 6)) { try decode("0A 00000FFE 05") }
    }

    @Test("too many values are refused")
    func valueCount() {
        let nulls = [UInt8](repeating: 0x05, count: 4097)
        #expect(throws: AMF0Error.tooManyValues(valueCountMax: 4096)) {
            try decode(nulls)
        }
        #expect(throws: Never.self) { try decode(Array(nulls.dropLast())) }
    }

    @Test("a string longer than the message is an error, one longer than allowed another")
    func strings() {
        #expect(throws: AMF0Error.truncated(offset: 4)) { try decode("02 0010 61") }
        #expect(throws: AMF0Error.stringTooLong(byteCount: 0xFFFF_FFFF, byteCountMax: 65_536)) {
            try decode("0C FFFFFFFF 61")
        }
        let repaired = [UInt8](hex: "02 0004 FFFFFFFF")
        #expect(throws: AMF0Error.stringTooLong(byteCount: 12, byteCountMax: 10)) {
            try decode(repaired, limits: .init(stringByteCountMax: 10))
        }
    }

    @Test("errors say what to do")
    func descriptions() {
        #expect(AMF0Error.badMarker(0x11, offset: 3).description.contains("AMF0"))
        #expect(AMF0Error.tooDeep(depthMax: 32).description.contains("32"))
        #expect(AMF0Error.truncated(offset: 7).description.contains("byte 7"))
    }
}
