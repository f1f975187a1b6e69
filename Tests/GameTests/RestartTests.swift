// Crashes: the show goes on in the same phase, with every answer that was acknowledged.

import Game
import Ledger
import TestSupport
import Testing
import Trivia

@Suite("After a crash")
struct RestartTests {
    @Test("an open question gets the lost time back")
    func outage() throws {
        let stand = try DeskStand()
        try stand.open()
        let ticket = try stand.admit("a")
        try stand.play(.open(question: nil))
        try stand.answer(ticket, "q0", 1, address: 1)
        stand.desk.turn()
        let next = try stand.crashed(downMs: 20_000, isOnAir: false)
        #expect(next.report?.stage == stand.report?.stage)
        #expect(next.report?.numbers?.answeredCount == 1)
        #expect(next.report?.leftMs == 14_500, "20 s were given back")
        #expect(next.desk.notes.count == 1)
        #expect(next.stage.phases.isEmpty)
        next.clock.pass(ms: 5000)
        next.desk.turn()
        #expect(next.desk.notes.count == 1, "nobody can see it yet")
        // A publisher is there, and its first picture isn't.
        next.stage.content.withLock {
            $0.programme = 7
            $0.refusal = .nothingShown(isKept: true)
        }
        next.desk.turn()
        next.clock.pass(ms: 2000)
        next.desk.turn()
        next.desk.turn()
        #expect(next.report?.leftMs == 14_500, "7 s more, until it could be seen again")
        #expect(next.desk.notes.last?.text.contains("7000 ms") == true)
        next.clock.pass(ms: 2000)
        next.desk.turn()
        #expect(next.report?.leftMs == 12_500 && next.desk.notes.count == 2, "its time goes on")
        #expect(next.stage.phases.first == "question")
        let again = try next.admit("a")
        try next.answer(again, "q0", 1, address: 2)
        next.desk.turn()
        #expect(next.receipts[2]?.contains("accepted") == true, "the same receipt")
        #expect(next.desk.health.repeatedCount == 1)
        #expect(try next.desk.audit(show: "show").isSound)
    }

    @Test("after too long it is voided, and the host is told")
    func tooLong() throws {
        let stand = try DeskStand()
        try stand.open()
        try stand.play(.open(question: nil))
        let next = try stand.crashed(downMs: 61_000)
        #expect(next.report?.stage != stand.report?.stage)
        #expect(next.desk.notes.first?.text.contains("61 s") == true)
        #expect(next.stage.phases.last == "void")
        try next.play(.open(question: nil))
        let never = try stand.crashed(downMs: 1000, isOnAir: false)
        never.clock.pass(ms: 60_000)
        never.desk.turn()
        #expect(never.desk.notes.count == 2, "given back first, then voided")
    }

    @Test("a lock that waits is not for a question that nobody can see")
    func lockInOutage() throws {
        let stand = try DeskStand()
        try stand.open()
        try stand.play(.open(question: nil))
        stand.clock.pass(ms: 2000)
        #expect(try stand.play(.lock(isForced: false)).isPending)
        let next = try stand.crashed(downMs: 20_000, isOnAir: false)
        for _ in 0..<20 {
            next.clock.pass(ms: 1000)
            next.desk.turn()
        }
        #expect(next.report?.isLockPending == true)
        #expect(next.stage.phases.isEmpty)
        next.stage.content.withLock { $0.programme = 7 }
        for _ in 0..<2 { next.desk.turn() }
        #expect(next.report?.leftMs == 12_500)
        next.clock.pass(ms: 12_600)
        next.desk.turn()
        #expect(next.stage.phases.last == "locked")
    }

    @Test("what was lost before a pause or another crash is not lost for good")
    func outageInSteps() throws {
        let stand = try DeskStand()
        try stand.open()
        try stand.play(.open(question: nil))
        let next = try stand.crashed(downMs: 4000, isOnAir: false)
        for _ in 0..<8 {
            next.clock.pass(ms: 1000)
            next.desk.turn()
        }
        #expect(next.report?.leftMs == 14_500)
        let third = try next.crashed(downMs: 1000, isOnAir: false)
        #expect(third.report?.leftMs == 14_500)
        try next.play(.pause)
        next.clock.pass(ms: 3000)
        try next.play(.resume)
        next.desk.turn()
        #expect(next.report?.leftMs == 14_500)
    }

