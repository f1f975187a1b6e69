// The last question is a plan: what counts towards it, what changes it, and what an early end means.

import Testing
import Trivia

@Suite struct LastQuestionTests {
    private static let prize = try? PrizePool(minorUnits: 1000, currency: "EUR")

    /// A show in its lobby whose questions from `q2` on are spares.
    private func withSpares(
        _ spareCount: Int = 2, plan: ShowPlan? = nil, playerCount: Int = 3
    ) throws -> Game {
        var game = try Game(questionCount: 2, plan: plan ?? ShowPlan(title: "t", prize: Self.prize))
        for index in 0..<spareCount {
            try game.host(.addQuestion(Game.question("s\(index)", isSpare: true)))
        }
        try game.host(.openLobby)
        for index in 0..<playerCount { try game.join("p\(index)") }
        return game
    }

    @Test func anUnusedSpareGivesNoReviveOnTheLast() throws {
        var game = try withSpares()
        #expect(game.show.plannedCount == 2 && game.show.spareCount == 2)
        try game.play([1, 1, 1])
        #expect(!game.show.isOnTheLast && !game.show.isPlanDone)
        try game.play([1, 0, nil])
        #expect(game.show.isOnTheLast && game.show.isPlanDone)
        #expect(game.show.tally.survivors == 1, "nobody is revived on the last")
        game.expectRefusal(.open(question: nil), .planDone(2))
        try game.host(.finish)
        #expect(game.show.winners == [.init(rawValue: 0)])
    }

