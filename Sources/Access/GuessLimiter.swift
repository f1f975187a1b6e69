// Slows whoever guesses secrets: so many wrong ones from one place, and then fewer and fewer a minute.

/// Counts wrong secrets by where they come from. A plain value: whoever shares it locks it.
///
/// Right secrets cost nothing. Whoever has used up its wrong ones is not looked at until some of them
/// have come back, so that guessing on is no faster than `perMinute`.
public struct GuessLimiter<Source: Hashable & Sendable>: Sendable {
    private struct Entry {
        /// How many wrong ones it may still bring, as of then.
        var credit: Double
        var atMs: Int64
    }

    private let burst: Double
    private let perMs: Double
    private let sourceCountMax: Int
    private var entries: [Source: Entry] = [:]

    /// A limiter in which nobody has guessed yet.
    ///
    /// - Parameters:
    ///   - burst: wrong secrets that a place may bring at once.
    ///   - perMinute: how many more a minute, afterwards.
    ///   - sourceCountMax: places remembered. Beyond, those are forgotten that have the least to be
    ///     forgiven.
    public init(
        burst: Int = SecretLimits.wrongCountMax, perMinute: Int = SecretLimits.wrongPerMinute,
        sourceCountMax: Int = SecretLimits.guesserCountMax
    ) {
        precondition(burst > 0 && perMinute > 0 && sourceCountMax > 0)
        self.burst = Double(burst)
        perMs = Double(perMinute) / 60_000
        self.sourceCountMax = sourceCountMax
    }

    /// How many places are remembered.
    public var sourceCount: Int { entries.count }

    /// Whether a secret from there is looked at now.
    public func mayTry(_ source: Source, nowMs: Int64) -> Bool {
        guard let entry = entries[source] else { return true }
        return credit(of: entry, nowMs: nowMs) >= 1
    }

    /// How long until a secret from there is looked at, whole seconds; 0 if it is now.
    public func waitS(_ source: Source, nowMs: Int64) -> Int {
        guard let entry = entries[source] else { return 0 }
        let missing = 1 - credit(of: entry, nowMs: nowMs)
        return missing <= 0 ? 0 : Int((missing / perMs / 1_000).rounded(.up))
    }

    /// A secret from there was wrong.
    public mutating func noteWrong(_ source: Source, nowMs: Int64) {
        let left = entries[source].map { credit(of: $0, nowMs: nowMs) } ?? burst
        if entries[source] == nil, entries.count >= sourceCountMax { makeRoom(nowMs: nowMs) }
        entries[source] = Entry(credit: max(0, left - 1), atMs: nowMs)
    }

    private func credit(of entry: Entry, nowMs: Int64) -> Double {
        min(burst, entry.credit + Double(max(0, nowMs - entry.atMs)) * perMs)
    }

    /// Forgets those who have all of their credit back, or else the half that has the most of it:
    /// who guesses from very many places must not make room for the worst.
    private mutating func makeRoom(nowMs: Int64) {
        entries = entries.filter { credit(of: $0.value, nowMs: nowMs) < burst }
        guard entries.count >= sourceCountMax else { return }
        let worstFirst = entries.sorted {
            credit(of: $0.value, nowMs: nowMs) < credit(of: $1.value, nowMs: nowMs)
        }
        entries = Dictionary(
            uniqueKeysWithValues: worstFirst.prefix(sourceCountMax / 2).map { ($0.key, $0.value) })
    }
}
