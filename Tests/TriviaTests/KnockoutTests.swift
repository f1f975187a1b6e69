// Who is in and who is out; who comes late; and what a void gives back.

import Testing
import Trivia

@Suite struct KnockoutTests {
    @Test func aWrongOrMissingAnswerCostsTheReviveAndThenTheGame() throws {
        var game = try Game(playerCount: 3, questionCount: 4)
        try game.play([1, 0, nil])
        let first = try #require(game.show.reveal(of: .init(rawValue: 0)))
        #expect(first.counts == [1, 1, 0, 0])
        #expect(first.correctOption == 1)
        #expect([first.correctCount, first.wrongCount, first.missingCount] == [1, 1, 1])
        #expect([first.revivedCount, first.eliminatedCount, first.survivorCount] == [2, 0, 3])
        #expect(game.standings.map(\.revivesLeft) == [1, 0, 0])
        try game.play([0, nil, 1])
        let second = try #require(game.show.reveal(of: .init(rawValue: 1)))
        #expect([second.revivedCount, second.eliminatedCount, second.survivorCount] == [1, 1, 2])
        #expect(game.status(1) == .eliminated(by: .init(rawValue: 1)))
        try game.play([1, 1, 1])
        let third = try #require(game.show.reveal(of: .init(rawValue: 2)))
        #expect([third.correctCount, third.missingCount] == [2, 0])
        #expect(game.standings.map(\.score) == [2, 0, 2])
    }

    @Test func onTheLastQuestionNobodyIsRevived() throws {
        var game = try Game(playerCount: 2, questionCount: 1)
        try game.play([1, 0])
        #expect(game.status(1) == .eliminated(by: .init(rawValue: 0)))
        #expect(game.standing(1)?.revivesLeft == 1)
        // A play-off written afterwards changes nothing about the one that was asked.
        try game.host(.addQuestion(Game.question("q1")))
        #expect(game.show.tally.survivors == 1)
    }

    @Test func nobodyLeftMeansNobodyWins() throws {
        var game = try Game(
            playerCount: 2, plan: ShowPlan(title: "t", reviveCount: 0, prize: Self.prize))
        try game.play([0, nil])
        try game.host(.finishEarly)
        let settlement = try #require(Settlement(game.show))
        #expect(settlement.payouts.isEmpty)
        #expect(settlement.split?.keptMinorUnits == 1000)
    }

    private static let prize = try? PrizePool(minorUnits: 1000, currency: "EUR")

