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
        report(
            state,
            with: #","delayMs":\#(delayMs),"offsetMs":\#(offsetMs),"stalls":\#(stalls)"#)
    }

    private func report(_ state: String = "playing", with members: String) -> [UInt8] {
        SocketTalk.text(#"{"type":"report","state":"\#(state)"\#(members)}"#)
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

    @Test func theTimeOfStallsIsWhatHasComeSinceTheLastReport() throws {
        let (stage, clients) = try sockets(2)
        for client in clients { stage.send(report(with: #","stallMs":900000"#), from: client) }
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage)?.stalledShare == 0)
        stage.send(report(with: #","stallMs":903050"#), from: clients[0])
        // Who says nothing of it hasn't begun anew.
        stage.send(report(with: ""), from: clients[1])
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage)?.stalledShare == 0.15)
        // No more than all of the time.
        for client in clients { stage.send(report(with: #","stallMs":925000"#), from: client) }
        try stage.pass(ms: 10_000, stepMs: 50)
        #expect(reports(stage)?.stalledShare == 1)
        for ms in stride(from: 926_000, through: 980_000, by: 6_000) {
            for client in clients {
                stage.send(report(with: #","stallMs":\#(ms)"#), from: client)
            }
            try stage.pass(ms: 1_000)
        }
        try stage.pass(ms: 1_000)
        #expect(reports(stage)?.stalledShare == 1)
    }

    @Test func theFirstPictureIsToldOnceAPlayer() throws {
        let (stage, clients) = try sockets(3)
        for (number, client) in clients.enumerated() {
            let ms = [300, 800, 90_000][number]
            stage.send(
                report(with: #","delayMs":1200,"firstFrameMs":\#(ms)"#), from: client)
        }
        for _ in 0..<4 {
            try stage.pass(ms: 1_000)
            stage.send(report(with: #","delayMs":1200,"firstFrameMs":300"#), from: clients[0])
        }
        try stage.pass(ms: 6_000, stepMs: 50)
        let told = try #require(reports(stage)?.firstFrameMs)
        #expect(told.p5 == 300 && told.p50 == 800 && told.p95 == 10_000)
    }

    @Test func whatIsLeftOutIsNotZero() throws {
        let (stage, clients) = try sockets(2)
        for client in clients { stage.send(report(with: #","stalls":3"#), from: client) }
        try stage.pass(ms: 1_100)
        let early = try #require(reports(stage))
        #expect(early.count == 2 && early.delayMs == nil && early.offsetMs == nil)
        // What is known later in that stretch of time counts.
        stage.send(report(delayMs: 1_300, offsetMs: 100, stalls: 3), from: clients[0])
        stage.send(report(with: #","delayMs":1300"#), from: clients[1])
        try stage.pass(ms: 10_000, stepMs: 50)
        let told = try #require(reports(stage))
        #expect(told.delayMs?.p5 == 1_300 && told.offsetMs?.p5 == 100)
        #expect(told.stallsPerMinute == 0)
    }

    @Test func beforeThereIsAWholeStretchOfTimeItIsToldSoFar() throws {
        let (stage, clients) = try sockets(5)
        for (number, client) in clients.enumerated() {
            stage.send(report(), from: client)
            try stage.pass(ms: 1_100)
            #expect(reports(stage)?.count == number + 1)
        }
        // Then there is one, and the next is told when it is whole.
        try stage.pass(ms: 5_000, stepMs: 50)
        stage.send(report(), from: clients[0])
        try stage.pass(ms: 2_000, stepMs: 50)
        #expect(reports(stage)?.count == 5)
        try stage.pass(ms: 8_000, stepMs: 50)
        #expect(reports(stage)?.count == 1)
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