    @Test("a lock that waits is for its own question, whatever comes between")
    func lockOfAnother() throws {
        let stand = try DeskStand()
        try stand.open()
        try stand.play(.open(question: nil))
        try stand.play(.lock(isForced: false))
        // Both within one turn.
        for action in [
            .void(question: nil, reason: "Typo"), .open(question: nil),
        ] as [ShowCommand] {
            let request = HostRequest(
                commandID: action.word.rawValue, who: "anna", show: "show", command: action)
            stand.desk.enqueue(request) { _ in }
        }
        stand.desk.turn()
        stand.clock.pass(ms: 20_000)
        stand.desk.turn()
        #expect(stand.stage.phases.last == "question")
        #expect(stand.report?.isLockPending == false)
    }

    @Test("a lock that waited in a show that is deleted is none for the next of its name")
    func lockOfADeletedShow() throws {
        let stand = try DeskStand()
        try stand.open(plan: ShowPlan(title: "Try", isRehearsal: true))
        try stand.play(.open(question: nil))
        try stand.play(.lock(isForced: false))
        try stand.host(.delete)
        try stand.open()
        try stand.play(.open(question: nil))
        #expect(stand.report?.isLockPending == false)
        #expect(try stand.crashed().report?.isLockPending == false)
    }

    @Test("a new programme is told how things stand")
    func newProgramme() throws {
        let stand = try DeskStand(isOnAir: false)
        try stand.open()
        #expect(stand.stage.phases.isEmpty)
        #expect(
            String(decoding: stand.desk.state(of: "main").bytes, as: UTF8.self).contains("lobby"))
        for programme in [1, 2] as [UInt64] {
            stand.stage.content.withLock { $0.programme = programme }
            stand.desk.turn()
            stand.desk.turn()
        }
        #expect(stand.stage.phases == ["lobby", "lobby"])
    }

    @Test("rehearsals that are over are thrown away")
    func rehearsal() throws {
        let stand = try DeskStand()
        try stand.open(plan: ShowPlan(title: "Try", isRehearsal: true))
        try stand.play(.open(question: nil))
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        #expect(try stand.crashed().report != nil)
        try stand.play(.finishEarly)
        #expect(try stand.crashed().report == nil)
    }

    @Test(
        "killed at random moments, it ends as if nothing had been",
        arguments: 1...5 as ClosedRange<UInt64>)
    func killed(seed: UInt64) throws {
        func run(kills: Bool) throws -> (winners: [String], acknowledged: Set<UInt64>, kept: UInt32)
        {
            var random = SeededRandom(seed: seed)
            var killer = SeededRandom(seed: seed &+ 1000)
            var stand = try DeskStand(tuning: GroupTuning(countMax: 7, delayUs: 0))
            var acknowledged: Set<UInt64> = []
            func note() {
                for (address, text) in stand.receipts.texts.withLock({ $0 })
                where text.contains("\"accepted\"") { acknowledged.insert(address) }
            }
            func mayDie() throws {
                guard kills, Int.random(in: 0..<4, using: &killer) == 0 else { return }
                note()
                stand = try stand.crashed(downMs: 100)
            }
            try stand.open(questionCount: 5, plan: ShowPlan(title: "Q", reviveCount: 1))
            for place in 0..<30 { _ = try stand.admit("p\(place)") }
            stand.desk.turn()
            for number in 0..<5 {
                try stand.play(.open(question: "q\(number)"))
                try mayDie()
                for round in 0..<4 {
                    stand.clock.pass(ms: 200)
                    var choices: [(place: Int, choice: Int32)] = []
                    for place in stride(from: round, to: 30, by: 4) {
                        let isRight = Int.random(in: 0..<100, using: &random) < 70
                        choices.append((place, isRight ? 1 : 0))
                    }
                    for (place, choice) in choices {
                        try stand.answer(
                            stand.admit("p\(place)"), "q\(number)", choice,
                            address: UInt64(number * 100 + place))
                    }
                    // Some die before their answers are on disk, and those come again.
                    if kills, Int.random(in: 0..<4, using: &killer) == 0 {
                        note()
                        stand = try stand.crashed(downMs: 50)
                        for (place, choice) in choices {
                            try stand.answer(
                                stand.admit("p\(place)"), "q\(number)", choice,
                                address: UInt64(number * 100 + place))
                        }
                    }
                    stand.desk.turn()
                    try mayDie()
                }
                try stand.play(.lock(isForced: true))
                try mayDie()
                try stand.play(.reveal)
                try mayDie()
            }
            note()
            try stand.play(.finish)
            try stand.play(.settle)
            try mayDie()
            let audit = try stand.desk.audit(show: "show")
            #expect(audit.differences == [], "seed \(seed)")
            return (
                audit.settlement?.payouts.map(\.id) ?? [], acknowledged,
                UInt32(audit.answerCount)
            )
        }
        let calm = try run(kills: false)
        let stormy = try run(kills: true)
        #expect(Set(calm.winners) == Set(stormy.winners), "seed \(seed)")
        #expect(calm.acknowledged == stormy.acknowledged, "seed \(seed)")
        #expect(calm.kept == stormy.kept, "seed \(seed)")
    }
}

