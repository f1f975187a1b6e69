// Places: whom the rule holds for equal has the same, and the next has as many before it.

import Testing
import Trivia

@Suite struct PlacesTests {
    private func payouts(_ game: Game) throws -> [Payout] {
        try #require(Settlement(game.show)).payouts
    }

    @Test func allWhoSurviveAKnockoutAreFirst() throws {
        var game = try Game(
            playerCount: 4, questionCount: 2,
            plan: ShowPlan(
                title: "Quiz", mode: .knockout, reviveCount: 1,
                prize: PrizePool(minorUnits: 1000, currency: "EUR")))
        // The second is revived and has one right answer fewer, and shares as much.
        try game.play([1, 0, 1, 1])
        try game.play([1, 1, 1, 0])
        try game.host(.finish)
        let payouts = try payouts(game)
        #expect(payouts.map(\.place) == [1, 1, 1])
        #expect(payouts.map(\.minorUnits) == [333, 333, 333])
    }

    @Test func standingsOfAPointsShowHaveGaps() throws {
        var game = try Game(
            playerCount: 5, questionCount: 2,
            plan: ShowPlan(
                title: "Quiz", mode: .points, scoring: Scoring(base: 100, speed: 0)))
        try game.play([1, 1, 1, 1, 0])
        try game.play([1, 1, 1, 0, 0])
        try game.host(.next)
        guard case .standings(let lines) = game.show.cue else {
            Issue.record("no standings")
            return
        }
        #expect(lines.map(\.place) == [1, 1, 1, 4, 5])
        try game.host(.finish)
        #expect(try payouts(game).map(\.place) == [1, 1, 1])
    }

    @Test func whereTheTimeTellsEqualTimesAreEqualPlaces() throws {
        var game = try Game(
            playerCount: 5, questionCount: 1,
            plan: ShowPlan(
                title: "Quiz", mode: .points, scoring: Scoring(base: 100, speed: 0),
                winnerRule: .best(4)))
        try game.host(.open(question: nil))
        game.nowMs += 1000
        for player in 0..<3 { game.answer(player, 1) }
        game.nowMs += 1000
        game.answer(3, 1)
        game.nowMs += 1000
        game.answer(4, 1)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        try game.host(.finish)
        #expect(try payouts(game).map(\.place) == [1, 1, 1, 4])
    }

    @Test func aSplitIsSaidAsMoney() throws {
        let pool = try PrizePool(minorUnits: 10_000_001, currency: "EUR")
        #expect(
            pool.split(winnerCount: 3).sentence(currency: "EUR")
                == "100000.01 EUR among 3 winners: 33333.33 EUR each; 0.02 EUR left over, which is "
                + "not paid out.")
        let shared = try PrizePool(minorUnits: 5, currency: "JPY", remainderRule: .toTheFirst)
        #expect(
            shared.split(winnerCount: 3).sentence(currency: "JPY")
                == "5 JPY among 3 winners: 1 JPY each; 2 JPY left over, which goes to the first 2, "
                + "1 JPY each.")
        #expect(pool.split(winnerCount: 0).sentence(currency: "EUR").hasPrefix("Nobody has won"))
        #expect(
            pool.split(winnerCount: 1).sentence(currency: "EUR")
                == "100000.01 EUR among 1 winner: 100000.01 EUR each.")
    }

    @Test func aCurrencyIsOneOfISO4217AndALedgersStays() throws {
        for code in ["ABC", "XXX", "eur", "\u{212A}WD"] {
            #expect(throws: PlanFault.self) { try PrizePool(minorUnits: 1, currency: code) }
        }
        #expect(try PrizePool(minorUnits: 1, currency: "ABC", from: .ledger).currency == "ABC")
        #expect(throws: PlanFault.self) {
            try PrizePool(minorUnits: 1, currency: "abc", from: .ledger)
        }
    }
}
