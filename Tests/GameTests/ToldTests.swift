// What the audience of a stream is told: what has changed, until it stands there, and of one show.

import Broadcast
import Game
import Ledger
import Testing
import Trivia

@Suite("The audience is told")
struct ToldTests {
    @Test("a cue that was refused is tried again, though the programme has an earlier one")
    func refusedCue() throws {
        let stand = try DeskStand()
        try stand.open()
        stand.stage.content.withLock { $0.refusal = .heldUp }
        try stand.play(.open(question: nil))
        #expect(stand.stage.phases == ["lobby", "question"], "at once")
        #expect(stand.desk.health.cueRefusalCount == 1)
        stand.stage.content.withLock { $0.refusal = .tooManyStates(limit: 1) }
        try stand.play(.lock(isForced: true))
        stand.desk.turn()
        #expect(stand.stage.phases.last == "question", "it won't do so soon")
        for _ in 0..<3 {
            stand.clock.pass(ms: GameLimits.retellMs)
            stand.desk.turn()
            #expect(stand.stage.phases == ["lobby", "question", "locked"], "once")
        }
    }

    @Test("what changes nothing for the audience isn't said again")
    func unchanged() throws {
        let stand = try DeskStand()
        try stand.open()
        for name in ["a", "b"] { _ = try stand.admit(name) }
        stand.desk.turn()
        try stand.play(.open(question: nil))
        try stand.host(.shuffle)
        try stand.host(.kick(player: "a"))
        #expect(stand.stage.phases.count { $0 == "question" } == 1)
        let state = String(decoding: stand.desk.state(of: "main").bytes, as: UTF8.self)
        #expect(state.contains(#""survivors":1"#), "the state says what has changed")
        #expect(state.contains(#""seq":2"#))
        try stand.play(.pause)
        try stand.play(.resume)
        let paused = stand.stage.content.withLock { $0.cues }.filter {
            $0["phase"] == .string("question")
        }.map { $0["paused"] }
        #expect(paused == [nil, .boolean(true), nil])
    }

    @Test("a settled rehearsal that is deleted says nothing into the show that is on")
    func deletedRehearsal() throws {
        let stand = try DeskStand()
        try stand.open(
            questionCount: 1, plan: ShowPlan(title: "Try", isRehearsal: true), show: "trial")
        for command in [
            .open(question: nil), .lock(isForced: true), .reveal, .finish, .settle,
        ] as [ShowCommand] { try stand.host(command, show: "trial") }
        let rehearsed = stand.stage.content.withLock { $0.cues }.map { $0["rehearsal"] }
        #expect(!rehearsed.isEmpty && rehearsed.allSatisfy { $0 == .boolean(true) })
        try stand.open()
        try stand.play(.open(question: nil))
        let isRehearsal = stand.stage.content.withLock { $0.cues }.last?["rehearsal"]
        #expect(isRehearsal == nil)
        let state = stand.desk.state(of: "main").bytes
        try stand.host(.delete, show: "trial")
        #expect(stand.stage.phases.last == "question")
        #expect(stand.desk.state(of: "main").bytes == state)
        #expect(throws: AdmissionRefusal.otherShow) { try stand.admit("a", show: "trial") }
        // Its name is free again, for a show that lets players in.
        for command in [.lock(isForced: true), .reveal, .finishEarly, .settle] as [ShowCommand] {
            try stand.play(command)
        }
        try stand.open(show: "trial")
        _ = try stand.admit("a", show: "trial")
        #expect(throws: AdmissionRefusal.noGuests) {
            try stand.desk.join(name: "Ann", show: "trial")
        }
    }
}

@Suite("What goes on where")
struct StreamStateTests {
    private func open(_ show: String, on stream: String, _ stand: DeskStand) throws {
        try stand.host(.create(ShowPlan(title: "Quiz"), stream: stream), show: show)
        try stand.host(.replaceQuestions(DeskStand.questions(1)), show: show)
        try stand.host(.openLobby, show: show)
    }

    private func state(_ stand: DeskStand, of stream: String? = nil) -> String {
        String(decoding: stand.desk.state(of: stream).bytes, as: UTF8.self)
    }

    @Test("a rehearsal on one stream and the final on another are not two shows")
    func rehearsalFirst() throws {
        let stand = try DeskStand(allowsGuests: true)
        #expect(state(stand).contains(#""phase":"none""#))
        try open("trial", on: "demo", stand)
        try open("final", on: "show", stand)
        #expect(state(stand).contains("several") || state(stand).contains("Several"))
        try stand.host(.open(question: nil), show: "trial")
        try stand.host(.lock(isForced: true), show: "trial")
        try stand.host(.reveal, show: "trial")
        try stand.host(.finishEarly, show: "trial")
        try stand.host(.settle, show: "trial")
        #expect(state(stand).contains(#""show":"final""#))
        #expect(state(stand, of: "demo").contains(#""phase":"over""#))
        #expect(throws: Never.self) { try stand.desk.join(name: "Ann", show: nil) }
        try stand.host(.delete, show: "final")
        #expect(state(stand).contains(#""phase":"over""#), "the newest that is over")
        #expect(state(stand, of: "show").contains(#""phase":"over""#))
        try open("next", on: "demo", stand)
        #expect(state(stand).contains(#""show":"next""#))
    }

    @Test("streams of long ago are forgotten")
    func many() throws {
        let stand = try DeskStand()
        for number in 0..<40 {
            try open("s\(number)", on: "stream\(number)", stand)
            try stand.host(.delete, show: "s\(number)")
        }
        #expect(state(stand, of: "stream0").contains(#""phase":"none""#))
        #expect(state(stand, of: "stream39").contains(#""phase":"over""#))
    }
}
