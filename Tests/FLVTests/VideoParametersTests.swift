// Picture sizes and rates from real encoders' sequence headers, and from odd ones built by hand.

import TestSupport
import Testing

@testable import FLV

private func parameters(
    _ codec: VideoCodec, _ bytes: [UInt8]
) throws(FLVError) -> VideoParameters? {
    try VideoParameters.parse(codec: codec, sequenceHeader: bytes.span.bytes)
}

private struct Sample: CustomTestStringConvertible {
    var testDescription: String
    var hex: String
    var width: Int
    var height: Int
    var framesPerSecond: Double?
    var profile: String
    var level: String

    init(
        _ name: String, _ width: Int, _ height: Int, _ framesPerSecond: Double?, _ profile: String,
        _ level: String, _ hex: String
    ) {
        testDescription = name
        self.hex = hex
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.profile = profile
        self.level = level
    }

    func check(_ codec: VideoCodec) throws {
        let found = try #require(try parameters(codec, [UInt8](hex: hex)))
        #expect(found.width == width)
        #expect(found.height == height)
        #expect(found.framesPerSecond == framesPerSecond)
        #expect(found.profile == profile)
        #expect(found.level == level)
    }
}

@Suite("Video parameters")
struct VideoParametersTests {
    @Test(
        "H.264 of x264",
        arguments: [
            Sample(
                "720p", 1280, 720, 30, "High", "3.1",
                """
                0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fd\
                f8f800
                """),
            Sample(
                "cropped 4:2:2", 1918, 1078, 30_000.0 / 1001, "High 4:2:2", "4.0",
                """
                017a0028ffe1001a677a0028bcd940780227a8bc04400000fa40003a9803c60c658001000668ebe3cb22c0fe\
                f8f800
                """),
            Sample(
                "odd size in 4:4:4", 319, 241, 25, "High 4:4:4 Predictive", "1.3",
                """
                01f4000dffe1001b67f4000d919b282810f5086022000003000200000300641e28532c01000668ebe3c44844\
                fff8f800
                """),
            Sample(
                "grey", 320, 240, 25, "High", "1.3",
                """
                0164000dffe100196764000df3650507ec05b2000003000200000300641e28532c01000668ebe3cb22c0fcf8\
                f800
                """),
            Sample(
                "interlaced", 720, 480, 25, "High", "3.0",
                """
                0164001effe100196764001eacd940b47b6022000003000200000300643e28532c01000768fba3cb3002c0fd\
                f8f800
                """),
            Sample(
                "baseline", 640, 360, 24, "Constrained Baseline", "3.0",
                """
                0142c01effe100196742c01ed900a02ff97011000003000100000300300f162e4801000568cb83cb20
                """),
        ])
    private func avc(sample: Sample) throws {
        try sample.check(.avc)
    }

    @Test(
        "H.265 of x265",
        arguments: [
            Sample(
                "720p", 1280, 720, 30, "Main", "3.1",
                """
                0101600000009000000000005df000fcfdf8f800000f03200001001840010c01ffff01600000030090000003\
                000003005d959809210001002b42010101600000030090000003000003005da00280802d165959a4932bc05a\
                020000030002000003003c1022000100074401c172b46240
                """),
            Sample(
                "cropped 4:2:2 with scaling lists", 1918, 1078, 30_000.0 / 1001,
                "Range Extensions", "4.0",
                """
                0104080000009d080000000078f000fcfefafa00000f03200001001740010c01ffff0408000003009d080000\
                03000078959809210001002a4201010408000003009d08000003000078b003c08010e756d96566924e5780b4\
                0400000fa40001d4c02022000100074401c172b46240
                """),
            Sample(
                "4:4:4", 640, 360, 25, "Range Extensions", "2.1",
                """
                0104080000009e08000000003ff000fcfff8f800000f03200001001740010c01ffff0408000003009e080000\
                0300003f959409210001002a4201010408000003009e0800000300003f9000a0402d2cb2b2c9265780b40400\
                0003000400000300642022000100084401c172860c4624
                """),
            Sample(
                "two temporal layers", 322, 242, 25, "Main", "2.0",
                """
                0101600000009000000000003cf000fcfdf8f800000f03200001001940010c01ffff01600000030090000003\
                000003003c95890240210001002c42010101600000030090000003000003003ca00a480f9c92659589924caf\
                016808000003000800000300c84022000100074401c172b46240
                """),
        ])
    private func hevc(sample: Sample) throws {
        try sample.check(.hevc)
    }

