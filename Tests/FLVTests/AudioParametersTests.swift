// Rates and channels from real encoders' headers and frames, and from odd ones written by hand.

import TestSupport
import Testing

@testable import FLV

private func parameters(
    _ codec: AudioCodec, _ hex: String
) throws(FLVError) -> AudioParameters? {
    let bytes = [UInt8](hex: hex)
    return try AudioParameters.parse(codec: codec, sequenceHeader: bytes.span.bytes)
}

private func parametersOfBody(_ hex: String) throws(FLVError) -> AudioParameters? {
    let body = [UInt8](hex: hex)
    return try AudioParameters.parse(AudioPacket.parse(body.span.bytes), body: body.span.bytes)
}

@Suite("Audio parameters")
struct AudioParametersTests {
    @Test(
        "real headers and frames",
        arguments: [
            (AudioCodec.aac, "1210", 44_100, 2, "AAC-LC"),
            (.aac, "121056e500", 44_100, 2, "AAC-LC"),
            (.aac, "11b056e500", 48_000, 6, "AAC-LC"),
            (.aac, "118004c848002008c8200d4c61766335392e33372e31303056e500", 48_000, 8, "AAC-LC"),
            (.opus, "4f707573486561640102380180bb0000000000", 48_000, 2, "Opus"),
            (
                .flac, "200020000001c9000897177002f0000025805a298810d269390f9bf1832c20c083b6",
                96_000, 2, "FLAC"
            ),
            (
                .flac,
                "664c614380000022200020000001c9000897177002f0000025805a298810d269390f9bf1832c20c083b6",
                96_000, 2, "FLAC"
            ),
            (.mp3, "fffb90640000026b0bce9d", 44_100, 2, "MP3"),
            (.mp3, "fff340c400133062843f4f", 22_050, 1, "MP3"),
            (.ac3, "0b77c4b71e40ebf8403eff99c598b316", 48_000, 6, "AC-3"),
            (.ac3, "103de0", 48_000, 6, "AC-3"),
            (.eac3, "0b7701a07487c000208401003900ae06", 44_100, 2, "E-AC-3"),
            (.eac3, "0600600400", 44_100, 2, "E-AC-3"),
            (.ac3, "0b7701a07487c000208401003900ae06", 44_100, 2, "E-AC-3"),
        ] as [(AudioCodec, String, Int, Int, String)])
    func real(
        codec: AudioCodec, hex: String, sampleRateHz: Int, channelCount: Int, profile: String
    ) throws {
        let found = try #require(try parameters(codec, hex))
        #expect(found.sampleRateHz == sampleRateHz)
        #expect(found.channelCount == channelCount)
        #expect(found.profile == profile)
    }

    @Test("AAC with SBR: explicit, behind the configuration, and with PS")
    func spectralBandReplication() throws {
        // Type 5, 24 kHz mono, extended to 48 kHz, then type 2.
        var explicit = BitWriter()
        for (value, count) in [(5, 5), (6, 4), (2, 4), (3, 4), (2, 5), (0, 3)] {
            explicit.put(value, count)
        }
        let explicitFound = try AudioParameters.parse(
            codec: .aac, sequenceHeader: explicit.bytes.span.bytes)
        #expect(explicitFound?.description == "HE-AAC, 48000 Hz, 2 channels")

        var trailing = BitWriter()
        for (value, count) in [(2, 5), (7, 4), (1, 4), (0, 3), (0x2B7, 11), (5, 5), (1, 1), (4, 4)]
        {
            trailing.put(value, count)
        }
        var stereo = trailing
        let trailingFound = try AudioParameters.parse(
            codec: .aac, sequenceHeader: trailing.bytes.span.bytes)
        #expect(trailingFound?.description == "HE-AAC, 44100 Hz, 1 channel")

        stereo.put(0x548, 11)
        stereo.flag(true)
        let stereoFound = try AudioParameters.parse(
            codec: .aac, sequenceHeader: stereo.bytes.span.bytes)
        #expect(stereoFound?.description == "HE-AAC v2, 44100 Hz, 2 channels")
    }

