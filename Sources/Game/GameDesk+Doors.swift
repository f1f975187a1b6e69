// Players coming in: by a token of the producer's, or by a name.

import Access
public import IORing
import Ledger
import Trivia
public import WireBytes

extension GameDesk {
    /// Lets in whoever has a good token, once for each connection. Waits for no disk.
    ///
    /// The ticket is good while the process runs. The player is on disk before its first answer is
    /// acknowledged.
    ///
    /// - Parameters:
    ///   - stream: the stream that is to be watched; nil for a request of its own.
    ///   - host: where it comes from; nil where that isn't known.
    public func admit(
        token: RawSpan, stream: String? = nil, host: HostKey? = nil
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        do throws(PlayerTokenError) {
            let player = try PlayerToken.verify(
                token, key: settings.playerKey, show: nil, nowUnixS: Int(clock.wallMs / 1000))
            return admit(
                id: player.subject, name: player.name, show: player.show, stream: stream,
                host: host)
        } catch { return .failure(.token(error)) }
    }

    /// Lets in a player whose token somebody else has verified.
    public func admit(
        id: String, name: String, show: String, stream: String? = nil, host: HostKey? = nil
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        let origin = PlayerOrigin(host: host, joinedMs: clock.wallMs)
        return roster.withLock { roster in
            do throws(AdmissionRefusal) {
                try roster.check(show: show, stream: stream)
                return .success(
                    try roster.admit(id: id, name: name, show: show, origin: origin))
            } catch { return .failure(error) }
        }
    }

    /// Lets a guest into a show that takes players, or will, and makes a token to come back with.
    ///
    /// The guest has a place in the show with the next turn (`afterNextTurn`), or when its doors open.
    ///
    /// - Parameters:
    ///   - name: the guest's.
    ///   - show: the show's id; nil for the only one there is.
    ///   - stream: the stream that is watched, where the guest says so.
    ///   - host: where the guest comes from; nil where that isn't known.
    /// - Throws: `AdmissionRefusal` with a sentence for the player.
    public func join(
        name: String, show: String?, stream: String? = nil, host: HostKey? = nil
    ) throws(AdmissionRefusal) -> String {
        guard settings.allowsGuests else { throw .noGuests }
        guard PlayerText.isFit(name, byteCountMax: PlayerTokenLimits.nameByteCountMax) else {
            throw .badName
        }
        let show = try roster.withLock { roster throws(AdmissionRefusal) in
            try roster.openShow(show, stream: stream)
        }
        let id: String
        do { id = try GuestID.random() } catch {
            throw .noToken(error.description)
        }
        let token: String
        do throws(PlayerTokenError) {
            token = try PlayerToken(
                subject: id, name: name, show: show,
                expiresAtUnixS: Int(clock.wallMs / 1000) + GameLimits.guestTokenS
            ).mint(key: settings.playerKey)
        } catch { throw .noToken(error.description) }
        _ = try admit(id: id, name: name, show: show, host: host).get()
        return token
    }

    /// Gives those who came since the last turn their places in the shows.
    func admitNewcomers(_ work: inout DeskWork) {
        roster.withLock { swap(&$0.newcomers, &work.newcomers) }
        guard !work.newcomers.isEmpty else { return }
        state.withLock { state in
            for newcomer in work.newcomers {
                var number: Int32 = -1
                if state.slots[newcomer.slot].serial == newcomer.serial,
                    !state.slots[newcomer.slot].isGone
                {
                    number = seat(newcomer, newcomer.slot, &state)
                }
                state.place(
                    TicketSeat(
                        slot: Int32(newcomer.slot), serial: newcomer.serial,
                        life: newcomer.ticket.life, player: number),
                    at: newcomer.ticket.index)
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
                let number = seat(newcomer, slot, &state)
                state.seats[newcomer.ticket.index].player = number
            }
            return !early.isEmpty
        }
        // On disk before the next command is.
        if hasPlayers { commitPlayers(&work) }
    }

    /// The number of a newcomer; -1 where the show has gone on since the ticket was given: it stays
    /// a ticket to watch.
    private func seat(_ newcomer: Newcomer, _ slot: Int, _ state: inout DeskState) -> Int32 {
        guard state.slots[slot].show.phase != .draft else {
            state.slots[slot].earlyPlayers.append(newcomer)
            return -1
        }
        let origin = newcomer.origin
        // Whoever came a moment before its address was banned, or before the plan was changed.
        guard !state.slots[slot].show.isBanned(origin.host) else {
            // It is let in if the ban is taken back.
            state.slots[slot].earlyPlayers.append(newcomer)
            return -1
        }
        guard !state.slots[slot].show.plan.refusesGuests || !GuestID.isOne(newcomer.id)
        else { return -1 }
        do throws(ShowRefusal) {
            let joining = try state.slots[slot].show.join(id: newcomer.id, name: newcomer.name)
            if joining.event != nil {
                state.slots[slot].waitingPlayers.append(
                    PlayerRow(
                        number: joining.player, id: newcomer.id, name: newcomer.name,
                        address: origin.host?.description, joinedMs: origin.joinedMs))
                if let crowd = state.slots[slot].crowd.add(origin) {
                    note(
                        slot,
                        "\(crowd.count) players came from \(crowd.host); look at them with fanfare "
                            + "show addresses, and ban the address if they are one person.", &state)
                }
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
                let index = handover.report.ticket.index
                state.seats[index].handoverQuestion = question.rawValue
                state.seats[index].handover = newest
            }
        }
    }
}
