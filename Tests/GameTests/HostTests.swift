// Hosts' commands: once each, in order, on disk before anybody is told.

import Broadcast
import Game
import Ledger
import Testing
import Trivia

@Suite("A host's commands")
struct HostTests {
    @Test("a show from the first question to the payout, with its cues")
    func wholeShow() throws {
        let stand = try DeskStand()
        try stand.open()
        let tickets = try ["a", "b", "c"].map { try stand.admit($0) }
        for number in 0..<3 {
            try stand.play(.open(question: nil))
            for (place, ticket) in tickets.enumerated() {
                let choice: Int32 = place == 0 ? 1 : Int32(number == 1 ? 1 : place)
                try stand.answer(ticket, "q\(number)", choice, address: UInt64(number * 10 + place))
            }
            stand.desk.turn()
            #expect(
                stand.receipts[UInt64(number * 10)]
                    == #"{"type":"receipt","question":"q\#(number)","choice":1,"status":"accepted"}"#
            )
            try stand.play(.lock(isForced: true))
            try stand.play(.reveal)
            try stand.play(.next)
        }
        try stand.play(.finish)
        #expect(stand.report?.settlement?.payouts.map(\.id) == ["a", "b"])
        try stand.play(.settle)
        #expect(
            stand.stage.phases == [
                "lobby", "question", "locked", "reveal", "standings", "question", "locked",
                "reveal", "standings", "question", "locked", "reveal", "standings", "winners",
                "over",
            ])
        let log = try stand.desk.log(show: "show").map { "\($0.action) \($0.detail)" }
        #expect(
            log.dropFirst(3).prefix(5) == [
                "open q0", "lock q0, forced", "reveal q0", "next ", "open q1",
            ])
        let audit = try stand.desk.audit(show: "show")
        #expect(audit.differences == [])
        #expect(audit.settlement?.payouts.map(\.minorUnits) == [499, 499])
        #expect(try stand.desk.shows().map(\.phase) == [.settled])
    }

    @Test("a command that comes again isn't done again, now and after a restart")
    func idempotent() throws {
        let stand = try DeskStand()
        try stand.open()
        let first = try stand.host(.open(question: nil), id: "key-1")
        #expect(!first.isRepeat)
        let again = try stand.host(.open(question: nil), id: "key-1")
        #expect(again.isRepeat && again.revision == first.revision)
        #expect(throws: HostRefusal.commandIDReused(action: "open", show: "show")) {
            try stand.host(.reveal, id: "key-1")
        }
        let next = try stand.crashed()
        #expect(try next.host(.open(question: nil), id: "key-1").isRepeat)
        #expect(throws: HostRefusal.badCommandID) { try next.host(.shuffle, id: "a b") }
    }

    @Test("an id that comes again with other contents is refused, now and after a restart")
    func otherContents() throws {
        let stand = try DeskStand()
        let plan = try ShowPlan(title: "Quiz")
        try stand.host(.create(plan, stream: "main"), id: "create")
        let first = try stand.host(.replaceQuestions(DeskStand.questions(2)), id: "import")
        var list = try DeskStand.questions(2)
        list[1] = try Question(
            id: "q1", text: "What?", options: ["a", "b", "c"], correctOption: 2, windowMs: 10_000)
        let others: [(String, ShowCommand)] = [
            ("import", .replaceQuestions(list)),
            ("import", .addQuestions(try DeskStand.questions(2))),
            ("import", .replaceQuestions(try DeskStand.questions(3))),
            ("create", .create(plan, stream: "other")),
            ("create", .create(try ShowPlan(title: "Quiz", reviveCount: 2), stream: "main")),
        ]
        let next = try stand.crashed()
        for stand in [stand, next] {
            for (id, action) in others {
                #expect(
                    throws: HostRefusal.commandIDReused(action: action.word.rawValue, show: "show")
                ) {
                    try stand.host(action, id: id)
                }
            }
            let again = try stand.host(.replaceQuestions(DeskStand.questions(2)), id: "import")
            #expect(again.isRepeat && again.revision == first.revision)
            #expect(stand.report?.questions.map(\.question.correctOption) == [1, 1])
        }
    }

    @Test("a show's id that is taken is the host's to mend, and no fault of the ledger's")
    func sameShow() throws {
        let news = Heard<DeskNews>()
        let stand = try DeskStand(news: { news.add($0) })
        try stand.open()
        #expect(throws: HostRefusal.ledger(.sameShow("show"))) {
            try stand.host(.create(ShowPlan(title: "Again"), stream: "main"))
        }
        #expect(stand.desk.health.failure == nil && stand.desk.health.failureCount == 0)
        #expect(news.all == [])
        stand.writer.isBroken.withLock { $0 = true }
        for _ in 0..<2 { #expect(throws: HostRefusal.self) { try stand.host(.shuffle) } }
        stand.writer.isBroken.withLock { $0 = false }
        for _ in 0..<2 { try stand.host(.shuffle) }
        let full = LedgerError.full(path: stand.ledger.path).description
        #expect(news.all == [.ledgerFails(full), .ledgerWorks], "each once")
    }

    @Test("a stale command is refused, and so is what the phase doesn't allow")
    func stale() throws {
        let stand = try DeskStand()
        try stand.open()
        let revision = try #require(stand.report?.revision)
        try stand.host(.open(question: nil), expected: revision)
        #expect(
            throws: HostRefusal.rules(.stale(expected: revision, revision: revision + 1))
        ) { try stand.host(.lock(isForced: true), expected: revision) }
        #expect(throws: HostRefusal.self) { try stand.play(.reveal) }
        #expect(throws: HostRefusal.unknownShow("other")) {
            try stand.host(.shuffle, show: "other")
        }
        #expect(try stand.desk.log(show: "show").allSatisfy { $0.who == "anna" })
    }

    @Test("a lock waits for the last deadline, and is remembered over a restart")
    func pendingLock() throws {
        let stand = try DeskStand()
        try stand.open()
        let ticket = try stand.admit("a")
        try stand.play(.open(question: nil))
        let receipt = try stand.play(.lock(isForced: false))
        #expect(receipt.isPending)
        #expect(stand.report?.isLockPending == true)
        stand.clock.pass(ms: 14_000)
        try stand.answer(ticket, "q0", 1, address: 1)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("too_late") == true, "by the default lag")
        #expect(stand.report?.isLockPending == true)
        let restarted = try stand.crashed(downMs: 1000)
        restarted.desk.turn()
        #expect(restarted.report?.isLockPending == true)
        for one in [stand, restarted] {
            one.clock.pass(ms: 2000 + 14_500)
            one.desk.turn()
            #expect(one.report?.isLockPending == false)
            #expect(one.stage.phases.last == "locked")
        }
    }

    @Test("nothing is told, and nothing has changed, when it can't be written")
    func failure() throws {
        let stand = try DeskStand()
        try stand.open()
        let revision = stand.report?.revision
        stand.writer.isBroken.withLock { $0 = true }
        #expect(throws: HostRefusal.ledger(.full(path: stand.ledger.path))) {
            try stand.host(.open(question: nil), id: "retry")
        }
        #expect(stand.report?.revision == revision)
        #expect(stand.stage.phases == ["lobby"])
        #expect(stand.desk.health.failure?.contains("full") == true)
        stand.writer.isBroken.withLock { $0 = false }
        #expect(try !stand.host(.open(question: nil), id: "retry").isRepeat)
        #expect(stand.desk.health.failure == nil)
        #expect(stand.stage.phases == ["lobby", "question"])
    }

    @Test("shows on one stream, one at a time; what was played is kept")
    func streams() throws {
        let stand = try DeskStand()
        try stand.open()
        try stand.host(
            .create(ShowPlan(title: "Try", isRehearsal: true), stream: "main"), show: "try")
        try stand.host(.addQuestions(DeskStand.questions(1)), show: "try")
        #expect(throws: HostRefusal.streamTaken(stream: "main", by: "show")) {
            try stand.host(.openLobby, show: "try")
        }
        try stand.play(.open(question: nil))
        #expect(throws: HostRefusal.rules(.kept("show"))) { try stand.host(.delete) }
        try stand.host(.delete, show: "try")
        #expect(try stand.desk.shows().map(\.id) == ["show"])
        #expect(throws: HostRefusal.self) {
            try stand.host(
                .create(ShowPlan(title: "Again"), stream: "main"), show: "show")
        }
    }

    @Test("a corrected list changes what is there, and what is left out goes")
    func bringing() throws {
        let stand = try DeskStand()
        try stand.host(.create(ShowPlan(title: "Quiz"), stream: "main"))
        for _ in 0..<100 { try stand.host(.replaceQuestions(DeskStand.questions(5))) }
        var list = try DeskStand.questions(4)
        list.swapAt(0, 3)
        list[1] = try Question(
            id: "q1", text: "New?", options: ["x", "y"], correctOption: 0, windowMs: 5000)
        try stand.host(.replaceQuestions(list))
        let report = try #require(stand.report)
        #expect(
            report.plannedOrder.map { report.questions[Int($0.rawValue)].question } == list)
        #expect(report.questions.count == 5)
        try stand.host(.shuffle)
        #expect(stand.report?.plannedOrder.count == 4)
        let double = try DeskStand.questions(1) + DeskStand.questions(1)
        #expect(throws: HostRefusal.rules(.sameQuestionID("q0"))) {
            try stand.host(.addQuestions(double))
        }
    }

    @Test("the right option is nowhere before the reveal")
    func secrecy() throws {
        let stand = try DeskStand()
        try stand.open()
        let ticket = try stand.admit("a")
        try stand.play(.open(question: nil))
        try stand.answer(ticket, "q0", 1, address: 1)
        stand.desk.turn()
        func said() -> String {
            let state = String(decoding: stand.desk.state(of: "main").bytes, as: UTF8.self)
            let me = String(
                decoding: stand.desk.standing(of: ticket) ?? [], as: UTF8.self)
            let cues = stand.stage.content.withLock { $0.cues }.map { "\($0)" }.joined()
            return state + me + cues + (stand.receipts[1] ?? "")
        }
        #expect(!said().lowercased().contains("correct"))
        #expect(said().contains(#""receipts":[{"question":"q0","choice":1}]"#))
        try stand.play(.lock(isForced: true))
        #expect(!said().lowercased().contains("correct"))
        try stand.play(.reveal)
        #expect(said().contains(#""correct":1"#))
    }
}