    @Test func whoComesAfterTheEntryClosedWatches() throws {
        var game = try Game(
            playerCount: 1, plan: ShowPlan(title: "t", entryClosesAtQuestion: 2))
        #expect(game.show.isEntryOpen)
        try game.host(.open(question: nil))
        try game.join("p1")
        #expect(game.status(1) == .playing)
        game.answer(0, 1)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.standing(1)?.revivesLeft == 1, "it wasn't asked, so it wasn't wrong")
        #expect(game.show.reveal(of: .init(rawValue: 0))?.missingCount == 0)
        try game.host(.open(question: nil))
        #expect(!game.show.isEntryOpen)
        try game.join("p2")
        #expect(game.status(2) == .watching)
        #expect(game.show.tally.spectators == 1)
    }

    @Test func aVoidGivesEverythingBack() throws {
        var game = try Game(playerCount: 4, plan: ShowPlan(title: "t", reviveCount: 1))
        try game.play([1, 1, 0, 0])
        let before = game.standings
        let tally = game.show.tally
        try game.play([1, 0, 0, nil])
        #expect(game.show.tally.eliminated == 2)
        try game.host(.void(question: nil, reason: "both were right"))
        #expect(game.standings == before)
        #expect(game.show.tally == tally)
        #expect(game.show.stage == .voided(.init(rawValue: 1), reason: "both were right"))
        game.expectRefusal(.void(question: nil, reason: "again"), .nothingToVoid)
        game.expectRefusal(.void(question: "q0", reason: " "), .badReason(.empty))
    }

    @Test func voidsGoBackQuestionByQuestion() throws {
        var game = try Game(playerCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        let start = game.standings
        try game.play([1, 1, 0])
        let afterFirst = game.standings
        try game.play([1, 0, nil])
        try game.host(.next)
        game.expectRefusal(
            .void(question: "q0", reason: "r"), .notNewest("q0", newest: "q1"))
        try game.host(.void(question: "q1", reason: "r"))
        #expect(game.standings == afterFirst)
        try game.host(.void(question: "q0", reason: "r"))
        #expect(game.standings == start)
        #expect(game.show.askedCount == 0)
    }

    @Test func whoCameDuringAVoidedQuestionPlays() throws {
        var game = try Game(playerCount: 1)
        try game.host(.open(question: nil))
        try game.join("p1")
        #expect(game.status(1) == .watching)
        try game.host(.void(question: nil, reason: "the wrong one"))
        #expect(game.status(1) == .playing)
        #expect(game.show.isEntryOpen)
        try game.play([1, 1])
        #expect(game.show.tally.survivors == 2)
    }

    @Test func whomTheHostPutOutStaysOutThroughAVoid() throws {
        var game = try Game(playerCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.play([1, 0, 1])
        try game.host(.ban(.init(rawValue: 1)))
        try game.host(.kick(.init(rawValue: 2)))
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.status(1) == .banned)
        #expect(game.status(2) == .kicked)
        #expect(game.show.tally.eliminated == 2)
        #expect(game.standing(2)?.score == 0)
        try game.play([1])
        #expect(game.show.reveal(of: .init(rawValue: 1))?.missingCount == 0)
        try game.host(.reinstate(.init(rawValue: 1)))
        #expect(game.status(1) == .playing)
    }

    @Test func aKickThatIsTakenBackUndoesNoMistakeAndNoRightAnswer() throws {
        var game = try Game(playerCount: 6, plan: ShowPlan(title: "t", reviveCount: 0))
        func kick(_ player: Int32) -> ShowCommand { .kick(.init(rawValue: player)) }
        try game.host(.open(question: nil))
        game.nowMs += 1000
        for (player, choice) in [1, 0, 1].enumerated() { game.answer(player, choice) }
        // Right and wrong, with an answer already; and one who had no time for any.
        for player in [1, 2, 3] as [Int32] { try game.host(kick(player)) }
        try game.host(.lock(isForced: true))
        // One who had all the time there was, and let it pass.
        try game.host(kick(4))
        try game.host(.reveal)
        let reveal = try #require(game.show.reveal(of: .init(rawValue: 0)))
        #expect(reveal.counts == [0, 1, 0, 0] && reveal.missingCount == 1, "of those who are in")
        #expect(reveal.eliminatedCount == 1 && reveal.survivorCount == 1)
        for player in [1, 2, 3, 4] as [Int32] {
            try game.host(.reinstate(.init(rawValue: player)))
        }
        let question = QuestionNumber(rawValue: 0)
        #expect(
            (0..<6).map { game.status($0) } == [
                .playing, .eliminated(by: question), .playing, .playing,
                .eliminated(by: question), .eliminated(by: question),
            ])
        #expect(game.standings.map(\.score) == [1, 0, 1, 0, 0, 0])
        try game.host(.void(question: nil, reason: "r"))
        #expect((0..<6).allSatisfy { game.status($0) == .playing })
        #expect(game.standings.map(\.score) == [0, 0, 0, 0, 0, 0])
    }

    @Test func whoWasOutWhenTheAnswersEndedHasLetNothingPass() throws {
        var game = try Game(playerCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.host(.open(question: nil))
        game.answer(0, 1)
        try game.host(.kick(.init(rawValue: 1)))
        try game.host(.lock(isForced: true))
        try game.host(.kick(.init(rawValue: 2)))
        for player in [1, 2] as [Int32] { try game.host(.reinstate(.init(rawValue: player))) }
        try game.host(.reveal)
        #expect(game.status(1) == .playing)
        // This one had all the time there was.
        #expect(game.status(2) == .eliminated(by: .init(rawValue: 0)))
        #expect(game.show.reveal(of: .init(rawValue: 0))?.missingCount == 1)
    }

    @Test func aKickAfterOneLockSaysNothingOfTheNextQuestion() throws {
        var game = try Game(playerCount: 2, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.host(.open(question: nil))
        game.answer(0, 1)
        game.answer(1, 1)
        try game.host(.lock(isForced: true))
        try game.host(.kick(.init(rawValue: 1)))
        try game.host(.reveal)
        try game.play([1])
        try game.host(.reinstate(.init(rawValue: 1)))
        #expect(game.status(1) == .playing && game.standing(1)?.score == 1)
    }
}
