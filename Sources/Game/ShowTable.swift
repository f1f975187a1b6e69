// The shows in memory and their players' seats. Changed by the desk's thread alone.

import Broadcast
import Ledger
import Trivia
import WireBytes

/// A lock that waits for the last answer that can be in time.
struct PendingLock: Sendable {
    let who: String
    let question: QuestionNumber
}

/// What a show's audience was told last.
struct PublishedCue: Sendable {
    let cue: ShowCue
    let isPaused: Bool
    let atNs: Int64
    var playerCount = 0
    /// The programme that was on air; nil where none was.
    var programme: UInt64?
    /// Where it stands there; nil where it wasn't taken.
    var place: CuePlace?
    /// When it is tried again, where it wasn't.
    var retryAtNs: Int64 = 0

    /// Whether it says the same, in the same programme.
    func says(_ other: PublishedCue) -> Bool {
        programme == other.programme && isPaused == other.isPaused && cue == other.cue
    }

    /// Whether it can come after another: within a programme a cue's `seq` only grows.
    func canFollow(_ former: PublishedCue?) -> Bool {
        guard let former, former.programme == programme, let place, let last = former.place else {
            return true
        }
        return place.seq > last.seq || place == last && says(former)
    }
}

/// One show that is held in memory.
struct ShowSlot: Sendable {
    /// No other show since the start has the same, whatever slot it is in.
    var serial: UInt32 = 0
    let key: ShowKey
    let stream: String
    let name: QuestionName?
    var show: Show
    let createdMs: Int64
    /// Deleted or let go of: nothing is left but the slot, which the next show may take.
    var isGone = false
    /// The how manieth to be settled since the start; nil before it is.
    var settledNumber: Int?
    /// Whether the host was told that its answers can't be stored.
    var isFailing = false
    var pendingLock: PendingLock?
    /// Those who came before the show took players, and get their places when it does.
    var earlyPlayers: [Newcomer] = []
    /// Where the players of `show` come from.
    var crowd = PlayerOrigins()
    /// Players of `show` that aren't on disk yet.
    var waitingPlayers: [PlayerRow] = []
    /// The newest receipt that is on disk: no player sees a newer one. Changed by `keep`.
    private(set) var durableReceipt: UInt32

    /// What the audience was told last, by this process.
    var told: PublishedCue?
    /// Questions whose correction is on disk, and that the audience wasn't told of yet.
    var untoldCorrections: [QuestionNumber] = []
    /// The question that was opened last.
    var questionOn: QuestionNumber?
    var questionName: QuestionName?
    /// An open question that its audience couldn't see or answer, by a restart or a standstill: since
    /// when. It stays in a pause, in which nothing is lost.
    var outage: Outage?
    /// How it ended, once it has.
    var settlement: Settlement? {
        didSet { gains = Self.gains(settlement) }
    }
    /// What each winner gets, by the player's number.
    private(set) var gains: [Int32: Payout] = [:]

    /// What the newest snapshot has of it; nil where it has changed since.
    var view: ShowView?
    /// Whether those who watch it are still to be told that it has changed, and in more than numbers.
    var hasUntoldChange = false
    var hasUntoldStep = false
    /// When they were told last, ns of CLOCK_MONOTONIC.
    var notifiedNs: Int64 = 0

    init(key: ShowKey, stream: String, show: Show, createdMs: Int64) {
        self.key = key
        self.stream = stream
        name = QuestionName(show.id)
        self.show = show
        self.createdMs = createdMs
        durableReceipt = show.acceptedCount
        settlement = Settlement(show)
        gains = Self.gains(settlement)
    }

    /// These are on disk: players may see them.
    mutating func keep(_ write: AudienceWrite) {
        precondition(
            write.answers.last.map { $0.receipt == show.acceptedCount } ?? true,
            "all that were accepted are on disk")
        waitingPlayers.removeFirst(write.players.count)
        durableReceipt = show.acceptedCount
    }

    private static func gains(_ settlement: Settlement?) -> [Int32: Payout] {
        Dictionary(
            uniqueKeysWithValues: (settlement?.payouts ?? []).map {
                ($0.player.rawValue, $0)
            })
    }

    /// Whether it is the one that a stream's audience sees.
    var isOn: Bool {
        guard !isGone else { return false }
        switch show.phase {
        case .lobby, .live, .finished: return true
        case .draft, .settled: return false
        }
    }

    /// When the question that is on was opened, ns; nil where none is.
    var openedNs: Int64? {
        guard case .question(let number) = show.stage else { return nil }
        return show.openedNs(of: number)
    }

    /// Whether a question is open, in a pause or not.
    var hasOpenQuestion: Bool {
        guard case .question(let number) = show.stage else { return false }
        return show.question(number)?.state == .open
    }

