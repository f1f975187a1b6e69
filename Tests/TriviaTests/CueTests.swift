// What the audience is told in each phase, and what it isn't.

import Testing
import Trivia

@Suite struct CueTests {
    @Test func eachPhaseHasItsCue() throws {
        let prize = try PrizePool(minorUnits: 1001, currency: "EUR")
        var game = try Game(plan: ShowPlan(title: "Night", prize: prize, startsAtMs: 5))
        #expect(game.show.cue == nil)
        try game.host(.openLobby)
        try game.join("p0")
        try game.join("p1")
        guard case .lobby(let lobby) = game.show.cue else {
            Issue.record("no lobby")
            return
        }
        #expect(lobby.title == "Night" && lobby.playerCount == 2 && lobby.startsAtMs == 5)
        #expect(lobby.prize == prize)

        try game.host(.open(question: nil))
        guard case .question(let question) = game.show.cue else {
            Issue.record("no question")
            return
        }
        #expect(question.question == "q0" && question.number == 1 && question.of == 3)
        #expect(question.text == "What is q0?" && question.options.count == 4)
        #expect(question.windowMs == 10_000 && question.deadlineMsAfterOpening == 10_000)
        #expect(question.openedNs == game.nowMs * 1_000_000)
        try game.host(.makeUpOutage(ms: 3000))
        guard case .question(let extended) = game.show.cue else {
            Issue.record("no question")
            return
        }
        #expect(extended.deadlineMsAfterOpening == 13_000)

        game.nowMs += 3000
        game.answer(0, 1)
        try game.host(.lock(isForced: true))
        #expect(game.show.cue == .locked(question: "q0"))
        try game.host(.reveal)
        guard case .reveal(let reveal) = game.show.cue else {
            Issue.record("no reveal")
            return
        }
        #expect(reveal.reveal.correctOption == 1 && reveal.explanation == "Because.")
        #expect(reveal.question == "q0" && reveal.reveal.counts == [0, 1, 0, 0])
        try game.host(.next)
        guard case .standings = game.show.cue else {
            Issue.record("\(String(describing: game.show.cue))")
            return
        }
        try game.host(.open(question: nil))
        try game.host(.void(question: nil, reason: "r"))
        #expect(game.show.cue == .void(question: "q1", reason: "r"))
        try game.host(.finishEarly)
        guard case .winners(let winners) = game.show.cue else {
            Issue.record("no winners")
            return
        }
        #expect(winners.count == 1 && winners.shareMinorUnits == 1001)
        #expect(winners.currency == "EUR" && winners.names == ["Player p0"])
        try game.host(.settle)
        #expect(game.show.cue == .over)
    }

    @Test func voidedQuestionsAreNotCounted() throws {
        var game = try Game(playerCount: 1)
        try game.host(.open(question: nil))
        try game.host(.void(question: nil, reason: "r"))
        try game.host(.next)
        guard case .lobby = game.show.cue else {
            Issue.record("not as if it had never been asked")
            return
        }
        try game.host(.open(question: nil))
        guard case .question(let question) = game.show.cue else {
            Issue.record("no question")
            return
        }
        #expect(question.number == 1 && question.of == 2)
    }

    @Test func noCueBeforeTheRevealTellsTheRightOption() throws {
        // Two shows that differ in nothing but the right option say the same until the reveal.
        func cues(correctOption: Int) throws -> [ShowCue?] {
            var game = try Game(questionCount: 0)
            try game.host(.addQuestion(Game.question("q", correctOption: correctOption)))
            var cues = [game.show.cue]
            try game.host(.openLobby)
            try game.join("p0")
            cues.append(game.show.cue)
            try game.host(.open(question: nil))
            cues.append(game.show.cue)
            game.answer(0, 2)
            cues.append(game.show.cue)
            try game.host(.lock(isForced: true))
            cues.append(game.show.cue)
            return cues
        }
        let expected = try cues(correctOption: 0)
        for correctOption in 1..<4 {
            #expect(try cues(correctOption: correctOption) == expected)
        }
    }

    @Test func namesOfWinnersAreAtMostFifty() throws {
        var game = try Game(playerCount: 60, questionCount: 1)
        try game.play([Int?](repeating: 1, count: 60))
        try game.host(.finishEarly)
        guard case .winners(let winners) = game.show.cue else {
            Issue.record("no winners")
            return
        }
        #expect(winners.count == 60 && winners.names.count == 50)
        #expect(winners.shareMinorUnits == nil && winners.currency == nil)
    }
}
