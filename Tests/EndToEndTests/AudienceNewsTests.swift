// What the audience is told of time and of itself: clocks, the list of streams, how many watch.

import FLV
import Foundation
import Testing

@Suite("Clocks and counts", .ownThread)
struct AudienceNewsTests {
    @Test("The stream says how many watch, to those who come, too, and keeps it from hurrying")
    func viewers() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--audience-seconds", "1"]) { server in
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            let first = try ViewerClient(port: server.httpPort)
            try first.wait(for: "one") { stream in
                stream.cues.contains { $0.kind == "audience" && $0.viewers == 1 }
            }
            let second = try ViewerClient(port: server.httpPort)
            try first.wait(for: "two") { stream in
                stream.cues.contains { $0.kind == "audience" && $0.viewers == 2 }
            }
            let third = try ViewerClient(port: server.httpPort)
            try third.wait(forTags: 10)
            let told = try third.wait(for: "a count") { stream in
                stream.cues.contains { $0.kind == "audience" }
            }
            // It stood when it came, or has come since.
            #expect(told.cues.allSatisfy { ($0.viewers ?? 0) >= 1 })
            _ = second
            let list = try HTTPClient.ask(port: server.httpPort, "/api/v1/streams")
            let streams = try #require(list.json["streams"] as? [[String: Any]])
            #expect(streams.count == 1 && streams[0]["name"] as? String == "show")
            try server.wait(for: "three in the list") {
                let list = try HTTPClient.ask(port: server.httpPort, "/api/v1/streams")
                let streams = list.json["streams"] as? [[String: Any]]
                return streams?.first?["viewers"] as? Int == 3
                    && streams?.first?["state"] as? String == "live"
            }
        }
    }

    @Test("An unchanged count isn't said again, and 0 seconds says none")
    func silence() throws {
        let source = try Source.clip.get()
        for (seconds, count) in [("1", 1), ("0", 0)] {
            try ServerProcess.run(["--audience-seconds", seconds]) { server in
                let publisher = try FFmpegPublisher(source, to: server.pushURL)
                defer { publisher.kill() }
                let viewer = try ViewerClient(port: server.httpPort)
                try publisher.waitForSuccess()
                let stream = viewer.stream
                #expect(Set(stream.cues.compactMap(\.seq)).count == count)
            }
        }
    }

    @Test("All clocks agree: metadata, pong, /api/v1/clock; and a steady feed's newest tag is now")
    func clocks() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--target-delay-ms", "700"]) { server in
            func clock() throws -> (serverMs: Double, programmeMs: Double?) {
                let told = try HTTPClient.ask(
                    port: server.httpPort, "/api/v1/clock?stream=show"
                ).json
                #expect(told["targetDelayMs"] as? Double == 700)
                return (
                    try #require(told["serverMs"] as? Double), told["programmeMs"] as? Double
                )
            }
            #expect(try clock().programmeMs == nil)
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            let viewer = try ViewerClient(port: server.httpPort)
            let stream = try viewer.wait(forTags: 200)
            let told = try clock()
            let programmeMs = try #require(told.programmeMs)
            let newestMs = Double(viewer.stream.tags.last?.timestampMs ?? 0)
            #expect(abs(programmeMs - newestMs) < 500, "\(programmeMs) and \(newestMs)")
            let wallMs = Date().timeIntervalSince1970 * 1_000
            #expect(abs(told.serverMs - wallMs) < 2_000)
            let metadata = try #require(stream.tags.first?.scriptValues.last)
            let startMs = try #require(metadata["serverStartMs"]?.numberValue)
            #expect(metadata["targetDelayMs"]?.numberValue == 700)
            // It may be slewed a little in between.
            #expect(abs(told.serverMs - programmeMs - startMs) < 100)

            let player = try openedPlayer(server)
            try player.say(#"{"type":"ping","t":42}"#)
            let pong = try player.nextText()
            #expect(pong["type"] as? String == "pong" && pong["t"] as? Int == 42)
            let pongServerMs = try #require(pong["serverMs"] as? Double)
            let pongProgrammeMs = try #require(pong["programmeMs"] as? Double)
            #expect(abs(pongServerMs - pongProgrammeMs - startMs) < 100)
        }
    }

    /// A player whose WebSocket is open.
    private func openedPlayer(_ server: ServerProcess) throws -> WebSocketPlayer {
        let player = try WebSocketPlayer(port: server.httpPort)
        try player.wait(for: "the stream") { $0.head.contains(" 101 ") }
        return player
    }

    @Test("Players' reports become metrics")
    func reports() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            _ = try ViewerClient(port: server.httpPort).wait(forTags: 10)
            let players = try (0..<4).map { _ in try openedPlayer(server) }
            for (number, player) in players.enumerated() {
                try player.say(
                    #"{"type":"report","state":"playing","delayMs":\#(1_000 + 100 * number),"#
                        + #""offsetMs":\#(10 * number),"stalls":0,"firstFrameMs":300}"#)
            }
            try server.wait(for: "four reports") {
                try server.metric(#"fanfare_reporting_players{stream="show",state="playing"}"#) == 4
            }
            #expect(
                try server.metric(#"fanfare_player_delay_seconds{stream="show",quantile="0.95"}"#)
                    == 1.3)
            #expect(try server.metric(#"fanfare_player_spread_seconds{stream="show"}"#) == 0.03)
            #expect(try server.metric(#"fanfare_player_stalled_ratio{stream="show"}"#) == 0)
            #expect(
                try server.metric(
                    #"fanfare_player_first_frame_seconds{stream="show",quantile="0.5"}"#) == 0.3)
            try players[0].say(#"{"type":"report","state":"nonsense"}"#)
            #expect(try players[0].nextText()["status"] as? Int == 400)
        }
    }
}
