// What viewers are told before the first frame: the truth, whatever the publisher says.

import FLV
import TestSupport
import Testing

@testable import Broadcast

@Suite struct PreambleTests {
    private let lies = [
        AMF0Property("width", .number(9_999)), AMF0Property("height", .number(1)),
        AMF0Property("framerate", .number(7)), AMF0Property("videocodecid", .number(2)),
        AMF0Property("audiocodecid", .number(11)), AMF0Property("audiosamplerate", .number(8_000)),
        AMF0Property("stereo", .boolean(false)), AMF0Property("hasVideo", .boolean(false)),
        AMF0Property("duration", .number(3_600)), AMF0Property("filesize", .number(1e9)),
        AMF0Property("encoder", .string("Liar 1.0")), AMF0Property("title", .string("Finals")),
        AMF0Property("videodatarate", .number(2_500)),
    ]

    @Test func headersAndMetadataComeBeforeTheKeyframe() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        #expect(stand.programme.startPoint() == nil)
        try stand.append(.video, Body.keyframe(), at: 0)
        let opening = try stand.opening()
        #expect(opening.hasAudio && opening.hasVideo)
        #expect(opening.headers.map(\.type) == [.video, .audio])
        #expect(opening.headers.map(\.body) == [Body.avc720, Body.aacStereo])
        #expect(try stand.timeline(from: opening.start.position).first?.body == Body.keyframe())
    }

    @Test func whatTheStreamSaysCountsNotWhatThePublisherSays() throws {
        let stand = try Stand()
        try stand.metadata(lies)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        let metadata = try stand.opening().metadata
        #expect(metadata["width"] == .number(1_280))
        #expect(metadata["height"] == .number(720))
        #expect(metadata["framerate"] == .number(30))
        #expect(metadata["videocodecid"] == .number(7))
        #expect(metadata["audiocodecid"] == .number(10))
        #expect(metadata["audiosamplerate"] == .number(44_100))
        #expect(metadata["audiochannels"] == .number(2))
        #expect(metadata["stereo"] == .boolean(true))
        #expect(metadata["hasVideo"] == .boolean(true))
        #expect(metadata["duration"] == nil)
        #expect(metadata["filesize"] == nil)
        #expect(metadata["encoder"] == .string("Liar 1.0"))
        #expect(metadata["title"] == .string("Finals"))
        #expect(metadata["videodatarate"] == .number(2_500))
        #expect(metadata["server"] == .string("Fanfare"))
    }

    @Test func nonsenseOfThePublisherIsLeftOut() throws {
        let stand = try Stand()
        try stand.metadata([
            AMF0Property("encoder", .string(String(repeating: "x", count: 257))),
            AMF0Property("title", .string("")), AMF0Property("author", .number(1)),
            AMF0Property("videodatarate", .number(.nan)),
            AMF0Property("audiodatarate", .number(-5)),
            AMF0Property("description", .longString("kept")),
        ])
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        let metadata = try stand.opening().metadata
        for name in ["encoder", "title", "author", "videodatarate", "audiodatarate"] {
            #expect(metadata[name] == nil, "\(name)")
        }
        #expect(metadata["description"] == .string("kept"))
    }

    @Test func withoutAnyMetadataTheStreamStillSaysWhatItIs() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc240, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        let opening = try stand.opening()
        #expect(!opening.hasAudio && opening.hasVideo)
        #expect(opening.metadata["hasAudio"] == .boolean(false))
        #expect(opening.metadata["width"] == .number(320))
        #expect(opening.metadata["framerate"] == .number(25))
        #expect(opening.metadata["audiocodecid"] == nil)
        #expect(opening.headers.map(\.type) == [.video])
    }

    @Test func metadataThatComesAfterTheFirstKeyframeIsPassedToTheNextViewer() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(try stand.opening().metadata["title"] == nil)
        let version = stand.programme.startVersion.load(ordering: .relaxed)
        try stand.metadata(lies)
        #expect(stand.programme.startVersion.load(ordering: .relaxed) != version)
        #expect(try stand.opening().metadata["title"] == .string("Finals"))
    }

    @Test func whatTheLastPublisherSaidIsNotSaidOfTheNext() throws {
        let stand = try Stand()
        try stand.metadata(lies)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(stand.programme.status(nowMs: stand.nowMs).publisher?.encoder == "Liar 1.0")
        try stand.reconnect(afterMs: 1_000)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(try stand.opening().metadata["encoder"] == nil)
        #expect(try stand.opening().metadata["title"] == nil)
        #expect(stand.programme.status(nowMs: stand.nowMs).publisher?.encoder == nil)
    }

    @Test func aRateThatNoHeaderStatesIsMeasured() throws {
        let stand = try Stand()
        try stand.metadata([
            AMF0Property("framerate", .number(60)), AMF0Property("width", .number(640)),
            AMF0Property("height", .number(360)),
        ])
        // VP9 in Enhanced RTMP states neither size nor rate in FLV.
        let vp9 = Array("vp09".utf8)
        for index in 0..<120 {
            let body = [UInt8(index % 30 == 0 ? 0x91 : 0xA1)] + vp9 + [1, 2, 3]
            try stand.append(.video, body, at: UInt32(Double(index) * 1_001 / 30))
            if index == 0 {
                let metadata = try stand.opening().metadata
                #expect(metadata["framerate"] == .number(60))
                #expect(metadata["width"] == .number(640))
            }
        }
        let metadata = try stand.opening().metadata
        #expect(metadata["framerate"] == .number(30_000.0 / 1_001))
        #expect(metadata["videocodecid"] == .number(Double(0x7670_3039)))
    }

    @Test func theStreamsStartOnTheProgrammeClockIsNamed() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 500_000)
        for index in 0..<4 {
            try stand.append(.video, Body.keyframe(), at: 500_000 + UInt32(index) * 2_000)
            stand.nowMs += 2_000
            let opening = try stand.opening()
            #expect(opening.metadata["programStartPts"] == .number(Double(index) * 2_000))
            #expect(opening.start.timestampMs == UInt32(index) * 2_000)
        }
    }

    @Test func thePreambleIsBuiltOnceAKeyframe() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        let first = try stand.opening().start.preamble
        try stand.append(.video, Body.frame(), at: 40)
        #expect(try stand.opening().start.preamble === first)
        try stand.append(.video, Body.keyframe(), at: 80)
        #expect(try stand.opening().start.preamble !== first)
    }
}
