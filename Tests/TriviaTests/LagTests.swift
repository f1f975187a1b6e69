// What counts of a lag: never more than the player's connection may claim, and less for speed.

import Testing
import Trivia

@Suite struct LagTests {
    private let openedMs: Int64 = 1_000_000

    private func opened(_ timing: AnswerTiming = .standard) throws -> Game {
        let plan = try ShowPlan(title: "Points", mode: .points, timing: timing)
        var game = try Game(playerCount: 8, plan: plan)
        try game.host(.open(question: nil))
        return game
    }

    private func at(_ ms: Int64, claimMs: Int64?) -> Handover {
        .at(ns: (openedMs + ms) * 1_000_000, lagNsMax: claimMs.map { $0 * 1_000_000 })
    }

    /// Window of 10 s and half a second of grace.
    @Test(arguments: [
        // Whose connection began after the opening claims nothing.
        (Int64(3900), Int64(0), Int64(0)), (3900, -5, 0), (500, 0, 0),
        (3900, 300, 300), (3000, 5000, 3000), (9000, 9000, 4000), (-100, 900, 0),
    ])
    func aWindowBeginsLaterByWhatMayBeClaimed(lagMs: Int64, claimMs: Int64, countedMs: Int64) throws
    {
        let game = try opened()
        let handover = at(lagMs, claimMs: claimMs)
        let lastMs = openedMs + countedMs + 10_500
        #expect(game.show.deadlineNs(for: handover) == lastMs * 1_000_000)
        let inTime = game.make(0, 1, handover: handover, receivedAtMs: lastMs)
        #expect(game.show.judge(inTime).isAccepted)
        let late = game.make(0, 1, handover: handover, receivedAtMs: lastMs + 1)
        #expect(game.show.judge(late).refusal == .tooLate)
    }

    @Test func whoConnectsLateIsNoQuickerThanWhoWasThere() throws {
        var game = try opened()
        game.send(game.make(0, 1, handover: at(20, claimMs: 20), receivedAtMs: openedMs + 1000))
        game.send(game.make(1, 1, handover: at(3900, claimMs: 0), receivedAtMs: openedMs + 4050))
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.standings.prefix(2).map(\.timeMs) == [980, 4050])
        #expect(game.show.winners.map(\.rawValue) == [0])
    }

    @Test func forSpeedLessOfALagCounts() throws {
        var game = try opened(AnswerTiming(speedLagMsMax: 700))
        game.send(game.make(0, 1, handover: at(3000, claimMs: 3000), receivedAtMs: openedMs + 5000))
        game.send(game.make(1, 1, handover: at(600, claimMs: 900), receivedAtMs: openedMs + 1600))
        game.send(game.make(2, 1, handover: at(3000, claimMs: nil), receivedAtMs: openedMs + 5000))
        game.send(game.make(3, 1, handover: .unknown, receivedAtMs: openedMs + 1000))
        let counted = (0..<4).map {
            game.show.lag(of: PlayerNumber(rawValue: $0), on: QuestionNumber(rawValue: 0))
        }
        #expect(counted.map { $0?.measuredMs } == [3000, 600, 3000, nil])
        #expect(counted.map { $0?.windowMs } == [3000, 600, 3000, 2000])
        #expect(counted.map { $0?.speedMs } == [700, 600, 3000, 0])
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.standings.prefix(4).map(\.timeMs) == [4300, 1000, 2000, 1000])
    }

    @Test func moreForSpeedThanForTheWindowIsAsMuch() throws {
        var game = try opened(AnswerTiming(lagMsMax: 500, defaultLagMs: 0, speedLagMsMax: 1000))
        game.send(game.make(0, 1, handover: at(900, claimMs: 900), receivedAtMs: openedMs + 1500))
        #expect(game.show.lags(of: PlayerNumber(rawValue: 0)).map(\.speedMs) == [500])
    }

    @Test func aLagIsOfAnAnswerThatCounts() throws {
        var game = try opened()
        let player = PlayerNumber(rawValue: 0)
        #expect(game.show.lags(of: player).isEmpty)
        game.send(game.make(0, 1, handover: at(100, claimMs: 100), receivedAtMs: openedMs + 200))
        #expect(game.show.lags(of: player).map(\.measuredMs) == [100])
        #expect(game.show.lags(of: PlayerNumber(rawValue: 99)).isEmpty)
        #expect(game.show.lag(of: player, on: QuestionNumber(rawValue: 99)) == nil)
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.show.lags(of: player).isEmpty)
        #expect(game.show.openedNs(of: QuestionNumber(rawValue: 0)) == nil)
    }
}
