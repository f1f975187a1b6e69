// Feeds whose tracks come in another order, or not at all, and what a real player makes of them.

import FLV
import Foundation
import Testing

@Suite("Tracks that come and go", .ownThread)
struct TrackFeedTests {
    private let both = [
        AMF0Property("videocodecid", .number(7)), AMF0Property("audiocodecid", .number(10)),
    ]

    @Test("After a publisher with sound comes one without, and who comes then is told of none")
    func pictureOnlyAfterBoth() throws {
        let source = try Source.clip.get()
        let picture = source.only(.video)
        try ServerProcess.run { server in
            let first = try RTMPClient.publishing(port: server.rtmpPort)
            try first.send(source.headers + source.frames)
            try first.command("deleteStream", 4, .null, .number(1))
            _ = try first.answer { $0.code == "NetStream.Unpublish.Success" }

            let second = try RTMPClient.publishing(port: server.rtmpPort)
            try second.send(picture.headers + picture.frames)
            let last = try #require(picture.frames.last)
            let count = Double(source.frames.count + picture.frames.count)
            try server.wait(for: "both to have come") {
                try server.metric("fanfare_ingest_tags_total{stream=\"show\"}") ?? 0 >= count
            }
            let late = try ViewerClient(port: server.httpPort)
            let stream = try late.wait(forTag: last)
            let metadata = try stream.verify(against: picture).metadata
            #expect(metadata["hasAudio"] == .boolean(false))
            #expect(try Player(stream).streamKinds() == ["video"])
        }
    }

    @Test("Sound that comes before the picture: who waits at the door gets both")
    func soundFirst() throws {
        let source = try Source.clip.get()
        let audioHeader = source.headers.filter { $0.type == .audio }
        let videoHeader = source.headers.filter { $0.type == .video }
        try ServerProcess.run { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(metadata: both)
            let sounds = source.frames.filter { $0.type == .audio }
            let pictures = source.frames.filter { $0.type == .video }
            try publisher.send(audioHeader + sounds + videoHeader + pictures)
            let last = try #require(pictures.last)
            let stream = try viewer.wait(forTag: last)
            #expect(stream.fileHeader == FLVFileHeader(hasAudio: true, hasVideo: true))
            #expect(stream.tags[1...2].map(\.body) == source.headers.map(\.body))
            #expect(stream.tags[3].isKeyframe)
            try verifyNeverStepsBack(stream.tags)
        }
    }

    @Test("Metadata of a megabyte is passed over, and the show goes on")
    func hugeMetadata() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<30])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 10)
            let text = AMF0Value.longString(String(repeating: "x", count: 1 << 20))
            try publisher.send(metadata: [AMF0Property("title", text)])
            try publisher.send(source.frames[30...])
            let last = try #require(source.frames.last)
            try viewer.wait(forTag: last).verify(against: source)
        }
    }
}
