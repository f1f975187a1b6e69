// Shows that are over leave memory, and their tickets never become another show's.

import Game
import Ledger
import Testing
import Trivia

@Suite("Shows that are over")
struct ClosingTests {
    private func playThrough(_ stand: DeskStand, _ show: String, player: String) throws
        -> PlayerTicket
    {
        try stand.open(questionCount: 1, show: show)
        let ticket = try stand.admit(player, show: show)
        for command in [
            .open(question: nil), .lock(isForced: true), .reveal, .finish, .settle,
        ] as [ShowCommand] { try stand.host(.play(command), show: show) }
        return ticket
    }

    @Test("as many as one likes can be settled or deleted, and the next still begins")
    func many() throws {
        let stand = try DeskStand()
        for number in 0..<GameLimits.showCountMax + 5 {
            _ = try playThrough(stand, "settled-\(number)", player: "p")
            try stand.open(questionCount: 1, show: "deleted-\(number)")
            try stand.host(.delete, show: "deleted-\(number)")
        }
        #expect(try stand.desk.shows().count == GameLimits.showCountMax + 5)
        #expect(stand.desk.heldReport(show: "settled-0") == nil)
        #expect(try stand.desk.report(show: "settled-0")?.settlement != nil, "from disk")
        #expect(throws: HostRefusal.closed("settled-0")) {
            try stand.host(.play(.reopen), show: "settled-0")
        }
        for number in 0..<GameLimits.showCountMax {
            try stand.host(
                .create(plan: ShowPlan(title: "Draft"), stream: "main"), show: "draft-\(number)")
        }
        #expect(throws: HostRefusal.tooManyShows) {
            try stand.host(.create(plan: ShowPlan(title: "Draft"), stream: "main"), show: "more")
        }
    }

    @Test("a ticket of a show that is over is good for no other")
    func tickets() throws {
        let stand = try DeskStand()
        let old = try playThrough(stand, "first", player: "a")
        let deleted: PlayerTicket
        do {
            try stand.open(questionCount: 1, show: "try")
            deleted = try stand.admit("a", show: "try")
            stand.desk.turn()
            #expect(stand.desk.show(of: deleted) == "try")
            try stand.host(.delete, show: "try")
        }
        #expect(stand.desk.show(of: old) == "first", "the newest are kept")
        #expect(stand.desk.standing(of: old) != nil && !stand.desk.isOver(old))
        for number in 0..<GameLimits.settledShowCountMax {
            _ = try playThrough(stand, "next-\(number)", player: "b")
        }
        try stand.open()
        try stand.play(.open(question: nil))
        for (address, ticket) in [(UInt64(1), old), (2, deleted)] {
            #expect(stand.desk.isOver(ticket))
            #expect(stand.desk.show(of: ticket) == nil && stand.desk.standing(of: ticket) == nil)
            try stand.answer(ticket, "q0", 1, address: address)
            stand.desk.turn()
            #expect(stand.receipts[address]?.contains(#""show_over""#) == true)
        }
        #expect(stand.report?.tally.players == 0)
        #expect(throws: AdmissionRefusal.noShow("first")) { try stand.admit("a", show: "first") }
    }

    @Test("who comes in while the show is taken away isn't put into the next one")
    func newcomer() throws {
        let stand = try DeskStand()
        try stand.open(show: "gone")
        // The ticket is given while the deletion and the next show wait for the same turn.
        let requests: [(String, HostAction)] = [
            ("gone", .delete), ("show", .create(plan: try ShowPlan(title: "Quiz"), stream: "main")),
        ]
        let ticket = try stand.admit("a", show: "gone")
        for (number, (show, action)) in requests.enumerated() {
            stand.desk.enqueue(
                HostRequest(commandID: "x\(number)", who: "anna", show: show, action: action)
            ) { _ in }
        }
        stand.desk.turn()
        stand.desk.turn()
        #expect(stand.desk.isOver(ticket))
        #expect(stand.report?.tally.players == 0)
    }
}