    @Test func aSpareTakesTheVoidOnesPlace() throws {
        var game = try withSpares()
        try game.play([1, 1, 1])
        try game.host(.open(question: nil))
        #expect(game.show.isOnTheLast)
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.show.plannedCount == 2 && !game.show.isPlanDone)
        #expect(game.show.nextQuestion.flatMap { game.show.question($0) }?.question.id == "s0")
        try game.play([1, 0, 1])
        #expect(game.show.isPlanDone && game.show.tally.survivors == 2)
    }

    @Test func aVoidWithoutAnythingInItsPlaceMakesTheNextTheLast() throws {
        var game = try Game(playerCount: 2, questionCount: 3)
        try game.host(.open(question: nil))
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.show.plannedCount == 2, "no more is promised than there is")
        try game.play([1, 1])
        try game.play([1, 0])
        #expect(game.show.isPlanDone && game.show.tally.survivors == 1)
    }

    @Test func aSpareBeyondThePlanIsOneMoreAndTheLast() throws {
        var game = try withSpares()
        try game.play([1, 1, 1])
        try game.play([1, 1, 1])
        try game.host(.open(question: "s1"))
        guard case .question(let cue) = game.show.cue else {
            Issue.record("no question")
            return
        }
        #expect(cue.number == 3 && cue.of == 3 && game.show.isOnTheLast)
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.show.isPlanDone, "as it was before")
    }

    @Test func theHostSaysWhichIsTheLast() throws {
        var game = try Game(playerCount: 3, questionCount: 6)
        #expect(game.show.plannedCount == 6)
        try game.play([1, 1, 1])
        try game.host(.planLast())
        #expect(game.show.plannedCount == 2)
        try game.host(.planLast(number: 4))
        try game.host(.open(question: nil))
        // What is open was said to be number 2 of 4, with a revive.
        game.expectRefusal(.planLast(number: 2), .badLast(number: 2, askedCount: 2))
        game.answer(0, 1)
        try game.host(.planLast(number: 3))
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.show.tally.survivors == 3, "two were revived")
        try game.play([1, 1, nil])
        #expect(game.show.isPlanDone && game.show.tally.survivors == 2)
        for number in [0, -1, 3, 201, Int.max, Int.min] {
            game.expectRefusal(
                .planLast(number: number), .badLast(number: number, askedCount: 3))
        }
    }

    @Test func oneMayBeOpenedAsTheLast() throws {
        var game = try Game(playerCount: 2, questionCount: 6)
        try game.host(.open(question: "q3", isLast: true))
        #expect(game.show.plannedCount == 1)
        game.answer(0, 1)
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        #expect(game.show.isPlanDone && game.show.tally.survivors == 1)
        try game.host(.finish)
        #expect(try Show(replaying: game.log) == game.show)
    }

    @Test func whatIsAddedAndTakenOutCountsUnlessANumberWasGiven() throws {
        var game = try Game(playerCount: 1, questionCount: 3)
        try game.play([1])
        try game.host(.addQuestion(Game.question("more")))
        try game.host(.addQuestion(Game.question("spare", isSpare: true)))
        #expect(game.show.plannedCount == 4)
        try game.host(.withdrawQuestion(id: "q1"))
        #expect(game.show.plannedCount == 3)
        try game.host(.editQuestion(id: "spare", Game.question("spare")))
        #expect(game.show.plannedCount == 4)
        try game.host(.planLast(number: 9))
        try game.host(.withdrawQuestion(id: "q2"))
        #expect(game.show.plannedCount == 9)

        var planned = try Game(
            playerCount: 1, questionCount: 5, plan: ShowPlan(title: "t", questionCount: 2))
        try planned.play([1])
        try planned.play([1])
        #expect(planned.show.isPlanDone && planned.show.plannedOrder.count == 3)
        for count in [0, -1, 201, Int.min] {
            #expect(throws: PlanFault.questionCount(count)) {
                try ShowPlan(title: "t", questionCount: count)
            }
        }
    }

    @Test func takingTheLastOutIsNoWayToEndEarlyUnseen() throws {
        var game = try Game(playerCount: 2, questionCount: 2)
        try game.play([1, 1])
        try game.host(.withdrawQuestion(id: "q1"))
        #expect(game.show.plannedCount == 1 && !game.show.isPlanDone)
        game.expectRefusal(.finish, .early(FinishOutlook(game.show)))
    }

    @Test func anEarlyEndSaysWhatItMeans() throws {
        var game = try withSpares(plan: ShowPlan(title: "t", prize: Self.prize), playerCount: 5)
        try game.play([1, 1, 0, nil, nil])
        let outlook = FinishOutlook(game.show)
        #expect(outlook.askedCount == 1 && outlook.plannedCount == 2 && !outlook.isLastPlayed)
        #expect(outlook.winnerCount == 3 && outlook.silentCount == 2)
        #expect(outlook.split?.shareMinorUnits == 333)
        #expect(outlook.sentence.contains("1 of the 2"))
        #expect(outlook.sentence.contains("3 players win"))
        #expect(outlook.sentence.contains("2 players who are in have never answered"))
        game.expectRefusal(.finish, .early(outlook))
        try game.host(.finishEarly)
        let settlement = try #require(Settlement(game.show))
        #expect(settlement.payouts.map(\.id) == ["p0", "p1", "p2"])
    }

    @Test(arguments: [ShowMode.knockout, .points])
    func whoNeverAnsweredNeverWins(mode: ShowMode) throws {
        for rule in [WinnerRule.topScore, .best(1), .best(3)] {
            let plan = try ShowPlan(
                title: "t", mode: mode, reviveCount: 5, winnerRule: rule, prize: Self.prize)
            var game = try Game(playerCount: 3, questionCount: 4, plan: plan)
            try game.play([nil, nil, nil])
            try game.host(.open(question: nil))
            for player in 0..<3 { game.answer(player, 1) }
            try game.host(.void(question: nil, reason: "r"))
            try game.host(.finishEarly)
            var settlement = try #require(Settlement(game.show))
            #expect(settlement.payouts.isEmpty, "an answer to a void question is none")
            #expect(settlement.split?.keptMinorUnits == 1000)
            try game.host(.reopen)
            // Wrong under a revive is an answer all the same.
            try game.play([0, nil, nil])
            try game.host(.finishEarly)
            settlement = try #require(Settlement(game.show))
            #expect(settlement.payouts.map(\.id) == (mode == .knockout ? ["p0"] : []))
            try game.host(.settle)
            #expect(try Settlement.compute(game.log) == settlement)
        }
    }

    @Test func whenAllQuestionsAreVoidNobodyWins() throws {
        var game = try Game(
            playerCount: 2, questionCount: 1, plan: ShowPlan(title: "t", prize: Self.prize))
        try game.play([1, 1])
        try game.host(.void(question: nil, reason: "r"))
        try game.host(.finishEarly)
        let settlement = try #require(Settlement(game.show))
        #expect(settlement.payouts.isEmpty && settlement.split?.keptMinorUnits == 1000)
    }

    @Test func aLogOfBeforeMeansWhatItMeant() throws {
        // As an older version wrote it: the last was whichever had none waiting behind it, and who
        // had never answered won.
        var game = try Game(
            playerCount: 2, questionCount: 2, plan: ShowPlan(title: "t", prize: Self.prize))
        try game.play([1, nil])
        try game.host(.finishEarly)
        let split = try #require(Self.prize).split(winnerCount: 2)
        let log = game.log.map { event in
            if case .opened(let number, let atNs, _) = event {
                return ShowEvent.opened(number, atNs: atNs)
            }
            return event
        }
        let finished = try Show(replaying: log)
        #expect(finished.winners.count == 1, "what isn't settled is settled by the rules of now")
        let settled = try Show(replaying: log + [.settled(split, silentWin: true)])
        #expect(Settlement(settled)?.payouts.map(\.minorUnits) == [500, 500])
        #expect(throws: ReplayError.self) { try Show(replaying: log + [.settled(split)]) }
    }

    @Test func aQuestionIsLockableOnceAllWhoAreInHaveAnswered() throws {
        let plan = try ShowPlan(title: "t", locksWhenAllAnswered: true)
        var game = try Game(playerCount: 3, plan: plan)
        try game.host(.open(question: nil))
        try game.join("late")
        game.answer(0, 1)
        game.answer(1, 0)
        #expect(!game.show.hasEverybodyAnswered)
        var isEarly = false
        do throws(ShowRefusal) {
            _ = try game.show.events(for: .lock(isForced: false), atNs: game.nowMs * 1_000_000)
        } catch {
            if case .answersStillInTime = error { isEarly = true }
        }
        #expect(isEarly)
        // Whom the host has out can't answer; who is back can.
        let player = PlayerNumber(rawValue: 2)
        try game.host(.kick(player))
        #expect(game.show.hasEverybodyAnswered)
        try game.host(.reinstate(player))
        #expect(!game.show.hasEverybodyAnswered)
        game.answer(2, 3)
        try game.host(.lock(isForced: false))
        #expect(try Show(replaying: game.log) == game.show)

        var other = try Game(playerCount: 1)
        try other.host(.open(question: nil))
        other.answer(0, 1)
        #expect(other.show.hasEverybodyAnswered)
        #expect(throws: ShowRefusal.self, "only where the show says so") {
            try other.host(.lock(isForced: false))
        }
    }
}
