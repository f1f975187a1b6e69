// Few addresses that want everything: others get through, and the cause is what is shed.

import HTTPWire
import IORing
import Synchronization
import TestSupport
import Testing
import WireBytes

@testable import Delivery

@Suite struct FloodTests {
    private let service = FakePlayerService()
    private let answer = #"{"question":"q1","choice":1}"#

    /// A stage with so many head buffers.
    private func stage(
        _ count: Int, adjust: (inout DeliverySettings) -> Void = { _ in }
    ) -> Stage {
        var admission = AdmissionLimits()
        admission.perAddressPerSecondMax = 1e6
        admission.perAddressMax = 10_000
        return Stage(
            slotCount: DeliverySettings.refusalSlotCount + count, admission: admission,
            service: service,
            adjust: adjust)
    }

    // MARK: Heads

    @Test(arguments: [
        "GET / HTTP/1.1\r\nX: ", "GET /live/later.flv HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/v1/answers HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{",
    ])
    func unfinishedRequestsOfFewAddressesKeepNobodysOut(flood: String) throws {
        // More than there are buffers, of twelve addresses.
        let count = DeliverySettings.headBufferCountMax + 300
        let stage = stage(count + 600)
        let crowd = (0..<count).map { stage.connect(flood, host: UInt64(10 + $0 % 12)) }
        try stage.pass(ms: 2_000)
        let whole = SocketTalk.post("answers", answer)
        let head = whole.prefix(whole.count - answer.count)
        var honest: [FakeConnection] = []
        for number in 0..<200 {
            honest.append(stage.connect(String(head), host: UInt64(1_000 + number)))
            if number % 4 == 3 { try stage.pass(ms: 10) }
        }
        try stage.pass(ms: 100)
        for client in honest { stage.send(answer, from: client) }
        try stage.pass(ms: 300)
        #expect(service.answers.count == 200)
        service.replyToAll()
        try stage.pass(ms: 300)
        #expect(honest.allSatisfy { $0.statuses == [200] })
        // Those who were there longest went first, with a word.
        let gone = crowd.filter { !$0.statuses.isEmpty }
        #expect(gone.count >= 300 && gone.allSatisfy { $0.statuses == [503] })
        #expect(crowd.prefix(100).allSatisfy { !$0.statuses.isEmpty })
        #expect(crowd.suffix(100).allSatisfy { $0.statuses.isEmpty })
        let shed = stage.core.counters.refusalCounts[RefusalKind.unfinished.rawValue]
        #expect(shed == UInt64(gone.count))
    }

    @Test func whoHasFewUnfinishedRequestsIsNotShedForWhoHasMany() throws {
        let count = DeliverySettings.headBufferCountMax
        let stage = stage(count + 600)
        let old = (0..<5).map { stage.connect("GET / HT", host: UInt64($0)) }
        try stage.pass(ms: 100)
        _ = (0..<count + 200).map { _ in stage.connect("GET / HT", host: 99) }
        try stage.pass(ms: 2_000)
        for client in old { stage.send("TP/1.1\r\nHost: a\r\n\r\n", from: client) }
        try stage.pass(ms: 100)
        #expect(old.allSatisfy { $0.statuses == [404] })
    }

