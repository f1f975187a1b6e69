// Players coming in: by a token of the producer's, or by a name.

import Access
import Ledger
import Trivia

extension GameDesk {
    /// Lets in whoever has a good token, once for each connection. Waits for no disk.
    ///
    /// The ticket is good while the process runs. The player is on disk before its first answer is
    /// acknowledged.
    ///
    /// - Parameter stream: the stream that is to be watched; nil for a request of its own.
    public func admit(
        token: RawSpan, stream: String? = nil
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        do throws(PlayerTokenError) {
            let player = try PlayerToken.verify(
                token, key: settings.playerKey, show: nil, nowUnixS: Int(clock.wallMs / 1000))
            return admit(
                id: player.subject, name: player.name, show: player.show, stream: stream)
        } catch { return .failure(.token(error)) }
    }

    /// Lets in a player whose token somebody else has verified.
    public func admit(
        id: String, name: String, show: String, stream: String? = nil
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        roster.withLock { roster in
            do throws(AdmissionRefusal) {
                try roster.check(show: show, stream: stream)
                return .success(try roster.admit(id: id, name: name, show: show))
            } catch { return .failure(error) }
        }
    }

    /// Lets a guest into a show that takes players, and makes a token to come back with.
    ///
    /// The guest has a place in the show with the next turn (`afterNextTurn`).
    ///
    /// - Parameter name: the guest's.
    /// - Parameter show: the show's id; nil for the only one there is.
    /// - Throws: `AdmissionRefusal` with a sentence for the player.
    public func join(name: String, show: String?) throws(AdmissionRefusal) -> String {
        guard settings.allowsGuests else { throw .noGuests }
        guard PlayerText.isFit(name, byteCountMax: PlayerTokenLimits.nameByteCountMax) else {
            throw .badName
        }
        let show = try roster.withLock { roster throws(AdmissionRefusal) in
            try roster.openShow(show)
        }
        let id: String
        do { id = "guest." + (try StaffToken.random().text) } catch {
            throw .noToken(error.description)
        }
        let token: String
        do throws(PlayerTokenError) {
            token = try PlayerToken(
                subject: id, name: name, show: show,
                expiresAtUnixS: Int(clock.wallMs / 1000) + GameLimits.guestTokenS
            ).mint(key: settings.playerKey)
        } catch { throw .noToken(error.description) }
        _ = try admit(id: id, name: name, show: show).get()
        return token
    }

    /// Gives those who came since the last turn their places in the shows.
    func admitNewcomers(_ work: inout DeskWork) {
        roster.withLock { swap(&$0.newcomers, &work.newcomers) }
        guard !work.newcomers.isEmpty else { return }
        state.withLock { state in
            for newcomer in work.newcomers {
                precondition(newcomer.ticket.rawValue == state.seats.count)
                var number: Int32 = -1
                if state.slots[newcomer.slot].serial == newcomer.serial,
                    !state.slots[newcomer.slot].isGone
                {
                    number = Self.seat(newcomer, &state.slots[newcomer.slot])
                }
                state.seats.append(
                    TicketSeat(
                        slot: Int32(newcomer.slot), serial: newcomer.serial, player: number))
            }
        }
        work.newcomers.removeAll(keepingCapacity: true)
    }

    /// Gives those their places who came before the doors opened.
    func admitEarly(_ slot: Int, _ work: inout DeskWork) {
        let hasPlayers = state.withLock { state in
            let early = state.slots[slot].earlyPlayers
            state.slots[slot].earlyPlayers = []
            for newcomer in early {
                let number = Self.seat(newcomer, &state.slots[slot])
                state.seats[Int(newcomer.ticket.rawValue)].player = number
            }
            return !early.isEmpty
        }
        // On disk before the next command is.
        if hasPlayers { commitPlayers(&work) }
    }

    /// The number of a newcomer; -1 where the show has gone on since the ticket was given: it stays
    /// a ticket to watch.
    private static func seat(_ newcomer: Newcomer, _ slot: inout ShowSlot) -> Int32 {
        guard slot.show.phase != .draft else {
            slot.earlyPlayers.append(newcomer)
            return -1
        }
        do throws(ShowRefusal) {
            let joining = try slot.show.join(id: newcomer.id, name: newcomer.name)
            if joining.event != nil {
                slot.waitingPlayers.append(
                    PlayerRow(number: joining.player, id: newcomer.id, name: newcomer.name))
            }
            return joining.player.rawValue
        } catch { return -1 }
    }

    /// Notes when players got the question that is on.
    func take(_ handovers: [NamedHandover]) {
        guard !handovers.isEmpty else { return }
        state.withLock { state in
            for handover in handovers {
                guard let seat = state.seat(handover.report.ticket) else { continue }
                let slot = Int(seat.slot)
                guard let question = state.slots[slot].questionOn,
                    state.slots[slot].questionName == handover.question,
                    let openedNs = state.slots[slot].show.openedNs(of: question)
                else { continue }
                let report = handover.report.handover
                var newest = SeatHandover(report, openedNs: openedNs, clock: clock)
                if seat.handoverQuestion == question.rawValue {
                    // Whoever has it already, and comes back, isn't late.
                    guard clock.showNs(report.sinceNs) < openedNs else { continue }
                    newest = newest.lesser(than: seat.handover, openedNs: openedNs)
                }
                let index = Int(handover.report.ticket.rawValue)
                state.seats[index].handoverQuestion = question.rawValue
                state.seats[index].handover = newest
            }
        }
    }
}
