// A show at one moment, as the staff see it.

public import Trivia

/// A line of the list of shows.
public struct ShowSummary: Sendable, Codable, Equatable {
    /// The show's id.
    public var id: String
    /// The stream it plays on.
    public var stream: String
    /// Its title.
    public var title: String
    /// Knockout or points.
    public var mode: ShowMode
    /// Whether it is a rehearsal.
    public var isRehearsal: Bool
    /// How far it is.
    public var phase: ShowPhase
    /// Grows with each order; nil where it can't be read.
    public var version: Int?
    /// Questions, those taken out not counted.
    public var questionCount: Int
    /// Everybody who joined.
    public var playerCount: Int
    /// When it is to begin, ms since 1970.
    public var startsAtMs: Int64?
    /// What is to be won, if anything is.
    public var prize: PrizePool?
    /// Why it can't be played: what is written of it is damaged. Nil for all others.
    public var problem: String?

    /// A show of which nothing more can be read.
    public init(damaged id: String, problem: String) {
        self.init(
            id: id, stream: "", title: "", mode: .knockout, isRehearsal: false, phase: .draft,
            questionCount: 0, playerCount: 0)
        self.problem = problem
    }

    /// A line.
    public init(
        id: String, stream: String, title: String, mode: ShowMode, isRehearsal: Bool,
        phase: ShowPhase, version: Int? = nil, questionCount: Int, playerCount: Int,
        startsAtMs: Int64? = nil, prize: PrizePool? = nil
    ) {
        self.id = id
        self.stream = stream
        self.title = title
        self.mode = mode
        self.isRehearsal = isRehearsal
        self.phase = phase
        self.version = version
        self.questionCount = questionCount
        self.playerCount = playerCount
        self.startsAtMs = startsAtMs
        self.prize = prize
    }

    /// Whether nothing changes about it any more.
    var isOver: Bool { phase == .settled || problem != nil }
}

/// The question that is on, with its live numbers.
public struct QuestionOn: Sendable, Codable, Equatable {
    /// The question, right option included.
    public var question: Question
    /// How far it is.
    public var state: QuestionState
    /// Why it was taken back, where it was.
    public var voidReason: String?
    /// The how manieth of the show it is, from 1; 0 for one that was taken back.
    public var number: Int
    /// How many there are to be.
    public var of: Int
    /// Whether it is the last one: nobody is revived on it.
    public var isLast: Bool
    /// The window as the first viewers see it: ms left, 0 when it is over. Nil unless open.
    public var remainingMs: Int?
    /// How long until nobody's answer can be in time, ms. Nil unless open, and in a pause.
    public var lockableInMs: Int?
    /// Whether a lock waits for that.
    public var isLockPending: Bool
    /// How many were asked.
    public var askedCount: Int
    /// How many of them have answered.
    public var answeredCount: Int
    /// How many chose each option, in the options' order.
    public var counts: [Int]
    /// Players who were revived at the reveal; nil before.
    public var revivedCount: Int?
    /// Players who were thrown out at the reveal; nil before.
    public var eliminatedCount: Int?

    /// A question that is on.
    public init(
        question: Question, state: QuestionState, number: Int, of: Int,
        askedCount: Int = 0, answeredCount: Int = 0, counts: [Int] = [],
        remainingMs: Int? = nil, lockableInMs: Int? = nil, isLockPending: Bool = false,
        voidReason: String? = nil, revivedCount: Int? = nil, eliminatedCount: Int? = nil,
        isLast: Bool = false
    ) {
        self.question = question
        self.state = state
        self.voidReason = voidReason
        self.number = number
        self.of = of
        self.isLast = isLast
        self.remainingMs = remainingMs
        self.lockableInMs = lockableInMs
        self.isLockPending = isLockPending
        self.askedCount = askedCount
        self.answeredCount = answeredCount
        self.counts = counts
        self.revivedCount = revivedCount
        self.eliminatedCount = eliminatedCount
    }
}

/// Something the host has to know that no host did: "the server was away for 12 s".
public struct HostNote: Sendable, Codable, Equatable {
    /// When, ms since 1970.
    public var atMs: Int64
    /// What.
    public var text: String

