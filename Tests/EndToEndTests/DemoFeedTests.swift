// The built-in clip goes round without a seam.

import Foundation
import Testing

@Suite("The demo feed", .ownThread)
struct DemoFeedTests {
    @Test("goes on over its seam, bit for bit, with times that rise evenly")
    func loops() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/CDemoClip/demo.flv").path
        let clip = try Source(path: path)
        try ServerProcess.run(["--demo"]) { server in
            #expect(server.banner.contains("/live/demo.flv"))
            let viewer = try ViewerClient(port: server.httpPort, stream: "demo")
            // Once round from where it began, and a second more.
            let count = 3 + clip.frames.count + clip.frames.count / 24
            let stream = try viewer.wait(forTags: count, within: 40)
            let frames = try stream.opening(of: clip).frames
            let start = try clip.index(of: frames[0])
            let round = clip.frames + clip.frames
            try #require(frames.count <= round.count - start)
            #expect(frames.map(\.body) == round[start...].prefix(frames.count).map(\.body))

            try verifyNeverStepsBack(frames)
            for type in [clip.frames[0].type, clip.frames[1].type] {
                let times = frames.filter { $0.type == type }.map { Int($0.timestampMs) }
                let steps = zip(times.dropFirst(), times).map { $0 - $1 }
                // 33 or 34 ms a picture and 21 or 22 ms a sound, at the seam as anywhere.
                #expect((steps.max() ?? 0) - (steps.min() ?? 0) <= 2, "\(type): \(steps)")
            }
            try verifyLipSync(stream, frames)
        }
    }

    @Test("has a quiz that is ready: a guest joins, and the first question can be opened")
    func hasAQuiz() throws {
        try ServerProcess.run(["--demo", "--demo-quiz", "--guests"]) { server in
            #expect(server.banner.hasSuffix("play it on the page.\n"))
            let list = try server.staff("/api/v1/shows").json["shows"] as? [[String: Any]]
            let show = try #require(list?.first)
            #expect(list?.count == 1)
            #expect(show["id"] as? String == "demo")
            #expect(show["isRehearsal"] as? Bool == true)
            #expect(show["phase"] as? String == "draft")
            let viewer = try ViewerClient(port: server.httpPort, stream: "demo")
            try viewer.wait(forTags: 10)
            let host = ShowHost(port: server.staffPort, show: "demo")
            try host.perform("lobby")
            let joined = try HTTPClient(port: server.httpPort)
            let body = #"{"name":"Ada","stream":"demo"}"#
            try joined.connection.send(
                HTTPClient.request(
                    "POST", "/api/v1/join",
                    fields: [
                        "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
                    ]) + Array(body.utf8))
            #expect(try joined.answer(to: "POST").statusCode == 200)
            try host.perform("open")
        }
    }

    /// Who judges lip sync by the clip must be able to believe it: the lamp lights and the chime
    /// sounds at the same moment of every second, as a decoder gives them.
    private func verifyLipSync(_ stream: ViewedStream, _ frames: [MediaTag]) throws {
        let player = try Player(stream)
        let pictures = frames.filter { $0.type == .video }.map { Double($0.timestampMs) }
        let lamp = try player.brightness(of: "16:16:402:256")
        try #require(lamp.count == pictures.count)
        let flashesMs = lamp.indices.dropFirst()
            .filter { lamp[$0] >= 128 && lamp[$0 - 1] < 128 }.map { pictures[$0] }

        let firstMs = Double(try #require(frames.first { $0.type == .audio }).timestampMs)
        // The loudest sample of each millisecond.
        let levels = try player.sound().levels(sampleCount: 48)
        let half = try #require(levels.max()) / 2
        let beepsMs = levels.indices.dropFirst(20)
            .filter { levels[$0] > half && levels[($0 - 20)..<$0].allSatisfy { $0 <= half } }
            .map { firstMs + Double($0) }
        #expect(flashesMs.count >= 20)
        for flashMs in flashesMs {
            let distanceMs = beepsMs.map { abs($0 - flashMs) }.min() ?? .infinity
            #expect(
                distanceMs <= 8, "a flash at \(flashMs) ms and the next beep \(distanceMs) ms off")
        }
    }
}

extension Array where Element == Int16 {
    /// The largest amplitude of each so many samples.
    fileprivate func levels(sampleCount: Int) -> [Int] {
        stride(from: 0, to: count - sampleCount, by: sampleCount).map { start in
            self[start..<(start + sampleCount)].map { abs(Int($0)) }.max() ?? 0
        }
    }
}
