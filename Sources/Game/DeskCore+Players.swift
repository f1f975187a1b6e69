// Players get their places in the shows, and their questions.

import Ledger
import Trivia

extension DeskCore {
    /// Gives those who came since the last turn their places in the shows.
    mutating func admitNewcomers() {
        admission.takeNewcomers(into: &newcomers)
        guard !newcomers.isEmpty else { return }
        for newcomer in newcomers {
            var number: Int32 = -1
            if shows.slots[newcomer.slot].serial == newcomer.serial,
                !shows.slots[newcomer.slot].isGone
            {
                number = seat(newcomer, newcomer.slot)
            }
            shows.place(
                TicketSeat(
                    slot: Int32(newcomer.slot), serial: newcomer.serial,
                    life: newcomer.ticket.life, player: number),
                at: newcomer.ticket.index)
        }
        newcomers.removeAll(keepingCapacity: true)
    }

    /// Gives those their places who came before the show took players.
    mutating func admitEarly(_ slot: Int) {
        let early = shows.slots[slot].earlyPlayers
        shows.slots[slot].earlyPlayers = []
        for newcomer in early {
            shows.seats[newcomer.ticket.index].player = seat(newcomer, slot)
        }
        // On disk before the next command is.
        if !early.isEmpty { commitPlayers() }
    }

    /// The number of a newcomer; -1 where the show has gone on since the ticket was given: it stays
    /// a ticket to watch.
    private mutating func seat(_ newcomer: Newcomer, _ slot: Int) -> Int32 {
        guard shows.slots[slot].show.phase != .draft else {
            shows.slots[slot].earlyPlayers.append(newcomer)
            return -1
        }
        let origin = newcomer.origin
        // Whoever came a moment before its address was banned, or before the plan was changed.
        guard !shows.slots[slot].show.isBanned(origin.host) else {
            // It is let in if the ban is taken back.
            shows.slots[slot].earlyPlayers.append(newcomer)
            return -1
        }
        guard !shows.slots[slot].show.plan.refusesGuests || !GuestID.isOne(newcomer.id)
        else { return -1 }
        do throws(ShowRefusal) {
            let joining = try shows.slots[slot].show.join(id: newcomer.id, name: newcomer.name)
            if joining.event != nil {
                shows.slots[slot].waitingPlayers.append(
                    PlayerRow(
                        number: joining.player, id: newcomer.id, name: newcomer.name,
                        address: origin.host?.description, joinedMs: origin.joinedMs))
                changed(slot, .numbers)
                if let crowd = shows.slots[slot].crowd.add(origin) {
                    note(
                        slot,
                        "\(crowd.count) players came from \(crowd.host); look at them with fanfare "
                            + "show addresses, and ban the address if they are one person.")
                }
            }
            return joining.player.rawValue
        } catch { return -1 }
    }

    /// Notes when players got the question that is on.
    mutating func note(_ handovers: [NamedHandover]) {
        for handover in handovers {
            guard let seat = shows.seat(handover.report.ticket) else { continue }
            let slot = Int(seat.slot)
            guard let question = shows.slots[slot].questionOn,
                shows.slots[slot].questionName == handover.question,
                let openedNs = shows.slots[slot].show.openedNs(of: question)
            else { continue }
            let report = handover.report.handover
            var newest = SeatHandover(report, openedNs: openedNs, clock: clock)
            if seat.handoverQuestion == question.rawValue {
                // Whoever has it already, and comes back, isn't late.
                guard clock.showNs(report.sinceNs) < openedNs else { continue }
                newest = newest.lesser(than: seat.handover, openedNs: openedNs)
            }
            let index = handover.report.ticket.index
            shows.seats[index].handoverQuestion = question.rawValue
            shows.seats[index].handover = newest
        }
    }
}
