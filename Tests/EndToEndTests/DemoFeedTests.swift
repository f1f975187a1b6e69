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
        }
    }
}
