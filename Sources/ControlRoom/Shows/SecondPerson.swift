// Dividing a prize by two people: the first one's word waits for a while for another's.

import Synchronization

/// What the first person is answered (202).
struct SecondPersonWanted: Codable, Equatable {
    var confirm = "second-person"
    /// Who has said it.
    var by: String
    /// The version of the show it was said of.
    var version: Int
    /// Until when another may say so, too, ms since 1970.
    var expiresAtMs: Int64
}

/// Whose word to settle waits, by show.
final class SecondPerson: Sendable {
    /// What a word leads to.
    enum Outcome: Equatable {
        /// It waits for another person's.
        case waits(SecondPersonWanted)
        /// Both have said it.
        case agreed(first: String)
    }

    private let words = Mutex<[String: SecondPersonWanted]>([:])
    private let nowMs: @Sendable () -> Int64

    init(nowMs: @escaping @Sendable () -> Int64 = StaffClock.wallMs) { self.nowMs = nowMs }

    /// Somebody says that a show is to be settled.
    ///
    /// - Parameters:
    ///   - name: who, by the person's own token.
    ///   - version: the show's, as the person sees it: a word holds for nothing else.
    func say(_ name: String, of show: String, version: Int) -> Outcome {
        let nowMs = nowMs()
        return words.withLock { words in
            words = words.filter { $0.value.expiresAtMs > nowMs }
            if let first = words[show], first.version == version {
                guard first.by != name else { return .waits(first) }
                return .agreed(first: first.by)
            }
            if words.count >= Limits.wordCountMax,
                let oldest = words.min(by: { $0.value.expiresAtMs < $1.value.expiresAtMs })
            {
                words[oldest.key] = nil
            }
            let wanted = SecondPersonWanted(
                by: name, version: version, expiresAtMs: nowMs + Limits.secondPersonMs)
            words[show] = wanted
            return .waits(wanted)
        }
    }

    /// A show is settled, or can't be.
    func forget(_ show: String) { words.withLock { $0[show] = nil } }

    /// The word that waits for a second; nil if none does.
    func wanted(of show: String) -> SecondPersonWanted? {
        let nowMs = nowMs()
        return words.withLock { $0[show] }.flatMap { $0.expiresAtMs > nowMs ? $0 : nil }
    }
}
