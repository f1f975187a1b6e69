// Who may come in: tokens become tickets at once, on any thread, without a wait for the disk.

import Synchronization
import Trivia
import WireBytes

/// Somebody who was just given a ticket, and isn't in the show's own list yet.
struct Newcomer: Sendable {
    let ticket: PlayerTicket
    let slot: Int
    let serial: UInt32
    let id: String
    let name: String
    let origin: PlayerOrigin
}

/// The way in for players: any thread asks, and the desk's thread says who may.
final class Admission: Sendable {
    private let table: Mutex<AdmissionTable>

    init(_ table: consuming AdmissionTable) { self.table = Mutex(table) }

    // MARK: For any thread

    /// Gives a player of a show a ticket (`AdmissionTable.admit`).
    ///
    /// - Parameter stream: the one that is to be watched; nil for whatever the show's is.
    func admit(
        id: String, name: String, show: String, stream: String?, origin: PlayerOrigin
    ) throws(AdmissionRefusal) -> PlayerTicket {
        try table.withLock { table throws(AdmissionRefusal) in
            try table.check(show: show, stream: stream)
            return try table.admit(id: id, name: name, show: show, origin: origin)
        }
    }

    /// The show that a guest may come into (`AdmissionTable.openShow`).
    func openShow(_ name: String?, stream: String?) throws(AdmissionRefusal) -> String {
        try table.withLock { table throws(AdmissionRefusal) in
            try table.openShow(name, stream: stream)
        }
    }

    // MARK: For the desk's thread

    /// Takes those who were given a ticket since the last time, for an array that is empty.
    func takeNewcomers(into newcomers: inout [Newcomer]) {
        table.withLock { swap(&$0.newcomers, &newcomers) }
    }

    /// A new show, which takes no players yet.
    func add(_ show: Show, slot: Int, serial: UInt32, stream: String) {
        table.withLock {
            $0.add(
                show: show.id, slot: slot, serial: serial, stream: stream,
                refusesGuests: show.plan.refusesGuests)
        }
    }

    /// Lets in and keeps out whom a show lets in and keeps out after these events.
    func follow(_ events: [ShowEvent], of show: Show, stream: String, takesPlayers: Bool) {
        table.withLock { table in
            if show.phase != .draft {
                table.setOpen(show: show.id, stream: stream, isOpen: takesPlayers)
            }
            table.setRefusesGuests(show.plan.refusesGuests, show: show.id)
            for event in events { Self.follow(event, of: show, in: &table) }
        }
    }

    private static func follow(_ event: ShowEvent, of show: Show, in table: inout AdmissionTable) {
        func setBanned(_ isBanned: Bool, _ player: PlayerNumber) {
            guard let id = show.standing(of: player)?.id else { return }
            table.setBanned(isBanned, id: id, show: show.id)
        }
        switch event {
        case .banned(let player): setBanned(true, player)
        case .reinstated(let player): setBanned(false, player)
        case .addressBanned(let address, let players):
            if let host = HostKey(address) { table.setBanned(true, host: host, show: show.id) }
            for player in players { setBanned(true, player) }
        case .addressUnbanned(let address):
            if let host = HostKey(address) { table.setBanned(false, host: host, show: show.id) }
            for id in table.bannedPlayers(of: show.id) {
                guard let number = show.playerNumber(forID: id),
                    show.standing(of: number)?.status != .banned
                else { continue }
                table.setBanned(false, id: id, show: show.id)
            }
        default: break
        }
    }

    /// A show that is held no more.
    ///
    /// - Parameter isOver: whether it is settled, and not deleted.
    func remove(show: String, isOver: Bool) {
        let tickets = table.withLock { $0.remove(show: show, isOver: isOver) }
        // Of many players that takes its time, in which others come in.
        let places = tickets.all.map(\.value.index)
        table.withLock { $0.giveBack(places) }
    }

