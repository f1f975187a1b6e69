// The game's requests: answers, joins, the standing and the state, whole, in pieces, in a row.

import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct PlayerRequestTests {
    private let service = FakePlayerService()
    private let answer = #"{"question":"q1","choice":2}"#

    private func get(_ target: String, fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    // MARK: Answers

    @Test func anAnswerIsRepliedToAndTheConnectionStays() throws {
        let stage = Stage(service: service)
        let client = stage.connect(SocketTalk.post("answers", answer))
        try stage.pass(ms: 50)
        #expect(client.received.isEmpty)
        let first = try #require(service.answers.first)
        #expect(
            first.player == FakePlayerService.ticket(5) && first.question == "q1"
                && first.choice == 2)
        #expect(first.handover == nil)
        service.reply(first.replyTo, #"{"receipt":1}"#)
        try stage.turn()
        #expect(client.statuses == [200])
        #expect(client.text.hasSuffix("\r\n\r\n" + #"{"receipt":1}"#))
        #expect(client.text.contains("Access-Control-Allow-Origin: *"))
        stage.send(SocketTalk.post("answers", answer), from: client)
        try stage.pass(ms: 50)
        service.reply(try #require(service.answers.last).replyTo, "{}", status: .conflict)
        try stage.turn()
        #expect(client.statuses == [200, 409])
        #expect(!client.isClosedByServer && stage.core.sessions.count == 0)
    }

    @Test func aRequestTornIntoBytesIsRead() throws {
        let stage = Stage(service: service)
        let client = stage.connect()
        for byte in (SocketTalk.post("answers", answer) + get("/else")).utf8 {
            client.inbox.append(byte)
            try stage.pass(ms: 10)
        }
        #expect(service.answers.count == 1 && client.received.isEmpty)
        service.replyToAnswers()
        try stage.pass(ms: 50)
        #expect(client.statuses == [200, 404])
        #expect(stage.world.buffersAreAllBack)
    }

    @Test func requestsInARowAreRepliedToInTheirOrder() throws {
        let stage = Stage(service: service)
        let client = stage.connect(
            SocketTalk.post("answers", answer) + get("/else") + SocketTalk.post("answers", answer)
                + get("/else"))
        for _ in 0..<4 {
            try stage.pass(ms: 20)
            service.replyToAnswers()
        }
        try stage.pass(ms: 20)
        #expect(client.statuses == [200, 404, 200, 404])
    }

    @Test func whoWaitsForContinueIsToldToGoOn() throws {
        let stage = Stage(service: service)
        let whole = SocketTalk.post("answers", answer, fields: "Expect: 100-continue\r\n")
        let client = stage.connect(String(whole.dropLast(answer.count)))
        try stage.pass(ms: 20)
        #expect(client.statuses == [100])
        stage.send(answer, from: client)
        try stage.pass(ms: 20)
        service.replyToAnswers()
        try stage.turn()
        #expect(client.statuses == [100, 200])
    }

    @Test func aBodyThatTakesTooLongGets408() throws {
        let stage = Stage(service: service)
        let client = stage.connect(String(SocketTalk.post("answers", answer).dropLast(3)))
        try stage.pass(ms: 10_300)
        #expect(client.statuses == [408])
    }

    @Test func aServiceThatTakesTooLongGets503AndItsReplyIsDropped() throws {
        let stage = Stage(service: service)
        let client = stage.connect(SocketTalk.post("answers", answer) + get("/else"))
        try stage.pass(ms: 9_900)
        #expect(client.received.isEmpty)
        try stage.pass(ms: 300)
        #expect(client.statuses == [503])
        service.replyToAnswers()
        try stage.pass(ms: 3_000)
        #expect(client.statuses == [503] && client.isClosedByServer)
        #expect(stage.core.replyCount == 0 && stage.core.sessions.count == 0)
    }

    @Test(arguments: [
        ("answers", "{}", "p5", "", 400), ("answers", "nonsense", "p5", "", 400),
        ("answers", #"{"question":"q1","choice":2}"#, nil, "", 401),
        ("answers", #"{"question":"q1","choice":2}"#, "bad", "", 401),
        ("answers", "{}", "p5", "Content-Type: text/plain\r\n", 415),
        ("join", #"{"name":""}"#, nil, "", 400), ("else", "{}", "p5", "", 404),
    ])
    func refusals(
        path: String, body: String, token: String?, fields: String, status: Int
    ) throws {
        let stage = Stage(service: service)
        let client = stage.connect(SocketTalk.post(path, body, token: token, fields: fields))
        try stage.pass(ms: 50)
        #expect(client.statuses == [status])
        #expect(service.answers.isEmpty && service.joins.isEmpty && stage.core.replyCount == 0)
    }

    @Test(arguments: [
        ("GET /api/v1/answers HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ("POST /api/v1/answers HTTP/1.1\r\nHost: a\r\n\r\n", 411),
        ("POST /api/v1/answers HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        ("POST /api/v1/answers HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\n\r\n", 413),
        ("POST /api/v1/state HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ("GET /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n", 401),
        ("OPTIONS /api/v1/answers HTTP/1.1\r\nHost: a\r\n\r\n", 204),
        ("GET /api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    ])
    func statuses(request: String, status: Int) throws {
        let stage = Stage(service: service)
        let client = stage.connect(request)
        try stage.pass(ms: 50)
        #expect(client.statuses == [status])
        if status == 405 || status == 204 { #expect(client.text.contains("Allow: ")) }
    }

    @Test func theLargestBodyIsTaken() throws {
        let stage = Stage(service: service)
        let padding = String(repeating: " ", count: 4_096 - answer.utf8.count)
        let fields = "X: " + String(repeating: "y", count: 7_900) + "\r\n"
        let client = stage.connect()
        for byte in SocketTalk.post("answers", answer + padding, fields: fields).utf8 {
            client.inbox.append(byte)
        }
        stage.send(get("/else"), from: client)
        try stage.pass(ms: 100)
        service.replyToAnswers()
        try stage.pass(ms: 100)
        #expect(client.statuses == [200, 404])
    }

    @Test func answersByPostAreBoundedByConnection() throws {
        let stage = Stage(service: service)
        let client = stage.connect()
        for _ in 0..<12 {
            stage.send(SocketTalk.post("answers", answer), from: client)
            try stage.turn()
            service.replyToAnswers()
            try stage.turn()
        }
        #expect(client.statuses == [Int](repeating: 200, count: 10) + [429, 429])
        try stage.pass(ms: 250)
        stage.send(SocketTalk.post("answers", answer), from: client)
        try stage.pass(ms: 20)
        service.replyToAnswers()
        try stage.turn()
        #expect(client.statuses.last == 200)
    }

    // MARK: Joining

    @Test func aGuestJoins() throws {
        let stage = Stage(service: service)
        let client = stage.connect(
            SocketTalk.post("join", #"{"name":"Åsa","show":"s1"}"#, token: nil))
        try stage.pass(ms: 20)
        let join = try #require(service.joins.first)
        #expect(join.name == "Åsa" && join.show == "s1")
        service.reply(join.replyTo, #"{"token":"x"}"#)
        try stage.turn()
        #expect(client.statuses == [200])
    }

    @Test func joinsAreBoundedByAddress() throws {
        var admission = AdmissionLimits()
        admission.joinsPerAddressPerMinuteMax = 3
        admission.perAddressPerSecondMax = 1_000
        let stage = Stage(admission: admission, service: service)
        func join(host: UInt64, isLoopback: Bool = false) throws -> Bool {
            let client = stage.connect(
                SocketTalk.post("join", #"{"name":"n"}"#, token: nil), host: host,
                isLoopback: isLoopback)
            let before = service.joins.count
            try stage.pass(ms: 20)
            if service.joins.count == before { #expect(client.statuses == [429]) }
            return service.joins.count > before
        }
        let first = [try join(host: 1), try join(host: 1), try join(host: 1), try join(host: 1)]
        #expect(first == [true, true, true, false])
        #expect(try join(host: 2))
        for _ in 0..<10 { #expect(try join(host: 3, isLoopback: true)) }
        try stage.pass(ms: 20_100)
        let later = [try join(host: 1), try join(host: 1)]
        #expect(later == [true, false])
    }

    // MARK: Standing and state

    @Test func aPlayersStandingIsAskedOfTheService() throws {
        let stage = Stage(service: service)
        let client = stage.connect(get("/api/v1/me", fields: "Authorization: Bearer p8\r\n"))
        try stage.pass(ms: 20)
        let (player, address) = try #require(service.standings().first)
        #expect(player == FakePlayerService.ticket(8))
        let standing = #"{"receipts":["# + String(repeating: "1,", count: 1_000) + "1]}"
        service.reply(address, standing)
        try stage.turn()
        #expect(client.statuses == [200] && client.text.hasSuffix(standing))
    }

    @Test func whoAsksForTheHeadOfAStandingGetsNoBody() throws {
        let stage = Stage(service: service)
        let client = stage.connect(
            "HEAD /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer p8\r\n\r\n")
        try stage.pass(ms: 20)
        service.reply(try #require(service.standings().first).1, #"{"status":"playing"}"#)
        try stage.pass(ms: 20)
        #expect(client.text.contains("Content-Length: 20\r\n"))
        #expect(client.text.hasSuffix("\r\n\r\n"))
        stage.send(get("/else"), from: client)
        try stage.pass(ms: 20)
        #expect(client.statuses == [200, 404])
    }

    @Test func onlyATokenThatCameIsCalledInvalid() throws {
        let stage = Stage(service: service)
        let none = stage.connect(get("/api/v1/me"))
        let bad = stage.connect(get("/api/v1/me", fields: "Authorization: Bearer bad\r\n"))
        try stage.pass(ms: 20)
        #expect(none.statuses == [401] && bad.statuses == [401])
        // RFC 6750, section 3.1.
        #expect(!none.text.contains("invalid_token") && bad.text.contains("invalid_token"))
    }

    @Test func theStateIsServedFromOneBuffer() throws {
        let stage = Stage(service: service)
        service.set(state: SharedBytes(json: Array(#"{"phase":"lobby"}"#.utf8), version: 4))
        let client = stage.connect(get("/api/v1/state?stream=show"))
        let other = stage.connect(get("/api/v1/state"))
        let nobody = stage.connect(get("/api/v1/state?stream=nobody"))
        try stage.pass(ms: 20)
        #expect(client.statuses == [200] && client.text.hasSuffix(#"{"phase":"lobby"}"#))
        #expect(client.text.contains("ETag: \"4\"\r\n"))
        #expect(other.received == client.received)
        #expect(stage.core.sharedResponses.count == 2, "one for both, and one for nobody")
        #expect(nobody.text.hasSuffix(#"{"phase":"none"}"#))
        stage.send(get("/api/v1/state", fields: "If-None-Match: \"4\"\r\n"), from: client)
        stage.send(get("/api/v1/state", fields: "If-None-Match: \"3\"\r\n"), from: other)
        stage.send("HEAD /api/v1/state HTTP/1.1\r\nHost: a\r\n\r\n", from: nobody)
        try stage.pass(ms: 20)
        #expect(client.statuses == [200, 304])
        #expect(other.statuses == [200, 200])
        #expect(nobody.statuses == [200, 200] && nobody.text.hasSuffix("\r\n\r\n"))
        service.set(state: SharedBytes(json: Array("{}".utf8), version: 5))
        stage.send(get("/api/v1/state", fields: "If-None-Match: \"4\"\r\n"), from: client)
        try stage.pass(ms: 20)
        #expect(client.statuses == [200, 304, 200] && client.text.hasSuffix("{}"))
    }
}
