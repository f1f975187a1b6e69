// The classification of audio and video bodies: legacy, unofficial and Enhanced RTMP v2 headers.

import TestSupport
import Testing

@testable import FLV

private func video(_ hex: String) throws(FLVError) -> VideoPacket {
    let body = [UInt8](hex: hex)
    return try VideoPacket.parse(body.span.bytes)
}

private func audio(_ hex: String) throws(FLVError) -> AudioPacket {
    let body = [UInt8](hex: hex)
    return try AudioPacket.parse(body.span.bytes)
}

@Suite("Video packets")
struct VideoPacketTests {
    @Test("legacy H.264: sequence header, keyframe, frame with an offset, end")
    func legacyAVC() throws {
        let header = try video("17 00 000000 0164001F")
        #expect(header.codec == .avc && header.codecId == 7)
        #expect(header.kind == .sequenceHeader)
        #expect(!header.isKeyframe && !header.isEnhanced)
        #expect(header.payloadOffset == 5 && header.payloadByteCount == 4)

        let keyframe = try video("17 01 000050 00000001 65")
        #expect(keyframe.kind == .frame && keyframe.isKeyframe)
        #expect(keyframe.compositionOffsetMs == 80)

        let frame = try video("27 01 FFFFD8 00000001 41")
        #expect(frame.kind == .frame && !frame.isKeyframe)
        #expect(frame.compositionOffsetMs == -40)

        #expect(try video("17 02 000000").kind == .endOfSequence)
        let short = try video("17 02")
        #expect(short.kind == .endOfSequence && short.payloadByteCount == 0)
    }

    @Test("the unofficial numbers 12 and 13 are H.265 and AV1, framed like H.264")
    func unofficialIds() throws {
        let hevc = try video("1C 00 000000 01")
        #expect(hevc.codec == .hevc && hevc.codecId == 12 && hevc.kind == .sequenceHeader)
        let av1 = try video("1D 01 000000 0A")
        #expect(av1.codec == .av1 && av1.isKeyframe && av1.payloadOffset == 5)
    }

    @Test("legacy codecs without packet types are all frames")
    func legacyFrames() throws {
        let h263 = try video("12 0000")
        #expect(h263.codec == .sorensonH263 && h263.isKeyframe && h263.payloadOffset == 1)
        #expect(try !video("22").isKeyframe)
        #expect(try !video("32").isKeyframe)
        #expect(try video("44 00").isKeyframe)
        #expect(try video("11 00").codec == .unknown(1))
    }

    @Test("a player command is not a frame")
    func command() throws {
        let packet = try video("57 00")
        #expect(packet.kind == .command && !packet.isKeyframe)
    }

    @Test(
        "enhanced packet types",
        arguments: [
            ("90 68766331 01", VideoCodec.hevc, VideoPacket.Kind.sequenceHeader, 5),
            ("91 61763031 0A", .av1, .frame, 5),
            ("91 76703039 0A", .vp9, .frame, 5),
            ("92 68766331", .hevc, .endOfSequence, 5),
            ("93 68766331 00000001", .hevc, .frame, 5),
            ("94 68766331 02", .hevc, .metadata, 5),
            ("95 61763031 80", .av1, .sequenceHeader, 5),
            ("91 76703038 0A", .vp8, .frame, 5),
            ("91 58585858 0A", .unknown(0x5858_5858), .frame, 5),
        ])
    func enhanced(
        hex: String, codec: VideoCodec, kind: VideoPacket.Kind, payloadOffset: Int
    ) throws {
        let packet = try video(hex)
        #expect(packet.codec == codec)
        #expect(packet.codecId == UInt32(hex.dropFirst(3).prefix(8), radix: 16))
        #expect(packet.kind == kind)
        #expect(packet.isKeyframe == (kind == .frame))
        #expect(packet.isEnhanced)
        #expect(packet.payloadOffset == payloadOffset)
        #expect(packet.compositionOffsetMs == 0)
    }