    /// The players of a show who came last from an address.
    func players(of show: String, from host: HostKey) -> [String] {
        table.withLock { $0.players(of: show, from: host) }
    }

    /// A player's ticket; nil where there is none.
    func ticket(of id: String, show: String) -> PlayerTicket? {
        table.withLock { $0.ticket(of: id, show: show) }
    }
}

/// Tickets by show and player, whose names are compared by their bytes. Changed under `Admission`'s
/// lock alone.
struct AdmissionTable: Sendable {
    private struct ShowAdmission: Sendable {
        let slot: Int
        let serial: UInt32
        var isOpen = false
        /// Whether they were never opened.
        var isDraft = true
        /// Whether its prize is for players with a token of the producer's only.
        var refusesGuests: Bool
        var tickets = ByName<PlayerTicket>()
        var banned: Set<PlayerTicket> = []
        var bannedHosts: Set<HostKey> = []
    }

    /// What is known of a ticket's place.
    private struct Place: Sendable {
        var life: UInt32
        /// Where its player came from last.
        var host: HostKey?
    }

    private var admissions = ByName<ShowAdmission>()
    /// The show that takes players, by stream.
    private var showOn = ByName<String>()
    /// Settled shows that are held no more.
    private var over: Set<ByteString> = []
    /// The stream of each show that is held, drafts included.
    private var streams = ByName<String>()
    private var places: [Place] = []
    /// Places whose show is over.
    private var free: [Int] = []
    var newcomers: [Newcomer] = []

    /// How many tickets are good for something.
    var ticketCount: Int { places.count - free.count }

    /// A show that is held, and takes no players yet.
    mutating func add(
        show: String, slot: Int, serial: UInt32, stream: String, refusesGuests: Bool
    ) {
        streams[show] = stream
        admissions[show] = ShowAdmission(slot: slot, serial: serial, refusesGuests: refusesGuests)
    }

    mutating func setOpen(show: String, stream: String, isOpen: Bool) {
        admissions[show]?.isOpen = isOpen
        admissions[show]?.isDraft = false
        if isOpen {
            showOn[stream] = show
        } else if showOn[stream] == show {
            showOn[stream] = nil
        }
    }

    mutating func setRefusesGuests(_ refuses: Bool, show: String) {
        admissions[show]?.refusesGuests = refuses
    }

    /// - Parameter isOver: whether it is settled, and not deleted.
    /// - Returns: the tickets of its players, which are good for nothing any more: `giveBack` them.
    mutating func remove(show: String, isOver: Bool) -> ByName<PlayerTicket> {
        if isOver { over.insert(ByteString(show)) }
        let tickets = admissions[show]?.tickets ?? ByName()
        admissions[show] = nil
        streams[show] = nil
        showOn.removeAll { $0.hasSameBytes(as: show) }
        return tickets
    }

    /// The places of these may be others'.
    mutating func giveBack(_ indices: [Int]) { free += indices }

    /// The show that a guest may come into: the one of that name or of that stream, or else the only
    /// one that takes players, or else the only one that is still to.
    func openShow(_ name: String?, stream: String?) throws(AdmissionRefusal) -> String {
        let show = try named(name, stream: stream)
        guard admissions[show]?.refusesGuests == false else { throw .noGuestsForPrize }
        return show
    }

    private func named(_ name: String?, stream: String?) throws(AdmissionRefusal) -> String {
        if let name {
            guard let admission = admissions[name], admission.isOpen || admission.isDraft,
                plays(name, on: stream)
            else { throw .noShow(name) }
            return name
        }
        if let stream, let show = showOn[stream] { return show }
        if stream == nil {
            guard showOn.count < 2 else { throw .severalShows }
            if let only = showOn.first { return only }
        }
        let drafts = admissions.all.filter { show, admission in
            admission.isDraft && plays(show, on: stream)
        }
        guard drafts.count < 2 else { throw .severalShows }
        guard let only = drafts.first?.name else { throw .noShow("") }
        return only
    }

