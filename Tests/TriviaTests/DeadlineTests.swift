// The fair deadline: everybody's window opens when the question reached them.

import Testing
import Trivia

@Suite struct DeadlineTests {
    /// Opened at 1 000 000 ms, 10 s of window, 0.5 s of grace, at most 4 s of lag, 2 s by default.
    private func opened() throws -> Game {
        var game = try Game(playerCount: 3)
        try game.host(.open(question: nil))
        return game
    }

    private let openedMs: Int64 = 1_000_000

    private func at(_ ms: Int64) -> Handover { .at(ns: (openedMs + ms) * 1_000_000) }

    @Test(arguments: [
        (Handover?.none, Int64(2000)), (.at(ns: 1_000_000_000_000), 0),
        (.at(ns: 1_003_000_000_000), 3000), (.at(ns: 1_004_000_000_000), 4000),
        (.at(ns: 1_009_000_000_000), 4000), (.at(ns: 900_000_000_000), 0), (.at(ns: .min), 0),
    ])
    func anAnswerIsInTimeToTheLastNanosecond(handover: Handover?, lagMs: Int64) throws {
        let game = try opened()
        var answer = game.make(0, 1, handover: handover ?? .unknown)
        answer.receivedAtNs = (openedMs + lagMs + 10_500) * 1_000_000
        #expect(game.show.judge(answer).isAccepted)
        #expect(game.show.deadlineNs(for: answer.handover) == answer.receivedAtNs)
        answer.receivedAtNs += 1
        #expect(game.show.judge(answer).refusal == .tooLate)
    }

    @Test func aMillisecondAfterTheDeadlineIsTooLateAndSaysSo() throws {
        for lagMs: Int64 in [0, 1500, 4000, 60_000] {
            var game = try opened()
            let deadlineMs = openedMs + min(lagMs, 4000) + 10_500
            let late = game.send(
                game.make(
                    0, 1, handover: at(lagMs), receivedAtMs: max(deadlineMs, openedMs + lagMs) + 1))
            #expect(late.refusal == .tooLate)
            #expect(late.refusal?.description == "Your answer came too late.")
            #expect(game.show.receipts(of: PlayerNumber(rawValue: 0)).isEmpty)
            #expect(game.show.acceptedCount == 0)
            guard lagMs <= 4000 else { continue }
            #expect(
                game.send(game.make(0, 1, handover: at(lagMs), receivedAtMs: deadlineMs)).isAccepted
            )
        }
    }

    @Test func beforeTheOpeningNothingIsOpen() throws {
        var game = try opened()
        #expect(game.send(game.make(0, 1, receivedAtMs: openedMs - 1)).refusal == .notOpen)
        #expect(game.send(game.make(0, 1, receivedAtMs: openedMs)).isAccepted)
    }

    @Test func whoseConnectionHasNotGotItCannotAnswer() throws {
        var game = try opened()
        game.nowMs += 1000
        #expect(game.answer(0, 1, handover: .notYet).refusal == .notOpen)
        #expect(game.answer(0, 1, handover: at(1001)).refusal == .notOpen)
        #expect(game.answer(0, 1, handover: at(1000)).isAccepted)
    }

    @Test func theLockWaitsForTheLatestPossibleDeadline() throws {
        var game = try opened()
        #expect(game.show.latestPossibleDeadlineNs == (openedMs + 14_500) * 1_000_000)
        game.nowMs = openedMs + 14_500
        game.expectRefusal(.lock(isForced: false), .answersStillInTime(ms: 1))
        #expect(game.answer(0, 1, handover: at(4000)).isAccepted)
        game.nowMs += 1
        try game.host(.lock(isForced: false))
        #expect(game.show.latestPossibleDeadlineNs == nil)
        #expect(game.show.question(.init(rawValue: 0))?.state == .locked)
    }

    @Test func whatCameBeforeAForcedLockCountsThoughJudgedAfterIt() throws {
        var game = try opened()
        game.nowMs = openedMs + 3000
        try game.host(.lock(isForced: true))
        #expect(game.send(game.make(0, 1, receivedAtMs: openedMs + 2999)).isAccepted)
        #expect(game.send(game.make(1, 1, receivedAtMs: openedMs + 3000)).refusal == .tooLate)
        try game.host(.reveal)
        #expect(game.send(game.make(2, 1, receivedAtMs: openedMs + 2999)).refusal == .tooLate)
    }

    @Test func aPauseGivesItsTimeBack() throws {
        var game = try opened()
        game.nowMs = openedMs + 5000
        try game.host(.pause)
        #expect(game.answer(0, 1).refusal == .paused)
        #expect(game.show.latestPossibleDeadlineNs == nil)
        #expect(game.send(game.make(0, 1, receivedAtMs: openedMs + 4999)).isAccepted)
        game.nowMs = openedMs + 65_000
        try game.host(.resume)
        #expect(game.show.latestPossibleDeadlineNs == (openedMs + 74_500) * 1_000_000)
        // It came in the pause, whenever it is judged.
        #expect(game.send(game.make(1, 1, receivedAtMs: openedMs + 64_999)).refusal == .paused)
        let last = openedMs + 60_000 + 10_500
        #expect(
            game.send(game.make(1, 1, handover: at(0), receivedAtMs: last + 1)).refusal == .tooLate)
        #expect(game.send(game.make(1, 1, handover: at(0), receivedAtMs: last)).isAccepted)
    }

    @Test func anOutageGivesItsTimeBackToThoseWhoHadSome() throws {
        var game = try opened()
        // Down from 11 s to 31 s: the window of player 0, without lag, was over before.
        game.nowMs = openedMs + 31_000
        try game.host(.makeUpOutage(ms: 20_000))
        #expect(game.answer(0, 1, handover: at(0)).refusal == .tooLate)
        #expect(game.answer(1, 1, handover: at(3000)).isAccepted)
        game.nowMs = openedMs + 34_500
        #expect(game.answer(2, 1, handover: at(9000)).isAccepted)
        // What was late before the outage isn't in time in hindsight.
        let late = game.make(0, 1, handover: at(0), receivedAtMs: openedMs + 10_501)
        #expect(game.send(late).refusal == .tooLate)
        game.expectRefusal(.makeUpOutage(ms: 0), .badOutage(ms: 0))
        game.expectRefusal(.makeUpOutage(ms: 3_600_001), .badOutage(ms: 3_600_001))
    }

    @Test func aClockThatStepsBackStandsStill() throws {
        var game = try opened()
        game.nowMs = openedMs - 5000
        try game.host(.pause)
        #expect(game.log.last == .paused(atNs: openedMs * 1_000_000))
        #expect(throws: ShowRefusal.clockWentBack) {
            var show = game.show
            try show.apply(.resumed(atNs: openedMs * 1_000_000 - 1))
        }
    }
}
