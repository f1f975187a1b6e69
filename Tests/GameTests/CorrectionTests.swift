// Right options put right while a show runs and after it: what is told, what is kept, what agrees.

import FLV
import Game
import Ledger
import Testing
import Trivia

@Suite("A corrected key")
struct CorrectionTests {
    private func correct(_ id: String?, _ option: Int) -> ShowCommand {
        .correct(question: id, option: option, reason: "A typo")
    }

    /// Opens the next question, takes the choices and reveals.
    private func ask(
        _ stand: DeskStand, _ question: String, _ choices: [(PlayerTicket, Int32)]
    ) throws {
        try stand.play(.open(question: question))
        for (index, (ticket, choice)) in choices.enumerated() {
            try stand.answer(ticket, question, choice, address: UInt64(index))
        }
        stand.desk.turn()
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
    }

    private func status(_ stand: DeskStand, _ number: Int32) -> PlayerStatus? {
        stand.report?.show.standing(of: PlayerNumber(rawValue: number))?.status
    }

    @Test("is told with the reveal, or by itself before what is on is told again")
    func told() throws {
        let stand = try DeskStand()
        try stand.open(questionCount: 3, plan: ShowPlan(title: "Quiz", reviveCount: 0))
        let tickets = try ["a", "b"].map { try stand.admit($0) }
        stand.desk.turn()
        try ask(stand, "q0", [(tickets[0], 1), (tickets[1], 2)])
        try stand.play(correct(nil, 2))
        var cue = try #require(stand.stage.content.withLock { $0.cues }.last)
        #expect(cue["phase"] == .string("reveal") && cue["correct"] == .number(2))
        #expect(cue["corrected"] == .boolean(true) && cue["was"] == .number(1))
        #expect(cue["reason"] == .string("A typo") && cue["survivors"] == .number(2))

        try stand.play(.open(question: nil))
        try stand.play(correct("q0", 0))
        #expect(stand.stage.phases.suffix(3) == ["question", "correction", "question"])
        cue = stand.stage.content.withLock { $0.cues[$0.cues.count - 2] }
        #expect(cue["question"] == .string("q0") && cue["correct"] == .number(0))
        #expect(cue["was"] == .number(2) && cue.keeping == .event)
        // Of the question that is open nothing is told.
        try stand.play(correct("q1", 2))
        #expect(stand.stage.phases.last == "question")
        let all = stand.stage.content.withLock { $0.cues }
        #expect(!all.contains { $0["question"] == .string("q1") && $0["correct"] != nil })
        let state = String(decoding: stand.desk.state(of: "main").bytes, as: UTF8.self)
        #expect(state.contains(#""phase":"question""#) && !state.contains("correct"))
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        try stand.play(.finishEarly)
        try stand.play(correct("q1", 0))
        #expect(stand.stage.phases.suffix(2) == ["correction", "winners"])
    }

    @Test("is told after a restart where the process ended between its commit and its cue")
    func toldAfterACrash() throws {
        let stand = try DeskStand()
        try stand.open(questionCount: 3, plan: ShowPlan(title: "Quiz", reviveCount: 0))
        let tickets = try ["a", "b"].map { try stand.admit($0) }
        stand.desk.turn()
        try ask(stand, "q0", [(tickets[0], 1), (tickets[1], 2)])
        try stand.play(.next)
        // It is on disk, and nobody could be told.
        stand.stage.content.withLock { $0.programme = nil }
        let toldCount = stand.stage.phases.count
        try stand.play(correct("q0", 2))
        #expect(stand.stage.phases.count == toldCount)

        let next = try stand.crashed(isOnAir: false)
        #expect(next.stage.phases.isEmpty)
        next.stage.content.withLock { $0.programme = 2 }
        next.desk.turn()
        #expect(next.stage.phases == ["correction", "standings"])
        #expect(next.stage.content.withLock { $0.cues }[0]["correct"] == .number(2))
        next.desk.turn()
        #expect(next.stage.phases.count == 2, "told once")
        // Without a crash it is told, too, as soon as somebody can hear it.
        stand.stage.content.withLock { $0.programme = 2 }
        stand.desk.turn()
        #expect(stand.stage.phases.suffix(2) == ["correction", "standings"])
        // Whatever came after it came behind its cue.
        try stand.play(.open(question: nil))
        #expect(try stand.crashed().stage.phases == ["question"])
    }