    @Test("AAC with a rate in full, and with a type behind the escape")
    func oddConfigurations() throws {
        var full = BitWriter()
        for (value, count) in [(2, 5), (15, 4), (12_345, 24), (7, 4), (0, 3)] {
            full.put(value, count)
        }
        let fullFound = try AudioParameters.parse(
            codec: .aac, sequenceHeader: full.bytes.span.bytes)
        #expect(fullFound?.sampleRateHz == 12_345)
        #expect(fullFound?.channelCount == 8)

        var escaped = BitWriter()
        for (value, count) in [(31, 5), (10, 6), (3, 4), (2, 4)] { escaped.put(value, count) }
        let escapedFound = try AudioParameters.parse(
            codec: .aac, sequenceHeader: escaped.bytes.span.bytes)
        #expect(escapedFound?.profile == "xHE-AAC")
    }

    @Test(
        "legacy codecs say it in the first byte",
        arguments: [
            ("3F 0000", 44_100, 2), ("16 00", 11_025, 1), ("72 00", 8_000, 1), ("B6 00", 16_000, 1),
            ("4E 00", 16_000, 1), ("5E 00", 8_000, 1), ("6B 00", 22_050, 2),
        ])
    func legacy(hex: String, sampleRateHz: Int, channelCount: Int) throws {
        let found = try #require(try parametersOfBody(hex))
        #expect(found.sampleRateHz == sampleRateHz)
        #expect(found.channelCount == channelCount)
    }

    @Test("packets: what says something and what doesn't")
    func packets() throws {
        #expect(try parametersOfBody("AF 00 1210")?.sampleRateHz == 44_100)
        #expect(try parametersOfBody("AF 01 2110") == nil)
        #expect(try parametersOfBody("2F fffb90640000")?.channelCount == 2)
        #expect(try parametersOfBody("91 2E6D7033 fff340c40013")?.channelCount == 1)
        #expect(try parametersOfBody("91 61632D33") == nil)
        #expect(try parametersOfBody("91 4F707573 FC") == nil)
        #expect(try parametersOfBody("94 4F707573 01 02") == nil)
        #expect(
            try parametersOfBody("95 10 6D703461 00 000002 1190 01 000001 00")?.sampleRateHz
                == 48_000)
    }

    @Test(
        "broken headers are errors",
        arguments: [
            (AudioCodec.aac, "", SequenceHeaderFault.truncated), (.aac, "12", .truncated),
            (.aac, "1680", .outOfRange), (.aac, "1240", .outOfRange), (.aac, "1200", .truncated),
            (.aac, "17 8000 0008 00", .outOfRange), (.opus, "4f707573", .truncated),
            (.opus, "4f707573486561641002380180bb0000000000", .unrecognised),
            (.opus, "4f707573486561640100380180bb0000000000", .outOfRange),
            (.flac, "664c6143", .truncated),
            (.flac, String(repeating: "00", count: 34), .outOfRange),
            (.flac, String(repeating: "00", count: 40), .unrecognised),
            (.mp3, "494433", .unrecognised),
            (.mp3, "ffeb9064", .outOfRange), (.mp3, "fff99064", .outOfRange),
            (.mp3, "fffb9c64", .outOfRange),
            (.mp3, "fffb", .truncated), (.ac3, "0b", .truncated), (.ac3, "f03de0", .outOfRange),
            (.eac3, "0600", .truncated), (.eac3, "0600e00400", .outOfRange),
        ] as [(AudioCodec, String, SequenceHeaderFault)])
    func broken(codec: AudioCodec, hex: String, fault: SequenceHeaderFault) {
        #expect(throws: FLVError.badSequenceHeader(codec: codec.name, fault)) {
            try parameters(codec, hex)
        }
    }
}