    /// Checks that a token's show is one of ours, and the one of the stream that is to be watched.
    func check(show: String, stream: String?) throws(AdmissionRefusal) {
        if over.contains(ByteString(show)) { throw .over }
        guard streams[show] != nil, plays(show, on: stream) else { throw .otherShow }
    }

    /// Whether a show plays on the stream, if one is named.
    private func plays(_ show: String, on stream: String?) -> Bool {
        guard let stream else { return true }
        return streams[show]?.hasSameBytes(as: stream) ?? false
    }

    mutating func setBanned(_ isBanned: Bool, id: String, show: String) {
        guard let ticket = admissions[show]?.tickets[id] else { return }
        if isBanned {
            admissions[show]?.banned.insert(ticket)
        } else {
            admissions[show]?.banned.remove(ticket)
        }
    }

    mutating func setBanned(_ isBanned: Bool, host: HostKey, show: String) {
        if isBanned {
            admissions[show]?.bannedHosts.insert(host)
        } else {
            admissions[show]?.bannedHosts.remove(host)
        }
    }

    /// The players of a show who may not come in.
    func bannedPlayers(of show: String) -> [String] {
        guard let admission = admissions[show], !admission.banned.isEmpty else { return [] }
        return admission.tickets.all.filter { admission.banned.contains($0.value) }.map(\.name)
    }

    /// A player's ticket; nil where there is none.
    func ticket(of id: String, show: String) -> PlayerTicket? { admissions[show]?.tickets[id] }

    /// The players of a show who came last from an address.
    func players(of show: String, from host: HostKey) -> [String] {
        (admissions[show]?.tickets.all ?? []).filter { _, ticket in
            places[ticket.index].host.map { host.contains($0) } ?? false
        }.map(\.name)
    }

    /// A ticket for a player that a show has from before.
    mutating func add(id: String, show: String, host: HostKey?) -> PlayerTicket {
        let ticket: PlayerTicket
        if let index = free.popLast() {
            let life = places[index].life &+ 1
            places[index] = Place(life: life, host: host)
            ticket = PlayerTicket(index: index, life: life)
        } else {
            ticket = PlayerTicket(index: places.count, life: 0)
            places.append(Place(life: 0, host: host))
        }
        admissions[show]?.tickets[id] = ticket
        return ticket
    }

    /// Gives a player of a show that is held a ticket: to watch, where it takes no players.
    mutating func admit(
        id: String, name: String, show: String, origin: PlayerOrigin
    ) throws(AdmissionRefusal) -> PlayerTicket {
        // No copy of an admission is held while its tickets change: that would copy them all.
        guard
            let (slot, serial, count) = admissions[show].map({
                ($0.slot, $0.serial, $0.tickets.count)
            })
        else { throw .noShow(show) }
        if let host = origin.host, isBanned(host, show) { throw .addressBanned }
        if let ticket = admissions[show]?.tickets[id] {
            guard admissions[show]?.banned.contains(ticket) == false else { throw .banned }
            if let host = origin.host { places[ticket.index].host = host }
            return ticket
        }
        if admissions[show]?.refusesGuests == true, GuestID.isOne(id) { throw .noGuestsForPrize }
        guard ticketCount < GameLimits.ticketCountMax, count < TriviaLimits.playerCountMax else {
            throw .full
        }
        let ticket = add(id: id, show: show, host: origin.host)
        newcomers.append(
            Newcomer(
                ticket: ticket, slot: slot, serial: serial, id: id, name: name, origin: origin))
        return ticket
    }

    private func isBanned(_ host: HostKey, _ show: String) -> Bool {
        guard admissions[show]?.bannedHosts.isEmpty == false else { return false }
        return admissions[show]?.bannedHosts.contains(host) == true
            || host.site.map { admissions[show]?.bannedHosts.contains($0) == true } ?? false
    }
}
