// A wrong right option put right: before the reveal, after it, and after the prize is divided.

import Testing
import Trivia

@Suite struct CorrectionTests {
    private static let prize = try? PrizePool(minorUnits: 1000, currency: "EUR")

    private func correct(
        _ id: String?, _ option: Int, _ reason: String = "A typo"
    ) -> ShowCommand { .correct(question: id, option: option, reason: reason) }

    @Test func beforeTheRevealNobodyNotices() throws {
        var game = try Game(playerCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.host(correct("q0", 2, ""))
        try game.host(.open(question: nil))
        let cue = game.show.cue
        for (player, choice) in [0, 1, 2].enumerated() { game.answer(player, choice) }
        try game.host(correct(nil, 0, ""))
        #expect(game.show.cue == cue)
        try game.host(.lock(isForced: true))
        let locked = game.show.cue
        try game.host(correct("q0", 1))
        #expect(game.show.cue == locked)
        try game.host(.reveal)
        #expect(game.status(1) == .playing && game.show.tally.survivors == 1)
        #expect(game.show.corrections(of: .init(rawValue: 0)).isEmpty, "it was never told")
        guard case .reveal(let reveal) = game.show.cue else {
            Issue.record("no reveal")
            return
        }
        #expect(reveal.reveal.correctOption == 1 && reveal.correction == nil)
    }

    @Test func theWrongedAreBackAndTheOthersStay() throws {
        var game = try Game(
            playerCount: 4, questionCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.play([1, 2, 3, nil])
        #expect(game.show.tally.survivors == 1)
        try game.host(correct(nil, 2))
        #expect(game.status(0) == .playing, "who chose the option that was right stays")
        #expect(game.status(1) == .playing, "who was wronged is back")
        #expect(game.show.tally.survivors == 2)
        #expect(game.standings.map(\.score) == [0, 1, 0, 0])
        let reveal = try #require(game.show.reveal(of: .init(rawValue: 0)))
        #expect(reveal.correctOption == 2 && reveal.counts == [0, 1, 1, 1])
        #expect([reveal.correctCount, reveal.wrongCount, reveal.missingCount] == [1, 2, 1])
        #expect(reveal.eliminatedCount == 2 && reveal.survivorCount == 2)
        guard case .reveal(let cue) = game.show.cue else {
            Issue.record("no reveal")
            return
        }
        #expect(cue.correction?.formerOption == 1 && cue.correction?.option == 2)
        #expect(cue.correction?.returnedCount == 1 && cue.correction?.reason == "A typo")
        game.expectRefusal(correct(nil, 2), .sameKey("q0"))
        game.expectRefusal(correct(nil, 0, ""), .badReason(.empty))
        for option in [4, -1, Int.max, Int.min] {
            game.expectRefusal(
                correct(nil, option), .badOption(.number(option &+ 1, optionCount: 4)))
        }
        game.expectRefusal(correct("none", 1), .unknownQuestion("none"))
    }

    @Test func whatWasMissedMeanwhileIsNotHeldAgainstThem() throws {
        var game = try Game(
            playerCount: 4, questionCount: 4, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.play([1, 2, 2, 2])
        try game.play([1])
        try game.host(.open(question: nil))
        game.answer(0, 1)
        #expect(game.answer(1, 1).refusal == .eliminated)
        try game.host(correct("q0", 2))
        #expect(game.show.tally.survivors == 4)
        #expect(game.show.liveNumbers?.askedCount == 4)
        // Back in the midst of a question they may answer it, and need not.
        #expect(game.answer(1, 1).isAccepted && game.answer(2, 0).isAccepted)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.status(1) == .playing && game.status(3) == .playing)
        #expect(game.status(2) == .eliminated(by: .init(rawValue: 2)), "an answer counts")
        #expect(game.show.reveal(of: .init(rawValue: 2))?.missingCount == 0)
        #expect(game.standings.map(\.score) == [2, 2, 1, 1])
        // From the next on all is as for everybody.
        try game.play([1, 1, nil, nil])
        #expect(game.status(3) == .eliminated(by: .init(rawValue: 3)))
        #expect(try Show(replaying: game.log) == game.show)
    }

    @Test func aReviveThatWasLostWronglySavesLater() throws {
        var game = try Game(
            playerCount: 2, questionCount: 4, plan: ShowPlan(title: "t", reviveCount: 1))
        try game.play([1, 2])
        try game.play([1, 0])
        #expect(game.status(1) == .eliminated(by: .init(rawValue: 1)))
        try game.host(correct("q0", 2))
        #expect(game.status(1) == .playing && game.standing(1)?.revivesLeft == 0)
        #expect(game.standing(0)?.revivesLeft == 1, "forgiven, not revived")
        let second = try #require(game.show.reveal(of: .init(rawValue: 1)))
        #expect([second.revivedCount, second.eliminatedCount, second.survivorCount] == [1, 0, 2])
    }

    @Test func severalCorrectionsThrowNobodyOut() throws {
        var game = try Game(
            playerCount: 4, questionCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.play([0, 1, 2, 3])
        try game.host(correct("q0", 2))
        try game.host(correct("q0", 3))
        try game.host(correct("q0", 1))
        #expect(game.show.tally.survivors == 3)
        #expect(game.standings.map(\.score) == [0, 1, 0, 0], "the point is the right option's")
        #expect(game.show.corrections(of: .init(rawValue: 0)).map(\.option) == [2, 3, 1])
        try game.host(.void(question: "q0", reason: "r"))
        #expect(game.show.tally.survivors == 4)
        game.expectRefusal(correct("q0", 0), .questionVoid("q0"))
    }

    @Test func aVoidOfALaterQuestionLeavesTheCorrection() throws {
        var game = try Game(
            playerCount: 3, questionCount: 3, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.play([1, 2, 1])
        try game.host(.open(question: nil))
        game.answer(0, 1)
        try game.host(correct("q0", 2))
        let corrected = game.standings
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.status(1) == .playing && game.status(2) != .playing)
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.standings == corrected)
    }

    @Test func whomTheHostPutOutStaysOut() throws {
        var game = try Game(playerCount: 2, plan: ShowPlan(title: "t", reviveCount: 0))
        try game.play([1, 2])
        try game.host(.kick(.init(rawValue: 1)))
        try game.host(correct(nil, 2))
        #expect(game.status(1) == .kicked)
        #expect(game.show.corrections(of: .init(rawValue: 0)).map(\.returnedCount) == [0])
        try game.host(.reinstate(.init(rawValue: 1)))
        #expect(game.status(1) == .playing && game.standing(1)?.score == 1)
    }

    @Test func aPointsShowIsScoredByTheRightOption() throws {
        let plan = try ShowPlan(title: "t", mode: .points, prize: Self.prize)
        var corrected = try Game(playerCount: 3, questionCount: 2, plan: plan)
        var right = try Game(playerCount: 3, questionCount: 2, plan: plan)
        try right.host(correct("q0", 2, ""))
        for choices in [[1, 2, nil], [0, 1, 1]] as [[Int?]] {
            try corrected.play(choices)
            try right.play(choices)
        }
        #expect(corrected.standings != right.standings)
        try corrected.host(correct("q0", 2))
        #expect(corrected.standings == right.standings)
        try corrected.host(.finish)
        #expect(corrected.show.winners == [.init(rawValue: 1)])
        try corrected.host(correct("q0", 1))
        #expect(
            corrected.show.winners.map(\.rawValue)
                == [0, 1, 2].filter { player in
                    corrected.standing(player)?.score == corrected.standings.map(\.score).max()
                }.map(Int32.init))
    }

    @Test func afterTheSettlementItIsRecordedAndPaysNothing() throws {
        var game = try Game(
            playerCount: 3, questionCount: 2,
            plan: ShowPlan(title: "t", reviveCount: 0, prize: Self.prize))
        try game.play([1, 1, 2])
        try game.play([1, 3])
        try game.host(.finish)
        try game.host(.settle)
        let standings = game.standings
        let settlement = try #require(Settlement(game.show))
        #expect(settlement.payouts.map(\.id) == ["p0"])
        #expect(game.show.correctedAfterSettling == nil)
        try game.host(correct("q1", 3))
        try game.host(correct("q0", 2))
        #expect(game.standings == standings && Settlement(game.show) == settlement)
        #expect(game.show.cue == .over)
        let due = try #require(game.show.correctedAfterSettling.flatMap(Settlement.init))
        #expect(due.payouts.map(\.id) == ["p2", "p1", "p0"])
        #expect(due.split?.shareMinorUnits == 333)
        #expect(game.show.lateCorrections.map(\.formerOption) == [1, 1])
        game.expectRefusal(correct("q0", 2), .sameKey("q0"))
        #expect(try Show(replaying: game.log) == game.show)
        #expect(try Settlement.compute(game.log) == settlement)
    }
}