    @Test func unfinishedMessagesAreShedForMessagesOnly() throws {
        let count = DeliverySettings.headBufferCountMax
        let stage = stage(count + 200)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let part = SocketTalk.frame(.text, Array(#"{"type":"#.utf8), isFinal: false)
        let rest = SocketTalk.frame(.continuation, Array(#""ping","t":1}"#.utf8))
        let crowd = (0..<count - 100).map { _ in stage.connect(SocketTalk.request(), host: 9) }
        let honest = stage.connect(SocketTalk.request(), host: 1)
        try stage.pass(ms: 2_000)
        for client in crowd { stage.send(part, from: client) }
        try stage.pass(ms: 500)
        stage.send(part, from: honest)
        try stage.pass(ms: 100)
        stage.send(rest, from: honest)
        try stage.pass(ms: 100)
        #expect(honest.socket.texts.map(\.pong) == [1])
        #expect(stage.core.heads.freeCount >= count / 4 - 1)
        let told = crowd.filter { $0.socket.closeCode == 1_013 }
        #expect(told.count >= 100 && told.count < 300)
    }

    @Test(arguments: [16_259, 16_260, 40_000, 65_535])
    func aLongMessageHasRoomWhateverTheLimit(byteCount: Int) throws {
        let stage = Stage(service: service) {
            $0.webSocket = WebSocketLimits(messageByteCountMax: byteCount)
        }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        let filler = String(repeating: " ", count: byteCount - 15)
        let bytes = SocketTalk.text(#"{"type":"ping""# + filler + "}")
        stage.send(Array(bytes.prefix(bytes.count / 2)), from: client)
        try stage.pass(ms: 300)
        stage.send(Array(bytes.dropFirst(bytes.count / 2)), from: client)
        try stage.pass(ms: 300)
        #expect(client.socket.texts.count == 1 && client.socket.closeCode == nil)
        #expect(stage.core.sessions.count == 1)
    }

    // MARK: Requests and messages

    @Test func oneAddressHasSoManyRequestsASecond() throws {
        let stage = stage(300) { $0.requestsPerAddressPerSecondMax = 50 }
        let get = "GET /else HTTP/1.1\r\nHost: a\r\n\r\n"
        var flood: [FakeConnection] = []
        for _ in 0..<40 {
            flood.append(
                stage.connect(String(repeating: get, count: 20), host: 7, isLoopback: false))
            let other = stage.connect(get, host: 8, isLoopback: false)
            try stage.pass(ms: 100)
            #expect(other.statuses == [404])
        }
        let answered = flood.flatMap(\.statuses).count { $0 == 404 }
        // 50 a second for 4 s, and 100 at once.
        #expect((200...310).contains(answered))
        #expect(flood.last?.statuses.last == 429)
        #expect(flood.last?.text.contains("Retry-After") == true)
        #expect(stage.core.counters.refusalCounts[RefusalKind.requests.rawValue] >= 10)
        // This machine's own rehearsals are not bounded.
        let own = stage.connect(String(repeating: get, count: 150), host: 3)
        try stage.pass(ms: 500, stepMs: 1)
        #expect(own.statuses.count { $0 == 404 } == 150)
    }

    @Test func theAddressesOfASiteHaveABoundTogether() throws {
        let stage = stage(300) { $0.requestsPerAddressPerSecondMax = 5 }
        let get = "GET /else HTTP/1.1\r\nHost: a\r\n\r\n"
        var statuses: [Int] = []
        for number in 0..<100 {
            let host = HostKey(v6Subnet: 0x2001_0DB8_0001_0000 + UInt64(number))
            let client = stage.connect(String(repeating: get, count: 5), from: host)
            try stage.pass(ms: 10, stepMs: 1)
            statuses += client.statuses
        }
        // 80 a second for a second, and 160 at once, of 500.
        #expect((160...260).contains(statuses.count { $0 == 404 }))
        let neighbour = stage.connect(get, from: HostKey(v6Subnet: 0x2001_0DB8_0002_0000))
        try stage.pass(ms: 50)
        #expect(neighbour.statuses == [404])
    }

    @Test func aWebSocketThatTalksWithoutEndIsLetGo() throws {
        let stage = Stage(service: service) { $0.messageBurstMax = 1_000 }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(SocketTalk.request(token: "p1"))
        let other = stage.connect(SocketTalk.request(token: "p2"))
        try stage.pass(ms: 100)
        let ping = SocketTalk.frame(.ping, [])
        for _ in 0..<10 {
            stage.send((0..<300).flatMap { _ in ping }, from: client)
            stage.send(SocketTalk.text(#"{"type":"ping"}"#), from: other)
            try stage.pass(ms: 200)
        }
        #expect(client.socket.closeCode == 1_008)
        #expect(other.socket.closeCode == nil && other.socket.texts.count == 10)
    }

    // MARK: Tokens

    @Test func guessesOfAnAddressAreSlowedAndItsPlayersStayIn() throws {
        let stage = stage(300)
        func me(_ token: String, _ host: UInt64) -> FakeConnection {
            stage.connect(
                "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n",
                host: host, isLoopback: false)
        }
        let known = me("p5", 7)
        try stage.pass(ms: 20)
        var statuses: [Int] = []
        for number in 0..<100 {
            let client = me("guess\(number)", 7)
            try stage.pass(ms: 10)
            statuses += client.statuses
        }
        #expect(statuses.count == 100)
        let looked = statuses.count { $0 == 401 }
        #expect((30...32).contains(looked) && statuses.count { $0 == 429 } == 100 - looked)
        #expect(service.admitted.count == looked + 1, "the others were not looked at")
        // The next service over is none the wiser.
        let again = me("p5", 7)
        let fresh = me("p6", 7)
        let elsewhere = me("p7", 8)
        try stage.pass(ms: 20)
        service.replyToAll()
        try stage.pass(ms: 20)
        #expect(known.statuses == [200] && again.statuses == [200])
        #expect(fresh.statuses == [429] && elsewhere.statuses == [200])
        try stage.pass(ms: 3_000)
        let later = me("p6", 7)
        try stage.pass(ms: 20)
        service.replyToAll()
        try stage.pass(ms: 20)
        #expect(later.statuses == [200])
    }

    // MARK: OutboundFrames

    @Test func whoLetsTextsLieGoesForWhoDoesNot() throws {
        let stage = Stage(
            slotCount: DeliverySettings.refusalSlotCount + 2_400, limits: Stage.smallLimits,
            admission: generous, service: service)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let deaf = (0..<2_200).map { number in
            stage.connect(SocketTalk.request(token: "p\(number)"), host: UInt64(10 + number % 12))
        }
        let honest = stage.connect(SocketTalk.request(token: "p9000"), host: 1)
        try stage.pass(ms: 3_000)
        for client in deaf {
            client.capacity = 1
            client.bytesPerMs = 0
        }
        // Each lets as many replies lie as it may be owed: more than the shard has room for.
        for round in 0..<18 {
            for client in deaf { stage.send(SocketTalk.answer("q\(round)", 1), from: client) }
            try stage.pass(ms: 250)
            service.replyToAll()
            try stage.pass(ms: 50)
        }
        #expect(stage.core.outbound.frames.count > DeliverySettings.frameCountMax - 100)
        for round in 0..<5 {
            stage.send(SocketTalk.answer("q\(round)", 1), from: honest)
            try stage.pass(ms: 250)
            service.replyToAll()
            try stage.pass(ms: 50)
        }
        #expect(honest.socket.texts.count == 5 && !honest.isClosedByServer)
        #expect(stage.core.counters.refusalCounts[RefusalKind.unread.rawValue] > 0)
        #expect(stage.world.violations.isEmpty)
    }

    private var generous: AdmissionLimits {
        var admission = AdmissionLimits()
        admission.perAddressPerSecondMax = 1e6
        admission.perAddressMax = 10_000
        return admission
    }

    @Test func memoryOfFramesAndSessionsComesBack() {
        var texts = OutboundFrames(countMax: 1_000)
        let taken = (0..<1_000).compactMap { _ in
            unsafe texts.take(.text, Array("{}".utf8).span.bytes)
        }
        #expect(taken.count == 1_000)
        texts.trim()
        #expect(texts.count == 1_000, "nothing that is in use")
        for index in taken { texts.give(index) }
        texts.trim()
        texts.releaseRetired()
        texts.trim()
        #expect(texts.count == 0 && texts.blockCount == 0)
        var sessions = Sessions()
        let session = sessions.take()
        sessions.trim()
        #expect(sessions.count == 1)
        sessions.give(session)
        sessions.trim()
        #expect(sessions.count == 0 && sessions.blockCount == 0)
        let again = sessions.take()
        #expect(again == 0)
    }

    @Test func aServiceThatRepliesTwiceEndsNothing() throws {
        let stage = Stage(service: service)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(SocketTalk.request(token: "p1"))
        try stage.pass(ms: 100)
        stage.send(SocketTalk.answer("q1", 1), from: client)
        try stage.pass(ms: 50)
        let address = try #require(service.answers.first).replyTo
        for _ in 0..<3 { service.reply(address, "{}") }
        try stage.pass(ms: 50)
        #expect(client.socket.texts == ["{}"])
        #expect(stage.core.replyCount == 0)
        // Nor is a request answered by what was owed to the one before.
        stage.send(SocketTalk.answer("q2", 1), from: client)
        try stage.pass(ms: 50)
        #expect(stage.core.replyCount == 1)
    }

    // MARK: What is told

    @Test func refusalsAreToldOnceAMinuteAndSummedUp() throws {
        let told = Mutex<[RefusalNews]>([])
        let reports = RefusalReports { news in told.withLock { $0.append(news) } }
        let hosts = (0..<50).map { HostKey(v4: 0xCB00_7100 + UInt32($0)) }
        for second in 0..<120 {
            for host in hosts.prefix(2) {
                for _ in 0..<100 { reports.note(host, .connections, nowMs: Int64(second) * 1_000) }
            }
            reports.tend(nowMs: Int64(second) * 1_000)
        }
        let lines = told.withLock { $0 }
        #expect(lines.count == 4)
        #expect(lines.map(\.host) == [hosts[0], hosts[1], hosts[0], hosts[1]])
        #expect(lines[0].count == 1 && lines[2].count == 6_000)
        #expect("\(lines[2])".hasPrefix("203.0.113.0 was refused (6000 times since"))
        told.withLock { $0 = [] }
        // Very many at once are a few lines and a sum.
        for host in hosts.dropFirst(2) {
            for _ in 0..<10 { reports.note(host, .requests, nowMs: 200_000) }
        }
        reports.tend(nowMs: 261_000)
        let many = told.withLock { $0 }
        #expect(many.count == DeliverySettings.refusalLinesPerSecondMax + 1)
        #expect(many.last?.host == nil && (many.last?.count ?? 0) > 400)
    }

    @Test func aRefusedViewerIsTold() throws {
        let told = Mutex<[RefusalNews]>([])
        var admission = AdmissionLimits()
        admission.perAddressMax = 2
        let stage = Stage(
            admission: admission, onRefusals: { news in told.withLock { $0.append(news) } })
        for _ in 0..<5 { _ = stage.connect("", host: 0xCB00_7109, isLoopback: false) }
        try stage.pass(ms: 50)
        #expect(told.withLock { $0.map(\.kind) } == [.connections])
        let counts = stage.core.counters.refusalCounts
        #expect(counts[RefusalKind.connections.rawValue] == 3)
    }
}
