// The publisher dies, and comes back in time or doesn't.

import Foundation
import Testing

@Suite("A publisher that is lost", .ownThread)
struct PublisherLossTests {
    @Test("Killed and started again within the grace, it goes on for the same viewers")
    func comesBack() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-grace-ms", "15000"]) { server in
            let viewers = try (0..<5).map { _ in try ViewerClient(port: server.httpPort) }
            let first = try FFmpegPublisher(source, to: server.pushURL)
            for viewer in viewers { try viewer.wait(forTags: 120) }
            first.kill()
            try server.waitForLog("was lost on live/show")
            #expect(try server.streamStatus()["state"] as? String == "waiting")
            // Somebody who comes in the gap begins at the newest keyframe and waits with the rest.
            let between = try ViewerClient(port: server.httpPort)
            try between.wait(forTags: 4)

            let second = try FFmpegPublisher(source, to: server.pushURL)
            defer { second.kill() }
            try second.waitForSuccess()
            let last = try #require(source.frames.last)
            for viewer in viewers + [between] {
                let stream = try viewer.wait(forTag: last)
                #expect(stream.end == nil)
                try verifyNeverStepsBack(stream.tags)
                try verifyBothTurns(stream, of: source)
                #expect(try Player(stream).streamKinds() == ["audio", "video"])
            }
        }
    }

    /// The first turn from a keyframe to where it was cut off, then the whole source, a gap apart.
    private func verifyBothTurns(_ stream: ViewedStream, of source: Source) throws {
        let frames = try stream.opening(of: source).frames
        let start = try source.index(of: frames[0])
        let cut = source.runLength(frames[...], from: start)
        try source.verify(frames[..<cut], from: start)
        let rest = frames[cut...]
        try source.verify(rest, from: 0)
        #expect(rest.count == source.frames.count)
        let latestMs = frames[..<cut].map(\.timestampMs).max() ?? 0
        let gapMs = Int(rest.first?.timestampMs ?? 0) - Int(latestMs)
        // A start of ffmpeg takes longer than a frame, and not as long as the grace.
        #expect((41..<15_000).contains(gapMs))
    }

    @Test("After the grace viewers get an orderly end, and who comes then a 404 with the name")
    func staysAway() throws {
        let source = try Source.clip.get()
        let arguments = ["--ingest-grace-ms", "600", "--wait-for-stream-ms", "200"]
        try ServerProcess.run(arguments) { server in
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            // A viewer waits less long for a stream here than ffmpeg may take to start.
            try server.wait(for: "a keyframe") {
                try server.metric("fanfare_ingest_tags_total{stream=\"show\"}") ?? 0 > 10
            }
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 60)
            publisher.kill()
            let stream = try viewer.waitForEnd()
            #expect(stream.end == .orderly)
            #expect(stream.endsAtTagBoundary)
            let frames = try stream.opening(of: source).frames
            try source.verify(frames[...], from: try source.index(of: frames[0]))
            try server.waitForLog("live/show is off air")

            let answer = try HTTPClient.ask(port: server.httpPort, "/live/show.flv")
            #expect(answer.statusCode == 404)
            #expect(answer.json["stream"] as? String == "show")
            #expect(answer.json["status"] as? Int == 404)
            #expect(try server.staff("/api/v1/streams/show").statusCode == 404)
        }
    }

    @Test("A publisher that falls silent is taken for dead, and another may take its place")
    func fallsSilent() throws {
        let source = try Source.clip.get()
        let arguments = ["--ingest-grace-ms", "15000", "--ingest-takeover-ms", "60000"]
        try ServerProcess.run(arguments) { server in
            let silent = try RTMPClient.publishing(port: server.rtmpPort)
            try silent.send(source.headers + source.frames[..<30])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 4)
            let tooEarly = try RTMPClient(port: server.rtmpPort).publish("show")
            #expect(tooEarly.code == "NetStream.Publish.BadName")
            try server.waitForLog("nothing came for 15 s", within: 30)
            #expect(try silent.answersToEnd().map(\.code) == ["NetStream.Publish.Failed"])

            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames)
            let last = try #require(source.frames.last)
            let stream = try viewer.wait(forTag: last)
            try verifyNeverStepsBack(stream.tags)
            let frames = try stream.opening(of: source).frames
            try source.verify(frames.suffix(source.frames.count), from: 0)
        }
    }

    @Test("A publisher that ends in order and comes back is one programme, too")
    func unpublishesAndReturns() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let half = source.frames.count / 2
            let first = try RTMPClient.publishing(port: server.rtmpPort)
            try first.send(source.headers + source.frames[..<4])
            try viewer.wait(forTags: 7)
            try first.send(source.frames[4..<half])
            try first.command("deleteStream", 4, .null, .number(1))
            _ = try first.answer { $0.code == "NetStream.Unpublish.Success" }
            let second = try RTMPClient.publishing(port: server.rtmpPort)
            try second.send(source.headers + source.frames)
            let count = 1 + source.headers.count + half + source.frames.count
            let stream = try viewer.wait(forTags: count)
            let frames = try stream.opening(of: source).frames
            try source.verify(frames[..<half], from: 0)
            try source.verify(frames[half...], from: 0)
            try verifyNeverStepsBack(stream.tags)
        }
    }
}
