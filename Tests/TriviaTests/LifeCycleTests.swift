// From draft to settled, and what each phase refuses.

import Testing
import Trivia

@Suite struct LifeCycleTests {
    @Test func aWholeShow() throws {
        var game = try Game()
        #expect(game.show.phase == .draft)
        try game.host(.openLobby)
        #expect(game.show.phase == .lobby)
        try game.join("p0")
        try game.play([1])
        #expect(game.show.phase == .live)
        try game.host(.next)
        try game.play([1])
        try game.play([1])
        game.expectRefusal(.open(question: nil), .noQuestions)
        try game.host(.finish)
        #expect(game.show.phase == .finished)
        try game.host(.settle)
        #expect(game.show.phase == .settled)
        #expect(game.show.winners == [.init(rawValue: 0)])
    }

    @Test func aDraftIsWritten() throws {
        var game = try Game(questionCount: 3)
        try game.host(.edit(ShowPlan(title: "Another night", isRehearsal: true)))
        #expect(game.show.plan.isRehearsal)
        game.expectRefusal(.addQuestion(try Game.question("q1")), .sameQuestionID("q1"))
        try game.host(.editQuestion(id: "q1", Game.question("r1", optionCount: 2)))
        game.expectRefusal(
            .editQuestion(id: "r1", try Game.question("q0")), .sameQuestionID("q0"))
        try game.host(.orderQuestions(ids: ["q2", "r1", "q0"]))
        #expect(game.show.plannedOrder.map(\.rawValue) == [2, 1, 0])
        game.expectRefusal(.orderQuestions(ids: ["q2", "r1"]), .badOrder)
        game.expectRefusal(.orderQuestions(ids: ["q2", "q2", "q0"]), .badOrder)
        game.expectRefusal(.orderQuestions(ids: ["q2", "q9", "q0"]), .unknownQuestion("q9"))
        try game.host(.withdrawQuestion(id: "q2"))
        game.expectRefusal(.withdrawQuestion(id: "q2"), .unknownQuestion("q2"))
        try game.host(.addQuestion(Game.question("q2")))
        #expect(game.show.questionNumber(forID: "q2") == .init(rawValue: 3))
        #expect(game.show.plannedOrder.map(\.rawValue) == [1, 0, 3])
    }

    @Test func aShowHasOnlySoManyQuestions() throws {
        var game = try Game(questionCount: TriviaLimits.questionCountMax)
        game.expectRefusal(.addQuestion(try Game.question("more")), .tooManyQuestions)
        // Those that are taken out make room, though not for ever.
        for number in TriviaLimits.questionCountMax..<TriviaLimits.questionNumberMax {
            try game.host(.withdrawQuestion(id: "q0"))
            try game.host(.addQuestion(Game.question("q0")))
            if number % 500 == 0 { #expect(game.show.plannedOrder.count == 200) }
        }
        try game.host(.withdrawQuestion(id: "q0"))
        game.expectRefusal(.addQuestion(try Game.question("q0")), .tooManyQuestions)
    }

    @Test func aDraftRefusesThePlay() throws {
        let game = try Game()
        let play: [ShowCommand] = [
            .open(question: nil), .lock(isForced: true), .reveal, .next, .pause, .finish, .reopen,
            .settle, .void(question: "q0", reason: "r"), .kick(.init(rawValue: 0)),
        ]
        for command in play { game.expectRefusal(command) }
        game.expectRefusal(.resume, .notPaused)
        game.expectRefusal(
            .open(question: nil), .wrongPhase(.draft, allowed: [.lobby, .live]))
        try Game(questionCount: 0).expectRefusal(.openLobby, .noQuestions)
        #expect(throws: ShowRefusal.wrongPhase(.draft, allowed: [.lobby, .live])) {
            var show = game.show
            _ = try show.join(id: "p", name: "P")
        }
    }

    @Test func aLobbyRefusesWhatIsNotItsOwn() throws {
        let game = try Game(playerCount: 1)
        game.expectRefusal(.openLobby, .wrongPhase(.lobby, allowed: [.draft]))
        game.expectRefusal(.edit(try ShowPlan(title: "t")))
        for command: ShowCommand in [
            .lock(isForced: true), .reveal, .next, .pause, .finish, .reopen, .settle,
            .makeUpOutage(ms: 1), .void(question: nil, reason: "r"),
        ] { game.expectRefusal(command) }
    }

