// Orders through the control room's desk: each kind, repeated ones, and refused ones.

import ControlRoom
import Testing
import Trivia

@testable import Fanfare

@Suite("Orders to the live show desk")
struct LiveShowDeskOrderTests {
    private typealias Stand = LiveShowDeskStand

    private func ids(_ stand: Stand) async throws -> [String] {
        try await stand.desk.questions(of: "show").map(\.question.id)
    }

    @Test("questions are added, replaced, edited, withdrawn and put in order")
    func questions() async throws {
        let stand = try Stand()
        defer { stand.end() }
        try await stand.openLobby()
        try await stand.order(.addQuestions(Stand.questions(4...5)))
        #expect(try await ids(stand) == ["q1", "q2", "q3", "q4", "q5"])
        let before = try await stand.desk.questions(of: "show")
        var changed = Stand.questions(5...6)
        changed[0].text = "Changed?"
        await #expect(
            throws: ShowDeskRefusal.notNow(
                "There is a question “q5” already; choose another id.")
        ) { try await stand.order(.addQuestions(changed)) }
        #expect(try await stand.desk.questions(of: "show") == before)
        try await stand.order(.withdrawQuestion(id: "q1"))
        var question = Stand.questions(9...9)[0]
        question.correct = 3
        try await stand.order(.editQuestion(id: "q2", question))
        try await stand.order(.orderQuestions(ids: ["q5", "q4", "q3", "q9"]))
        #expect(try await ids(stand) == ["q5", "q4", "q3", "q9"])
        #expect(try await stand.desk.questions(of: "show").last?.question == question)
        #expect(try await stand.desk.shows().first?.questionCount == 4)
        try await stand.order(.shuffle)
        #expect(try await Set(ids(stand)) == ["q3", "q4", "q5", "q9"])
        try await stand.order(.replaceQuestions(Stand.questions(7...8)))
        #expect(try await ids(stand) == ["q7", "q8"])
        let wrong = Question(id: "x", text: "?", options: ["a", "b"], correct: 3)
        await #expect(
            throws: ShowDeskRefusal.invalid(
                "The correct option is 3; with 2 options it is one of 1 to 2.")
        ) {
            try await stand.order(.addQuestions([wrong]))
        }
    }

    @Test("an order that comes again gives its first receipt, and another order under its id none")
    func repeats() async throws {
        let stand = try Stand()
        defer { stand.end() }
        try await stand.openLobby()
        for player in ["a", "b"] { _ = try stand.admit(player) }
        let added = try await stand.order(.addQuestions(Stand.questions(4...4)), id: "add")
        #expect(try await stand.order(.addQuestions(Stand.questions(4...4)), id: "add") == added)
        // As many questions, but others; and the same, but as the whole list.
        await #expect(throws: ShowDeskRefusal.idTaken) {
            try await stand.order(.addQuestions(Stand.questions(5...5)), id: "add")
        }
        await #expect(throws: ShowDeskRefusal.idTaken) {
            try await stand.order(.replaceQuestions(Stand.questions(4...4)), id: "add")
        }
        func receipt(_ id: String, _ file: String, _ replaces: Bool, on show: String = "show")
            async throws -> OrderReceipt?
        {
            try await stand.desk.receipt(
                ofImport: OrderTicket(id: id, file: Array(file.utf8)), replaces: replaces, on: show)
        }
        let file = OrderTicket(id: "file", file: Array("a,b".utf8))
        let order = Trivia.ShowCommand.addQuestions(Stand.questions(5...5))
        let imported = try await stand.desk.perform(order, on: "show", under: file)
        #expect(try await receipt("file", "a,b", false) == imported)
        #expect(try await receipt("none", "a,b", false) == nil)
        for (id, text, replaces, show) in [
            ("file", "a,c", false, "show"), ("file", "a,b", true, "show"),
            ("file", "a,b", false, "other"), ("o-1", "a,b", false, "show"),
        ] {
            await #expect(throws: ShowDeskRefusal.idTaken) {
                try await receipt(id, text, replaces, on: show)
            }
        }
        let kicked = try await stand.order(.kick(player: "a"), id: "kick")
        #expect(try await stand.order(.kick(player: "a"), id: "kick") == kicked)
        await #expect(throws: ShowDeskRefusal.idTaken) {
            try await stand.order(.kick(player: "b"), id: "kick")
        }
        await #expect(throws: ShowDeskRefusal.idTaken) {
            try await stand.order(.open(question: nil), id: "kick")
        }
        var players = try await stand.desk.players(of: "show", matching: "", from: nil, countMax: 9)
        #expect(players.map(\.status) == [.kicked, .playing])
        try await stand.order(.ban(player: "b"))
        try await stand.order(.reinstate(player: "a"))
        players = try await stand.desk.players(of: "show", matching: "", from: nil, countMax: 9)
        #expect(players.map(\.status) == [.playing, .banned])
        let open = try await stand.order(.open(question: nil))
        let lock = try await stand.order(.lock(isForced: false), id: "lock")
        #expect(lock.isPending && lock.version == open.version)
        #expect(try await stand.order(.lock(isForced: false), id: "lock") == lock)
        await #expect(throws: ShowDeskRefusal.idTaken) {
            try await stand.order(.lock(isForced: true), id: "lock")
        }
    }

    @Test("an early end is asked for, and a key is put right by number or text, also afterwards")
    func earlyEndAndCorrections() async throws {
        let stand = try Stand()
        defer { stand.end() }
        try await stand.openLobby()
        let players = try ["a", "b"].map { try stand.admit($0) }
        try await stand.order(.planLast(number: 2))
        let open = try await stand.order(.open(question: nil))
        #expect(open.version > 0)
        var state = try await stand.desk.state(of: "show")
        #expect(state.plannedCount == 2 && state.askedCount == 1 && !state.isPlanDone)
        #expect(state.question?.of == 2 && state.question?.isLast == false)
        let question = try #require(state.question?.question)
        let wrong = question.correct == 1 ? 2 : 1
        try await stand.answer(
            question.id, [(players[0], Int32(wrong - 1)), (players[1], Int32(wrong - 1))])
        try await stand.order(.lock(isForced: true))
        try await stand.order(.reveal)
        do throws(ShowDeskRefusal) {
            _ = try await stand.desk.perform(
                .finish, on: "show", under: OrderTicket(id: "early"))
            Issue.record("it was finished")
        } catch {
            guard case .unconfirmed("early", let sentence) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(sentence.contains("1 of the 2 planned") && sentence.contains("2 players win"))
        }
        await #expect(throws: ShowDeskRefusal.self) {
            try await stand.order(.correct(question: nil, correct: "nothing", reason: "r"))
        }
        await #expect(throws: ShowDeskRefusal.unknown("This show has no question “x”.")) {
            try await stand.order(.correct(question: "x", correct: "1", reason: "r"))
        }
        let text = question.options[wrong - 1]
        try await stand.order(.correct(question: nil, correct: text, reason: "A typo"))
        let results = try await stand.desk.results(of: "show").questions
        #expect(results.first?.correctCount == 2)
        #expect(
            results.first?.corrections == [
                CorrectionRecord(
                    question: question.id, formerCorrect: question.correct, correct: wrong,
                    reason: "A typo", returnedCount: 0)
            ])
        try await stand.order(.finishEarly, id: "early")
        try await stand.order(.settle)
        #expect(try await stand.desk.winners(of: "show").due == nil)
        await #expect(throws: ShowDeskRefusal.self, "nothing is on") {
            try await stand.order(.correct(question: nil, correct: "#1", reason: "r"))
        }
        try await stand.order(
            .correct(question: question.id, correct: "#\(question.correct)", reason: "Not so"))
        let due = try #require(try await stand.desk.winners(of: "show").due)
        #expect(due.winnerCount == 2 && due.corrections.map(\.reason) == ["Not so"])
        #expect(due.winners.map(\.score) == [0, 0], "both stay, as in the show")
        let audit = try await stand.desk.audit(of: "show")
        #expect(audit.agrees && audit.entries.last?.what == "key corrected")
        #expect(audit.entries.contains { $0.what == "finished" && $0.detail.hasPrefix("early: ") })
        state = try await stand.desk.state(of: "show")
        #expect(state.phase == .settled)
    }

    @Test("what is refused has its kind and a sentence")
    func refusals() async throws {
        let stand = try Stand()
        defer { stand.end() }
        try await stand.openLobby()
        let version = try await stand.desk.state(of: "show").version
        await #expect(throws: ShowDeskRefusal.unknownShow) {
            try await stand.order(.shuffle, show: "other")
        }
        await #expect(throws: ShowDeskRefusal.unknownShow) {
            try await stand.order(.addQuestions(Stand.questions(1...1)), show: "other")
        }
        await #expect(throws: ShowDeskRefusal.unknown("This show has no player “x”.")) {
            try await stand.order(.kick(player: "x"))
        }
        await #expect(throws: ShowDeskRefusal.unknown("This show has no question “q8”.")) {
            try await stand.order(.open(question: "q8"))
        }
        await #expect(
            throws: ShowDeskRefusal.invalid("The show's title is empty; write something.")
        ) { try await stand.order(.create(ShowPlan(title: " "), stream: "main"), show: "new") }
        await #expect(
            throws: ShowDeskRefusal.notNow("There is a show “show” already. Choose another id.")
        ) { try await stand.order(.create(ShowPlan(title: "Quiz"), stream: "main")) }
        let stale = ShowDeskRefusal.notNow(
            "The show has changed since (revision \(version), not \(version - 1)): look at it "
                + "again, then repeat the command.")
        await #expect(throws: stale) { try await stand.order(.shuffle, expected: version - 1) }
        await #expect(throws: stale) {
            try await stand.order(.addQuestions(Stand.questions(4...4)), expected: version - 1)
        }
        await #expect(
            throws: ShowDeskRefusal.notNow("No question is open; open one first.")
        ) {
            try await stand.order(.open(question: nil))
            try await stand.order(.lock(isForced: true))
            try await stand.order(.lock(isForced: true))
        }
        await #expect(throws: ShowDeskRefusal.self) { try await stand.order(.delete) }
        await #expect(throws: ShowDeskRefusal.unknownShow) {
            try await stand.desk.audit(of: "other")
        }
        #expect(try await stand.desk.state(of: "show").version == version + 2)
    }
}
