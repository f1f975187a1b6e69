// Feeds that lack something, or say what isn't so.

import FLV
import Foundation
import Testing

@Suite("An odd feed", .ownThread)
struct OddFeedTests {
    /// Publishes a source to one viewer who is there from the beginning.
    private func watch(
        _ source: Source, metadata: [AMF0Property]? = nil, openingCount: Int = 3,
        _ check: (ViewedStream) throws -> Void
    ) throws {
        try ServerProcess.run { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            if let metadata { try publisher.send(metadata: metadata) }
            try publisher.send(source.headers + source.frames[..<openingCount])
            try viewer.wait(for: "the first frame") {
                $0.tags.count > 1 + source.headers.count
            }
            try publisher.send(source.frames[openingCount...])
            let last = try #require(source.frames.last)
            try check(try viewer.wait(forTag: last))
        }
    }

    @Test("HEVC by Enhanced RTMP passes as it is, and the metadata says so")
    func hevc() throws {
        let source = try Source.hevc.get()
        try watch(source) { stream in
            let metadata = try stream.verify(against: source).metadata
            #expect(metadata["width"] == .number(256))
            #expect(metadata["height"] == .number(144))
            #expect(metadata["framerate"] == .number(20))
            // The FourCC as a number.
            #expect(metadata["videocodecid"] == .number(0x6876_6331))
            #expect(metadata["hasAudio"] == .boolean(false))
        }
    }

    @Test("Sound alone is a stream with the header's audio flag only")
    func audioOnly() throws {
        let source = try Source.clip.get().only(.audio)
        // A second of sound has to pass before one can join.
        try watch(source, openingCount: 60) { stream in
            let metadata = try stream.verify(against: source).metadata
            #expect(metadata["hasVideo"] == .boolean(false))
            #expect(metadata["width"] == nil)
            #expect(metadata["audiocodecid"] == .number(10))
            let player = try Player(stream)
            #expect(try player.complaints() == "")
            #expect(try player.streamKinds() == ["audio"])
        }
    }

    @Test("A picture alone is a stream with the header's video flag only")
    func videoOnly() throws {
        let source = try Source.clip.get().only(.video)
        try watch(source) { stream in
            let metadata = try stream.verify(against: source).metadata
            #expect(metadata["hasAudio"] == .boolean(false))
            #expect(metadata["audiocodecid"] == nil)
            let player = try Player(stream)
            #expect(try player.complaints() == "")
            #expect(try player.streamKinds() == ["video"])
        }
    }

    @Test("Without metadata of the publisher's, ours is as good")
    func noMetadata() throws {
        let source = try Source.clip.get()
        try watch(source) { stream in
            let metadata = try stream.verify(against: source).metadata
            #expect(metadata["width"] == .number(Source.width))
            #expect(metadata["height"] == .number(Source.height))
            #expect(metadata["framerate"] == .number(Source.framesPerSecond))
            #expect(metadata["videocodecid"] == .number(7))
            #expect(metadata["audiocodecid"] == .number(10))
        }
    }

    @Test("Metadata that lies about codecs, size and rate is not passed on")
    func lyingMetadata() throws {
        let source = try Source.clip.get()
        let lies: [AMF0Property] = [
            AMF0Property("width", .number(9_999)), AMF0Property("height", .number(-1)),
            AMF0Property("framerate", .number(1_000)),
            AMF0Property("videocodecid", .string("vp6")),
            AMF0Property("audiocodecid", .number(2)), AMF0Property("hasAudio", .boolean(false)),
            AMF0Property("audiosamplerate", .number(8_000)), AMF0Property("stereo", .null),
            AMF0Property("duration", .number(.infinity)),
            AMF0Property("encoder", .string("liar 1.0")),
        ]
        try watch(source, metadata: lies) { stream in
            let metadata = try stream.verify(against: source).metadata
            #expect(metadata["width"] == .number(Source.width))
            #expect(metadata["height"] == .number(Source.height))
            #expect(metadata["framerate"] == .number(Source.framesPerSecond))
            #expect(metadata["videocodecid"] == .number(7))
            #expect(metadata["audiocodecid"] == .number(10))
            #expect(metadata["hasAudio"] == .boolean(true))
            #expect(metadata["audiosamplerate"] == .number(Source.sampleRateHz))
            #expect(metadata["stereo"] == .boolean(true))
            #expect(metadata["duration"] == nil)
            #expect(try Player(stream).complaints() == "")
        }
    }

