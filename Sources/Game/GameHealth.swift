// What the desk counts about itself.

public import Trivia

/// Figures since the start, for metrics and for the host.
public struct GameHealth: Equatable, Sendable {
    /// Answers that count and are on disk.
    public var acceptedCount = 0
    /// Answers that came again.
    public var repeatedCount = 0
    /// Answers that don't count, by the API's word for the reason.
    public var refusedCounts: [String: Int] = [:]
    /// Transactions of answers and players.
    public var groupCount = 0
    /// Answers of the largest group.
    public var groupAnswerCountMax = 0
    /// Time spent in these transactions, ns.
    public var commitNs: Int64 = 0
    /// The longest of them, ns.
    public var commitNsMax: Int64 = 0
    /// How long each of them took.
    public var commits = DelayHistogram()
    /// From an answer's last byte to its receipt's hand-over to the connection, refusals included.
    public var receiptDelays = DelayHistogram()
    /// Answers that found the desk's inbox full.
    public var overflowCount = 0
    /// Writes that failed.
    public var failureCount = 0
    /// What the last of them said; nil once a write has gone well again.
    public var failure: String?
    /// Cues that were refused.
    public var cueRefusalCount = 0

    /// Nothing yet.
    public init() {}
}

/// A show in numbers.
public struct ShowFigures: Equatable, Sendable {
    /// The show's id.
    public let id: String
    /// The stream it plays on.
    public let stream: String
    /// How far it is.
    public let phase: ShowPhase
    /// How many players are what.
    public let tally: PlayerTally
}

/// Something the host should know.
public struct HostNote: Equatable, Sendable {
    /// When, ms since 1970.
    public let atMs: Int64
    /// The show's id.
    public let show: String
    /// A sentence.
    public let text: String
}

/// The notes that are kept.
struct HostNotes: Sendable {
    /// The oldest first.
    private(set) var newest: [HostNote] = []
    /// How many there ever were.
    private(set) var count = 0

    mutating func add(_ note: HostNote) {
        if newest.count == GameLimits.noteCountMax { newest.removeFirst() }
        newest.append(note)
        count += 1
    }

    /// Those that are kept of all behind the first so many.
    func after(count former: Int) -> ArraySlice<HostNote> { newest.suffix(count - former) }
}
