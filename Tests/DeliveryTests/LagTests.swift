// What a shard says may count of a player's lag, whatever the player does to have more of it.

import FLV
import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite("What counts of a lag") struct LagTests {
    private static let nsPerMs: Int64 = 1_000_000
    private let service = FakePlayerService()

    /// A programme, and a player who watches it by a WebSocket.
    private final class Watched {
        let stage: Stage
        let publication: Publication
        let player: FakeConnection
        private var frameCount = 0

        init(_ service: FakePlayerService, token: String? = "p1") throws {
            stage = Stage(service: service) { $0.lagSkipMs = 60_000 }
            stage.world.tellsWindowTime = true
            publication = try stage.publish()
            try stage.frame(isKeyframe: true, to: publication)
            player = stage.connect(SocketTalk.request(token: token))
            try stage.pass(ms: 100)
        }

        /// Media goes on, 2500 bytes in 100 ms.
        func go(forMs ms: Int64) throws {
            for _ in 0..<ms / 100 {
                frameCount += 1
                try stage.frame(
                    isKeyframe: frameCount % 20 == 0, byteCount: 2_500, to: publication)
                try stage.pass(ms: 100)
            }
        }

        /// From now on the player takes nothing but what is on its way.
        func stopReading(closesItsWindow: Bool = false) {
            player.closesItsWindow = closesItsWindow
            player.capacity = 2_000
            player.bytesPerMs = 0
        }

        func ask(_ id: String) throws {
            let cue = Cue(
                .quiz, [AMF0Property("phase", .string("question"))], keeping: .state(key: "quiz"),
                question: id)
            try publication.programme.insert(cue, nowNs: stage.nowNs)
        }
    }

    private func counted(_ id: String, since askedNs: Int64) -> (
        measuredMs: Int64, countedMs: Int64
    )? {
        service.handovers(id).first.map {
            (($0.atNs - askedNs) / Self.nsPerMs, ($0.countedNs - askedNs) / Self.nsPerMs)
        }
    }

    @Test("who takes all it is offered has its whole lag: it is the server's")
    func theServersOwn() throws {
        let watched = try Watched(service)
        try watched.go(forMs: 2_000)
        let askedNs = watched.stage.nowNs
        try watched.ask("q1")
        try watched.go(forMs: 500)
        let lag = try #require(counted("q1", since: askedNs))
        #expect(lag.measuredMs == lag.countedMs)
        #expect(service.handovers("q1").first?.sinceNs ?? .max < askedNs)
    }

    @Test("who stops reading as the question comes gains the margin at most")
    func stopsAtTheQuestion() throws {
        let watched = try Watched(service)
        try watched.go(forMs: 20_000)
        watched.stopReading()
        try watched.go(forMs: 1_000)
        let askedNs = watched.stage.nowNs
        try watched.ask("q1")
        try watched.go(forMs: 4_000)
        watched.player.readAll()
        try watched.go(forMs: 500)
        let lag = try #require(counted("q1", since: askedNs))
        #expect(lag.measuredMs >= 4_000)
        #expect((500...600).contains(lag.countedMs), "\(lag)")
    }

    @Test("stopping some seconds before makes it no more usual")
    func stopsBefore() throws {
        let watched = try Watched(service)
        try watched.go(forMs: 20_000)
        watched.stopReading()
        try watched.go(forMs: 7_000)
        let askedNs = watched.stage.nowNs
        try watched.ask("q1")
        try watched.go(forMs: 4_000)
        watched.player.readAll()
        try watched.go(forMs: 500)
        let lag = try #require(counted("q1", since: askedNs))
        #expect(lag.measuredMs >= 4_000)
        #expect(lag.countedMs <= 700, "\(lag)")
    }

    @Test(
        "on a network that is always slow all of it counts; with a closed window nothing does",
        arguments: [false, true], [true, false])
    func alwaysBehind(closesItsWindow: Bool, comesLast: Bool) throws {
        let watched = try Watched(service, token: nil)
        // 25 bytes a ms come, and as many go: 3 s behind from here on.
        watched.stopReading(closesItsWindow: closesItsWindow)
        try watched.go(forMs: 3_000)
        watched.player.bytesPerMs = 25.2
        // A connection that brings its token now has a history all the same.
        try watched.go(forMs: 20_000)
        watched.stage.send(
            SocketTalk.text(#"{"type":"token","token":"p1"}"#), from: watched.player)
        try watched.go(forMs: 200)
        let askedNs = watched.stage.nowNs
        try watched.ask("q1")
        try watched.go(forMs: 6_000)
        let lag = try #require(counted("q1", since: askedNs))
        #expect((2_000...3_600).contains(lag.measuredMs), "\(lag)")
        if closesItsWindow {
            #expect(lag.countedMs <= 200, "\(lag)")
        } else {
            #expect(lag.countedMs >= lag.measuredMs - 100, "\(lag)")
        }
    }

    @Test("where the kernel can't tell, the margin is all that counts of a wait")
    func unknown() throws {
        let watched = try Watched(service)
        watched.stage.world.tellsWindowTime = false
        watched.stopReading()
        try watched.go(forMs: 3_000)
        watched.player.bytesPerMs = 25.2
        try watched.go(forMs: 20_000)
        let askedNs = watched.stage.nowNs
        try watched.ask("q1")
        try watched.go(forMs: 6_000)
        let lag = try #require(counted("q1", since: askedNs))
        #expect(lag.measuredMs >= 2_000 && (400...700).contains(lag.countedMs), "\(lag)")
    }

    @Test("who connects anew has no history, whatever it had before")
    func reconnects() throws {
        let watched = try Watched(service)
        watched.stopReading()
        try watched.go(forMs: 20_000)
        watched.player.reset()
        try watched.go(forMs: 200)
        let again = watched.stage.connect(SocketTalk.request(token: "p1"))
        try watched.go(forMs: 200)
        again.capacity = 2_000
        again.bytesPerMs = 0
        try watched.go(forMs: 1_000)
        let askedNs = watched.stage.nowNs
        try watched.ask("q1")
        try watched.go(forMs: 3_000)
        again.readAll()
        try watched.go(forMs: 500)
        let lag = try #require(counted("q1", since: askedNs))
        #expect(lag.measuredMs >= 3_000 && lag.countedMs <= 600, "\(lag)")
    }
}

extension FakeConnection {
    fileprivate func readAll() {
        capacity = 1 << 20
        bytesPerMs = 1e6
    }
}

@Suite("Lags in few bytes") struct LagHistoryTests {
    private static let second: Int64 = 1_000_000_000

    @Test func whatIsUsualIsWhatWasSoMoreThanHalfOfTheTime() {
        var history = LagHistory()
        #expect(history.typicalNs(number: 100) == 0)
        for number in Int64(100)..<108 { history.add(3 * Self.second, number: number) }
        #expect(history.typicalNs(number: 107) == 0, "8 of 16")
        history.add(2 * Self.second, number: 108)
        #expect(history.typicalNs(number: 108) == 2 * Self.second)
        #expect(history.typicalNs(number: 115) == 2 * Self.second, "9 of 16 are still there")
        #expect(history.typicalNs(number: 116) == 0)
        #expect(history.typicalNs(number: 1_000_000) == 0)
    }

    @Test func whatIsNotWrittenDownWasNotBehind() {
        var history = LagHistory()
        for number in Int64(1)...40 where number % 2 == 0 {
            history.add(Self.second, number: number)
        }
        #expect(history.typicalNs(number: 40) == 0)
        history.add(Self.second, number: 40)
        history.add(-5, number: 41)
        history.add(.max, number: 42)
        #expect(history.typicalNs(number: 42) == 0)
    }

    @Test func agesAreToldToAQuarterOfASecond() {
        var marks = LagMarks()
        #expect(marks.ageNs(of: 5, nowNs: 7) == 0)
        for step in Int64(0)..<1_000 {
            marks.note(head: UInt64(step) * 10, nowNs: step * 100_000_000)
        }
        let nowNs: Int64 = 99_900_000_000
        for agoMs in [Int64(0), 300, 1_000, 10_000, 60_000] {
            let position = UInt64(9_990 - agoMs / 10)
            let ageMs = marks.ageNs(of: position, nowNs: nowNs) / 1_000_000
            #expect((agoMs...agoMs + 400).contains(ageMs), "\(agoMs): \(ageMs)")
        }
        // Older than what is known is as old as that.
        #expect(marks.ageNs(of: 0, nowNs: nowNs) > 70 * Self.second)
    }
}
