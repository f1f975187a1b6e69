// ffmpeg publishes a file; fifty viewers who come at different times get it bit for bit.

import FLV
import Foundation
import Testing

@Suite("A feed of ffmpeg's, watched", .ownThread)
struct LiveStreamTests {
    @Test("Fifty viewers get every frame from a keyframe on, once, in order, as it was")
    func fiftyViewers() throws {
        let source = try Source.clip.get()
        // A server as it comes: with a stream key of its own making.
        try ServerProcess.run(isOpen: false, ["--ingest-grace-ms", "5000"]) { server in
            #expect(server.pushURL.contains("/live/show?key="))
            let first = try ViewerClient(port: server.httpPort)
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }

            var viewers = [first]
            for number in 1..<50 {
                // Spread over the whole file: the next comes when the first has seen so much more.
                try first.wait(forTags: number * (source.frames.count - 40) / 50)
                viewers.append(try ViewerClient(port: server.httpPort))
            }
            try publisher.waitForSuccess()

            var starts: Set<UInt32> = []
            for viewer in viewers {
                let stream = try viewer.waitForEnd(within: 30)
                #expect(stream.end == .orderly)
                #expect(stream.endsAtTagBoundary)
                let opening = try stream.verify(against: source)
                checkTruth(of: opening.metadata)
                starts.insert(opening.frames[0].timestampMs)
            }
            // They did not all begin at one keyframe, or this tested little.
            #expect(starts.count >= 3)
        }
    }

    private func checkTruth(of metadata: AMF0Value) {
        #expect(metadata["hasVideo"] == .boolean(true))
        #expect(metadata["hasAudio"] == .boolean(true))
        #expect(metadata["width"] == .number(Source.width))
        #expect(metadata["height"] == .number(Source.height))
        #expect(metadata["framerate"] == .number(Source.framesPerSecond))
        #expect(metadata["videocodecid"] == .number(7))
        #expect(metadata["audiocodecid"] == .number(10))
        #expect(metadata["audiosamplerate"] == .number(Source.sampleRateHz))
        #expect(metadata["stereo"] == .boolean(true))
    }

    @Test("ffmpeg decodes what viewers got without a word, and sees a picture and a sound")
    func decodes() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-grace-ms", "300"]) { server in
            let early = try ViewerClient(port: server.httpPort)
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            // In the middle of a GOP.
            try early.wait(forTags: source.frames.count / 2 + 7)
            let late = try ViewerClient(port: server.httpPort)
            try publisher.waitForSuccess()
            for viewer in [early, late] {
                let stream = try viewer.waitForEnd()
                let player = try Player(stream)
                #expect(try player.complaints() == "")
                #expect(try player.streamKinds() == ["audio", "video"])
            }
        }
    }

    @Test(
        "With any merge interval and number of threads, viewers get the same bytes",
        arguments: [
            ["--merge-min-ms", "0"], ["--merge-min-ms", "0", "--merge-max-ms", "0"],
            ["--merge-min-ms", "500"], ["--shards", "1"], ["--shards", "5"],
        ])
    func settings(_ arguments: [String]) throws {
        let source = try Source.clip.get()
        try ServerProcess.run(arguments) { server in
            let viewers = try (0..<10).map { _ in try ViewerClient(port: server.httpPort) }
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<30])
            for viewer in viewers { try viewer.wait(forTags: 4) }
            try publisher.send(source.frames[30...])
            let last = try #require(source.frames.last)
            for viewer in viewers { try viewer.wait(forTag: last).verify(against: source) }
        }
    }

    @Test("The answer's head is that of an endless stream that nobody keeps")
    func responseHead() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames.prefix(5))
            let head = try viewer.wait(forTags: 4).head.lowercased()
            #expect(head.hasPrefix("http/1.1 200 "))
            #expect(head.contains("\r\ncontent-type: video/x-flv\r\n"))
            #expect(head.contains("\r\ncache-control: no-store\r\n"))
            #expect(head.contains("\r\naccess-control-allow-origin: *\r\n"))
            #expect(head.contains("\r\nconnection: close\r\n"))
            #expect(!head.contains("content-length"))
            #expect(!head.contains("transfer-encoding"))
        }
    }
}
