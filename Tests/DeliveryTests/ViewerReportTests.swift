// Players' reports: counted once each, bounded, and gone when they are old.

import AudienceProtocol
import Testing

@testable import Broadcast
@testable import Delivery

@Suite("Viewer reports") struct ViewerReportTests {
    /// A stage with players that have opened their WebSockets.
    private func sockets(_ count: Int) throws -> (Stage, [FakeConnection]) {
        let stage = Stage(service: FakePlayerService())
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let clients = (0..<count).map { _ in stage.connect(SocketTalk.request()) }
        try stage.pass(ms: 100)
        // A new window begins.
        try stage.pass(ms: 10_000 - stage.nowMs % 10_000 + 50, stepMs: 50)
        return (stage, clients)
    }

    private func report(
        _ state: String = "playing", delayMs: Int = 1_200, offsetMs: Int = 0, stalls: Int = 0
    ) -> [UInt8] {
        SocketTalk.text(
            #"{"type":"report","state":"\#(state)","delayMs":\#(delayMs),"offsetMs":\#(offsetMs),"#
                + #""stalls":\#(stalls)}"#)
    }

    private func reports(_ stage: Stage) -> ViewerReports? {
        ViewerReports(program: 0, of: [stage.core.counters])
    }

    @Test func aSessionIsNoLargerForIt() {
        #expect(MemoryLayout<ReportMark>.stride == 8)
        #expect(MemoryLayout<Session>.size <= 216)
        #expect(MemoryLayout<Viewer>.size == 64)
    }

    @Test func theyAreToldAsSpreads() throws {
        let (stage, clients) = try sockets(40)
        #expect(reports(stage) == nil)
        for (number, client) in clients.enumerated() {
            stage.send(
                report(delayMs: 1_000 + 10 * number, offsetMs: 5 * number - 100), from: client)
        }
        try stage.pass(ms: 2_000)
        let early = try #require(reports(stage))
        #expect(early.count == 40)
        // The same, once the ten seconds are over; and gone another ten seconds later.
        try stage.pass(ms: 9_000, stepMs: 50)
        let told = try #require(reports(stage))
        #expect(told == early)
        #expect(
            told.delayMs?.p5 == 1_010 && told.delayMs?.p50 == 1_190 && told.delayMs?.p95 == 1_370)
        #expect(told.offsetMs?.p5 == -95 && told.offsetMs?.p95 == 85 && told.spreadMs == 180)
        #expect(told.states.map(\.count) == [40, 0, 0, 0, 0] && told.stallsPerMinute == 0)
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage) == nil)
        // Nobody was replied to.
        for client in clients { #expect(client.socket.texts.isEmpty) }
    }

    @Test func aPlayerCountsOnceAndAsItIsNow() throws {
        let (stage, clients) = try sockets(2)
        for state in ["connecting", "buffering", "playing"] {
            let delayMs = state == "playing" ? 1_200 : 0
            for client in clients { stage.send(report(state, delayMs: delayMs), from: client) }
            try stage.pass(ms: 1_100)
        }
        stage.send(report("hidden"), from: clients[0])
        try stage.pass(ms: 8_000, stepMs: 50)
        let told = try #require(reports(stage))
        #expect(told.count == 2)
        #expect(told.states.map(\.count) == [1, 0, 0, 1, 0])
        // What was said before there was a picture is no delay.
        #expect(told.delayMs?.p5 == 1_200)
    }

    @Test func moreThanOneASecondArePassedOver() throws {
        let (stage, clients) = try sockets(1)
        try stage.pass(ms: 1_000 - stage.nowMs % 1_000 + 10, stepMs: 1)
        for _ in 0..<50 { stage.send(report("playing"), from: clients[0]) }
        stage.send(report("failed"), from: clients[0])
        try stage.pass(ms: 500)
        try stage.pass(ms: 10_000, stepMs: 50)
        let told = try #require(reports(stage))
        #expect(told.count == 1 && told.states.map(\.count) == [1, 0, 0, 0, 0])
    }

    @Test func stallsAreWhatHasComeSinceTheLastReport() throws {
        let (stage, clients) = try sockets(1)
        // Those from before its first report aren't this window's.
        stage.send(report(stalls: 70_000), from: clients[0])
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage)?.stallsPerMinute == 0)
        stage.send(report(stalls: 70_003), from: clients[0])
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage)?.stallsPerMinute == 18)
        // A player that begins anew counts anew: no more than can be.
        stage.send(report(stalls: 0), from: clients[0])
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage)?.stallsPerMinute == 60)
    }

    @Test func whatIsFarOffCountsAsTheEnd() throws {
        let (stage, clients) = try sockets(2)
        stage.send(report(delayMs: 2_000_000_000, offsetMs: 1_999_999), from: clients[0])
        stage.send(report(delayMs: -5, offsetMs: -1_999_999), from: clients[1])
        try stage.pass(ms: 10_000, stepMs: 50)
        let told = try #require(reports(stage))
        #expect(told.delayMs?.p5 == 0 && told.delayMs?.p95 == 12_000)
        #expect(told.offsetMs?.p5 == -2_500 && told.offsetMs?.p95 == 2_500)
    }

    @Test func nonsenseIsRefusedAndTheConnectionGoesOn() throws {
        let (stage, clients) = try sockets(1)
        stage.send(SocketTalk.text(#"{"type":"report","state":"winning"}"#), from: clients[0])
        try stage.pass(ms: 100)
        #expect(clients[0].socket.texts.count == 1)
        #expect(clients[0].socket.texts.first?.contains("\"status\":400") == true)
        stage.send(report(), from: clients[0])
        try stage.pass(ms: 2_000)
        #expect(reports(stage)?.count == 1 && !clients[0].isClosedByServer)
    }

    @Test func shardsAreTakenTogether() throws {
        let (one, clients) = try sockets(3)
        let (other, others) = try sockets(1)
        for client in clients { one.send(report(delayMs: 1_000), from: client) }
        for client in others { other.send(report(delayMs: 2_000), from: client) }
        for stage in [one, other] { try stage.pass(ms: 10_000, stepMs: 50) }
        let told = ViewerReports(program: 0, of: [one.core.counters, other.core.counters])
        #expect(told?.count == 4 && told?.delayMs?.p50 == 1_000 && told?.delayMs?.p95 == 2_000)
        #expect(ViewerReports(program: 1, of: [one.core.counters]) == nil)
        #expect(ViewerReports(program: 0, of: []) == nil)
    }

    @Test func theNextProgrammeBeginsWithNone() throws {
        let stage = Stage(service: FakePlayerService())
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        stage.send(report(), from: client)
        try stage.pass(ms: 1_500)
        #expect(reports(stage)?.count == 1)
        publication.end(nowMs: stage.nowMs)
        #expect(stage.programs.expire(nowMs: stage.nowMs + 60_000) == ["show"])
        _ = try stage.publish("other")
        try stage.pass(ms: 20)
        #expect(reports(stage) == nil)
    }
}
