// What hosts are told while the ledger can't be written.

import Ledger
import Trivia

extension GameDesk {
    /// Counts a write of a host's or of the clock's that failed.
    func failed(_ error: LedgerError) -> HostRefusal {
        // The ledger works; it is the host who has to choose another id.
        if case .sameShow = error { return .ledger(error) }
        state.withLock { state in
            state.health.failureCount += 1
            state.health.failure = error.description
        }
        return .ledger(error)
    }

    /// Tells a show's host, once until it works again, that answers can't be stored.
    func noteFailure(_ error: LedgerError, of slot: Int, _ state: inout DeskState) {
        guard !state.slots[slot].isInTrouble else { return }
        state.slots[slot].isInTrouble = true
        note(
            slot,
            "Answers can't be stored; players are told to send them again. "
                + error.description, &state)
    }

    /// Whatever failed works again.
    func noteSuccess(_ state: inout DeskState) {
        state.health.failure = nil
        for slot in state.slots.indices where state.slots[slot].isInTrouble {
            state.slots[slot].isInTrouble = false
            note(slot, "Answers are stored again.", &state)
        }
    }

    func note(_ slot: Int, _ text: String, _ state: inout DeskState) {
        let show = state.slots[slot].show.id
        state.add(HostNote(atMs: clock.wallMs, show: show, text: text))
    }
}
