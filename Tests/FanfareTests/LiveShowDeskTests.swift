// A show from its making to the payout, through the control room's desk alone.

import ControlRoom
import Testing
import Trivia

@testable import Fanfare

@Suite("The live show desk")
struct LiveShowDeskTests {
    @Test("a show from create to settle, with all that staff see of it, and after a restart")
    func wholeShow() async throws {
        let stand = try LiveShowDeskStand()
        defer { stand.end() }
        let desk = stand.desk
        try await stand.openLobby()
        #expect(try await desk.questions(of: "show").allSatisfy { $0.state == .waiting })

        let players = try ["a", "b", "c"].map { try stand.admit($0) }
        try await stand.order(.open(question: "q2"))
        let state = try await desk.state(of: "show")
        #expect(state.phase == .live && state.nextQuestion == "q1" && state.waitingCount == 2)
        #expect(state.tally == PlayerTally(players: 3, survivors: 3))
        var on = try #require(state.question)
        #expect(on.question == LiveShowDeskStand.questions(2...2)[0])
        #expect(on.number == 1 && on.of == 3 && on.state == .open && on.askedCount == 3)
        #expect(on.remainingMs == 10_000 && on.lockableInMs == 14_500)

        try await stand.answer("q2", [(players[0], 1), (players[1], 1), (players[2], 0)])
        stand.clock.pass(ms: 1_000)
        on = try #require(try await desk.state(of: "show").question)
        #expect(on.counts == [1, 2, 0] && on.answeredCount == 3 && on.remainingMs == 9_000)
        try await stand.order(.pause)
        stand.clock.pass(ms: 5_000)
        on = try #require(try await desk.state(of: "show").question)
        #expect(on.remainingMs == 9_000 && on.lockableInMs == nil, "in a pause")
        try await stand.order(.resume)
        let lock = try await stand.order(.lock(isForced: false))
        #expect(lock.isPending)
        #expect(try await desk.state(of: "show").question?.isLockPending == true)
        try await stand.order(.lock(isForced: true))
        try await stand.order(.reveal)
        on = try #require(try await desk.state(of: "show").question)
        #expect(on.state == .revealed && on.revivedCount == 1 && on.eliminatedCount == 0)
        #expect(on.counts == [1, 2, 0] && on.answeredCount == 3 && on.askedCount == 3)
        #expect(on.remainingMs == nil)
        try await stand.order(.next)
        #expect(try await desk.state(of: "show").question == nil)

        try await stand.order(.open(question: "q3"))
        try await stand.order(.void(question: nil, reason: "A typo"))
        on = try #require(try await desk.state(of: "show").question)
        #expect(on.state == .void && on.voidReason == "A typo" && on.number == 0 && on.of == 2)
        try await stand.order(.open(question: nil))
        try await stand.answer("q1", [(players[0], 1), (players[1], 1), (players[2], 2)])
        try await stand.order(.lock(isForced: true))
        try await stand.order(.reveal)
        await #expect(throws: ShowDeskRefusal.self) { try await desk.winners(of: "show") }
        try await stand.order(.finish)
        #expect(try await desk.winners(of: "show").isSettled == false)
        try await stand.order(.settle)
        try await Self.expectOutcome(desk)

        let next = try LiveShowDeskStand(
            folder: try stand.crashCopy(), nowMs: 1_700_000_100_000)
        defer { next.end() }
        try await Self.expectOutcome(next.desk)
        await #expect(throws: ShowDeskRefusal.idTaken, "a creation") {
            try await next.desk.receipt(
                ofImport: OrderTicket(id: "o-1"), replaces: true, on: "show")
        }
        await #expect(throws: ShowDeskRefusal.self) { try await next.order(.delete, id: "late") }
    }

    private static func expectOutcome(_ desk: LiveShowDesk) async throws {
        let shows = try await desk.shows()
        let state = try await desk.state(of: "show")
        let prize = try PrizePool(minorUnits: 999, currency: "EUR")
        #expect(
            shows == [
                ShowSummary(
                    id: "show", stream: "main", title: "Quiz", mode: .knockout,
                    isRehearsal: false, phase: .settled, version: state.version, questionCount: 3,
                    playerCount: 3, prize: prize)
            ])
        #expect(state.phase == .settled && state.question == nil)
        let questions = try await desk.questions(of: "show")
        #expect(questions.map(\.question.id) == ["q2", "q3", "q1"])
        #expect(questions.map(\.state) == [.revealed, .void, .revealed])

        let results = try await desk.results(of: "show")
        #expect(results.phase == .settled)
        #expect(results.tally == PlayerTally(players: 3, survivors: 2, eliminated: 1))
        #expect(results.questions.map(\.counts) == [[1, 2, 0], [0, 0, 0], [0, 2, 1]])
        #expect(results.questions.map(\.voidReason) == [nil, "A typo", nil])
        #expect(results.questions.map(\.eliminatedCount) == [0, 0, 1])
        #expect(results.questions.map(\.survivorCount) == [3, 0, 2])

        let winners = try await desk.winners(of: "show")
        #expect(winners.isSettled && winners.winners.map(\.id) == ["a", "b"])
        #expect(winners.winners.map(\.minorUnits) == [499, 499] && winners.keptMinorUnits == 1)
        #expect(winners.winners.map(\.score) == [2, 2] && winners.winners.map(\.place) == [1, 1])
        #expect(try winners.prize == PrizePool(minorUnits: 999, currency: "EUR"))
        let lags = winners.winners.map { $0.lags.map(\.windowMs) }
        #expect(lags == [[2_000, 2_000], [2_000, 2_000]], "nobody's stream was known")

        let players = try await desk.players(of: "show", matching: "PLAYER", from: nil, countMax: 2)
        #expect(players.map(\.id) == ["a", "b"])
        let last = try await desk.players(of: "show", matching: "c", from: nil, countMax: 9)
        #expect(last.map(\.status) == [.eliminated] && last.map(\.name) == ["Player c"])

        let audit = try await desk.audit(of: "show")
        #expect(audit.agrees && audit.findings == [])
        #expect(audit.playerCount == 3 && audit.answerCount == 6)
        #expect(audit.winnerLags.map(\.id) == ["a", "b"])
        #expect(audit.winnerLags.map(\.lags) == winners.winners.map(\.lags))
        #expect(audit.entries.map(\.number) == Array(1...audit.entries.count))
        #expect(audit.entries.first?.what == "created" && audit.entries.last?.what == "settled")
        #expect(audit.entries.allSatisfy { $0.by == "anna" })
    }

    @Test("a plan comes back as it was given, and can be edited as long as it is a draft")
    func plans() async throws {
        let stand = try LiveShowDeskStand()
        defer { stand.end() }
        var plan = ShowPlan(title: "Quiz")
        plan.mode = .points
        plan.reviveCount = 2
        plan.entryClosesAtQuestion = 3
        plan.timing.graceMs = 400
        plan.timing.lagMsMax = 3_000
        plan.timing.defaultLagMs = 1_000
        plan.timing.speedLagMsMax = 700
        plan.scoring.base = 10
        plan.scoring.speed = 5
        plan.bestCount = 4
        plan.prize = try PrizePool(
            minorUnits: 7, currency: "USD", remainderRule: .toTheFirst)
        plan.startsAtMs = 1_700_000_001_000
        plan.isRehearsal = true
        try await stand.order(.create(ShowPlan(title: "Old"), stream: "main"))
        try await stand.order(.edit(plan))
        #expect(try await stand.desk.state(of: "show").plan == plan)
        let summary = try #require(try await stand.desk.shows().first)
        #expect(summary.mode == .points && summary.isRehearsal && summary.title == "Quiz")
        #expect(summary.startsAtMs == plan.startsAtMs)
        try await stand.order(.delete)
        #expect(try await stand.desk.shows() == [])
        await #expect(throws: ShowDeskRefusal.unknownShow) {
            try await stand.desk.state(of: "show")
        }
    }
}
