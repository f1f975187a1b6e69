// What whoever watches a show is told: steps at once, numbers now and then, and never too early.

import Game
import Synchronization
import Testing
import Trivia

@Suite(.timeLimit(.minutes(5)))
struct ChangeTests {
    @Test("a step is told at once, with the snapshot that has it")
    func step() async throws {
        let stand = try DeskStand()
        try stand.open()
        stand.clock.pass(ms: 1000)
        stand.desk.turn()
        var changes = stand.desk.changes(ofShow: "show").makeAsyncIterator()
        try stand.play(.open(question: nil))
        #expect(await changes.next() != nil)
        #expect(stand.desk.heldReport(show: "show")?.stage != .empty)
        try stand.play(.lock(isForced: true))
        #expect(await changes.next() != nil)
        try stand.play(.reveal)
        #expect(await changes.next() != nil)
        #expect(stand.desk.heldReport(show: "show")?.reveal != nil)
        // Another show is nobody's business.
        var others = stand.desk.changes(ofShow: "other").makeAsyncIterator()
        try stand.play(.next)
        try stand.host(.create(ShowPlan(title: "B"), stream: "b"), show: "other")
        #expect(await others.next() != nil)
        try stand.host(.delete, show: "other")
        #expect(await others.next() != nil, "its end is a change as well")
    }

    @Test("hundreds of answers are a few changes, and none of them is forgotten")
    func coalesced() async throws {
        let stand = try DeskStand()
        try stand.open()
        let tickets = try (0..<400).map { try stand.admit("p\($0)") }
        try stand.play(.open(question: nil))
        let (count, isLast) = (Heard<Int>(), Heard<Bool>())
        let changes = stand.desk.changes(ofShow: "show")
        let watcher = Task {
            for await _ in changes {
                count.add(1)
                if !isLast.all.isEmpty { break }
            }
        }
        for (index, ticket) in tickets.enumerated() {
            stand.clock.pass(ms: 2)
            try stand.answer(ticket, "q0", 1, address: UInt64(index))
            stand.desk.turn()
            await Task.yield()
        }
        // 800 ms have gone by.
        isLast.add(true)
        try stand.play(.lock(isForced: true))
        await watcher.value
        #expect(1...8 ~= count.all.count)
        #expect(stand.desk.heldReport(show: "show")?.numbers?.answeredCount == 400)
    }

    @Test("those who want to look are answered in the order in which they came, some in each turn")
    func queries() throws {
        let stand = try DeskStand()
        try stand.open()
        let ticket = try stand.admit("a")
        let places = Heard<Int>()
        for index in 0..<5000 {
            #expect(
                stand.desk.askStanding(of: ticket) { standing in
                    if case .known = standing { places.add(index) }
                })
        }
        #expect(stand.desk.turn())
        #expect((1..<5000).contains(places.all.count))
        while stand.desk.turn() {}
        #expect(places.all == Array(0..<5000))
    }
}
