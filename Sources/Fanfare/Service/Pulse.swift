// Whether the parts that serve really turn: what a watchdog is told, and when it isn't.

/// Judges signs of life. A pure value; times are ms of the monotonic clock.
struct Pulse: Sendable {
    /// A sign may be so old, ms: shards give one five times a second.
    static let signAgeMsMin: Int64 = 1_000

    /// How often it is looked, ms.
    let intervalMs: Int64
    /// Nil while the game owes no answer.
    private var askedAtMs: Int64?
    /// Whether it has the question.
    private var isAsked = false

    /// - Parameter intervalMs: how often it is looked.
    init(intervalMs: Int64) { self.intervalMs = intervalMs }

    /// Whether the game is to be asked now. From now on it owes an answer.
    mutating func asksGame(nowMs: Int64) -> Bool {
        guard !isAsked else { return false }
        askedAtMs = askedAtMs ?? nowMs
        isAsked = true
        return true
    }

    /// There was no room for the question: it is asked again, and the time runs.
    mutating func gameHadNoRoom() { isAsked = false }

    /// The game has answered.
    mutating func gameAnswered() {
        askedAtMs = nil
        isAsked = false
    }

    /// Who doesn't turn, in words; empty if all do.
    ///
    /// - Parameter shardTurnsMs: when each shard last turned.
    func silent(shardTurnsMs: [Int64], nowMs: Int64) -> [String] {
        let ageMsMax = max(intervalMs, Self.signAgeMsMin)
        var silent = shardTurnsMs.enumerated().filter { nowMs - $0.element > ageMsMax }
            .map { "shard \($0.offset)" }
        if let askedAtMs, nowMs - askedAtMs >= intervalMs { silent.append("the game") }
        return silent
    }
}
