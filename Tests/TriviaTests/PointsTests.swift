// Points for being right and quick, and who wins by them.

import Testing
import Trivia

@Suite struct PointsTests {
    private func plan(_ rule: WinnerRule = .topScore, prize: PrizePool? = nil) throws -> ShowPlan {
        try ShowPlan(title: "Points", mode: .points, winnerRule: rule, prize: prize)
    }

    /// Opens the next question, takes answers after so many ms from each viewer's own handover, and
    /// reveals.
    private func play(_ game: inout Game, elapsedMs: [Int64?], choice: Int = 1) throws {
        try game.host(.open(question: nil))
        let openedMs = game.nowMs
        for (player, elapsed) in elapsedMs.enumerated() {
            guard let elapsed else { continue }
            game.send(
                game.make(
                    player, choice, handover: .at(ns: openedMs * 1_000_000),
                    receivedAtMs: openedMs + elapsed))
        }
        game.nowMs += 20_000
        try game.host(.lock(isForced: false))
        try game.host(.reveal)
    }

    @Test func aRightAnswerScoresByItsSpeed() throws {
        var game = try Game(playerCount: 6, plan: plan())
        try play(&game, elapsedMs: [0, 1, 5000, 10_000, 10_500, nil])
        #expect(game.standings.map(\.score) == [1000, 999, 750, 500, 500, 0])
        #expect(game.standings.map(\.timeMs) == [0, 1, 5000, 10_000, 10_000, 10_000])
        #expect(game.show.tally.survivors == 6, "nobody is out")
        try play(&game, elapsedMs: [100], choice: 0)
        #expect(game.standing(0)?.score == 1000)
        #expect(game.standing(0)?.timeMs == 10_000)
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.standing(0)?.timeMs == 0)
    }

    @Test func speedCountsFromTheViewersOwnHandover() throws {
        var game = try Game(playerCount: 4, plan: plan())
        try game.host(.open(question: nil))
        func send(_ player: Int, handoverMs: Int64?, atMs: Int64) {
            let handover = handoverMs.map { Handover.at(ns: (game.nowMs + $0) * 1_000_000) }
            game.send(
                game.make(
                    player, 1, handover: handover ?? .unknown, receivedAtMs: game.nowMs + atMs))
        }
        send(0, handoverMs: 0, atMs: 2000)
        send(1, handoverMs: 3000, atMs: 5000)
        // Of a lag of 8 s only 4 s count.
        send(2, handoverMs: 8000, atMs: 8000)
        // Without a connection the window is 2 s longer, but nobody is quicker for it.
        send(3, handoverMs: nil, atMs: 1000)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.standings.map(\.score) == [900, 900, 800, 950])
    }

    @Test func lostTimeDoesNotSlowAnybodyDown() throws {
        var game = try Game(playerCount: 2, plan: plan())
        try game.host(.open(question: nil))
        let handover = Handover.at(ns: game.nowMs * 1_000_000)
        game.nowMs += 1000
        game.answer(0, 1, handover: handover)
        try game.host(.pause)
        game.nowMs += 30_000
        try game.host(.resume)
        game.answer(1, 1, handover: handover)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.standings.map(\.score) == [950, 950])
    }

    @Test func theTopScoreWins() throws {
        var game = try Game(playerCount: 4, plan: plan())
        #expect(game.show.winners.isEmpty)
        try play(&game, elapsedMs: [2000, 1000, 1000, nil])
        #expect(game.show.winners.map(\.rawValue) == [1, 2])
        try game.host(.kick(.init(rawValue: 1)))
        #expect(game.show.winners.map(\.rawValue) == [2])
    }

    @Test func theBestSoManyWinAndWhoeverIsTiedWithTheLast() throws {
        var game = try Game(playerCount: 6, plan: plan(.best(2)))
        try play(&game, elapsedMs: [3000, 1000, 2000, 2000, 2000, nil])
        #expect(game.show.winners.map(\.rawValue) == [1, 2, 3, 4])
        var few = try Game(playerCount: 3, plan: plan(.best(5)))
        try play(&few, elapsedMs: [3000, nil, 1000])
        #expect(few.show.winners.map(\.rawValue) == [2, 0], "nobody wins without a point")
    }

    @Test func standingsAreTheBestTen() throws {
        var game = try Game(playerCount: 25, plan: plan())
        try play(&game, elapsedMs: (0..<25).map { Int64(($0 * 7 % 25) * 100) })
        try game.host(.next)
        guard case .standings(let lines) = game.show.cue else {
            Issue.record("no standings")
            return
        }
        #expect(lines.map(\.score) == (0..<10).map { 1000 - $0 * 5 })
        #expect(lines.map(\.place) == Array(1...10))
        #expect(game.show.topStandings.map(\.name) == lines.map(\.name))
    }
}