    @Test("enhanced H.264 and H.265 frames have a composition offset, unless sent as type 3")
    func enhancedOffset() throws {
        let hevc = try video("A1 68766331 FFFFFF 00000001 02")
        #expect(hevc.compositionOffsetMs == -1)
        #expect(hevc.payloadOffset == 8 && hevc.payloadByteCount == 5)
        #expect(!hevc.isKeyframe)
        #expect(try video("91 61766331 000021").compositionOffsetMs == 33)
        #expect(throws: FLVError.truncatedBody(byteCount: 7)) { try video("91 61766331 0000") }
    }

    @Test("ModEx is stepped over, its nanoseconds are kept")
    func modEx() throws {
        // Size 3, 0x000102 ns, then type 0 and packet type 1 in one byte.
        let packet = try video("97 02 000102 01 61763031 0A")
        #expect(packet.timestampOffsetNs == 0x102)
        #expect(packet.kind == .frame && packet.isKeyframe)
        #expect(packet.payloadOffset == 10)
        // An unknown modifier with a 16-bit size in front of a known one.
        let filler = String(repeating: "EE", count: 300)
        let chain = try video("97 FF 012B \(filler) 17 02 00000A 03 68766331 AA")
        #expect(chain.timestampOffsetNs == 10)
        #expect(chain.codec == .hevc && chain.payloadByteCount == 1)
    }

    @Test("one track in a multitrack header")
    func oneTrack() throws {
        let packet = try video("96 01 68766331 05 000010 AABB")
        #expect(packet.isMultitrack && packet.trackId == 5 && !packet.hasFurtherTracks)
        #expect(packet.codec == .hevc && packet.kind == .frame)
        #expect(packet.compositionOffsetMs == 16)
        #expect(packet.payloadOffset == 10 && packet.payloadByteCount == 2)
    }

    @Test("of many tracks the first is described")
    func manyTracks() throws {
        let same = try video("96 10 61763031 00 000002 AABB 01 000001 CC")
        #expect(same.kind == .sequenceHeader && same.trackId == 0 && same.hasFurtherTracks)
        #expect(same.payloadOffset == 10 && same.payloadByteCount == 2)
        let mixed = try video("96 21 68766331 00 000004 00000AAB 61763031 01 000001 CC")
        #expect(mixed.codec == .hevc && mixed.compositionOffsetMs == 10)
        #expect(mixed.payloadByteCount == 1 && mixed.hasFurtherTracks)
        #expect(throws: FLVError.truncatedBody(byteCount: 11)) {
            try video("96 10 61763031 00 000002 AA")
        }
    }

    @Test("an enhanced command has no codec, enhanced metadata with a command's frame type has one")
    func enhancedCommand() throws {
        #expect(try video("D1 00").kind == .command)
        #expect(try video("D4 68766331 02").kind == .metadata)
    }

    @Test("headers that are cut short or unknown are errors")
    func errors() {
        for hex in [
            "", "17", "17 01", "17 01 0000", "97", "97 02 0001", "97 02 000102", "90 6876", "96",
            "96 01",
        ] {
            #expect(throws: FLVError.truncatedBody(byteCount: [UInt8](hex: hex).count), "\(hex)") {
                try video(hex)
            }
        }
        #expect(throws: FLVError.unknownPacketType(3)) { try video("17 03 000000") }
        #expect(throws: FLVError.unknownPacketType(8)) { try video("98 68766331") }
        #expect(throws: FLVError.unknownPacketType(6)) { try video("96 06 68766331") }
        #expect(throws: FLVError.unknownPacketType(7)) { try video("96 07 68766331") }
        #expect(throws: FLVError.unknownMultitrackType(3)) { try video("96 31 68766331 00") }
    }

    @Test("codecs are named as people name them")
    func names() {
        #expect(VideoCodec.unknown(0x5858_5858).name == "unknown video codec \"XXXX\"")
        #expect(VideoCodec.unknown(1).name == "unknown video codec 1")
    }
}

