// A stream recorded from ffmpeg, understood from its first tag to its last.

import TestSupport
import Testing

@testable import FLV

@Suite("A real stream")
struct RealStreamTests {
    @Test("metadata, sequence headers, one keyframe, then frames and sound in step")
    func ffmpeg() throws {
        let bytes = try Corpus.bytes("flv-reader", "ffmpeg-h264-aac.flv")
        var metadata: [AMF0Value] = []
        var videos: [VideoPacket] = []
        var audios: [AudioPacket] = []
        var picture: VideoParameters?
        var sound: AudioParameters?
        var timestampsMs: [FLVTagType: [UInt32]] = [:]
        var reader = FLVReader()
        try reader.receive(bytes.span.bytes) { header, body in
            timestampsMs[header.type, default: []].append(header.timestampMs)
            switch header.type {
            case .script:
                metadata = try AMF0.decode(body)
            case .video:
                let packet = try VideoPacket.parse(body)
                videos.append(packet)
                picture = try VideoParameters.parse(packet, body: body) ?? picture
            case .audio:
                let packet = try AudioPacket.parse(body)
                audios.append(packet)
                sound = try AudioParameters.parse(packet, body: body) ?? sound
            }
        }

        // In order within each kind; ffmpeg's end of sequence comes late with the last frame's time.
        for (_, times) in timestampsMs { #expect(times == times.sorted()) }
        #expect(reader.fileHeader == FLVFileHeader(hasAudio: true, hasVideo: true))
        #expect(metadata.first?.stringValue == "onMetaData")
        #expect(metadata.last?["width"]?.numberValue == 64)
        #expect(metadata.last?["videocodecid"]?.numberValue == 7)
        #expect(metadata.last?["audiocodecid"]?.numberValue == 10)
        #expect(metadata.last?["stereo"]?.boolValue == false)

        #expect(videos.map(\.kind).first == .sequenceHeader)
        #expect(videos.map(\.kind).last == .endOfSequence)
        #expect(videos.count { $0.kind == .frame } == 5)
        #expect(videos.count { $0.isKeyframe } == 1)
        #expect(picture?.description == "High 1.0, 64x48, 25 fps")

        #expect(audios.first?.kind == .sequenceHeader)
        #expect(audios.dropFirst().allSatisfy { $0.kind == .frame && $0.codec == .aac })
        #expect(sound?.description == "AAC-LC, 44100 Hz, 1 channel")
    }
}