    @Test("A keyframe that never comes is a stream that isn't there: 404")
    func noKeyframe() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--wait-for-stream-ms", "500"]) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let without = source.frames.filter { !$0.isKeyframe }
            let feed = try LiveFeed(source.with(frames: without + source.frames), by: publisher)
            try feed.send(until: without.count)
            try server.wait(for: "the frames to be left out") {
                try server.metric("fanfare_ingest_left_out_tags_total{stream=\"show\"}") ?? 0 > 50
            }
            let answer = try HTTPClient.ask(port: server.httpPort, "/live/show.flv")
            #expect(answer.statusCode == 404)
            #expect(answer.json["stream"] as? String == "show")
            // And when it comes after all, so does the stream.
            let viewer = try ViewerClient(port: server.httpPort)
            try feed.send()
            let last = try #require(source.frames.last)
            let seen = Array(feed.sent[without.count...])
            try viewer.wait(forTag: last).verify(against: source.with(frames: seen))
        }
    }

    /// Timestamps of the middle third are that much off, in ms.
    @Test(
        "Timestamps that jump a day and back stay on one timeline",
        arguments: [86_400_000, -86_400_000] as [Int64])
    func jumps(_ jumpMs: Int64) throws {
        let source = try Source.clip.get()
        let third = source.frames.count / 3
        // A day in, so that there is a day to go back.
        let base: Int64 = 90_000_000
        let shifted = source.frames.enumerated().map { index, frame in
            var frame = frame
            let offset = base + ((third..<(2 * third)).contains(index) ? jumpMs : 0)
            frame.timestampMs = UInt32(Int64(frame.timestampMs) + offset)
            return frame
        }
        try watch(source.with(frames: shifted)) { stream in
            let frames = try stream.opening(of: source).frames
            #expect(source.runLength(frames[...], from: 0) == source.frames.count)
            try verifyNeverStepsBack(frames)
            // The clip is six seconds long, and so is the programme, but for the two seams.
            let lengthMs = (frames.last?.timestampMs ?? 0) - frames[0].timestampMs
            #expect((4_000..<16_000).contains(lengthMs))
        }
    }

    @Test("Timestamps that wrap after 49 days go on as if they hadn't")
    func wraps() throws {
        let source = try Source.clip.get()
        let shifted = source.frames.map { frame in
            var frame = frame
            frame.timestampMs &+= .max - 3_000
            return frame
        }
        #expect(shifted.first?.timestampMs ?? 0 > shifted.last?.timestampMs ?? 0)
        try watch(source.with(frames: shifted)) { stream in
            try stream.verify(against: source)
        }
    }

    @Test(
        "A GOP larger than the timeline still reaches who watches; who comes waits for the next")
    func hugeGOP() throws {
        let clip = try Source.clip.get().only(.video)
        let large = HostileViewerTests.largeFrames(like: clip, count: 202, gopFrameCount: 200)
        let source = clip.with(frames: large)
        try ServerProcess.run(["--timeline-megabytes", "4"]) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            // Four times the timeline, always as much at once as a reader can follow.
            for end in stride(from: 10, through: 200, by: 10) {
                try feed.send(until: end)
                try viewer.wait(forTags: 2 + end)
            }
            let late = try ViewerClient(port: server.httpPort)
            try feed.send()
            let last = try #require(source.frames.last)
            let stream = try late.wait(forTag: last)
            try stream.verify(against: feed.source)
            #expect(stream.tags.count == 4)
            try viewer.wait(forTag: last).verify(against: feed.source)
        }
    }

    @Test(
        "New parameters in mid-stream come as new headers, and those who join then begin with them")
    func newParameters() throws {
        let source = try Source.clip.get().only(.video)
        let other = try Source.hevc.get()
        try ServerProcess.run { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<5])
            try viewer.wait(forTags: 7)
            try publisher.send(source.frames[5...] + other.headers + other.frames)
            let last = try #require(other.frames.last)
            let stream = try viewer.wait(forTag: last)
            let tags = Array(try stream.opening(of: source).frames)
            #expect(
                tags.map(\.body) == (source.frames + other.headers + other.frames).map(\.body))
            let late = try ViewerClient(port: server.httpPort)
            try late.wait(forTag: last).verify(against: other)
        }
    }
}
