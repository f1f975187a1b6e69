// Money, settlements and answers as staff get them from the live desk.

import ControlRoom
import Game
import Testing
import Trivia

@testable import Fanfare

@Suite(.timeLimit(.minutes(5))) struct AnswerExportTests {
    private func lines(_ desk: LiveShowDesk) async throws -> [AnswerLine] {
        let pages = try await desk.answers(of: "show")
        var lines: [AnswerLine] = []
        while true {
            let page = try await pages.next()
            if page.isEmpty { return lines }
            lines += page
        }
    }

    @Test func everyAnswerIsThereWithItsTimesAndRuling() async throws {
        let stand = try LiveShowDeskStand()
        defer { stand.end() }
        try await stand.openLobby()
        let ann = try stand.admit("ann")
        let bob = try stand.admit("bob")
        try await stand.order(.open(question: nil))
        stand.clock.pass(ms: 1_500)
        try await stand.answer("q1", [(ann, 1)])
        stand.clock.pass(ms: 500)
        try await stand.answer("q1", [(bob, 0)])
        #expect(try await lines(stand.desk).map(\.ruling) == ["waiting", "waiting"])
        try await stand.order(.lock(isForced: true))
        try await stand.order(.reveal)
        try await stand.order(.next)
        try await stand.order(.open(question: nil))
        try await stand.answer("q2", [(ann, 2)])
        try await stand.order(.void(question: nil, reason: "No sound"))
        let lines = try await lines(stand.desk)
        #expect(lines.map(\.player) == ["ann", "bob", "ann"])
        #expect(lines.map(\.name) == ["Player ann", "Player bob", "Player ann"])
        #expect(lines.map(\.question) == ["q1", "q1", "q2"])
        #expect(lines.map(\.ruling) == ["right", "wrong", "void"])
        #expect(lines.map(\.choice) == [2, 1, 3] && lines.map(\.choiceText) == ["b", "a", "c"])
        #expect(lines.map(\.receipt) == [1, 2, 3])
        #expect(lines[0].afterOpeningMs == 1_500 && lines[1].afterOpeningMs == 2_000)
        #expect(lines[0].lagMeasuredMs == nil && lines[0].lagWindowMs == 2_000)
        #expect(lines[0].lagSpeedMs == 0 && lines[0].elapsedMs == 1_500)
        #expect(lines[2].afterOpeningMs == nil && lines[2].elapsedMs == nil)
        await #expect(throws: ShowDeskRefusal.unknownShow) {
            try await stand.desk.answers(of: "none")
        }
    }

    @Test func theSettlementIsSeenBeforeItIsDone() async throws {
        let stand = try LiveShowDeskStand()
        defer { stand.end() }
        try await stand.openLobby()
        let tickets = try ["ann", "bob", "cid", "dan"].map { try stand.admit($0) }
        try await stand.order(.open(question: nil))
        stand.clock.pass(ms: 10)
        try await stand.answer("q1", tickets.map { ($0, 1) })
        try await stand.order(.lock(isForced: true))
        try await stand.order(.reveal)
        #expect(try await stand.desk.state(of: "show").settlement == nil)
        try await stand.order(.finishEarly)
        let preview = try #require(try await stand.desk.state(of: "show").settlement)
        #expect(preview.winnerCount == 4 && !preview.isSettled)
        #expect(preview.shareAmount == "2.49" && preview.shareMinorUnits == 249)
        #expect(preview.remainderAmount == "0.03" && preview.keptAmount == "0.03")
        #expect(
            preview.sentence
                == "9.99 EUR among 4 winners: 2.49 EUR each; 0.03 EUR left over, which is not paid "
                + "out.")
        try await stand.order(.settle)
        #expect(try await stand.desk.state(of: "show").settlement?.isSettled == true)
        let winners = try await stand.desk.winners(of: "show")
        #expect(winners.winners.map(\.place) == [1, 1, 1, 1])
        #expect(winners.winners.map(\.amount) == ["2.49", "2.49", "2.49", "2.49"])
        #expect(winners.prize?.amount == "9.99" && winners.keptAmount == "0.03")
        let audit = try await stand.desk.audit(of: "show")
        #expect(audit.entries.last?.detail == preview.sentence)
        #expect(audit.entries.first?.detail == "Quiz; prize 9.99 EUR")
    }

    @Test func anEditIsInTheAuditWithOldAndNew() async throws {
        let stand = try LiveShowDeskStand()
        defer { stand.end() }
        var plan = ShowPlan(title: "Quiz")
        plan.prize = try? PrizePool(minorUnits: 10_000_000, currency: "EUR")
        try await stand.order(.create(plan, stream: "main"))
        try await stand.order(.addQuestions(LiveShowDeskStand.questions(1...2)))
        plan.prize = try? PrizePool(minorUnits: 20_000_000, currency: "EUR")
        plan.reviveCount = 0
        try await stand.order(.edit(plan))
        var question = LiveShowDeskStand.questions(1...1)[0]
        question.correct = 3
        question.text = "What now?"
        try await stand.order(.editQuestion(id: "q1", question))
        question.correct = 1
        try await stand.order(.replaceQuestions([question]))
        let details = try await stand.desk.audit(of: "show").entries.suffix(3).map(\.detail)
        #expect(details[0] == "revives: 1 → 0; prize: 100000.00 EUR → 200000.00 EUR")
        #expect(details[1] == "q1: text “What?” → “What now?”, right option 2 “b” → 3 “c”")
        #expect(
            details[2]
                == "1 questions: removed q2: “What?” “a” “b” “c”, right is 2 “b”, 10000 ms; "
                + "q1: right option 3 “c” → 1 “a”")
    }
}
