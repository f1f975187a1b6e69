// Players by address: what is kept of it, what it marks, and the ban of one.

import IORing
import Ledger
import Testing
import Trivia
import WireBytes

@testable import Game

@Suite("Players by address")
struct AddressTests {
    private let one = HostKey(v4: 0xCB00_7109)  // 203.0.113.9
    private let other = HostKey(v4: 0xC633_6407)  // 198.51.100.7
    private let plan: ShowPlan

    init() throws {
        plan = try ShowPlan(
            title: "Quiz", prize: PrizePool(minorUnits: 100_000, currency: "EUR"),
            guestsMayWin: true)
    }

    /// Whether a player may come in now; it has its place with the next turn.
    private func admit(
        _ id: String, _ host: HostKey?, _ stand: DeskStand
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        defer { stand.desk.turn() }
        return stand.desk.admit(id: id, name: "Player \(id)", show: "show", host: host)
    }

    private func status(_ id: String, _ stand: DeskStand) -> PlayerStatus? {
        guard let show = stand.report?.show, let number = show.playerNumber(forID: id) else {
            return nil
        }
        return show.standing(of: number)?.status
    }

    // MARK: A prize and guests

    @Test("a show with a prize opens no lobby to guests unless the producer says so")
    func prizeAndGuests() throws {
        let prize = try PrizePool(minorUnits: 100_000, currency: "EUR")
        let stand = try DeskStand(allowsGuests: true)
        #expect(throws: HostRefusal.guestsMightWin("show")) {
            try stand.open(plan: ShowPlan(title: "Quiz", prize: prize))
        }
        #expect(stand.report?.phase == .draft)
        #expect(throws: AdmissionRefusal.noGuestsForPrize) {
            try stand.desk.join(name: "Ann", show: "show")
        }
        try stand.play(.edit(plan))
        try stand.play(.openLobby)
        _ = try stand.desk.join(name: "Ann", show: "show")
        #expect(try stand.desk.log(show: "show").contains { $0.detail.contains("guests may win") })
        // Nothing to win, or nothing for real: nobody has to say anything.
        for plan in [
            try ShowPlan(title: "No prize"),
            try ShowPlan(title: "Nothing", prize: PrizePool(minorUnits: 0, currency: "EUR")),
            try ShowPlan(title: "Rehearsal", prize: prize, isRehearsal: true),
        ] {
            let free = try DeskStand(allowsGuests: true)
            try free.open(plan: plan)
            _ = try free.desk.join(name: "Ann", show: nil)
        }
        // Without guests everything is as before.
        let closed = try DeskStand(allowsGuests: false)
        try closed.open(plan: ShowPlan(title: "Quiz", prize: prize))
    }

    @Test("a restart with --guests lets nobody into a lobby that was opened without")
    func guestsAfterRestart() throws {
        let prize = try PrizePool(minorUnits: 100_000, currency: "EUR")
        let closed = try DeskStand()
        try closed.open(plan: ShowPlan(title: "Quiz", prize: prize))
        let stand = try DeskStand(folder: closed.folder.crashCopy(), allowsGuests: true)
        for show in [nil, "show"] {
            #expect(throws: AdmissionRefusal.noGuestsForPrize) {
                try stand.desk.join(name: "Ann", show: show)
            }
        }
        #expect(try stand.admit("known").index == 0)
    }

    @Test("a guest's token of a draft is worth nothing once the plan has a prize of its own")
    func guestsBeforeThePrize() throws {
        let stand = try DeskStand(allowsGuests: true)
        try stand.host(.create(ShowPlan(title: "Quiz"), stream: "main"))
        try stand.host(.replaceQuestions(DeskStand.questions(2)))
        let token = try stand.desk.join(name: "Ann", show: nil)
        stand.desk.turn()
        let prize = try PrizePool(minorUnits: 100_000, currency: "EUR")
        try stand.play(.edit(ShowPlan(title: "Quiz", prize: prize)))
        let closed = try DeskStand(folder: stand.folder.crashCopy())
        try closed.play(.openLobby)
        #expect(
            closed.desk.admit(token: Array(token.utf8).span.bytes) == .failure(.noGuestsForPrize))
    }

    // MARK: Before the doors open

    @Test("guests who come before the doors open are in when they do")
    func early() throws {
        let stand = try DeskStand(allowsGuests: true)
        #expect(throws: AdmissionRefusal.noShow("")) {
            try stand.desk.join(name: "Ann", show: nil)
        }
        try stand.host(.create(plan, stream: "main"))
        try stand.host(.replaceQuestions(DeskStand.questions(2)))
        let token = try stand.desk.join(name: "Ann", show: nil, stream: "main", host: one)
        _ = try stand.desk.join(name: "Bo", show: "show", host: one)
        #expect(throws: AdmissionRefusal.noShow("")) {
            try stand.desk.join(name: "Cy", show: nil, stream: "other")
        }
        stand.desk.turn()
        #expect(stand.report?.tally.players == 0)
        try stand.play(.openLobby)
        #expect(stand.report?.tally.survivors == 2)
        let ann = try stand.desk.admit(token: Array(token.utf8).span.bytes).get()
        #expect(stand.desk.standing(of: ann) != nil)
        #expect(stand.report?.origins.map(\.host) == [one, one])
        // Of several drafts one has to be named, by the show or by its stream.
        try stand.host(.create(plan, stream: "late"), show: "late")
        try stand.host(.create(plan, stream: "later"), show: "later")
        _ = try stand.desk.join(name: "Di", show: nil)
        _ = try stand.desk.join(name: "Ed", show: nil, stream: "late")
        stand.desk.turn()
        #expect(stand.report?.tally.players == 3)
        for command in [.finishEarly, .settle] as [ShowCommand] {
            if command == .finishEarly {
                try stand.play(.open(question: nil))
                try stand.play(.lock(isForced: true))
                try stand.play(.reveal)
            }
            try stand.play(command)
        }
        #expect(throws: AdmissionRefusal.severalShows) {
            try stand.desk.join(name: "Flo", show: nil)
        }
    }

    // MARK: What is kept and marked

    @Test("who came from where is there after a restart, and marks a crowd")
    func marks() throws {
        let stand = try DeskStand()
        try stand.open(plan: plan)
        var tickets: [PlayerTicket] = []
        for number in 0..<30 {
            tickets.append(try admit("s\(number)", one, stand).get())
            stand.clock.pass(ms: number == 19 ? 60_000 : 100)
        }
        let honest = try admit("h", other, stand).get()
        _ = try admit("x", nil, stand).get()
        let site = (0..<6).map { HostKey(v6Subnet: 0x2001_0DB8_0001_0000 + $0) }
        for (number, host) in site.enumerated() { _ = try admit("v\(number)", host, stand).get() }
        for question in ["q0", "q1"] {
            try stand.play(.open(question: question))
            for (number, ticket) in tickets.enumerated() {
                try stand.answer(ticket, question, number < 12 ? 1 : 2, address: UInt64(number))
            }
            try stand.answer(honest, question, 1, address: 99)
            stand.desk.turn()
            try stand.play(.lock(isForced: true))
            try stand.play(.reveal)
        }
        for stand in [stand, try stand.crashed()] {
            let addresses = try #require(stand.report?.addresses())
            let crowd = try #require(addresses.first)
            #expect(crowd.host == one && crowd.playerCount == 30 && crowd.isSuspicious)
            #expect(crowd.survivorCount == 12)
            #expect(crowd.sameInstantCount == 20 && crowd.samePatternCount == 18)
            let alone = try #require(addresses.first { $0.host == other })
            #expect(alone.playerCount == 1 && !alone.isSuspicious)
            #expect(addresses.contains { $0.host == nil && $0.playerCount == 1 })
            // A /48 with a player in each of its /64 is a crowd, too.
            let whole = try #require(addresses.first { $0.host?.kind == .v6Site })
            #expect(whole.host?.description == "2001:db8:1::/48" && whole.playerCount == 6)
            #expect(whole.isSuspicious)
            #expect(
                stand.report?.crowdedAddresses.map(\.host.description)
                    == ["203.0.113.9", "2001:db8:1::/48"])
        }
        #expect(stand.desk.notes.contains { $0.text.contains("20 players came from 203.0.113.9") })
    }

    // MARK: Bans

    @Test("the ban of an address puts out who came from there, keeps all others out, and stays")
    func ban() throws {
        let stand = try DeskStand()
        try stand.open(plan: plan)
        let cheat = try admit("a", one, stand).get()
        _ = try admit("b", one, stand).get()
        let honest = try admit("c", other, stand).get()
        // Joined elsewhere, and has come from there since.
        _ = try admit("d", other, stand).get()
        _ = try admit("d", one, stand).get()
        try stand.host(.kick(player: "b"))
        try stand.play(.open(question: nil))
        let receipt = try stand.host(.banAddress(" 203.0.113.9".trimmed))
        #expect(receipt.revision == stand.report?.revision)
        #expect(["a", "b", "d"].allSatisfy { status($0, stand) == .banned })
        #expect(status("c", stand) == .playing)
        try stand.answer(cheat, "q0", 1, address: 1)
        try stand.answer(honest, "q0", 1, address: 2)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("banned") == true)
        #expect(stand.receipts[2]?.contains("accepted") == true)
        for stand in [stand, try stand.crashed()] {
            #expect(admit("e", one, stand) == .failure(.addressBanned))
            // A token of somebody else's doesn't help.
            #expect(admit("c", one, stand) == .failure(.addressBanned))
            #expect(throws: Never.self) { try admit("c", other, stand).get() }
            #expect(admit("a", other, stand) == .failure(.banned))
            #expect(stand.report?.addresses().first { $0.host == one }?.isBanned == true)
            let line = try #require(
                stand.desk.log(show: "show").last { $0.action == "banAddress" })
            #expect(line.detail == "203.0.113.9, 3 players" && line.who == "anna")
            #expect(throws: HostRefusal.rules(.addressBannedBefore("203.0.113.9"))) {
                try stand.host(.banAddress("203.0.113.9"))
            }
        }
        // Taken back, all is as it was.
        try stand.host(.unbanAddress("203.0.113.9"))
        for stand in [stand, try stand.crashed()] {
            #expect(status("a", stand) == .playing && status("d", stand) == .playing)
            #expect(status("b", stand) == .kicked)
            #expect(throws: Never.self) { try admit("a", one, stand).get() }
            #expect(throws: Never.self) { try admit("f", one, stand).get() }
            #expect(throws: HostRefusal.rules(.addressNotBanned("203.0.113.9"))) {
                try stand.host(.unbanAddress("203.0.113.9"))
            }
        }
        #expect(try stand.desk.audit(show: "show").isSound)
    }

    @Test("who is banned by another way as well stays banned when one ban is taken back")
    func overlappingBans() throws {
        let host = HostKey(v6Subnet: 0x2001_0DB8_0001_0000)
        let (subnet, site) = ("2001:db8:1::/64", "2001:db8:1::/48")
        for (first, second, undone) in [
            (subnet, site, subnet), (subnet, site, site), (site, subnet, subnet),
            (site, subnet, site),
        ] {
            let stand = try DeskStand()
            try stand.open(plan: plan)
            _ = try admit("a", host, stand).get()
            try stand.host(.banAddress(first))
            try stand.host(.banAddress(second))
            try stand.host(.unbanAddress(undone))
            for stand in [stand, try stand.crashed()] {
                #expect(status("a", stand) == .banned, "\(first), \(second), without \(undone)")
            }
            try stand.host(.unbanAddress(undone == subnet ? site : subnet))
            #expect(status("a", stand) == .playing)
            #expect(try stand.desk.audit(show: "show").isSound)
        }
        // A ban of one's own is no address's.
        let stand = try DeskStand()
        try stand.open(plan: plan)
        _ = try admit("a", host, stand).get()
        try stand.host(.banAddress(site))
        try stand.host(.reinstate(player: "a"))
        try stand.host(.ban(player: "a"))
        try stand.host(.unbanAddress(site))
        #expect(status("a", stand) == .banned)
    }

    @Test("whom the host has taken back one by one stays in, and a /48 is banned as a whole")
    func banOfASite() throws {
        let stand = try DeskStand()
        try stand.host(.create(plan, stream: "main"))
        try stand.host(.replaceQuestions(DeskStand.questions(2)))
        let hosts = (0..<3).map { HostKey(v6Subnet: 0x2001_0DB8_0001_0000 + UInt64($0)) }
        let neighbour = HostKey(v6Subnet: 0x2001_0DB8_0002_0000)
        // Before the doors open.
        _ = try admit("early", hosts[0], stand).get()
        try stand.host(.banAddress("2001:db8:1::/48"))
        #expect(admit("late", hosts[1], stand) == .failure(.addressBanned))
        try stand.play(.openLobby)
        #expect(status("early", stand) == nil)
        try stand.host(.unbanAddress("2001:db8:1::/48"))
        #expect(status("early", stand) == .playing, "let in when the ban was taken back")
        for (number, host) in hosts.enumerated() { _ = try admit("\(number)", host, stand).get() }
        _ = try admit("n", neighbour, stand).get()
        try stand.host(.banAddress("2001:db8:1::/48"))
        #expect((0..<3).allSatisfy { status("\($0)", stand) == .banned })
        #expect(status("n", stand) == .playing)
        try stand.host(.reinstate(player: "0"))
        try stand.host(.unbanAddress("2001:db8:1::/48"))
        #expect((0..<3).allSatisfy { status("\($0)", stand) == .playing })
        for text in ["", "x", "1.2.3", "10.0.0.0/8", "2001:db8::/32", "::1/48", "example.org"] {
            #expect(throws: HostRefusal.badAddress) { try stand.host(.banAddress(text)) }
        }
        #expect(try stand.desk.audit(show: "show").isSound)
    }

    // MARK: Tickets

    @Test("the tickets of a show that is gone come back, and the old ones are nobody's")
    func ticketsComeBack() throws {
        let stand = try DeskStand()
        var old: [PlayerTicket] = []
        for round in 0..<5 {
            try stand.host(
                .create(ShowPlan(title: "Trial", isRehearsal: true), stream: "main"),
                show: "trial")
            try stand.host(.replaceQuestions(DeskStand.questions(1)), show: "trial")
            try stand.host(.openLobby, show: "trial")
            let tickets = try (0..<50).map { try stand.admit("p\($0)", show: "trial") }
            stand.desk.turn()
            #expect(tickets.allSatisfy { stand.desk.show(of: $0) == "trial" })
            #expect(Set(tickets).isDisjoint(with: old))
            #expect(Set(tickets.map(\.index)) == Set(0..<50), "round \(round)")
            old += tickets
            try stand.host(.delete, show: "trial")
            #expect(old.allSatisfy { stand.desk.isOver($0) && stand.desk.show(of: $0) == nil })
        }
        try stand.open(plan: plan)
        let ticket = try stand.admit("a")
        // Not before its turn, and no other's.
        #expect(!stand.desk.isOver(ticket))
        stand.desk.turn()
        #expect(stand.desk.show(of: ticket) == "show")
        try stand.play(.open(question: nil))
        try stand.answer(old[ticket.index], "q0", 1, address: 1)
        stand.desk.turn()
        #expect(stand.receipts[1]?.contains("show_over") == true)
        #expect(stand.report?.show.acceptedCount == 0)
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
