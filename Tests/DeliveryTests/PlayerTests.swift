// Players on the shards: tokens, answers, replies, limits, over WebSockets and by requests.

import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct PlayerTests {
    private let service = FakePlayerService()

    private func show(_ stage: Stage) throws -> Publication {
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        return publication
    }

    private let answer = #"{"question":"q1","choice":2}"#

    // MARK: Tokens on streams

    @Test(arguments: [true, false])
    func whoComesWithATokenIsAPlayer(isSocket: Bool) throws {
        let stage = Stage(service: service)
        let publication = try show(stage)
        let request =
            isSocket
            ? SocketTalk.request(token: "p3")
            : "GET /live/show.flv?token=p3 HTTP/1.1\r\nHost: a\r\n\r\n"
        let client = stage.connect(request)
        let anonymous = stage.connect("GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 100)
        #expect(client.statuses == [isSocket ? 101 : 200])
        #expect(anonymous.statuses == [200])
        #expect(service.admitted.count == 1)
        #expect(service.admitted.first?.token == "p3" && service.admitted.first?.stream == "show")
        #expect(stage.core.playerCount == 1)
        client.reset()
        // Whoever only watches is missed when the next frame goes out.
        try stage.frame(to: publication)
        try stage.pass(ms: 11_000)
        #expect(stage.core.playerCount == 0)
    }

    @Test(arguments: [true, false])
    func aWrongTokenGets401(isSocket: Bool) throws {
        let stage = Stage(service: service)
        // Even before there is a stream.
        let request =
            isSocket
            ? SocketTalk.request(token: "bad")
            : "GET /live/show.flv?token=bad HTTP/1.1\r\nHost: a\r\n\r\n"
        let client = stage.connect(request)
        try stage.pass(ms: 50)
        #expect(client.statuses == [401])
        #expect(client.text.contains("This token is not for this show."))
        #expect(client.text.contains("WWW-Authenticate: Bearer"))
        #expect(stage.core.counters.playerRefusalCount == 1)
    }

    @Test func withoutAServiceTokensAreOfNoInterest() throws {
        let stage = Stage()
        _ = try show(stage)
        let client = stage.connect("GET /live/show.flv?token=bad HTTP/1.1\r\nHost: a\r\n\r\n")
        let state = stage.connect("GET /api/v1/state HTTP/1.1\r\nHost: a\r\n\r\n")
        let answers = stage.connect(SocketTalk.post("answers", answer))
        try stage.pass(ms: 50)
        #expect(client.statuses == [200])
        #expect(state.statuses == [404] && answers.statuses == [404])
    }

    // MARK: Answers over WebSockets

    @Test func anAnswerGoesToTheServiceAndTheReceiptComesBack() throws {
        let stage = Stage(service: service)
        let publication = try show(stage)
        let client = stage.connect(SocketTalk.request(token: "p3"))
        try stage.pass(ms: 100)
        stage.send(SocketTalk.answer("q1", 2), from: client)
        try stage.pass(ms: 20)
        let answer = try #require(service.answers.first)
        #expect(answer.player == FakePlayerService.ticket(3))
        #expect(answer.question == "q1" && answer.choice == 2 && answer.show == nil)
        #expect(answer.handover == nil)
        #expect(answer.receivedNs <= stage.nowNs && answer.receivedNs > stage.nowNs - 20_000_000)
        #expect(stage.core.replyCount == 1)
        try stage.frame(to: publication)
        try stage.pass(ms: 100)
        #expect(client.socket.texts.isEmpty)
        service.reply(answer.replyTo, #"{"type":"receipt"}"#)
        try stage.turn()
        #expect(client.socket.texts == [#"{"type":"receipt"}"#])
        #expect(stage.core.replyCount == 0)
        #expect(stage.core.counters.playerAnswerCount == 1)
    }

    @Test func anonymousViewersCannotAnswer() throws {
        let stage = Stage(service: service)
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        stage.send(SocketTalk.answer("q1", 2), from: client)
        try stage.pass(ms: 20)
        #expect(service.answers.isEmpty)
        #expect(client.socket.texts.first?.contains(#""status":401"#) ?? false)
    }

    @Test func whoAnswersTooFastIsToldSo() throws {
        let stage = Stage(service: service)
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request(token: "p3"))
        try stage.pass(ms: 100)
        for choice in 0..<30 { stage.send(SocketTalk.answer("q1", choice), from: client) }
        try stage.pass(ms: 50)
        #expect(service.answers.count == 10)
        #expect(client.socket.texts.contains { $0.contains(#""status":429"#) })
        service.replyToAnswers()
        try stage.pass(ms: 1_000)
        for choice in 0..<30 { stage.send(SocketTalk.answer("q2", choice), from: client) }
        try stage.pass(ms: 50)
        #expect(service.answers.count == 5)
        #expect(client.socket.texts.count { $0.contains("receipt") } == 10)
    }

    @Test func repliesOwedToOneConnectionAreBounded() throws {
        let stage = Stage(service: service) { $0.answerBurstMax = 1_000 }
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request(token: "p3"))
        try stage.pass(ms: 100)
        for choice in 0..<100 { stage.send(SocketTalk.answer("q1", choice), from: client) }
        try stage.pass(ms: 50)
        #expect(service.answers.count == DeliverySettings.repliesPerSessionMax)
    }

    @Test func whoDoesNotReadItsRepliesGetsNoMore() throws {
        let stage = Stage(service: service)
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request(token: "p3"))
        try stage.pass(ms: 100)
        client.capacity = 0
        for _ in 0..<75 {
            stage.send(SocketTalk.answer("q1", 2), from: client)
            try stage.pass(ms: 200)
            service.replyToAnswers()
        }
        #expect(!client.isClosedByServer)
        // Besides its replies there is at most one refusal, which the newest takes the place of.
        #expect(stage.core.outbound.frames.count <= DeliverySettings.repliesPerSessionMax + 1)
        client.capacity = 1 << 20
        try stage.pass(ms: 500)
        #expect(stage.core.outbound.frames.count == 0 && stage.core.replyCount == 0)
        stage.send(SocketTalk.answer("q1", 2), from: client)
        try stage.pass(ms: 20)
        #expect(service.answers.count == 1, "it reads again, so it may answer again")
    }

    @Test func aTokenThatIsNoGoodAnyMoreWhenTheStreamBeginsIsToldSoOnce() throws {
        let stage = Stage(service: service)
        let client = stage.connect("GET /live/show.flv?token=p3 HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 500)
        #expect(client.statuses.isEmpty)
        service.refusesAll = true
        _ = try show(stage)
        try stage.pass(ms: 500)
        #expect(client.statuses == [401])
        try stage.pass(ms: 3_000)
        #expect(client.isClosedByServer && stage.core.connectionCount == 0)
    }

    @Test func messagesThatAreNeverFinishedLeaveRoomForRequests() throws {
        let count = DeliverySettings.headBufferCountMax
        let stage = Stage(
            slotCount: DeliverySettings.refusalSlotCount + count + 50, service: service)
        _ = try show(stage)
        let clients = (0..<count).map { _ in stage.connect(SocketTalk.request(token: "p3")) }
        try stage.pass(ms: 1_500)
        #expect(clients.allSatisfy { $0.statuses == [101] })
        let begun = Array(SocketTalk.answer("q1", 2).prefix(20))
        for client in clients { stage.send(begun, from: client) }
        try stage.pass(ms: 1_500)
        #expect(clients.count { $0.socket.closeCode == 1013 } >= count / 4)
        let poster = stage.connect()
        let request = Array(SocketTalk.post("answers", answer).utf8)
        stage.send(Array(request.dropLast(5)), from: poster)
        try stage.pass(ms: 50)
        stage.send(Array(request.suffix(5)), from: poster)
        try stage.pass(ms: 50)
        service.replyToAnswers()
        try stage.pass(ms: 50)
        #expect(poster.statuses == [200])
    }

    @Test func repliesToThoseWhoLeftAreDropped() throws {
        let stage = Stage(service: service)
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request(token: "p3"))
        let poster = stage.connect(SocketTalk.post("answers", answer))
        try stage.pass(ms: 100)
        stage.send(SocketTalk.answer("q1", 2), from: client)
        try stage.pass(ms: 20)
        client.reset()
        poster.reset()
        try stage.pass(ms: 50)
        // Another comes to the same slot.
        let next = stage.connect(SocketTalk.request(token: "p4"))
        try stage.pass(ms: 100)
        service.replyToAnswers()
        try stage.pass(ms: 100)
        #expect(next.socket.texts.isEmpty)
        #expect(stage.core.replyCount == 0)
        #expect(poster.isClosedByServer)
    }

    @Test func aReplyThatIsTooLongIsNotSent() throws {
        let stage = Stage(service: service)
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request(token: "p3"))
        try stage.pass(ms: 100)
        stage.send(SocketTalk.answer("q1", 2), from: client)
        try stage.pass(ms: 20)
        let address = try #require(service.answers.first).replyTo
        service.reply(address, String(repeating: "x", count: 1_001))
        try stage.pass(ms: 20)
        #expect(client.socket.texts.first?.contains("500") ?? false)
    }
}
