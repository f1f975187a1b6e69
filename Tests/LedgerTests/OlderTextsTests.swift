// What older versions let in is read as what it meant, though nobody could write it now.

import Ledger
import Testing
import Trivia

@Suite("Texts of an older ledger")
struct OlderTextsTests {
    @Test("names and texts that show nothing, and a currency that is none, stay readable")
    func readBack() throws {
        let folder = try Folder()
        let ledger = try Ledger(folderPath: folder.path)
        let blank = "\u{3164}"
        let prize = try PrizePool(minorUnits: 500, currency: "ABC", from: .ledger)
        let plan = try ShowPlan(title: blank, prize: prize, from: .ledger)
        var booked = try Booked(ledger, plan: plan)
        // What a host could write then.
        let question = try Question(
            id: "q", text: "\u{202E}?", options: [blank, "b"], correctOption: 0, windowMs: 1000,
            from: .ledger)
        try booked.write(.questionAdded(question))
        try booked.host(.openLobby)
        // One player, as an older version took both spellings for one.
        try booked.join(["jos\u{E9}"])
        let row = PlayerRow(number: PlayerNumber(rawValue: 1), id: "x", name: blank)
        try ledger.write(
            [AudienceWrite(show: booked.key, players: [row], answers: [])], aliveNs: 1)

        let show = try ledger.load(show: "show").show
        #expect(show.plan.title == blank && show.plan.prize == prize)
        #expect(show.questions.map(\.question) == [question])
        #expect(show.tally.players == 2)
        #expect(show.playerNumber(forID: "jos\u{E9}") == PlayerNumber(rawValue: 0))
        #expect(show.playerNumber(forID: "jose\u{301}") == nil)
        #expect(show.standing(of: PlayerNumber(rawValue: 1))?.name == blank)
    }

    @Test("answers come back page by page, each with its player")
    func pages() throws {
        let folder = try Folder()
        let ledger = try Ledger(folderPath: folder.path)
        var booked = try Booked(ledger)
        try booked.addQuestions(1)
        try booked.host(.openLobby)
        try booked.join((0..<25).map { "p\($0)" })
        try booked.host(.open(question: nil))
        booked.nowMs += 100
        try booked.answer((0..<25).map { $0 % 3 })
        var entries: [AnswerEntry] = []
        while true {
            let page = try ledger.answers(
                ofShow: "show", after: entries.last?.record.receipt ?? 0, countMax: 10)
            if page.isEmpty { break }
            #expect(page.count <= 10)
            entries += page
        }
        #expect(entries.map(\.record.receipt) == Array(1...25))
        #expect(entries.map(\.playerID) == (0..<25).map { "p\($0)" })
        #expect(entries.map { Int($0.record.choice) } == (0..<25).map { $0 % 3 })
        #expect(try ledger.answers(ofShow: "none", after: 0, countMax: 10).isEmpty)
    }
}
