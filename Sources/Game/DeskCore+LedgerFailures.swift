// What hosts are told while the ledger can't be written.

import Ledger

extension DeskCore {
    /// Counts a write of a host's or of the clock's that failed.
    mutating func failed(_ error: LedgerError) -> HostRefusal {
        // The ledger works; it is the host who has to choose another id.
        if case .sameShow = error { return .ledger(error) }
        health.failureCount += 1
        health.failure = error.description
        return .ledger(error)
    }

    /// Tells a show's host, once until it works again, that answers can't be stored.
    mutating func noteFailure(_ error: LedgerError, of slot: Int) {
        guard !shows.slots[slot].isFailing else { return }
        shows.slots[slot].isFailing = true
        note(
            slot,
            "Answers can't be stored; players are told to send them again. "
                + error.description)
    }

    /// Whatever failed works again.
    mutating func noteSuccess() {
        if health.failure != nil { health.failure = nil }
        for slot in shows.slots.indices where shows.slots[slot].isFailing {
            shows.slots[slot].isFailing = false
            note(slot, "Answers are stored again.")
        }
    }

    /// Tells a show's host something.
    mutating func note(_ slot: Int, _ text: String) {
        notes.add(HostNote(atMs: clock.wallMs, show: shows.slots[slot].show.id, text: text))
        changed(slot, .step)
    }
}
