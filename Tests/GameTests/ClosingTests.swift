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
        ] as [ShowCommand] { try stand.host(command, show: show) }
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
            try stand.host(.reopen, show: "settled-0")
        }
        for number in 0..<GameLimits.showCountMax {
            try stand.host(
                .create(ShowPlan(title: "Draft"), stream: "main"), show: "draft-\(number)")
        }
        #expect(throws: HostRefusal.tooManyShows) {
            try stand.host(.create(ShowPlan(title: "Draft"), stream: "main"), show: "more")
        }
    }

    @Test("shows that are deleted with their doors open take nothing from the next")
    func deletedInTheLobby() throws {
        let stand = try DeskStand()
        func open(_ show: String) throws {
            let plan = try ShowPlan(title: "Quiz")
            try stand.host(.create(plan, stream: "stream-\(show)"), show: show)
            try stand.host(.replaceQuestions(DeskStand.questions(1)), show: show)
            try stand.host(.openLobby, show: show)
        }
        for show in ["a", "b"] {
            try open(show)
            _ = try stand.admit("early", show: show)
        }
        // Their rows are free again, and so are the numbers of these.
        for show in ["a", "b"] { try stand.host(.delete, show: show) }
        try open("c")
        try open("d")
        let tickets = try ["c", "d"].map { try stand.admit("p", show: $0) }
        try stand.host(.open(question: nil), show: "d")
        try stand.answer(tickets[1], "q0", 1, address: 7)
        stand.desk.turn()
        #expect(stand.receipts[7]?.contains("accepted") == true)
        #expect(stand.desk.show(of: tickets[0]) == "c" && stand.desk.show(of: tickets[1]) == "d")
    }

    @Test("whoever is told that the show is over is told so after a restart, too")
    func overAfterRestart() throws {
        let stand = try DeskStand()
        _ = try playThrough(stand, "first", player: "a")
        let winner = try playThrough(stand, "second", player: "a")
        let standing = try #require(stand.desk.standing(of: winner))
        let next = try stand.crashed()
        #expect(throws: AdmissionRefusal.over) { try next.admit("a", show: "first") }
        // Who won last can still see it, and watch.
        #expect(try next.desk.standing(of: next.admit("a", show: "second")) == standing)
        let late = try next.admit("late", show: "second")
        next.desk.turn()
        #expect(next.desk.standing(of: late) == nil && !next.desk.isOver(late))
        _ = try playThrough(next, "third", player: "b")
        #expect(try next.crashed().desk.heldReport(show: "second") == nil)
        #expect(throws: AdmissionRefusal.otherShow) { try next.admit("a", show: "other") }
    }

    @Test("a player is told how it ended, and what the prize is")
    func gains() throws {
        let stand = try DeskStand()
        try stand.open(questionCount: 1)
        let (winner, loser) = (try stand.admit("a"), try stand.admit("b"))
        try stand.play(.open(question: nil))
        try stand.answer(winner, "q0", 1, address: 1)
        try stand.answer(loser, "q0", 0, address: 2)
        stand.desk.turn()
        /// What follows the score.
        func ending(_ ticket: PlayerTicket) -> Substring? {
            stand.desk.standing(of: ticket).map { String(decoding: $0, as: UTF8.self) }?
                .split(separator: #""score":"#).last?.dropFirst()
        }
        #expect(ending(winner) == #","receipts":[{"question":"q0","choice":1}]}"#)
        for command in [.lock(isForced: true), .reveal, .finish] as [ShowCommand] {
            try stand.play(command)
        }
        let won =
            #","hasWon":true,"place":1,"#
            + #""payout":{"minorUnits":999,"amount":"9.99","currency":"EUR"},"receipts":"#
        #expect(ending(winner)?.hasPrefix(won) == true)
        #expect(ending(loser)?.hasPrefix(#","hasWon":false,"receipts":"#) == true)
    }

    @Test("how a player stands fits into an answer, however much there is to tell")
    func longStanding() throws {
        let stand = try DeskStand()
        let plan = try ShowPlan(title: "Long", mode: .points)
        let questions = try (100..<100 + TriviaLimits.questionCountMax).map { number in
            try Question(
                id: String(repeating: "q", count: 61) + "\(number)", text: "What?",
                options: ["a", "b"], correctOption: 1, windowMs: 10_000)
        }
        try stand.host(.create(plan, stream: "main"))
        try stand.host(.replaceQuestions(questions))
        try stand.play(.openLobby)
        let ticket = try stand.admit("a")
        for (number, question) in questions.enumerated() {
            try stand.play(.open(question: nil))
            try stand.answer(ticket, question.id, 1, address: UInt64(number))
            stand.desk.turn()
            try stand.play(.lock(isForced: true))
            try stand.play(.reveal)
        }
        let standing = try #require(stand.desk.standing(of: ticket))
        #expect(18_000...30_000 ~= standing.count, "a reply has up to 32 KB")
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
        #expect(throws: AdmissionRefusal.over) { try stand.admit("a", show: "first") }
    }

    @Test("who comes in while the show is taken away isn't put into the next one")
    func newcomer() throws {
        let stand = try DeskStand()
        try stand.open(show: "gone")
        // The ticket is given while the deletion and the next show wait for the same turn.
        let requests: [(String, ShowCommand)] = [
            ("gone", .delete), ("show", .create(try ShowPlan(title: "Quiz"), stream: "main")),
        ]
        let ticket = try stand.admit("a", show: "gone")
        for (number, (show, action)) in requests.enumerated() {
            stand.desk.enqueue(
                HostRequest(commandID: "x\(number)", who: "anna", show: show, command: action)
            ) { _ in }
        }
        stand.desk.turn()
        stand.desk.turn()
        #expect(stand.desk.isOver(ticket))
        #expect(stand.report?.tally.players == 0)
    }
}
