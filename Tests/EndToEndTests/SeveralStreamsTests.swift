// More than one stream in one server.

import Foundation
import Testing

@Suite("Several streams", .ownThread)
struct SeveralStreamsTests {
    @Test("Two at once stay apart, each whole")
    func two() throws {
        let one = try Source.clip.get()
        let other = try Source.hevc.get()
        try ServerProcess.run { server in
            let viewersOfOne = try (0..<4).map { _ in
                try ViewerClient(port: server.httpPort, stream: "one")
            }
            let viewersOfOther = try (0..<4).map { _ in
                try ViewerClient(port: server.httpPort, stream: "other")
            }
            let publisher = try RTMPClient.publishing("one", port: server.rtmpPort)
            let second = try RTMPClient.publishing("other", port: server.rtmpPort)
            try publisher.send(one.headers + one.frames[..<3])
            try second.send(other.headers + other.frames[..<3])
            for viewer in viewersOfOne + viewersOfOther { try viewer.wait(forTags: 4) }
            // Turn and turn about, so that their bytes are in the server at the same time.
            for index in 3..<max(one.frames.count, other.frames.count) {
                if index < one.frames.count { try publisher.send(one.frames[index...index]) }
                if index < other.frames.count { try second.send(other.frames[index...index]) }
            }
            let last = try #require(one.frames.last)
            let otherLast = try #require(other.frames.last)
            for viewer in viewersOfOne { try viewer.wait(forTag: last).verify(against: one) }
            for viewer in viewersOfOther {
                try viewer.wait(forTag: otherLast).verify(against: other)
            }
            for stream in ["one", "other"] {
                try server.wait(for: "the count of viewers of \(stream)") {
                    try server.metric("fanfare_viewers{stream=\"\(stream)\"}") == 4
                }
            }
        }
    }

    @Test("The fifth stream of four is refused, until one has gone")
    func fifth() throws {
        try ServerProcess.run(["--ingest-grace-ms", "300"]) { server in
            var publishers = try (1...4).map {
                try RTMPClient.publishing("stream-\($0)", port: server.rtmpPort)
            }
            let fifth = try RTMPClient(port: server.rtmpPort)
            let answer = try fifth.publish("stream-5")
            #expect(answer.level == "error")
            #expect(answer.text.contains("All 4 streams"))
            let listed = try server.staff("/api/v1/streams").json["streams"] as? [[String: Any]]
            #expect(
                Set((listed ?? []).compactMap { $0["name"] as? String })
                    == ["stream-1", "stream-2", "stream-3", "stream-4"])
            publishers.removeFirst().connection.hangUp()
            try server.waitForLog("live/stream-1 is off air")
            let again = try RTMPClient(port: server.rtmpPort)
            #expect(try again.publish("stream-5").code == "NetStream.Publish.Start")
        }
    }
}
