// What the staff are told of a feed that nobody can watch, or that stands still.

import Foundation
import Testing

@Suite("A feed with something wrong", .ownThread)
struct FeedAdviceTests {
    private func codes(_ server: ServerProcess) throws -> [String] {
        let warnings = try server.streamStatus()["warnings"] as? [[String: Any]] ?? []
        return warnings.compactMap { $0["code"] as? String }
    }

    @Test("is said to have no keyframe, and to be stalled when nothing comes any more")
    func noKeyframe() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let useless = source.frames.filter { !$0.isKeyframe && $0.type == .video }.prefix(50)
            try publisher.send(source.headers.filter { $0.type == .video } + useless)
            try server.wait(for: "the warning") { try codes(server) == ["noKeyframe"] }
            try server.waitForLog("no keyframe. Set the encoder's keyframe interval")
            let health = try server.staff("/healthz")
            #expect(health.statusCode == 200)
            let warnings = health.json["warnings"] as? [String] ?? []
            #expect(warnings.contains { $0.hasPrefix("live/show: Nobody can watch") })

            try publisher.send(source.headers + source.frames[..<30])
            try server.wait(for: "a stalled stream") {
                try server.streamStatus()["state"] as? String == "stalled"
            }
            try server.wait(for: "its warning") { try codes(server).contains("stalled") }
            #expect((try server.streamStatus()["silentMs"] as? Int ?? 0) >= 1_000)
            try server.waitForLog("live/show: Nothing has come for")
        }
    }
}
