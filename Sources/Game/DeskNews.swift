// What the operator hears of the desk, for the log.

/// Something that whoever operates the machine should know, said once.
public enum DeskNews: Equatable, Sendable {
    /// What a show's host was told.
    case note(HostNote)
    /// The ledger can't be written, and why; nothing is acknowledged until it can.
    case ledgerFails(String)
    /// It can be written again.
    case ledgerWorks
    /// A show can't be read, and why; the others are played.
    case setAside(String)
}

extension GameDesk {
    /// Says what has happened since the last turn. No lock is held meanwhile.
    func tellNews(_ work: inout DeskWork) {
        let (notes, noteCount, failure) = state.withLock { state in
            (
                state.notes.suffix(state.noteCount - work.toldNoteCount), state.noteCount,
                state.health.failure
            )
        }
        if !work.hasToldDamage {
            work.hasToldDamage = true
            for damaged in setAside { news(.setAside(damaged.error.description)) }
        }
        work.toldNoteCount = noteCount
        for note in notes { news(.note(note)) }
        guard failure != work.toldFailure else { return }
        work.toldFailure = failure
        news(failure.map { .ledgerFails($0) } ?? .ledgerWorks)
    }
}
