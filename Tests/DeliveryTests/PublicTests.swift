// What time it is and which streams there are, for everybody who asks.

import Foundation
import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite("Clock and list") struct PublicTests {
    private func stage() -> Stage {
        var limits = Stage.smallLimits
        limits.targetDelayMs = 800
        let stage = Stage(limits: limits, service: FakePlayerService())
        stage.programs.serverOffsetUs.store(1_700_000_000_000_000, ordering: .relaxed)
        return stage
    }

    private func json(_ client: FakeConnection) throws -> [String: Any] {
        let body = try #require(client.text.components(separatedBy: "\r\n\r\n").last)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }

    private func ask(_ target: String, _ stage: Stage) throws -> [String: Any] {
        let client = stage.connect("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 20)
        #expect(client.statuses == [200] && client.text.contains("Cache-Control: no-store\r\n"))
        #expect(client.text.contains("Access-Control-Allow-Origin: *\r\n"))
        return try json(client)
    }

    @Test func theClockIsToldWithAndWithoutAStream() throws {
        let stage = stage()
        let none = try ask("/api/v1/clock", stage)
        #expect(none["programmeMs"] == nil && none["targetDelayMs"] as? Int == 800)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let begunMs = stage.nowMs
        try stage.pass(ms: 500)
        for target in [
            "/api/v1/clock", "/api/v1/clock?stream=show", "/api/v1/clock?x=1&stream=show",
            "/api/v1/clock?stream=%73h%6Fw",
        ] {
            let told = try ask(target, stage)
            let serverMs = try #require(told["serverMs"] as? Int)
            let programmeMs = try #require(told["programmeMs"] as? Int)
            #expect(serverMs - 1_700_000_000_000 - programmeMs == Int(begunMs))
        }
        for target in [
            "/api/v1/clock?stream=other", "/api/v1/clock?stream=", "/api/v1/clock?stream=sho",
            "/api/v1/clock?stream=sho%7", "/api/v1/clock?stream=sho%FF",
        ] {
            #expect(try ask(target, stage)["programmeMs"] == nil)
        }
        // Of several, one has to be named.
        try stage.frame(isKeyframe: true, to: try stage.publish("second"))
        #expect(try ask("/api/v1/clock", stage)["programmeMs"] == nil)
        #expect(try ask("/api/v1/clock?stream=second", stage)["programmeMs"] as? Int != nil)
    }

    @Test func aPongHasTheClock() throws {
        let stage = stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        stage.send(SocketTalk.text(#"{"type":"ping","t":5}"#), from: client)
        try stage.pass(ms: 100)
        let pong = try #require(client.socket.texts.first)
        let told = try #require(
            try JSONSerialization.jsonObject(with: Data(pong.utf8)) as? [String: Any])
        #expect(told["t"] as? Int == 5 && told["type"] as? String == "pong")
        #expect(told["targetDelayMs"] as? Int == 800)
        let programmeMs = try #require(told["programmeMs"] as? Int)
        #expect((100...200).contains(programmeMs))
        let serverMs = try #require(told["serverMs"] as? Int)
        #expect(serverMs > 1_700_000_000_000)
    }

    @Test func theListIsWhatWasPublished() throws {
        let stage = stage()
        let ask = "GET /api/v1/streams HTTP/1.1\r\nHost: a\r\n"
        let first = stage.connect(ask + "\r\n")
        try stage.pass(ms: 20)
        #expect(first.statuses == [200] && first.text.hasSuffix(#"{"streams":[]}"#))
        stage.core.settings.content.publish(
            streams: SharedBytes(json: Array(#"{"streams":[1]}"#.utf8), version: 7))
        let second = stage.connect(ask + "\r\n")
        let third = stage.connect(ask + "If-None-Match: \"7\"\r\n\r\n")
        try stage.pass(ms: 20)
        #expect(second.text.hasSuffix(#"{"streams":[1]}"#) && third.statuses == [304])
    }
}
