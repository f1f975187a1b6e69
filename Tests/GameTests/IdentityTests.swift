// Two spellings of one name are two players: in memory, in the ledger and after a crash.

import Game
import Ledger
import Testing
import Trivia

@Suite("Identity")
struct IdentityTests {
    private let composed = "jos\u{E9}"
    private let decomposed = "jose\u{301}"

    @Test("two spellings of a sub are two players, and stay so after a crash")
    func twoPlayers() throws {
        let stand = try DeskStand()
        try stand.open()
        let one = try stand.admit(composed)
        let other = try stand.admit(decomposed)
        #expect(one != other)
        #expect(try stand.admit(composed) == one && stand.admit(decomposed) == other)
        stand.desk.turn()
        #expect(stand.report?.tally.players == 2)
        try stand.play(.open(question: nil))
        try stand.answer(one, "q0", 1, address: 1)
        try stand.answer(other, "q0", 0, address: 2)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("accepted") == true)
        #expect(stand.receipts[2]?.contains("accepted") == true)
        try stand.host(.kick(player: decomposed))
        let next = try stand.crashed()
        #expect(next.report?.tally.players == 2)
        let show = try #require(next.report?.show)
        for (id, status) in [(composed, PlayerStatus.playing), (decomposed, .kicked)] {
            let number = try #require(show.playerNumber(forID: id))
            #expect(show.standing(of: number)?.status == status)
            let ticket = try next.admit(id)
            let me = String(decoding: next.desk.standing(of: ticket) ?? [], as: UTF8.self)
            #expect(me.utf8.firstRange(of: id.utf8) != nil, "\(me)")
        }
        #expect(try next.desk.audit(show: "show").isSound)
    }

    @Test("a ban is of the bytes that were banned")
    func ban() throws {
        let stand = try DeskStand()
        try stand.open()
        _ = try stand.admit(composed)
        _ = try stand.admit(decomposed)
        stand.desk.turn()
        try stand.host(.ban(player: composed))
        #expect(throws: AdmissionRefusal.banned) { try stand.admit(composed) }
        #expect(throws: Never.self) { try stand.admit(decomposed) }
    }

    @Test("shows and streams are told apart by bytes")
    func shows() throws {
        let stand = try DeskStand(allowsGuests: true)
        try stand.open(plan: ShowPlan(title: "Quiz"), show: "K")
        #expect(try stand.desk.report(show: "\u{212A}") == nil)
        #expect(try stand.ledger.entry(ofShow: "\u{212A}") == nil)
        #expect(throws: HostRefusal.unknownShow("\u{212A}")) {
            try stand.host(.open(question: nil), show: "\u{212A}")
        }
        #expect(throws: AdmissionRefusal.self) {
            try stand.desk.join(name: "Ann", show: "\u{212A}")
        }
        #expect(throws: Never.self) { try stand.desk.join(name: "Ann", show: "K") }
    }

    @Test("a guest's name shows something and stays in its line")
    func names() throws {
        let stand = try DeskStand(allowsGuests: true)
        try stand.open(plan: ShowPlan(title: "Quiz"))
        for name in [
            "\u{3164}", "\u{2800}", "\u{34F}", "\u{115F}", "\u{1160}", "\u{FFA0}", "\u{200B}",
            "\u{202E}Ann", "\u{2067}Ann", "\u{E0041}", "\u{FE0F}", "\u{301}\u{302}", "\u{E000}",
            "\u{378}", " ",
        ] {
            #expect(throws: AdmissionRefusal.badName) {
                try stand.desk.join(name: name, show: nil)
            }
        }
        for name in ["Ann", "می\u{200C}خواهم", "👩\u{200D}🚀", "José", "❤\u{FE0F}"] {
            #expect(throws: Never.self) { try stand.desk.join(name: name, show: nil) }
        }
    }
}
