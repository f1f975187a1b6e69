// Who is who: ids by their bytes, and names and texts that show something.

import Testing
import Trivia

@Suite struct IdentityTests {
    private static let composed = "jos\u{E9}"
    private static let decomposed = "jose\u{301}"

    @Test func playersAreToldApartByBytes() throws {
        var game = try Game(playerCount: 0)
        let one = try game.join(Self.composed)
        let other = try game.join(Self.decomposed)
        #expect(one != other)
        #expect(try game.join(Self.composed) == one)
        #expect(game.show.playerNumber(forID: Self.decomposed) == other)
        #expect(game.show.tally.players == 2)
        // The log has both, and gives both again.
        let replayed = try Show(replaying: game.log)
        #expect(replayed.playerNumber(forID: Self.composed) == one)
        #expect(replayed.playerNumber(forID: Self.decomposed) == other)
    }

    @Test func aLogOfBeforeHasOnePlayerAndStaysSo() throws {
        var game = try Game(playerCount: 0)
        // A log of before has whoever came first, and nobody for the other spelling.
        let one = try game.join(Self.composed)
        let replayed = try Show(replaying: game.log)
        #expect(replayed == game.show)
        #expect(replayed.standing(of: one).map { Array($0.id.utf8) } == Array(Self.composed.utf8))
        #expect(replayed.playerNumber(forID: Self.decomposed) == nil)
    }

    @Test func questionsAndShowsAreToldApartByBytes() throws {
        var game = try Game(questionCount: 0)
        try game.host(.addQuestion(try Game.question("K")))
        #expect(game.show.questionNumber(forID: "\u{212A}") == nil)
        #expect(game.show.questionNumber(forID: "K") != nil)
        game.expectRefusal(.open(question: "\u{212A}"))
    }

    @Test(arguments: ["\u{3164}", "\u{2800}", "\u{34F}", "\u{301}", "\u{E000}", "a\u{202E}b"])
    func whatShowsNothingIsNoTextOfPeople(text: String) throws {
        #expect(throws: PlanFault.self) { try ShowPlan(title: text).check() }
        #expect(throws: QuestionFault.self) {
            try Question(
                id: "q", text: text, options: ["a", "b"], correctOption: 0, windowMs: 1000)
        }
        #expect(throws: QuestionFault.self) {
            try Question(
                id: "q", text: "a", options: ["a", text], correctOption: 0, windowMs: 1000)
        }
        var game = try Game(playerCount: 1)
        #expect(throws: ShowRefusal.self) { try game.show.join(id: "x", name: text) }
        #expect(game.show.tally.players == 1)
        try game.host(.open(question: nil))
        game.expectRefusal(.void(question: nil, reason: text))
    }

    @Test func whatALedgerHasStaysReadable() throws {
        let text = "\u{3164}"
        var game = try Game(playerCount: 1)
        let plan = try ShowPlan(title: text, from: .ledger)
        let question = try Question(
            id: "old", text: text, options: [text, "b"], correctOption: 0, windowMs: 1000,
            from: .ledger)
        let events: [ShowEvent] = [
            .created(id: "show", plan: plan), .questionAdded(question), .lobbyOpened,
            .joined(id: "x", name: text),
        ]
        game.show = try Show(replaying: events)
        #expect(game.show.tally.players == 1)
        #expect(game.show.plan.title == text)
    }
}