    var takesPlayers: Bool { !isGone && (show.phase == .lobby || show.phase == .live) }
}

/// The time that an open question has lost to a restart or a standstill.
struct Outage: Sendable {
    /// What was the matter, for the host.
    var cause = "The server was down"
    /// What was made up for already, ms.
    var madeUpMs: Int64 = 0
    /// What the host was told of, ms.
    var notedMs: Int64 = 0
    /// From here on it is still to be made up, ns.
    var sinceNs: Int64
    /// Where the process stood still: the latest instant that was before, ns.
    var ranAtNs: Int64?
}

/// A ticket's place in its show.
struct TicketSeat: Sendable {
    let slot: Int32
    /// The show's; where the slot has another by now, the ticket's show is over.
    let serial: UInt32
    /// Which ticket of this place it is.
    let life: UInt32
    /// The player's number; -1 where the show has refused the player, or takes none yet.
    var player: Int32
    /// The question that was handed over last, and how.
    var handoverQuestion: UInt16 = .max
    var handover = SeatHandover(atNs: 0, lagNsMax: 0)
}

/// The shows and the seats.
struct ShowTable: Sendable {
    /// A show keeps its slot for as long as it is in memory.
    var slots: [ShowSlot] = []
    /// By the tickets' indices.
    var seats: [TicketSeat] = []
    private var serial: UInt32 = 0
    private var settledCount = 0

    /// Gives a show a slot: one that is free again, or a new one.
    mutating func place(_ slot: ShowSlot) -> Int {
        var slot = slot
        serial += 1
        slot.serial = serial
        if let free = slots.firstIndex(where: \.isGone) {
            slots[free] = slot
            return free
        }
        slots.append(slot)
        return slots.count - 1
    }

    /// Lets go of a show. Its tickets are good for nothing any more, and never another show's.
    mutating func release(_ slot: Int) {
        slots[slot].isGone = true
        slots[slot].view = nil
        slots[slot].show = slots[slot].show.withoutPlayers
        slots[slot].settlement = nil
        slots[slot].waitingPlayers = []
        slots[slot].earlyPlayers = []
        slots[slot].crowd = PlayerOrigins()
    }

    /// Notes that a show was settled.
    ///
    /// - Returns: The slot of another that is to be let go of: only the newest are kept for those
    ///   who still ask. The ledger has them all.
    mutating func settle(_ slot: Int) -> Int? {
        settledCount += 1
        slots[slot].settledNumber = settledCount
        let held = slots.indices.filter { !slots[$0].isGone && slots[$0].settledNumber != nil }
        guard held.count > GameLimits.settledShowCountMax else { return nil }
        return held.min {
            slots[$0].settledNumber ?? .max < slots[$1].settledNumber ?? .max
        }
    }

    /// The shows that count: those that aren't settled.
    var unsettledCount: Int { slots.count { !$0.isGone && $0.show.phase != .settled } }

    /// The streams of the shows that aren't settled.
    var streams: Set<String> {
        Set(slots.filter { !$0.isGone && $0.show.phase != .settled }.map(\.stream))
    }

    /// The slot of a show that isn't gone.
    func slot(ofShow id: String) -> Int? {
        slots.firstIndex { !$0.isGone && $0.show.id.hasSameBytes(as: id) }
    }

    /// Gives a ticket its seat: a new one, or that of one whose show is over.
    mutating func place(_ seat: TicketSeat, at index: Int) {
        precondition(index <= seats.count)
        if index == seats.count { seats.append(seat) } else { seats[index] = seat }
    }

    /// What a judge needs to know of an answer; nil where the ticket is nobody's.
    func seat(_ ticket: PlayerTicket) -> TicketSeat? {
        guard ticket.index < seats.count else { return nil }
        let seat = seats[ticket.index]
        return seat.life == ticket.life && seat.player >= 0 && isHeld(seat) ? seat : nil
    }

    /// Whether a ticket was for a show that is held no more.
    func isOver(_ ticket: PlayerTicket) -> Bool {
        guard ticket.index < seats.count else { return false }
        let seat = seats[ticket.index]
        // A ticket that is newer than the seat gets it with the next turn.
        return seat.life > ticket.life || seat.life == ticket.life && !isHeld(seat)
    }

    /// Whether a ticket is for a show that takes no players yet.
    func isEarly(_ ticket: PlayerTicket) -> Bool {
        guard ticket.index < seats.count else { return false }
        let seat = seats[ticket.index]
        return seat.life == ticket.life && isHeld(seat)
            && slots[Int(seat.slot)].show.phase == .draft
    }

    private func isHeld(_ seat: TicketSeat) -> Bool {
        slots[Int(seat.slot)].serial == seat.serial && !slots[Int(seat.slot)].isGone
    }
}
