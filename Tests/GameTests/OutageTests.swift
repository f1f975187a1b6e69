// Time that nobody could answer in: by a restart or a standstill, in every company.

import Game
import TestSupport
import Testing
import Trivia

@Suite("Lost time")
struct OutageTests {
    /// A question of 10 s is in time for 14.5 s at most: with 4 s of lag and 0.5 s of grace.
    private static let wholeMs: Int64 = 14_500

    private func opened() throws -> DeskStand {
        let stand = try DeskStand()
        try stand.open()
        for name in ["a", "b"] { _ = try stand.admit(name) }
        try stand.play(.open(question: nil))
        return stand
    }

    private func pass(_ stand: DeskStand, seconds: Int) {
        for _ in 0..<seconds {
            stand.clock.pass(ms: 1000)
            stand.desk.turn()
        }
    }

    private func goOnAir(_ stand: DeskStand) {
        stand.stage.content.withLock { $0.programme = 7 }
        for _ in 0..<2 { stand.desk.turn() }
    }

    @Test("a pause in an outage takes nothing of what the outage gives back", arguments: [0, 1, 3])
    func pauseInOutage(pausedS: Int) throws {
        let next = try opened().crashed(downMs: 4000, isOnAir: false)
        pass(next, seconds: 3)
        try next.play(.pause)
        pass(next, seconds: pausedS)
        try next.play(.resume)
        pass(next, seconds: 12)
        goOnAir(next)
        #expect(next.report?.leftMs == Self.wholeMs)
        let notes = next.desk.notes.map(\.text)
        #expect(notes.first?.hasPrefix("The server was down; the open question got") == true)
        #expect(notes.last?.hasPrefix("And then the stream was still off; ") == true)
        pass(next, seconds: 3)
        #expect(next.report?.leftMs == Self.wholeMs - 3000, "its time goes on")
        #expect(try next.desk.audit(show: "show").isSound)
    }

    @Test("nor does a kill in that pause")
    func killInPause() throws {
        let next = try opened().crashed(downMs: 4000, isOnAir: false)
        pass(next, seconds: 3)
        try next.play(.pause)
        let third = try next.crashed(downMs: 9000, isOnAir: false)
        pass(third, seconds: 2)
        try third.play(.resume)
        pass(third, seconds: 12)
        goOnAir(third)
        #expect(third.report?.leftMs == Self.wholeMs)
    }

    @Test("a lock that isn't forced waits for what an outage still owes")
    func lockInOutage() throws {
        let next = try opened().crashed(downMs: 4000, isOnAir: false)
        pass(next, seconds: 1)
        #expect(try next.play(.lock(isForced: false)).isPending)
        pass(next, seconds: 20)
        #expect(next.report?.isLockPending == true)
        goOnAir(next)
        #expect(next.report?.leftMs == Self.wholeMs)
        pass(next, seconds: 15)
        #expect(next.stage.phases.last == "locked")
    }

    @Test("a process that stood still gives the time back before it judges what came in since")
    func standstill() throws {
        let stand = try opened()
        let (a, b) = (try stand.admit("a"), try stand.admit("b"))
        try stand.play(.lock(isForced: false))
        stand.desk.beat()
        stand.clock.pass(ms: 50)
        stand.desk.turn()
        stand.clock.pass(ms: 20_000)
        // Received by a shard that ran before the desk did.
        try stand.answer(a, "q0", 1, address: 1)
        stand.clock.pass(ms: 5)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("accepted") == true)
        #expect(stand.report?.isLockPending == true)
        #expect(stand.report?.leftMs == Self.wholeMs - 50, "what it ran for is used")
        #expect(stand.desk.notes.last?.text.contains("stood still") == true)
        stand.desk.beat()
        stand.clock.pass(ms: 500)
        try stand.answer(b, "q0", 1, address: 2)
        stand.desk.turn()
        #expect(stand.receipts[2]?.contains("accepted") == true)
        #expect(stand.report?.leftMs == Self.wholeMs - 550, "found once")
        #expect(try stand.desk.audit(show: "show").isSound)
        #expect(try stand.crashed().report?.numbers?.answeredCount == 2)
    }

    @Test("the one who notes may find it, too, and nothing else is made up for")
    func foundByNote() throws {
        let stand = try opened()
        stand.desk.beat()
        stand.clock.pass(ms: 3000)
        stand.desk.beat()
        stand.desk.turn()
        #expect(stand.report?.leftMs == Self.wholeMs)
        try stand.play(.pause)
        stand.clock.pass(ms: 3000)
        stand.desk.turn()
        try stand.play(.resume)
        #expect(stand.report?.leftMs == Self.wholeMs, "a pause gives it back once")
        stand.desk.beat()
        stand.clock.pass(ms: 900)
        stand.desk.turn()
        #expect(stand.report?.leftMs == Self.wholeMs - 900, "a moment is none")
        for _ in 0..<20 {
            stand.clock.pass(ms: 900)
            stand.desk.beat()
        }
        stand.desk.turn()
        stand.clock.pass(ms: 5000)
        stand.desk.turn()
        #expect(stand.report?.leftMs == 0, "its time was over before")
    }

    @Test("after too long it is voided")
    func tooLong() throws {
        let stand = try opened()
        stand.desk.beat()
        stand.clock.pass(ms: 61_000)
        stand.desk.turn()
        #expect(stand.stage.phases.last == "void")
        #expect(try stand.desk.audit(show: "show").isSound)
    }

    @Test(
        "whatever comes together, nobody loses time that couldn't be used",
        arguments: 1...12 as ClosedRange<UInt64>)
    func together(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var stand = try opened()
        var usedMs: Int64 = 0
        var extraMs: Int64 = 0
        var (isSeen, isPaused) = (true, false)
        stand.desk.beat()
        for _ in 0..<25 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                try stand.play(isPaused ? .resume : .pause)
                isPaused.toggle()
            case 1:
                isSeen = Bool.random(using: &random)
                stand = try stand.crashed(
                    downMs: Int64.random(in: 0...3000, using: &random), isOnAir: isSeen)
                stand.desk.beat()
                // What is given back begins where the clock was last noted.
                extraMs += 1000
            case 2 where !isSeen:
                goOnAir(stand)
                isSeen = true
            case 3:
                stand.clock.pass(ms: Int64.random(in: 1000...3000, using: &random))
                stand.desk.turn()
                extraMs += 50
            default:
                let ms = Int64.random(in: 1...150, using: &random)
                stand.clock.pass(ms: ms)
                stand.desk.beat()
                stand.desk.turn()
                if isSeen && !isPaused { usedMs += ms }
            }
        }
        if isPaused { try stand.play(.resume) }
        if !isSeen { goOnAir(stand) }
        let leftMs = try #require(stand.report?.leftMs, "seed \(seed)")
        #expect(leftMs >= Self.wholeMs - usedMs, "seed \(seed)")
        #expect(leftMs <= Self.wholeMs - usedMs + extraMs, "seed \(seed)")
        #expect(try stand.desk.audit(show: "show").isSound, "seed \(seed)")
    }
}
