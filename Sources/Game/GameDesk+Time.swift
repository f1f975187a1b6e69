// What is due by the clock: locks that waited, cues for a new programme, lost time made up for.

import Ledger
import Trivia

extension GameDesk {
    func keepTime(_ work: inout DeskWork) {
        let count = state.withLock { $0.slots.count }
        var hasOpenQuestion = false
        for slot in 0..<count {
            guard state.withLock({ !$0.slots[slot].isGone }) else { continue }
            makeUpForOutage(slot, &work)
            lockWhenDue(slot, &work)
            tellWhenDue(slot, &work)
            if state.withLock({ $0.slots[slot].show.latestPossibleDeadlineNs != nil }) {
                hasOpenQuestion = true
            }
        }
        let nowNs = clock.nowNs
        // While the ledger fails this also finds out when it works again.
        let isFailing = state.withLock { $0.health.failure != nil }
        if hasOpenQuestion || isFailing,
            nowNs - work.aliveNs >= GameLimits.aliveMs * 1_000_000
        {
            work.aliveNs = nowNs
            do throws(LedgerError) {
                try writer.stayAlive(atNs: nowNs)
                state.withLock { noteSuccess(&$0) }
            } catch { _ = failed(error) }
        }
    }

    private func lockWhenDue(_ slot: Int, _ work: inout DeskWork) {
        let nowNs = clock.nowNs
        let due = state.withLock { state -> PendingLock? in
            guard let pending = state.slots[slot].pendingLock else { return nil }
            let show = state.slots[slot].show
            guard case .question(let number) = show.stage, show.question(number)?.state == .open
            else {
                state.slots[slot].pendingLock = nil
                return nil
            }
            guard let deadlineNs = show.latestPossibleDeadlineNs, nowNs > deadlineNs else {
                return nil
            }
            return pending
        }
        guard let due else { return }
        let line = line(of: slot, who: due.who, action: "lock", detail: "after the last deadline")
        if commitQuietly(slot, [.locked(atNs: nowNs, isForced: false)], line, &work) {
            state.withLock { $0.slots[slot].pendingLock = nil }
        }
    }

    /// A programme that began since knows nothing of the show, one that has refused a cue is asked
    /// again, and a lobby fills.
    private func tellWhenDue(_ slot: Int, _ work: inout DeskWork) {
        let nowNs = clock.nowNs
        let (isOn, stream, told, isKnown, isStale, hasNewPlayers) = state.withLock { state in
            let slot = state.slots[slot]
            let isStale = nowNs - slot.toldAtNs >= GameLimits.retellMs * 1_000_000
            let hasNewPlayers =
                slot.show.phase == .lobby && slot.show.tally.players != slot.toldPlayerCount
            return (
                slot.isOn, slot.stream, slot.stagedProgramme, slot.cue != nil, isStale,
                hasNewPlayers
            )
        }
        guard isOn else { return }
        let programme = stage.view(of: stream)?.programme
        let isOwed = programme != nil && programme != told
        // After a change of programme there is nothing to wait for.
        let isFirstTry = isOwed && state.withLock { $0.slots[slot].triedProgramme != programme }
        guard !isKnown || isFirstTry || isStale && (isOwed || hasNewPlayers) else { return }
        state.withLock { $0.slots[slot].triedProgramme = programme }
        tell(slot, &work)
    }

    // MARK: After a restart

    /// Gives an open question back what a restart took from it: at once, and again when its
    /// audience can see it again. Past the limit it is voided.
    private func makeUpForOutage(_ slot: Int, _ work: inout DeskWork) {
        guard let outage = state.withLock({ $0.slots[slot].outage }) else { return }
        let (isOpen, stream) = state.withLock { state in
            (state.slots[slot].show.latestPossibleDeadlineNs != nil, state.slots[slot].stream)
        }
        guard isOpen else {
            state.withLock { $0.slots[slot].outage = nil }
            return
        }
        let nowNs = clock.nowNs
        let lostMs = (nowNs - outage.sinceNs) / 1_000_000
        let wholeMs = outage.madeUpMs + lostMs
        guard wholeMs <= Int64(settings.outageLimitS) * 1000 else {
            voidAfterOutage(slot, wholeMs, &work)
            return
        }
        let isSeen = stage.view(of: stream) != nil
        guard isSeen || outage.madeUpMs == 0 else { return }
        if lostMs > 0 {
            let line = line(
                of: slot, who: LogLine.appliance, action: "makeUpOutage", detail: "\(lostMs) ms")
            let event = ShowEvent.outageMadeUp(ms: Int(lostMs), atNs: nowNs)
            guard commitQuietly(slot, [event], line, &work) else { return }
            note(slot, "The server was down; the open question got \(lostMs) ms back.")
        }
        state.withLock { state in
            state.slots[slot].outage =
                isSeen
                ? nil : Outage(madeUpMs: wholeMs, sinceNs: outage.sinceNs + lostMs * 1_000_000)
        }
    }

