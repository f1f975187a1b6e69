// Cues on the shard: states go out at once, what is said in passing waits for its turn.

import FLV
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct CueDeliveryTests {
    private static let get = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A stage with sixty viewers in all cohorts of a long merge interval, and nothing waiting.
    private func stage() throws -> (Stage, Programme, [FakeConnection]) {
        let stage = Stage {
            $0.mergeMsMin = 1_000
            $0.mergeMsMax = 1_000
        }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let clients = (0..<60).map { _ in stage.connect(CueDeliveryTests.get) }
        try stage.pass(ms: 3_000)
        return (stage, publication.programme, clients)
    }

    private func cue(_ keeping: Cue.Keeping) -> Cue {
        Cue(.message, [AMF0Property("kind", .string("announcement"))], keeping: keeping)
    }

    @Test func aStateReachesEveryoneInOneTurn() throws {
        let (stage, program, clients) = try stage()
        let before = clients.map { $0.received.count }
        let place = try program.insert(cue(.state(key: "a")), nowNs: stage.nowNs)
        let byteCount = Int(place.endPosition - place.position)
        try stage.turn()
        #expect(clients.map { $0.received.count } == before.map { $0 + byteCount })
        stage.core.finishCues(nowNs: stage.nowNs + 1_000_000)
        #expect(stage.core.counters.cueCount == 1)
        #expect(stage.core.counters.cueHandoverNsLast == 1_000_000)
    }

    @Test func whatIsSaidInPassingWaitsForItsTurn() throws {
        let (stage, program, clients) = try stage()
        let before = clients.map { $0.received.count }
        try program.insert(cue(.event), nowNs: stage.nowNs)
        try stage.turn()
        let reached = zip(clients, before).count { $0.received.count > $1 }
        #expect(reached < clients.count / 2)
        stage.core.finishCues(nowNs: stage.nowNs)
        #expect(stage.core.counters.cueCount == 0)
        try stage.pass(ms: 1_100)
        stage.core.finishCues(nowNs: stage.nowNs)
        #expect(stage.core.counters.cueCount == 1)
        #expect(zip(clients, before).allSatisfy { $0.received.count > $1 })
    }

    @Test func statesInQuickSuccessionAreHurriedOnceASecond() throws {
        let (stage, program, clients) = try stage()
        try program.insert(cue(.state(key: "a")), nowNs: stage.nowNs)
        try stage.turn()
        let sends = stage.core.counters.sendCount
        for _ in 0..<5 {
            try program.insert(cue(.state(key: "a")), nowNs: stage.nowNs)
            try stage.turn()
        }
        #expect(stage.core.counters.sendCount - sends < UInt64(clients.count))
        try stage.pass(ms: 1_100)
        stage.core.finishCues(nowNs: stage.nowNs)
        #expect(stage.core.counters.cueCount >= 1)
    }
}
