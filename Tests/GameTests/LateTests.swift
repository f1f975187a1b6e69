// Who connects after the opening, or makes its own lag, is no quicker and has no longer.

import Game
import Ledger
import Testing
import Trivia

@Suite("Late connections")
struct LateTests {
    private static let nsPerMs: Int64 = 1_000_000

    private func opened(_ ids: [String]) throws -> (DeskStand, [PlayerTicket], Int64) {
        let stand = try DeskStand()
        try stand.open(plan: ShowPlan(title: "Points", mode: .points))
        let tickets = try ids.map { try stand.admit($0) }
        try stand.play(.open(question: nil))
        return (stand, tickets, stand.clock.monotonicNs)
    }

    private func lags(_ stand: DeskStand) throws -> [AnswerLag?] {
        let show = try #require(stand.report).show
        return (0..<Int32(show.tally.players)).map {
            show.lag(of: PlayerNumber(rawValue: $0), on: QuestionNumber(rawValue: 0))
        }
    }

    @Test("a connection of after the opening has no lag, for the window and for points")
    func lateConnection() throws {
        let (stand, tickets, openedNs) = try opened(["ann", "eve", "zoe"])
        stand.handOver("q0", tickets[0])
        stand.clock.pass(ms: 1_000)
        try stand.answer(tickets[0], "q0", 1, address: 0)
        stand.clock.pass(ms: 2_900)
        // Eve connects with her token when she knows the answer.
        stand.handOver("q0", tickets[1], sinceNs: stand.clock.monotonicNs - 1)
        stand.clock.pass(ms: 150)
        try stand.answer(tickets[1], "q0", 1, address: 1)
        stand.desk.turn()
        let counted = try lags(stand)
        #expect(counted[1]?.measuredMs == 3_900)
        #expect(counted[1]?.windowMs == 0 && counted[1]?.speedMs == 0)
        stand.clock.pass(ms: 6_451)
        stand.handOver("q0", tickets[2], sinceNs: openedNs)
        try stand.answer(tickets[2], "q0", 1, address: 2)
        stand.desk.turn()
        #expect(stand.receipts[2]?.contains("too_late") == true, "10.501 s after the opening")
        try stand.play(.lock(isForced: true))
        try stand.play(.reveal)
        let show = try #require(stand.report).show
        #expect(show.standing(of: PlayerNumber(rawValue: 0))?.timeMs == 1_000)
        #expect(show.standing(of: PlayerNumber(rawValue: 1))?.timeMs == 4_050)
        #expect(show.winners.map(\.rawValue) == [0])
    }

    @Test("of several connections the one counts that leaves the least time")
    func severalConnections() throws {
        let (stand, tickets, _) = try opened(["two", "back", "slow"])
        // One that is quick, and one that is slow.
        stand.handOver("q0", tickets[0])
        stand.handOver("q0", tickets[1])
        stand.clock.pass(ms: 2_000)
        stand.handOver("q0", tickets[0])
        // Whoever has the question already and comes back isn't late.
        stand.handOver("q0", tickets[1], sinceNs: stand.clock.monotonicNs)
        // One that is slow, behind one that came late.
        stand.handOver("q0", tickets[2], sinceNs: stand.clock.monotonicNs)
        stand.handOver("q0", tickets[2])
        for (index, ticket) in tickets.enumerated() {
            try stand.answer(ticket, "q0", 1, address: UInt64(index))
        }
        stand.desk.turn()
        #expect(try lags(stand).map { $0?.measuredMs } == [0, 0, 2_000])
        #expect(try lags(stand).map { $0?.windowMs } == [0, 0, 0])
    }

    @Test("what a connection made of its lag by itself doesn't count")
    func ownMaking() throws {
        let (stand, tickets, openedNs) = try opened(["stopped", "slow"])
        stand.clock.pass(ms: 3_000)
        stand.handOver("q0", tickets[0], countedNs: openedNs + 500 * Self.nsPerMs)
        stand.handOver("q0", tickets[1], countedNs: openedNs + 2_800 * Self.nsPerMs)
        for (index, ticket) in tickets.enumerated() {
            try stand.answer(ticket, "q0", 1, address: UInt64(index))
        }
        stand.desk.turn()
        #expect(try lags(stand).map { $0?.windowMs } == [500, 2_800])
        #expect(try lags(stand).map { $0?.speedMs } == [500, 1_000])
    }

    @Test("after a restart all is as it was")
    func restart() throws {
        let (stand, tickets, openedNs) = try opened(["a"])
        stand.clock.pass(ms: 3_000)
        stand.handOver("q0", tickets[0], countedNs: openedNs + 700 * Self.nsPerMs)
        try stand.answer(tickets[0], "q0", 1, address: 0)
        stand.desk.turn()
        let before = try lags(stand)
        let stored = try stand.ledger.load(show: "show").show
        #expect(
            stored.lag(of: PlayerNumber(rawValue: 0), on: QuestionNumber(rawValue: 0)) == before[0])
        #expect(before[0]?.windowMs == 700)
    }
}
