// Which answers count, and what is said of the others.

import Testing
import Trivia

@Suite struct AnswerTests {
    private func opened(playerCount: Int = 3, plan: ShowPlan? = nil) throws -> Game {
        var game = try Game(playerCount: playerCount, plan: plan)
        try game.host(.open(question: nil))
        game.nowMs += 1000
        return game
    }

    @Test func theFirstAnswerStands() throws {
        var game = try opened()
        let first = game.answer(0, 2)
        #expect(first == .accepted(try #require(first.receipt)))
        #expect(first.receipt?.number == 1)
        let before = game.show
        #expect(game.answer(0, 2) == .repeated(try #require(first.receipt)))
        #expect(game.answer(0, 1).refusal == .alreadyAnswered)
        #expect(game.show == before)
        #expect(game.answer(1, 1).receipt?.number == 2)
        #expect(game.show.receipts(of: .init(rawValue: 0)) == [try #require(first.receipt)])
    }

    @Test func aReceiptStaysGood() throws {
        var game = try Game(playerCount: 2, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.host(.open(question: nil))
        let late = game.make(0, 2)
        let receipt = try #require(game.send(late).receipt)
        try game.host(.lock(isForced: true))
        #expect(game.send(late) == .repeated(receipt))
        try game.host(.reveal)
        #expect(game.status(0) == .eliminated(by: .init(rawValue: 0)))
        #expect(game.send(late) == .repeated(receipt))
        try game.host(.finishEarly)
        try game.host(.settle)
        #expect(game.send(late) == .repeated(receipt))
        #expect(game.send(game.make(1, 2, question: 0)).refusal == .eliminated)
    }

    @Test func aPlayerIsToldWhatIsTheMatter() throws {
        var game = try opened(
            playerCount: 6, plan: ShowPlan(title: "t", reviveCount: 0, entryClosesAtQuestion: 2))
        #expect(game.answer(6, 1).refusal == .notJoined)
        #expect(game.answer(-1, 1).refusal == .notJoined)
        #expect(game.answer(0, 4).refusal == .noSuchOption)
        #expect(game.answer(0, -1).refusal == .noSuchOption)
        #expect(game.answer(0, 99).refusal == .noSuchOption)
        #expect(game.answer(0, .max).refusal == .noSuchOption)
        #expect(game.send(game.make(0, 1, question: 1)).refusal == .notOpen)
        #expect(game.send(game.make(0, 1, question: 3)).refusal == .unknownQuestion)
        try game.host(.ban(.init(rawValue: 1)))
        try game.host(.kick(.init(rawValue: 2)))
        #expect(game.answer(1, 1).refusal == .banned)
        #expect(game.answer(2, 1).refusal == .kicked)
        try game.join("during")
        #expect(game.answer(6, 1).refusal == .joinedAfterOpening)
        #expect(game.answer(0, 0).isAccepted)
        #expect(game.answer(3, 1).isAccepted)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.status(6) == .playing)
        try game.host(.open(question: nil))
        #expect(game.answer(0, 1).refusal == .eliminated)
        #expect(game.answer(6, 1).isAccepted)
        try game.join("late")
        #expect(game.answer(7, 1).refusal == .watching)
        try game.host(.void(question: nil, reason: "wrong picture"))
        #expect(game.send(game.make(3, 1, question: 1)).refusal == .voided)
        try game.host(.withdrawQuestion(id: "q2"))
        #expect(game.send(game.make(3, 1, question: 2)).refusal == .unknownQuestion)
        for refusal in AnswerRefusal.allCases { #expect(refusal.description.hasSuffix(".")) }
    }

    @Test func answersByNameAreJudgedTheSame() throws {
        var game = try opened()
        func send(show: String?, question: String) -> AnswerRuling {
            game.show.answer(
                show: show, player: .init(rawValue: 0), question: question, choice: 1,
                receivedAtNs: game.nowMs * 1_000_000, handover: .unknown)
        }
        #expect(send(show: "another", question: "q0").refusal == .otherShow)
        #expect(send(show: "show", question: "q9").refusal == .unknownQuestion)
        let receipt = try #require(send(show: "show", question: "q0").receipt)
        #expect(send(show: nil, question: "q0") == .repeated(receipt))
    }

    @Test func inAGroupTheEarliestOfAPlayerStands() throws {
        let game = try opened()
        let later = game.make(0, 1, receivedAtMs: game.nowMs + 1)
        let earlier = game.make(0, 2)
        let tied = game.make(0, 3)
        let orders = [
            [later, earlier, tied], [earlier, later, tied], [tied, later, earlier],
            [tied, earlier, later], [later, tied, earlier], [earlier, tied, later],
        ]
        for order in orders {
            var show = game.show
            var group = order
            var rulings: [AnswerRuling] = []
            show.answer(group: &group, rulings: &rulings)
            #expect(group == [earlier, tied, later])
            #expect(rulings[0].isAccepted)
            #expect(rulings[1].refusal == .alreadyAnswered)
            #expect(rulings[2].refusal == .alreadyAnswered)
        }
    }

    @Test func aRefusedAnswerChangesNothing() throws {
        var game = try opened()
        let before = game.show
        for answer in [game.make(9, 1), game.make(0, 9), game.make(0, 1, question: 1)] {
            #expect(game.send(answer).refusal != nil)
        }
        #expect(game.show == before)
    }

    @Test func liveNumbersCountWhoIsIn() throws {
        var game = try opened(playerCount: 4)
        game.answer(0, 1)
        game.answer(1, 1)
        game.answer(2, 3)
        try game.host(.kick(.init(rawValue: 1)))
        let numbers = try #require(game.show.liveNumbers)
        #expect(numbers.askedCount == 3)
        #expect(numbers.answeredCount == 2)
        #expect(numbers.counts == [0, 1, 0, 1])
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.show.liveNumbers == nil)
    }
}