    @Test(
        "AV1 of three encoders",
        arguments: [
            Sample("libaom", 642, 362, nil, "Main", "2.1", "81010c000a0b0000000cc5036936be4010"),
            Sample("SVT-AV1", 640, 360, nil, "Main", "2.1", "81010c000a0b0000000cc4ff6700be0010"),
            Sample(
                "rav1e", 640, 360, nil, "Main", "max", "811f0c000a0e000000fa627fb38842b204040428"),
        ])
    private func av1(sample: Sample) throws {
        try sample.check(.av1)
    }

    @Test("AV1 with a clock, a decoder model and several operating points")
    func av1Timing() throws {
        var header = BitWriter()
        header.put(1, 3)
        header.put(0, 2)
        header.flag(true)
        header.put(1001, 32)
        header.put(120_000, 32)
        header.flag(true)
        header.unsignedExpGolomb(1)
        header.flag(true)
        header.put(9, 5)
        header.put(1, 32)
        header.put(0, 10)
        header.flag(true)
        header.put(1, 5)
        for level in [9, 4] {
            header.put(0, 12)
            header.put(level, 5)
            if level > 7 { header.flag(false) }
            header.flag(true)
            header.put(0, 21)
            header.flag(true)
            header.put(3, 4)
        }
        header.put(10, 4)
        header.put(9, 4)
        header.put(1919, 11)
        header.put(799, 10)
        let payload = header.bytes
        // A temporal delimiter first, then the sequence header without a size field.
        let record = [0x81, 0, 0, 0, 0x12, 0, 0x08] + payload
        let found = try #require(try parameters(.av1, record))
        #expect(found.width == 1920 && found.height == 800)
        #expect(found.framesPerSecond == 60_000.0 / 1001)
        #expect(found.profile == "High" && found.level == "4.1")
    }

    @Test("codecs whose headers tell no size give nothing")
    func noSize() throws {
        #expect(try parameters(.vp9, [UInt8](hex: "01000000 000A 82 02 02 02 0000")) == nil)
        #expect(try parameters(.av1, [UInt8](hex: "81010C00")) == nil)
        #expect(try parameters(.av1, [UInt8](hex: "80048100 0C00")) == nil)
        #expect(try parameters(.unknown(1), []) == nil)
    }

    @Test("only a packet that is a sequence header is read")
    func ofPacket() throws {
        let record = "81010c000a0b0000000cc5036936be4010"
        let header = [UInt8](hex: "90 61763031" + record)
        let packet = try VideoPacket.parse(header.span.bytes)
        let found = try VideoParameters.parse(packet, body: header.span.bytes)
        #expect(found?.width == 642)
        // One track of two: only its own bytes count.
        let tracks = [UInt8](hex: "96 10 61763031 00 000011" + record + "01 000001 FF")
        let first = try VideoPacket.parse(tracks.span.bytes)
        #expect(try VideoParameters.parse(first, body: tracks.span.bytes)?.height == 362)
        let frame = [UInt8](hex: "91 61763031" + record)
        let framePacket = try VideoPacket.parse(frame.span.bytes)
        #expect(try VideoParameters.parse(framePacket, body: frame.span.bytes) == nil)
    }

    @Test("the description is what a producer wants to read")
    func descriptions() throws {
        func text(_ rate: Double?) throws -> String {
            try VideoParameters(
                width: 1280, height: 720, framesPerSecond: rate, profile: "High", level: "3.1"
            ).description
        }
        #expect(try text(30) == "High 3.1, 1280x720, 30 fps")
        #expect(try text(30_000.0 / 1001) == "High 3.1, 1280x720, 29.97 fps")
        #expect(try text(12.05) == "High 3.1, 1280x720, 12.05 fps")
        #expect(try text(nil) == "High 3.1, 1280x720")
    }
}
