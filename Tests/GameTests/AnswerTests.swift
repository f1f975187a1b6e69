// Answers: fair, once each, and acknowledged only when they are on disk.

import Game
import Ledger
import TestSupport
import Testing
import Trivia

@Suite("Answers at the desk")
struct AnswerTests {
    @Test("doubles, changes of mind, and all that doesn't count")
    func rulings() throws {
        let stand = try DeskStand()
        try stand.open()
        let (a, b) = (try stand.admit("a"), try stand.admit("b"))
        try stand.answer(a, "q0", 1, address: 1)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("not_open") == true)
        try stand.play(.open(question: nil))
        let late = try stand.admit("late")
        try stand.answer(a, "q0", 1, address: 2)
        try stand.answer(a, "q0", 1, address: 3)
        try stand.answer(b, "q0", 99, address: 4)
        try stand.answer(late, "q0", 1, address: 5)
        try stand.answer(b, "q9", 1, address: 6)
        try stand.answer(PlayerTicket(rawValue: 4711), "q0", 1, address: 7)
        try stand.answer(b, "q0", 1, address: 9, show: "other")
        stand.clock.pass(ms: 1)
        try stand.answer(a, "q0", 2, address: 8)
        stand.desk.turn()
        #expect(stand.receipts[2] == stand.receipts[3])
        let words = [
            "accepted", "accepted", "no_such_option", "watching", "unknown_question",
            "not_joined", "already_answered",
        ]
        for (address, word) in zip(UInt64(2)..., words) {
            #expect(stand.receipts[address]?.contains("\"\(word)\"") == true)
        }
        #expect(stand.receipts[9]?.contains("other_show") == true)
        #expect(stand.desk.health.acceptedCount == 1)
        #expect(try stand.ledger.load(show: "show").show.acceptedCount == 1)
    }

    @Test("what can't be written isn't acknowledged, and memory knows no more than the disk")
    func failingCommit() throws {
        let stand = try DeskStand()
        try stand.open()
        let (a, b) = (try stand.admit("a"), try stand.admit("b"))
        try stand.play(.open(question: nil))
        try stand.answer(a, "q0", 1, address: 1)
        stand.desk.turn()
        stand.writer.isBroken.withLock { $0 = true }
        try stand.answer(a, "q0", 1, address: 2)
        try stand.answer(b, "q0", 0, address: 3)
        try stand.answer(b, "q0", 0, address: 4)
        let late = try stand.admit("late")
        stand.desk.turn()
        #expect(stand.receipts[2]?.contains("accepted") == true, "it is on disk from before")
        #expect(stand.receipts[3]?.contains("not_kept") == true)
        #expect(stand.receipts[4]?.contains("not_kept") == true)
        #expect(stand.report?.numbers?.answeredCount == 1)
        let receiptless = String(decoding: stand.desk.standing(of: b) ?? [], as: UTF8.self)
        #expect(receiptless.contains(#""receipts":[]"#))
        #expect(stand.desk.health.failureCount == 1)
        #expect(throws: HostRefusal.self) { try stand.play(.lock(isForced: true)) }
        stand.writer.isBroken.withLock { $0 = false }
        try stand.answer(b, "q0", 2, address: 5)
        stand.desk.turn()
        #expect(stand.receipts[5]?.contains("accepted") == true)
        let stored = try stand.ledger.load(show: "show").show
        #expect(stored.acceptedCount == 2)
        #expect(stored.tally.players == 3)
        #expect(stand.desk.show(of: late) == "show")
    }

    @Test("a viewer's window opens when the question reached it")
    func fairness() throws {
        let stand = try DeskStand()
        try stand.open()
        let tickets = try (0..<5).map { try stand.admit("p\($0)") }
        try stand.play(.open(question: nil))
        func handOver(_ place: Int) {
            stand.handOver("q0", tickets[place])
        }
        handOver(0)
        stand.clock.pass(ms: 3000)
        handOver(1)
        handOver(0)
        stand.clock.pass(ms: 6000)
        handOver(2)
        stand.clock.pass(ms: 1500)
        for place in 0..<3 {
            try stand.answer(tickets[place], "q0", 1, address: UInt64(place))
        }
        try stand.answer(tickets[4], "q0", 1, address: 4)
        stand.desk.turn()
        #expect(stand.receipts[0]?.contains("accepted") == true, "10.5 s: window and grace")
        #expect(stand.receipts[1]?.contains("accepted") == true)
        #expect(stand.receipts[2]?.contains("accepted") == true)
        #expect(stand.receipts[4]?.contains("accepted") == true, "a lag of 2 s by default")
        try stand.answer(
            tickets[3], "q0", 1, address: 3, handedOverNs: stand.clock.monotonicNs + 1)
        stand.desk.turn()
        #expect(stand.receipts[3]?.contains("not_open") == true, "its stream hadn't shown it")
    }

    @Test("in time to the last nanosecond, and too late right after it, in words")
    func exactEdge() throws {
        let nsPerMs: Int64 = 1_000_000
        // Nobody knows when the question reached p2: it is taken to be 2 s late.
        for (lagMs, isKnown) in [(Int64(0), true), (3000, true), (2000, false)] {
            let stand = try DeskStand()
            try stand.open()
            let tickets = try (0..<4).map { try stand.admit("p\($0)") }
            try stand.play(.open(question: nil))
            let openedNs = stand.clock.monotonicNs
            let deadlineNs = openedNs + (lagMs + 10_500) * nsPerMs
            stand.clock.pass(ms: 20_000)
            for (index, lateNs) in [0, 1, nsPerMs, -1].enumerated() {
                let name = try #require(QuestionName("q0"))
                #expect(
                    stand.desk.submit(
                        PlayerAnswer(
                            ticket: tickets[index], question: name, choice: 1,
                            receivedNs: deadlineNs + lateNs,
                            handover: isKnown
                                ? StreamHandover(atNs: openedNs + lagMs * nsPerMs, sinceNs: 0)
                                : nil,
                            address: UInt64(index))))
            }
            stand.desk.turn()
            let late =
                #"{"type":"receipt","question":"q0","choice":1,"status":"refused","#
                + #""code":"too_late","reason":"Your answer came too late."}"#
            #expect(stand.receipts[1] == late && stand.receipts[2] == late)
            for address in [UInt64(0), 3] {
                #expect(stand.receipts[address]?.contains(#""accepted""#) == true)
            }
            #expect(stand.desk.health.refusedCounts == ["too_late": 2])
        }
    }

    @Test("a look without players has all the rest, and goes on while answers come")
    func look() throws {
        let stand = try DeskStand()
        try stand.open()
        let tickets = try (0..<3).map { try stand.admit("p\($0)") }
        try stand.play(.open(question: nil))
        for (index, ticket) in tickets.enumerated() {
            try stand.answer(ticket, "q0", Int32(index), address: UInt64(index))
        }
        stand.desk.turn()
        func compare() throws {
            let whole = try #require(stand.report)
            let bare = try #require(stand.desk.heldReport(show: "show"))
            #expect(bare.numbers == whole.numbers && bare.tally == whole.tally)
            #expect(bare.questions == whole.questions && bare.reveal == whole.reveal)
            #expect(bare.show.askedCount == 1 && bare.leftMs == whole.leftMs)
            #expect(bare.show.questionNumber(forID: "q1") == whole.show.questionNumber(forID: "q1"))
            let first = PlayerNumber(rawValue: 0)
            #expect(bare.show.standing(of: first) == nil && bare.show.receipts(of: first).isEmpty)
            #expect(whole.show.standing(of: first) != nil)
        }
        #expect(stand.report?.numbers?.counts == [1, 1, 1])
        try compare()
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        #expect(stand.report?.numbers == nil)
        try compare()
    }

    @Test("who answers at once on coming in isn't too early, though its stream is still behind")
    func atOnce() throws {
        let stand = try DeskStand()
        try stand.open()
        let ticket = try stand.admit("back")
        try stand.play(.open(question: nil))
        stand.clock.pass(ms: 13_000)
        try stand.answer(ticket, "q0", 1, address: 1)
        stand.clock.pass(ms: 20)
        stand.handOver("q0", ticket)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("accepted") == true, "13 s: a lag of 4 s counts")
    }

    @Test("a millisecond after the deadline is too late, and slow reading gains the limit")
    func deadlines() throws {
        let stand = try DeskStand()
        try stand.open()
        let (quick, slow) = (try stand.admit("quick"), try stand.admit("slow"))
        try stand.play(.open(question: nil))
        func handOver(_ ticket: PlayerTicket) {
            stand.handOver("q0", ticket)
        }
        handOver(quick)
        stand.clock.pass(ms: 9000)
        handOver(slow)
        stand.clock.pass(ms: 1501)
        try stand.answer(quick, "q0", 1, address: 1)
        stand.clock.pass(ms: 4000)
        try stand.answer(slow, "q0", 1, address: 2)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("too_late") == true)
        #expect(stand.receipts[2]?.contains("too_late") == true)
    }

    @Test("the order within a group doesn't matter", arguments: [1, 2, 3, 4] as [UInt64])
    func order(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var names: [[String]] = []
        for _ in 0..<2 {
            let stand = try DeskStand()
            try stand.open(questionCount: 2, plan: ShowPlan(title: "Q", reviveCount: 0))
            let tickets = try (0..<20).map { try stand.admit("p\($0)") }
            for number in 0..<2 {
                try stand.play(.open(question: nil))
                stand.clock.pass(ms: 10)
                for place in (0..<20).shuffled(using: &random) {
                    for choice in [1, place % 3 == 0 ? 2 : 1].shuffled(using: &random) {
                        try stand.answer(
                            tickets[place], "q\(number)", Int32(choice), address: UInt64(place))
                    }
                }
                stand.desk.turn()
                try stand.play(.lock(isForced: true))
                try stand.play(.reveal)
            }
            try stand.play(.finish)
            names.append(stand.report?.settlement?.payouts.map(\.id) ?? [])
        }
        #expect(names[0] == names[1], "seed \(seed)")
        #expect(!names[0].isEmpty)
    }

    @Test("the desk's own thread does it all without being told")
    func thread() async throws {
        let stand = try DeskStand()
        try stand.desk.start()
        let desk = stand.desk
        let plan = try ShowPlan(title: "Quiz")
        func perform(_ id: String, _ command: ShowCommand) async throws {
            _ = try await desk.perform(
                HostRequest(commandID: id, who: "anna", show: "show", command: command))
        }
        try await perform("1", .create(plan, stream: "main"))
        try await perform("2", .replaceQuestions(DeskStand.questions(1)))
        try await perform("3", .openLobby)
        let ticket = try stand.admit("a")
        try await perform("4", .open(question: nil))
        try stand.answer(ticket, "q0", 1, address: 1)
        try await perform("5", .lock(isForced: true))
        #expect(stand.receipts[1]?.contains("accepted") == true)
        stand.desk.stop()
        await #expect(throws: HostRefusal.busy) {
            try await desk.perform(
                HostRequest(commandID: "6", who: "anna", show: "show", command: .reveal))
        }
    }
}