@Suite("Audio packets")
struct AudioPacketTests {
    @Test("legacy AAC: sequence header and frame")
    func legacyAAC() throws {
        let header = try audio("AF 00 1210")
        #expect(header.codec == .aac && header.codecId == 10 && header.kind == .sequenceHeader)
        #expect(header.payloadOffset == 2 && header.payloadByteCount == 2 && !header.isEnhanced)
        let frame = try audio("AF 01 21")
        #expect(frame.kind == .frame && frame.payloadOffset == 2)
    }

    @Test(
        "other legacy codecs",
        arguments: [
            ("2F FFFB", AudioCodec.mp3), ("E2 FF", .mp3), ("3F 00", .linearPCM),
            ("0F 00", .linearPCM),
            ("1F 00", .adpcm), ("4E 00", .nellymoser), ("52 00", .nellymoser),
            ("6E 00", .nellymoser),
            ("72 00", .g711A), ("82 00", .g711U), ("B2 00", .speex), ("F0 00", .unknown(15)),
        ])
    func legacy(hex: String, codec: AudioCodec) throws {
        let packet = try audio(hex)
        #expect(packet.codec == codec)
        #expect(packet.kind == .frame && packet.payloadOffset == 1)
    }

    @Test("the unofficial number 13 is Opus, framed like AAC")
    func legacyOpus() throws {
        let packet = try audio("DF 00 4F707573")
        #expect(
            packet.codec == .opus && packet.kind == .sequenceHeader && packet.payloadOffset == 2)
    }

    @Test(
        "enhanced packets",
        arguments: [
            ("90 4F707573 4F", AudioCodec.opus, AudioPacket.Kind.sequenceHeader),
            ("91 664C6143 FF", .flac, .frame),
            ("91 61632D33 0B", .ac3, .frame),
            ("91 65632D33 0B", .eac3, .frame),
            ("91 2E6D7033 FF", .mp3, .frame),
            ("91 6D703461", .aac, .frame),
            ("92 6D703461", .aac, .endOfSequence),
            ("94 4F707573 01", .opus, .multichannelConfig),
        ])
    func enhanced(hex: String, codec: AudioCodec, kind: AudioPacket.Kind) throws {
        let packet = try audio(hex)
        #expect(packet.codec == codec && packet.kind == kind)
        #expect(packet.codecId == UInt32(hex.dropFirst(3).prefix(8), radix: 16))
        #expect(packet.isEnhanced && packet.payloadOffset == 5)
    }

    @Test("ModEx and multitrack")
    func modExAndMultitrack() throws {
        let precise = try audio("97 02 00000F 01 4F707573 AA")
        #expect(precise.timestampOffsetNs == 15 && precise.payloadOffset == 10)
        let track = try audio("95 00 6D703461 02 1210")
        #expect(track.kind == .sequenceHeader && track.trackId == 2 && track.isMultitrack)
        #expect(track.payloadByteCount == 2)
        let many = try audio("95 11 6D703461 00 000001 AA 01 000001 BB")
        #expect(many.hasFurtherTracks && many.payloadByteCount == 1)
    }

    @Test("headers that are cut short or unknown are errors")
    func errors() {
        for hex in [
            "", "AF", "90", "90 4F7075", "97 00", "95 00 6D703461", "95 10 6D703461 00 0000",
        ] {
            #expect(throws: FLVError.truncatedBody(byteCount: [UInt8](hex: hex).count), "\(hex)") {
                try audio(hex)
            }
        }
        #expect(throws: FLVError.unknownPacketType(2)) { try audio("AF 02 00") }
        #expect(throws: FLVError.unknownPacketType(3)) { try audio("93 4F707573") }
        #expect(throws: FLVError.unknownPacketType(5)) { try audio("95 05 4F707573") }
    }

    @Test("codecs are named as people name them")
    func names() {
        #expect(AudioCodec.g711U.name == "G.711 µ-law")
    }
}
