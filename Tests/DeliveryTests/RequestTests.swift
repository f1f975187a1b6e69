// What a connection may ask, in what pieces, and how long it may take.

import Testing

@testable import Delivery

@Suite struct RequestTests {
    private let small = "GET / HTTP/1.1\r\nHost:a\r\n\r\n"
    private let stream = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: [8, 16, 256])
    func manyRequestsInOneReceiveAreAllAnsweredInOrder(entryCount: Int) throws {
        let stage = Stage(entryCount: entryCount)
        // As many as go into one receive buffer, and a few more in a second one.
        let client = stage.connect(String(repeating: small, count: 160))
        try stage.pass(ms: 20)
        // One a turn, so that a flood of them can't keep a shard from those who watch.
        #expect(client.statuses.count <= 2)
        try stage.pass(ms: 200, stepMs: 1)
        #expect(client.statuses == [Int](repeating: 404, count: 160))
        #expect(!client.isClosedByServer)
        #expect(stage.core.counters.responseCounts.reduce(0, +) == 160)
        #expect(stage.world.violations.isEmpty)
    }

    /// What comes behind it waits until its rest has gone.
    @Test(arguments: ["GET", "STREAM", "POST", "SOCKET"], [1, 26])
    func anAnswerThatFallsShortGoesOnBeforeTheNext(next: String, byteCount: Int) throws {
        func received(cut: Bool) throws -> [UInt8] {
            let service = FakePlayerService()
            let stage = Stage(service: service)
            let publication = try stage.publish()
            try stage.frame(isKeyframe: true, to: publication)
            let requests =
                switch next {
                case "STREAM": small + stream
                case "POST": SocketTalk.post("join", #"{"name":"n"}"#) + small
                case "SOCKET": SocketTalk.request()
                default: small + small
                }
            let client = stage.connect(requests)
            if cut { client.nextTakeByteCountMax = byteCount }
            for _ in 0..<20 {
                try stage.pass(ms: 10)
                service.replyToAll()
            }
            #expect(!client.isClosedByServer && stage.core.outbound.count == 0)
            #expect(stage.core.counters.byteCount == UInt64(client.streamByteCount))
            return client.received
        }
        let whole = try received(cut: false)
        #expect(whole.count > byteCount)
        #expect(try received(cut: true) == whole)
    }

    @Test func aHeadTornIntoBytesIsRead() throws {
        let stage = Stage()
        let client = stage.connect()
        for byte in (small + small).utf8 {
            client.inbox.append(byte)
            try stage.pass(ms: 20)
        }
        #expect(client.statuses == [404, 404])
        #expect(stage.world.buffersAreAllBack)
    }

    @Test(arguments: [1, 100, 8_192])
    func aHeadMayHaveEightKilobytesAndNoMore(pieceByteCount: Int) throws {
        for (byteCount, status) in [(8_192, 404), (8_193, 431)] {
            let stage = Stage()
            let client = stage.connect()
            var rest = Array(head(byteCount: byteCount).utf8)[...]
            while !rest.isEmpty {
                client.inbox += rest.prefix(pieceByteCount)
                rest = rest.dropFirst(pieceByteCount)
                try stage.pass(ms: 1, stepMs: 1)
            }
            try stage.pass(ms: 100)
            #expect(client.statuses == [status])
            try stage.pass(ms: 3_000)
            #expect(client.isClosedByServer == (status == 431))
        }
    }

    private func head(byteCount: Int) -> String {
        var text = "GET / HTTP/1.1\r\nHost: a\r\n"
        while text.utf8.count < byteCount - 1_100 {
            text += "X: " + String(repeating: "y", count: 995) + "\r\n"
        }
        let left = byteCount - text.utf8.count - "X: \r\n\r\n".utf8.count
        return text + "X: " + String(repeating: "z", count: left) + "\r\n\r\n"
    }

    @Test func aTargetThatIsTooLongGets414() throws {
        let stage = Stage()
        let path = String(repeating: "p", count: 2_048)
        let client = stage.connect("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 50)
        #expect(client.statuses == [414])
    }

    // MARK: Time

    @Test func aRequestThatTakesTenSecondsGets408() throws {
        let stage = Stage()
        let client = stage.connect("GET / HT")
        try stage.pass(ms: 9_900)
        stage.send("TP/1.1\r\nHo", from: client)
        try stage.pass(ms: 50)
        #expect(client.received.isEmpty)
        try stage.pass(ms: 200)
        #expect(client.statuses == [408])
        #expect(client.text.contains("Connection: close"))
        #expect(stage.core.counters.connectionEndCounts[DropReason.timeout.rawValue] == 1)
        try stage.pass(ms: 2_200)
        #expect(client.isClosedByServer)
    }

    @Test func whoSaysNothingIsSentAwayWithoutAWord() throws {
        let stage = Stage()
        let client = stage.connect()
        try stage.pass(ms: 9_900)
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 300)
        #expect(client.isClosedByServer)
        #expect(client.received.isEmpty)
        #expect(stage.core.counters.connectionEndCounts[DropReason.timeout.rawValue] == 1)
    }

    @Test func aKeptAliveConnectionMayBeIdleForFifteenSeconds() throws {
        let stage = Stage()
        let client = stage.connect(small)
        try stage.pass(ms: 14_900)
        stage.send(small, from: client)
        try stage.pass(ms: 14_900)
        #expect(client.statuses == [404, 404])
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 300)
        #expect(client.isClosedByServer)
        #expect(client.statuses == [404, 404])
        #expect(stage.core.counters.connectionEndCounts[DropReason.left.rawValue] == 1)
    }

    @Test func theSecondRequestHasItsOwnTenSeconds() throws {
        let stage = Stage()
        let client = stage.connect(small)
        try stage.pass(ms: 8_000)
        stage.send(String(small.prefix(9)), from: client)
        try stage.pass(ms: 9_900)
        #expect(client.statuses == [404])
        try stage.pass(ms: 300)
        #expect(client.statuses == [404, 408])
    }

    @Test(arguments: [true, false])
    func aRequestBegunBehindAnotherHasTenSecondsToo(isTorn: Bool) throws {
        let stage = Stage()
        let client = stage.connect(isTorn ? String(small.prefix(7)) : "")
        try stage.pass(ms: 50)
        stage.send(String(small.dropFirst(isTorn ? 7 : 0)) + small.prefix(9), from: client)
        try stage.pass(ms: 9_900)
        #expect(client.statuses == [404])
        try stage.pass(ms: 300)
        #expect(client.statuses == [404, 408])
    }

    // MARK: Statuses

    @Test(arguments: [
        ("POST /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ("PUT /live/show.flv HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 405),
        ("GET /live/show.flv HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 400),
        ("GET /live/show HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        ("GET /other/show.flv HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        ("GET /live/show.flv HTTP/1.1\r\n\r\n", 400),
        ("GET /live/show.flv HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("nonsense\r\n\r\n", 400),
        ("HEAD /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        ("HEAD /live/nobody.flv HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        ("OPTIONS /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n", 204),
    ])
    func statuses(request: String, status: Int) throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(request)
        try stage.pass(ms: 50)
        #expect(client.statuses == [status])
        if status == 204 || status == 405 {
            #expect(client.text.contains("Allow: GET, HEAD, OPTIONS"))
        }
        #expect(stage.core.counters.joinCount == 0)
    }

    @Test func aRefusedClientThatGoesOnSendingIsHeardOutForTwoSecondsOnly() throws {
        let stage = Stage()
        let client = stage.connect("nonsense\r\n\r\n")
        for _ in 0..<190 {
            stage.send(String(repeating: "x", count: 10_000), from: client)
            try stage.pass(ms: 10)
        }
        #expect(client.statuses == [400])
        #expect(!client.isClosedByServer)
        #expect(client.inbox.count < 20_000)
        try stage.pass(ms: 200)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.connectionEndCounts[DropReason.refused.rawValue] == 1)
    }

    @Test func whoDoesNotReadItsAnswersIsSentAway() throws {
        let stage = Stage()
        let client = stage.connect(String(repeating: small, count: 100))
        client.capacity = 1_000
        client.bytesPerMs = 0
        try stage.pass(ms: DeliverySettings.answerStallMsMax)
        #expect(!client.isClosedByServer)
        // Nothing more is read of it, and so nothing more is kept for it.
        #expect(stage.core.outbound.ownByteCount < 1_000)
        try stage.pass(ms: 500)
        #expect(client.isClosedByServer)
        #expect(client.received.count == 1_000)
        #expect(stage.core.outbound.count == 0 && stage.core.outbound.ownByteCount == 0)
        #expect(stage.core.counters.connectionEndCounts[DropReason.stuck.rawValue] == 1)
    }
}