@Suite("The doors")
struct DoorTests {
    @Test("guests join by a name, and the banned stay out")
    func guests() throws {
        let stand = try DeskStand(allowsGuests: true)
        #expect(throws: AdmissionRefusal.noShow("")) {
            try stand.desk.join(name: "Ann", show: nil)
        }
        #expect(throws: AdmissionRefusal.noShow("other")) {
            try stand.desk.join(name: "Ann", show: "other")
        }
        try stand.open(plan: ShowPlan(title: "Quiz"))
        #expect(throws: AdmissionRefusal.badName) {
            try stand.desk.join(name: "", show: nil)
        }
        let token = try stand.desk.join(name: "Ann", show: nil)
        let ticket = try stand.desk.admit(token: Array(token.utf8).span.bytes).get()
        #expect(try stand.desk.admit(token: Array(token.utf8).span.bytes).get() == ticket)
        stand.desk.turn()
        let me = String(decoding: stand.desk.standing(of: ticket) ?? [], as: UTF8.self)
        #expect(me.contains(#""name":"Ann","status":"playing""#))
        // Whoever joined in the lobby plays, though nothing was heard of them until question one.
        let silent = try stand.desk.join(name: "Sue", show: nil)
        let counts = Heard<Int>()
        let desk = stand.desk
        let isTaken = desk.afterNextTurn {
            counts.add(desk.heldReport(show: "show")?.tally.players ?? 0)
        }
        #expect(isTaken && counts.all == [])
        desk.turn()
        #expect(counts.all == [2])
        try stand.play(.open(question: nil))
        let sue = try stand.desk.admit(token: Array(silent.utf8).span.bytes).get()
        try stand.answer(sue, "q0", 1, address: 5)
        stand.desk.turn()
        #expect(stand.receipts[5]?.contains("accepted") == true)
        #expect(try stand.crashed().desk.heldReport(show: "show")?.tally.survivors == 2)
        let b = try stand.admit("b")
        stand.desk.turn()
        try stand.host(.ban(player: "b"))
        #expect(throws: AdmissionRefusal.banned) { try stand.admit("b") }
        #expect(throws: AdmissionRefusal.banned) { try stand.crashed().admit("b") }
        try stand.host(.reinstate(player: "b"))
        #expect(try stand.admit("b") == b)
        #expect(throws: HostRefusal.rules(.unknownPlayerID("x"))) {
            try stand.host(.kick(player: "x"))
        }
        #expect(throws: AdmissionRefusal.otherShow) { try stand.admit("a", show: "other") }
        let elsewhere = stand.desk.admit(id: "b", name: "B", show: "show", stream: "other")
        #expect(elsewhere == .failure(.otherShow), "the show plays on another stream")
        #expect(stand.desk.admit(id: "b", name: "B", show: "show", stream: "main") == .success(b))
        try stand.host(.create(ShowPlan(title: "Soon"), stream: "late"), show: "soon")
        let early = try stand.admit("a", show: "soon")
        stand.desk.turn()
        #expect(stand.desk.isEarly(early) && stand.desk.standing(of: early) == nil)
        try stand.host(.replaceQuestions(DeskStand.questions(1)), show: "soon")
        try stand.host(.openLobby, show: "soon")
        #expect(!stand.desk.isEarly(early))
        let soon = String(decoding: stand.desk.standing(of: early) ?? [], as: UTF8.self)
        #expect(soon.contains(#""show":"soon","player":"a""#) && soon.contains(#""playing""#))
        #expect(try stand.crashed().desk.heldReport(show: "soon")?.tally.players == 1)
        #expect(throws: AdmissionRefusal.severalShows) {
            try stand.desk.join(name: "Ann", show: nil)
        }
        #expect(throws: HostRefusal.badStream) {
            try stand.host(.create(ShowPlan(title: "Up"), stream: "../x"), show: "up")
        }
        let closed = try DeskStand(allowsGuests: false)
        #expect(throws: AdmissionRefusal.noGuests) {
            try closed.desk.join(name: "Ann", show: nil)
        }
    }
}