    /// A note.
    public init(atMs: Int64, text: String) {
        self.atMs = atMs
        self.text = text
    }
}

/// Who can see a show's stream.
public struct OnAir: Sendable, Codable, Equatable {
    /// What comes from the publisher.
    public enum Feed: String, Sendable, Codable, CaseIterable {
        /// Picture or sound.
        case live
        /// Nothing, for two seconds and more.
        case silent
        /// There is no such stream.
        case off
    }

    /// What comes from the publisher.
    public var feed: Feed
    /// Since when, ms since 1970.
    public var feedSinceMs: Int64
    /// How many watch.
    public var viewers: Int
    /// Whether anybody sees anything: it is live, and somebody watches.
    public var isSeen: Bool
    /// Since when that is so, ms since 1970.
    public var isSeenSinceMs: Int64
    /// What is wrong with the feed so that viewers miss something, a sentence each.
    public var warnings: [String]

    /// Who can see it.
    public init(
        feed: Feed, feedSinceMs: Int64, viewers: Int, isSeen: Bool, isSeenSinceMs: Int64,
        warnings: [String] = []
    ) {
        self.feed = feed
        self.feedSinceMs = feedSinceMs
        self.viewers = viewers
        self.isSeen = isSeen
        self.isSeenSinceMs = isSeenSinceMs
        self.warnings = warnings
    }
}

/// All of a show that the staff need while it is on. For staff only.
public struct ShowState: Sendable, Codable, Equatable {
    /// The show's id.
    public var id: String
    /// The stream it plays on.
    public var stream: String
    /// Its title, rules and prize.
    public var plan: ShowPlan
    /// How far it is.
    public var phase: ShowPhase
    /// Whether the host has stopped it for a while.
    public var isPaused: Bool
    /// Grows with each order, so that a stale one can be told.
    public var version: Int
    /// How many players are what.
    public var tally: PlayerTally
    /// The question that is on; nil where none is.
    public var question: QuestionOn?
    /// How many questions are waiting.
    public var waitingCount: Int
    /// How many of those are spares.
    public var spareCount: Int
    /// How many were asked and not voided.
    public var askedCount: Int
    /// How many are to be asked in all.
    public var plannedCount: Int
    /// Whether the last one was asked as planned.
    public var isPlanDone: Bool
    /// The id of the one that would be asked next.
    public var nextQuestion: String?
    /// How the prize is to be divided, or was; nil before the finish.
    public var settlement: SettlementPreview?
    /// Who can see its stream; nil once it is settled.
    public var onAir: OnAir?
    /// What the host has to know, the newest last.
    public var notes: [HostNote]
    /// The addresses that most players came from, where five or more did.
    public var crowdedAddresses: [CrowdedAddress]

    /// A show.
    public init(
        id: String, stream: String, plan: ShowPlan, phase: ShowPhase,
        isPaused: Bool = false, version: Int, tally: PlayerTally = PlayerTally(),
        question: QuestionOn? = nil, waitingCount: Int = 0, nextQuestion: String? = nil,
        settlement: SettlementPreview? = nil, onAir: OnAir? = nil, notes: [HostNote] = [],
        crowdedAddresses: [CrowdedAddress] = [], spareCount: Int = 0, askedCount: Int = 0,
        plannedCount: Int = 0, isPlanDone: Bool = false
    ) {
        self.crowdedAddresses = crowdedAddresses
        self.id = id
        self.stream = stream
        self.plan = plan
        self.phase = phase
        self.isPaused = isPaused
        self.version = version
        self.tally = tally
        self.question = question
        self.waitingCount = waitingCount
        self.spareCount = spareCount
        self.askedCount = askedCount
        self.plannedCount = plannedCount
        self.isPlanDone = isPlanDone
        self.nextQuestion = nextQuestion
        self.settlement = settlement
        self.onAir = onAir
        self.notes = notes
    }

    /// The same with nothing in it that changes by the mere passing of time.
    var withoutCountdown: ShowState {
        var still = self
        still.question?.remainingMs = nil
        still.question?.lockableInMs = nil
        // Viewers come and go all the time; that the first comes and the last goes is `isSeen`.
        still.onAir?.viewers = 0
        return still
    }
}
