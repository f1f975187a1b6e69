// What a show's log is told: each step once it is on disk, in order, and nothing of single players.

import Game
import Testing
import Trivia

@Suite("Steps of a show") struct ShowStepTests {
    @Test("a whole show is told step by step, and with what came of each")
    func wholeShow() throws {
        let steps = Heard<ShowStep>()
        let stand = try DeskStand(steps: { steps.add($0) })
        try stand.open(
            questionCount: 2,
            plan: ShowPlan(
                title: "Quiz", reviveCount: 0,
                prize: PrizePool(minorUnits: 999, currency: "EUR")))
        let players = try ["a", "b", "c"].map { try stand.admit($0) }
        stand.desk.turn()
        try stand.play(.open(question: nil))
        try stand.answer(players[0], "q0", 1, address: 1)
        try stand.answer(players[1], "q0", 2, address: 2)
        stand.desk.turn()
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        try stand.play(.next)
        try stand.play(.open(question: nil))
        try stand.play(.void(question: nil, reason: "the picture was late"))
        try stand.play(.finishEarly)
        try stand.play(.settle)

        #expect(
            steps.all.map(\.kind) == [
                .made(prize: "9.99 EUR", isRehearsal: false), .doorsOpened,
                .questionOpened(id: "q0", number: 1, isLast: false, asked: 3), .doorsClosed,
                .questionLocked(id: "q0", number: 1, answers: 2, asked: 3),
                .questionRevealed(
                    id: "q0", number: 1, right: 1, wrong: 1, missing: 1, revived: 0, out: 2),
                .standingsShown,
                .questionOpened(id: "q1", number: 2, isLast: true, asked: 1),
                .questionVoided(id: "q1", reason: "the picture was late"),
                .finished(winners: 1, share: "9.99 EUR"), .settled(winners: 1, share: "9.99 EUR"),
            ])
        #expect(steps.all.allSatisfy { $0.show == "show" && $0.stream == "main" })
        #expect(steps.all.allSatisfy { $0.who == "anna" })
        #expect(steps.all.last?.tally == PlayerTally(players: 3, survivors: 1, eliminated: 2))
    }

    @Test("what didn't come to pass isn't told, and neither is what only the show's own log has")
    func nothing() throws {
        let steps = Heard<ShowStep>()
        let stand = try DeskStand(steps: { steps.add($0) })
        try stand.open()
        let count = steps.all.count
        #expect(throws: HostRefusal.self) { try stand.play(.reveal) }
        try stand.play(.shuffle)
        stand.writer.isBroken.withLock { $0 = true }
        #expect(throws: HostRefusal.self) { try stand.play(.open(question: nil)) }
        #expect(steps.all.count == count)
        stand.writer.isBroken.withLock { $0 = false }
        try stand.play(.open(question: nil))
        #expect(steps.all.count > count)
    }

    @Test("a pause, a finish that is taken back and a show that is thrown away are told")
    func others() throws {
        let steps = Heard<ShowStep>()
        let stand = try DeskStand(steps: { steps.add($0) })
        try stand.open(plan: ShowPlan(title: "Try", isRehearsal: true))
        try stand.play(.open(question: nil))
        try stand.play(.pause)
        try stand.play(.resume)
        try stand.play(.correct(question: nil, correct: "1", reason: "a slip"))
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        try stand.play(.finishEarly)
        try stand.play(.reopen)
        try stand.play(.delete)
        let kinds = steps.all.map(\.kind)
        #expect(kinds.first == .made(prize: nil, isRehearsal: true))
        for kind: ShowStep.Kind in [
            .paused, .resumed, .keyCorrected(id: "q0", reason: "a slip"),
            .finished(winners: 0, share: nil), .reopened,
        ] { #expect(kinds.contains(kind), "\(kind)") }
        #expect(kinds.last == .deleted)
    }
}
