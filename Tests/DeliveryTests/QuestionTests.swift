// When a question counts as handed to a player: its tag, or what tells of it, is with the kernel.

import FLV
import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct QuestionTests {
    private let service = FakePlayerService()

    private func show(_ stage: Stage) throws -> Publication {
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        return publication
    }

    private func ask(_ id: String, _ publication: Publication, _ stage: Stage) throws {
        let cue = Cue(
            .quiz, [AMF0Property("phase", .string("question"))], keeping: .state(key: "quiz"),
            question: id)
        try publication.programme.insert(cue, nowNs: stage.nowNs)
    }

    private func request(_ token: String, isSocket: Bool) -> String {
        isSocket
            ? SocketTalk.request(token: token)
            : "GET /live/show.flv?token=\(token) HTTP/1.1\r\nHost: a\r\n\r\n"
    }

    @Test func playersAreNotedWhenTheQuestionsTagHasGone() throws {
        let stage = Stage(service: service)
        let publication = try show(stage)
        let socket = stage.connect(request("p1", isSocket: true))
        _ = stage.connect(request("p2", isSocket: false))
        _ = stage.connect("GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 100)
        let askedNs = stage.nowNs
        try ask("q1", publication, stage)
        try stage.pass(ms: 100)
        let noted = service.handovers("q1")
        #expect(
            Set(noted.map(\.player)) == [FakePlayerService.ticket(1), FakePlayerService.ticket(2)])
        #expect(noted.count == 2)
        for handover in noted {
            #expect((askedNs...askedNs + 100_000_000).contains(handover.atNs))
        }
        stage.send(SocketTalk.answer("q1", 0), from: socket)
        stage.send(SocketTalk.answer("q2", 0), from: socket)
        try stage.pass(ms: 20)
        let own = noted.first { $0.player == FakePlayerService.ticket(1) }
        #expect(service.answers.map(\.handover) == [own, nil])
        // Other cues and repeats are no news; the next question is.
        try publication.programme.insert(Cue(.message, [], keeping: .event), nowNs: stage.nowNs)
        try stage.pass(ms: 100)
        #expect(service.handovers("q1").count == 2)
        try ask("q2", publication, stage)
        try stage.pass(ms: 100)
        #expect(service.handovers("q2").count == 2 && service.handovers("q1").count == 2)
    }

    @Test(arguments: [true, false])
    func whoIsBehindIsNotedWhenItHasIt(isSocket: Bool) throws {
        let stage = Stage(service: service)
        let publication = try show(stage)
        let slow = stage.connect(request("p1", isSocket: isSocket))
        try stage.pass(ms: 100)
        slow.capacity = 1_000
        slow.bytesPerMs = 0
        try stage.frame(byteCount: 5_000, to: publication)
        try stage.pass(ms: 100)
        try ask("q1", publication, stage)
        try stage.pass(ms: 2_000)
        #expect(service.handovers("q1").isEmpty)
        slow.bytesPerMs = 100
        let beforeNs = stage.nowNs
        try stage.pass(ms: 300)
        #expect(service.handovers("q1").count == 1)
        #expect(service.handovers("q1").allSatisfy { $0.atNs > beforeNs })
    }

    @Test(arguments: [true, false])
    func whoJoinsHasItWithWhatComesFirst(isSocket: Bool) throws {
        let stage = Stage(service: service)
        let publication = try show(stage)
        try ask("q1", publication, stage)
        try stage.frame(isKeyframe: true, to: publication)
        try stage.pass(ms: 1_000)
        let joinedNs = stage.nowNs
        _ = stage.connect(request("p1", isSocket: isSocket))
        try stage.pass(ms: 100)
        #expect(service.handovers("q1").count == 1)
        #expect(service.handovers("q1").allSatisfy { $0.atNs >= joinedNs })
        _ = stage.connect(request("p2", isSocket: isSocket))
        try stage.pass(ms: 100)
        #expect(
            service.handovers("q1").map(\.player) == [
                FakePlayerService.ticket(1), FakePlayerService.ticket(2),
            ])
    }

    @Test func whoSkipsHasItWithTheKeyframe() throws {
        let stage = Stage(service: service) { $0.lagSkipMs = 500 }
        let publication = try show(stage)
        let slow = stage.connect(request("p1", isSocket: true))
        try stage.pass(ms: 100)
        slow.capacity = 1_000
        slow.bytesPerMs = 0
        try stage.frame(byteCount: 5_000, to: publication)
        try ask("q1", publication, stage)
        for index in 0..<50 {
            try stage.frame(isKeyframe: index % 10 == 9, to: publication)
            try stage.pass(ms: 40)
        }
        #expect(service.handovers("q1").isEmpty)
        slow.bytesPerMs = 1_000
        try stage.pass(ms: 500)
        #expect(stage.core.counters.skipCount == 1)
        #expect(service.handovers("q1").count == 1)
        #expect(slow.socket.problem == nil)
    }

    @Test func whoComesAgainIsNotedAgain() throws {
        let stage = Stage(service: service)
        let publication = try show(stage)
        try ask("q1", publication, stage)
        for _ in 0..<2 {
            let client = stage.connect(request("p1", isSocket: true))
            try stage.pass(ms: 100)
            client.reset()
            try stage.pass(ms: 100)
        }
        #expect(service.handovers("q1").count == 2)
        #expect(stage.core.playerCount == 0)
    }
}
