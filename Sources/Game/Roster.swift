// Who may come in: tokens become tickets, under a lock of its own that never waits for the disk.

public import Access
import Synchronization
import TextWire
import Trivia

/// Why somebody isn't let in.
public enum AdmissionRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The token isn't good.
    case token(PlayerTokenError)
    /// No such show takes players now.
    case noShow(String)
    /// The token is for a show that isn't there, or that plays on another stream.
    case otherShow
    /// Several shows take players, and the guest hasn't said which is meant.
    case severalShows
    /// The show is settled.
    case over
    /// The host has banned this player.
    case banned
    /// Players need a token of the producer's.
    case noGuests
    /// The name can't be shown.
    case badName
    /// There is no more room.
    case full
    /// No token could be made.
    case noToken(String)

    /// In words for a player.
    public var description: String {
        switch self {
        case .token(let error): error.description
        case .noShow: "No show takes players here now; come back when it begins."
        case .otherShow: "This token is for another show; get one for this."
        case .severalShows: "Several shows are on; say which one you mean as \"show\"."
        case .over: "This show is over."
        case .banned: AnswerRefusal.banned.description
        case .noGuests: "Guests can't play in this show; sign in where you found it."
        case .badName:
            "Choose a name of 1 to \(PlayerTokenLimits.nameByteCountMax) bytes that can be shown."
        case .full: "The show is full; you can watch."
        case .noToken(let reason): reason
        }
    }
}

/// Somebody who was just given a ticket, and isn't in the show's own list yet.
struct Newcomer: Sendable {
    let ticket: PlayerTicket
    let slot: Int
    let serial: UInt32
    let id: String
    let name: String
}

/// Tickets by show and player, whose names are compared by their bytes: whoever signs a token, and the
/// ledger, tell them apart by those.
struct Roster: Sendable {
    private struct Door: Sendable {
        let slot: Int
        let serial: UInt32
        var isOpen: Bool
        var tickets: [ByteString: PlayerTicket] = [:]
        var banned: Set<PlayerTicket> = []
    }

    private var doors: [ByteString: Door] = [:]
    /// The show that takes players, by stream.
    private var showOn: [ByteString: ByteString] = [:]
    /// Settled shows that are held no more.
    private var over: Set<ByteString> = []
    /// The stream of each show that is held, drafts included.
    private var streams: [ByteString: ByteString] = [:]
    private(set) var ticketCount = 0
    var newcomers: [Newcomer] = []

    /// A show that is held, and whose doors are closed.
    mutating func add(show: String, slot: Int, serial: UInt32, stream: String) {
        streams[ByteString(show)] = ByteString(stream)
        doors[ByteString(show)] = Door(slot: slot, serial: serial, isOpen: false)
    }

    mutating func setDoor(show: String, stream: String, isOpen: Bool) {
        let show = ByteString(show)
        let stream = ByteString(stream)
        doors[show]?.isOpen = isOpen
        if isOpen {
            showOn[stream] = show
        } else if showOn[stream] == show {
            showOn[stream] = nil
        }
    }

    /// - Parameter isOver: whether it is settled, and not deleted.
    mutating func removeDoor(show: String, isOver: Bool) {
        let show = ByteString(show)
        if isOver { over.insert(show) }
        doors[show] = nil
        streams[show] = nil
        showOn = showOn.filter { $0.value != show }
    }

    /// The show that takes players: the one of that name, or else the only one.
    func openShow(_ name: String?) throws(AdmissionRefusal) -> String {
        if let name {
            guard doors[ByteString(name)]?.isOpen == true else { throw .noShow(name) }
            return name
        }
        guard showOn.count < 2 else { throw .severalShows }
        guard let only = showOn.first?.value else { throw .noShow("") }
        return only.text
    }

    /// Checks that a token's show is one of ours, and the one of the stream that is to be watched.
    func check(show: String, stream: String?) throws(AdmissionRefusal) {
        if over.contains(ByteString(show)) { throw .over }
        guard let its = streams[ByteString(show)], stream.map({ ByteString($0) == its }) ?? true
        else { throw .otherShow }
    }

    mutating func setBanned(_ isBanned: Bool, id: String, show: String) {
        let show = ByteString(show)
        guard let ticket = doors[show]?.tickets[ByteString(id)] else { return }
        if isBanned {
            doors[show]?.banned.insert(ticket)
        } else {
            doors[show]?.banned.remove(ticket)
        }
    }

    /// A ticket for a player that a show has from before.
    mutating func add(id: String, show: String) -> PlayerTicket {
        let ticket = PlayerTicket(rawValue: UInt32(ticketCount))
        ticketCount += 1
        doors[ByteString(show)]?.tickets[ByteString(id)] = ticket
        return ticket
    }

    /// Gives a player of a show that is held a ticket: to watch, where the doors aren't open.
    mutating func admit(
        id: String, name: String, show: String
    ) throws(AdmissionRefusal) -> PlayerTicket {
        // No copy of a door is held while its tickets change: that would copy them all.
        guard
            let (slot, serial, count) = doors[ByteString(show)].map({
                ($0.slot, $0.serial, $0.tickets.count)
            })
        else { throw .noShow(show) }
        if let ticket = doors[ByteString(show)]?.tickets[ByteString(id)] {
            guard doors[ByteString(show)]?.banned.contains(ticket) == false else { throw .banned }
            return ticket
        }
        guard ticketCount < GameLimits.ticketCountMax, count < TriviaLimits.playerCountMax else {
            throw .full
        }
        let ticket = add(id: id, show: show)
        newcomers.append(
            Newcomer(ticket: ticket, slot: slot, serial: serial, id: id, name: name))
        return ticket
    }
}
