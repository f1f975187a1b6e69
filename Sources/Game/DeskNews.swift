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

extension DeskCore {
    /// Says what has happened since the last turn.
    mutating func tellNews() {
        if !hasToldDamage {
            hasToldDamage = true
            for damaged in parts.setAside {
                parts.news(.setAside(damaged.error.description))
            }
        }
        for note in notes.after(count: toldNoteCount) { parts.news(.note(note)) }
        toldNoteCount = notes.count
        guard health.failure != toldFailure else { return }
        toldFailure = health.failure
        parts.news(health.failure.map { .ledgerFails($0) } ?? .ledgerWorks)
    }
}