    @Test func anOpenQuestionComesToItsEndFirst() throws {
        var game = try Game(playerCount: 1)
        game.expectRefusal(.open(question: "q9"), .unknownQuestion("q9"))
        try game.host(.open(question: "q1"))
        game.expectRefusal(.open(question: nil), .questionOn("q1", .open))
        game.expectRefusal(.finish, .questionOn("q1", .open))
        game.expectRefusal(.next, .questionOn("q1", .open))
        game.expectRefusal(.reveal, .noLockedQuestion)
        game.expectRefusal(
            .editQuestion(id: "q1", try Game.question("q1")), .questionNotWaiting("q1", .open))
        game.expectRefusal(.withdrawQuestion(id: "q1"), .questionNotWaiting("q1", .open))
        try game.host(.lock(isForced: true))
        game.expectRefusal(.lock(isForced: true), .noOpenQuestion)
        game.expectRefusal(.makeUpOutage(ms: 1), .noOpenQuestion)
        game.expectRefusal(.open(question: nil), .questionOn("q1", .locked))
        try game.host(.reveal)
        game.expectRefusal(.reveal, .noLockedQuestion)
        game.expectRefusal(.open(question: "q1"), .questionNotWaiting("q1", .revealed))
        try game.host(.next)
        game.expectRefusal(.next, .nothingOn)
    }

    @Test func aPausedShowOnlyGoesOnOrTakesBack() throws {
        var game = try Game(playerCount: 2)
        try game.host(.open(question: nil))
        try game.host(.pause)
        for command: ShowCommand in [
            .pause, .open(question: nil), .lock(isForced: true), .reveal, .next, .finish,
            .makeUpOutage(ms: 1),
        ] { game.expectRefusal(command, .paused) }
        try game.host(.kick(.init(rawValue: 1)))
        try game.host(.void(question: nil, reason: "a power cut"))
        try game.host(.resume)
        game.expectRefusal(.resume, .notPaused)
        try game.play([1])
        #expect(game.show.tally.survivors == 1)
    }

    @Test func aFinishCanBeTakenBackUntilItIsSettled() throws {
        var game = try Game(playerCount: 1)
        try game.play([1])
        try game.host(.finishEarly)
        for command: ShowCommand in [
            .open(question: nil), .void(question: "q0", reason: "r"), .pause, .finish, .next,
            .addQuestion(try Game.question("more")), .kick(.init(rawValue: 0)),
        ] { game.expectRefusal(command) }
        try game.host(.reopen)
        try game.host(.void(question: "q0", reason: "nobody could read it"))
        try game.host(.finishEarly)
        try game.host(.settle)
        game.expectRefusal(.reopen, .wrongPhase(.settled, allowed: [.finished]))
        game.expectRefusal(.settle)
        #expect(game.show.winners.isEmpty)
    }

    @Test func aStaleCommandIsRefused() throws {
        var game = try Game(playerCount: 1)
        let revision = game.show.revision
        try game.join("more")
        #expect(game.show.revision == revision, "players are not the host")
        try game.host(.open(question: nil))
        #expect(game.show.revision == revision + 1)
        #expect(throws: ShowRefusal.stale(expected: revision, revision: revision + 1)) {
            try game.show.events(
                for: .lock(isForced: true), atNs: 0, expectedRevision: revision)
        }
        let events = try game.show.events(
            for: .lock(isForced: true), atNs: 0, expectedRevision: revision + 1)
        for event in events { try game.show.apply(event) }
    }

    @Test func playersJoinOnceAndMayComeBack() throws {
        var game = try Game(playerCount: 2)
        let before = game.show
        let again = try game.show.join(id: "p1", name: "Another name")
        #expect(again.player == .init(rawValue: 1) && again.event == nil)
        #expect(game.show == before)
        #expect(throws: ShowRefusal.badPlayerName(.empty)) { try game.show.join(id: "x", name: "") }
        #expect(throws: ShowRefusal.badPlayerID(.empty)) { try game.show.join(id: "", name: "x") }
        #expect(throws: ShowRefusal.badPlayerName(.controlCharacter)) {
            try game.show.join(id: "x", name: "a\nb")
        }
        #expect(game.show == before)
        try game.host(.kick(.init(rawValue: 0)))
        game.expectRefusal(.kick(.init(rawValue: 0)), .removedBefore)
        #expect(try game.show.join(id: "p0", name: "P").player == .init(rawValue: 0))
        #expect(game.status(0) == .kicked)
        try game.host(.ban(.init(rawValue: 0)))
        #expect(throws: ShowRefusal.playerBanned) { try game.show.join(id: "p0", name: "P") }
        game.expectRefusal(.ban(.init(rawValue: 0)), .removedBefore)
        try game.host(.reinstate(.init(rawValue: 0)))
        #expect(game.status(0) == .playing)
        game.expectRefusal(.reinstate(.init(rawValue: 0)), .notRemoved)
        game.expectRefusal(.kick(.init(rawValue: 2)), .unknownPlayerID("p2"))
        game.expectRefusal(.kick(.init(rawValue: -1)), .unknownPlayerID("p-1"))
    }
}