    private func voidAfterOutage(_ slot: Int, _ lostMs: Int64, _ work: inout DeskWork) {
        let show = state.withLock { $0.slots[slot].show }
        guard case .question(let number) = show.stage else { return }
        let reason = "The server was down for \(lostMs / 1000) s while this question was open."
        let line = line(of: slot, who: LogLine.appliance, action: "void", detail: reason)
        guard commitQuietly(slot, [.voided(number, reason: reason)], line, &work) else { return }
        state.withLock { $0.slots[slot].outage = nil }
        note(slot, reason + " It was voided; open the next one.")
    }

    private func note(_ slot: Int, _ text: String) {
        state.withLock { state in
            let show = state.slots[slot].show.id
            state.add(HostNote(atMs: clock.wallMs, show: show, text: text))
        }
    }

    private func line(of slot: Int, who: String, action: String, detail: String) -> LogLine {
        LogLine(
            atMs: clock.wallMs, who: who, commandID: nil,
            show: state.withLock { $0.slots[slot].show.id }, action: action, detail: detail,
            revision: 0)
    }

    /// Does what nobody waits for. What fails is tried again at the next turn, and is seen in
    /// `health`.
    private func commitQuietly(
        _ slot: Int, _ events: [ShowEvent], _ line: LogLine, _ work: inout DeskWork
    ) -> Bool {
        do throws(HostRefusal) {
            _ = try commit(slot, events, line, &work)
            return true
        } catch { return false }
    }

    /// Makes the shows of a ledger again, and the tickets of their players. Rehearsals that are over
    /// are thrown away.
    static func restore(
        _ ledger: Ledger, nowMs: Int64
    ) throws(LedgerError) -> (DeskState, Roster) {
        var state = DeskState()
        var roster = Roster()
        for entry in try ledger.shows() {
            let isOver = entry.phase == .finished || entry.phase == .settled
            if entry.isRehearsal && isOver {
                let line = LogLine(
                    atMs: nowMs, who: LogLine.appliance, commandID: nil, show: entry.id,
                    action: "discard", detail: "a rehearsal that was over",
                    revision: entry.revision)
                try ledger.remove(entry.key, line: line)
            } else if entry.phase == .settled {
                roster.removeDoor(show: entry.id, isOver: true)
            } else {
                restore(try ledger.load(show: entry.id), &state, &roster)
            }
        }
        guard let aliveNs = try ledger.aliveNs() else { return (state, roster) }
        for slot in state.slots.indices
        where state.slots[slot].show.latestPossibleDeadlineNs != nil {
            state.slots[slot].outage = Outage(madeUpMs: 0, sinceNs: aliveNs)
        }
        return (state, roster)
    }

    private static func restore(
        _ stored: StoredShow, _ state: inout DeskState, _ roster: inout Roster
    ) {
        var slot = ShowSlot(
            key: stored.entry.key, stream: stored.entry.stream, show: stored.show,
            createdMs: stored.entry.createdMs)
        if case .question(let number) = stored.show.stage,
            let pending = stored.pendingLock, let entry = stored.show.question(number),
            entry.state == .open, pending.detail == entry.question.id
        {
            slot.pendingLock = PendingLock(who: pending.who)
        }
        let index = state.place(slot)
        let serial = state.slots[index].serial
        let show = stored.show.id
        roster.add(show: show, stream: slot.stream)
        guard stored.show.phase != .draft else { return }
        roster.setDoor(
            show: show, slot: index, serial: serial, stream: slot.stream,
            isOpen: slot.takesPlayers)
        for number in 0..<Int32(stored.show.tally.players) {
            guard let standing = stored.show.standing(of: PlayerNumber(rawValue: number)) else {
                continue
            }
            _ = roster.add(id: standing.id, show: show)
            state.seats.append(TicketSeat(slot: Int32(index), serial: serial, player: number))
            if standing.status == .banned {
                roster.setBanned(true, id: standing.id, show: show)
            }
        }
    }
}
