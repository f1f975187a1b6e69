// Who may come in: tokens become tickets, under a lock of its own that never waits for the disk.

import IORing
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

/// Tickets by show and player, whose names are compared by their bytes.
struct Roster: Sendable {
    private struct Door: Sendable {
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

    private var doors = ByName<Door>()
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

    /// A show that is held, and whose doors are closed.
    mutating func add(
        show: String, slot: Int, serial: UInt32, stream: String, refusesGuests: Bool
    ) {
        streams[show] = stream
        doors[show] = Door(slot: slot, serial: serial, refusesGuests: refusesGuests)
    }

    mutating func setDoor(show: String, stream: String, isOpen: Bool) {
        doors[show]?.isOpen = isOpen
        doors[show]?.isDraft = false
        if isOpen {
            showOn[stream] = show
        } else if showOn[stream] == show {
            showOn[stream] = nil
        }
    }

    mutating func setRefusesGuests(_ refuses: Bool, show: String) {
        doors[show]?.refusesGuests = refuses
    }

    /// - Parameter isOver: whether it is settled, and not deleted.
    /// - Returns: the tickets of its players, which are good for nothing any more: `giveBack` them.
    mutating func removeDoor(show: String, isOver: Bool) -> ByName<PlayerTicket> {
        if isOver { over.insert(ByteString(show)) }
        let tickets = doors[show]?.tickets ?? ByName()
        doors[show] = nil
        streams[show] = nil
        showOn.removeAll { $0.hasSameBytes(as: show) }
        return tickets
    }

    /// The places of these may be others'.
    mutating func giveBack(_ indices: [Int]) { free += indices }

    /// The show that a guest may come into: the one of that name or of that stream, or else the only
    /// one whose doors are open, or else the only one whose doors are still to be opened.
    func openShow(_ name: String?, stream: String?) throws(AdmissionRefusal) -> String {
        let show = try named(name, stream: stream)
        guard doors[show]?.refusesGuests == false else { throw .noGuestsForPrize }
        return show
    }

    private func named(_ name: String?, stream: String?) throws(AdmissionRefusal) -> String {
        if let name {
            guard let door = doors[name], door.isOpen || door.isDraft, plays(name, on: stream)
            else { throw .noShow(name) }
            return name
        }
        if let stream, let show = showOn[stream] { return show }
        if stream == nil {
            guard showOn.count < 2 else { throw .severalShows }
            if let only = showOn.first { return only }
        }
        let drafts = doors.all.filter { show, door in door.isDraft && plays(show, on: stream) }
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
        guard let ticket = doors[show]?.tickets[id] else { return }
        if isBanned {
            doors[show]?.banned.insert(ticket)
        } else {
            doors[show]?.banned.remove(ticket)
        }
    }

    mutating func setBanned(_ isBanned: Bool, host: HostKey, show: String) {
        if isBanned {
            doors[show]?.bannedHosts.insert(host)
        } else {
            doors[show]?.bannedHosts.remove(host)
        }
    }

    /// The players of a show who may not come in.
    func bannedPlayers(of show: String) -> [String] {
        guard let door = doors[show], !door.banned.isEmpty else { return [] }
        return door.tickets.all.filter { door.banned.contains($0.value) }.map(\.name)
    }

    /// The players of a show who came last from an address.
    func players(of show: String, from host: HostKey) -> [String] {
        (doors[show]?.tickets.all ?? []).filter { _, ticket in
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
        doors[show]?.tickets[id] = ticket
        return ticket
    }

    /// Gives a player of a show that is held a ticket: to watch, where the doors aren't open.
    mutating func admit(
        id: String, name: String, show: String, origin: PlayerOrigin
    ) throws(AdmissionRefusal) -> PlayerTicket {
        // No copy of a door is held while its tickets change: that would copy them all.
        guard
            let (slot, serial, count) = doors[show].map({ ($0.slot, $0.serial, $0.tickets.count) })
        else { throw .noShow(show) }
        if let host = origin.host, isBanned(host, show) { throw .addressBanned }
        if let ticket = doors[show]?.tickets[id] {
            guard doors[show]?.banned.contains(ticket) == false else { throw .banned }
            if let host = origin.host { places[ticket.index].host = host }
            return ticket
        }
        if doors[show]?.refusesGuests == true, GuestID.isOne(id) { throw .noGuestsForPrize }
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
        guard doors[show]?.bannedHosts.isEmpty == false else { return false }
        return doors[show]?.bannedHosts.contains(host) == true
            || host.site.map { doors[show]?.bannedHosts.contains($0) == true } ?? false
    }
}