    @Test("agrees with the record, through restarts, voids, and after the prize is divided")
    func audited() throws {
        var stand = try DeskStand()
        try stand.open(
            questionCount: 3,
            plan: ShowPlan(
                title: "Quiz", reviveCount: 0, prize: PrizePool(minorUnits: 999, currency: "EUR")))
        func expectAgreement() throws {
            let audit = try stand.desk.audit(show: "show")
            #expect(audit.differences == [])
            let before = try #require(stand.report)
            stand = try stand.crashed()
            #expect(stand.report?.show == before.show)
            #expect(try stand.desk.audit(show: "show").isSound)
        }
        var tickets = try ["a", "b", "c"].map { try stand.admit($0) }
        stand.desk.turn()
        try ask(stand, "q0", [(tickets[0], 1), (tickets[1], 2), (tickets[2], 0)])
        try stand.play(correct("q0", 2))
        try expectAgreement()
        tickets = try ["a", "b"].map { try stand.admit($0) }
        stand.desk.turn()
        try ask(stand, "q1", [(tickets[0], 1), (tickets[1], 0)])
        try stand.play(correct("q0", 0))
        #expect(status(stand, 2) == .playing, "and q1 is no fault of its")
        try stand.play(correct("q1", 0))
        try expectAgreement()
        try stand.play(.void(question: "q1", reason: "r"))
        try expectAgreement()
        tickets = try ["a", "b", "c"].map { try stand.admit($0) }
        stand.desk.turn()
        try ask(stand, "q2", [(tickets[0], 1), (tickets[1], 0), (tickets[2], 0)])
        try stand.play(.finish)
        try expectAgreement()
        try stand.play(.settle)
        let settlement = try #require(stand.report?.settlement)
        #expect(settlement.payouts.map(\.id) == ["a"])
        try stand.play(correct("q2", 0))
        try expectAgreement()
        #expect(stand.report?.settlement == settlement, "nothing is paid again")
        let due = stand.report?.show.correctedAfterSettling.flatMap(Settlement.init)
        #expect(due?.payouts.map(\.minorUnits) == [333, 333, 333])
        let line = try #require(try stand.desk.log(show: "show").last)
        #expect(line.action == "correct" && line.who == "anna")
        #expect(line.detail.contains("1 “a” is right instead of 2 “b”, because: A typo"))
        #expect(line.detail.contains("due would have been: 3 winners"))
    }

    @Test("of a show that is closed is recorded all the same")
    func closed() throws {
        let first = try DeskStand()
        for show in ["show", "other"] {
            try first.open(
                questionCount: 1,
                plan: ShowPlan(title: "Q", prize: PrizePool(minorUnits: 10, currency: "EUR")),
                show: show)
            for name in ["a", "b"] { _ = try first.admit(name, show: show) }
            first.desk.turn()
            try first.host(.open(question: nil), show: show)
            for command in [.lock(isForced: true), .reveal, .finish, .settle] as [ShowCommand] {
                try first.host(command, show: show)
            }
        }
        // Only the newest is held after a start.
        let stand = try first.crashed()
        #expect(stand.desk.heldReport(show: "show") == nil)
        #expect(throws: HostRefusal.closed("show")) { try stand.play(.reopen) }
        let receipt = try stand.host(correct("q0", 2), id: "late")
        #expect(try stand.host(correct("q0", 2), id: "late").isRepeat)
        #expect(throws: HostRefusal.rules(.stale(expected: 1, revision: receipt.revision))) {
            try stand.host(correct("q0", 0), expected: 1)
        }
        #expect(throws: HostRefusal.rules(.sameKey("q0"))) { try stand.play(correct("q0", 2)) }
        #expect(try stand.desk.audit(show: "show").isSound)
        let show = try #require(try stand.desk.report(show: "show")).show
        #expect(show.lateCorrections.map(\.option) == [2] && show.revision == receipt.revision)
    }

    @Test("and questions that were edited are in the record with both values")
    func edits() throws {
        let stand = try DeskStand()
        try stand.open()
        let changed = try Question(
            id: "q1", text: "Who?", options: ["a", "b", "c"], correctOption: 2, windowMs: 5000,
            isSpare: true)
        try stand.play(.editQuestion(id: "q1", changed))
        try stand.play(.open(question: nil))
        try stand.play(.orderQuestions(ids: ["q2", "q1"]))
        try stand.play(.withdrawQuestion(id: "q2"))
        try stand.host(.replaceQuestions([DeskStand.questions(2)[1]]))
        try stand.play(correct("q0", 0))
        let details = try stand.desk.log(show: "show").map(\.detail)
        let expected = [
            "q1: text “What?” → “Who?”, right option 2 “b” → 3 “c”, window 10000 ms → 5000 ms, "
                + "spare no → yes",
            "order: q1 q2 → q2 q1",
            "removed q2: “What?” “a” “b” “c”, right is 2 “b”, 10000 ms",
            "q0: 1 “a” is right instead of 2 “b”, because: A typo",
        ]
        for detail in expected { #expect(details.contains(detail), "\(details)") }
        #expect(details.contains { $0.hasPrefix("1 questions: q1: text “Who?” → “What?”") })
    }

    @Test("a question locks by itself once everybody has answered, also after a restart")
    func locks() throws {
        let plan = try ShowPlan(title: "Quiz", locksWhenAllAnswered: true)
        let first = try DeskStand()
        try first.open(plan: plan)
        let early = try ["a", "b"].map { try first.admit($0) }
        first.desk.turn()
        try first.play(.open(question: nil))
        try first.answer(early[0], "q0", 1, address: 1)
        first.desk.turn()
        #expect(first.report?.show.hasEverybodyAnswered == false)
        let stand = try first.crashed()
        stand.desk.turn()
        #expect(stand.report?.questions.first?.state == .open)
        let ticket = try stand.admit("b")
        stand.desk.turn()
        // What can't be kept locks nothing.
        stand.writer.isBroken.withLock { $0 = true }
        try stand.answer(ticket, "q0", 0, address: 2)
        stand.desk.turn()
        #expect(stand.report?.questions.first?.state == .open)
        stand.writer.isBroken.withLock { $0 = false }
        try stand.answer(ticket, "q0", 0, address: 3)
        stand.desk.turn()
        #expect(stand.report?.questions.first?.state == .locked)
        #expect(stand.stage.phases.last == "locked")
        let line = try #require(try stand.desk.log(show: "show").last)
        #expect(line.action == "lock" && line.who == LogLine.appliance)
        #expect(line.detail == "q0, everybody has answered")
        #expect(try stand.desk.audit(show: "show").isSound)
    }
}
