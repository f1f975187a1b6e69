// What is due by the clock: locks that waited, cues for a new programme, lost time made up for.

import Ledger
import Trivia

extension GameDesk {
    func keepTime(_ work: inout DeskWork) {
        let count = state.withLock { $0.slots.count }
        lookAtStreams()
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
                try writer.stayAlive(atNs: aliveNs(nowNs))
                state.withLock { noteSuccess(&$0) }
            } catch { _ = failed(error) }
        }
    }

    private func lockWhenDue(_ slot: Int, _ work: inout DeskWork) {
        let nowNs = clock.nowNs
        let due = state.withLock { state -> PendingLock? in
            guard let pending = state.slots[slot].pendingLock else { return nil }
            let show = state.slots[slot].show
            guard case .question(pending.question) = show.stage,
                show.question(pending.question)?.state == .open
            else {
                state.slots[slot].pendingLock = nil
                return nil
            }
            // Who can't see the question is still owed time.
            guard state.slots[slot].outage == nil, let deadlineNs = show.latestPossibleDeadlineNs,
                nowNs > deadlineNs
            else { return nil }
            return pending
        }
        // A process that stood still until a moment ago owes time, too.
        makeUpForStandstill(&work)
        guard let due,
            state.withLock({ $0.slots[slot].show.latestPossibleDeadlineNs ?? .max })
                < nowNs
        else { return }
        let line = line(of: slot, who: due.who, action: "lock", detail: "after the last deadline")
        if commitQuietly(slot, [.locked(atNs: nowNs, isForced: false)], line, &work) {
            state.withLock { $0.slots[slot].pendingLock = nil }
        }
    }

    /// A programme that began since knows nothing of the show, one that has refused a cue is asked
    /// again, and a lobby fills.
    private func tellWhenDue(_ slot: Int, _ work: inout DeskWork) {
        let nowNs = clock.nowNs
        let (isOn, stream, told, isFilling) = state.withLock { state in
            let slot = state.slots[slot]
            let isFilling =
                slot.show.phase == .lobby && slot.show.tally.players != slot.told?.playerCount
            return (slot.isOn, slot.stream, slot.told, isFilling)
        }
        guard isOn else { return }
        guard let told else { return tell(slot, &work) }
        let programme = stage.view(of: stream)?.programme
        let isNew = programme != nil && programme != told.programme
        let isRefused = programme != nil && told.place == nil && nowNs >= told.retryAtNs
        let hasNews = isFilling && nowNs - told.atNs >= GameLimits.retellMs * 1_000_000
        guard isNew || isRefused || hasNews else { return }
        tell(slot, &work)
    }

    func note(_ slot: Int, _ text: String) {
        state.withLock { state in
            let show = state.slots[slot].show.id
            state.add(HostNote(atMs: clock.wallMs, show: show, text: text))
        }
    }

    func line(of slot: Int, who: String, action: String, detail: String) -> LogLine {
        LogLine(
            atMs: clock.wallMs, who: who, commandID: nil,
            show: state.withLock { $0.slots[slot].show.id }, action: action, detail: detail,
            revision: 0)
    }

    /// Does what nobody waits for. What fails is tried again at the next turn, and is seen in
    /// `health`.
    func commitQuietly(
        _ slot: Int, _ events: [ShowEvent], _ line: LogLine, _ work: inout DeskWork
    ) -> Bool {
        do throws(HostRefusal) {
            _ = try commit(slot, events, line, &work)
            return true
        } catch { return false }
    }
}
