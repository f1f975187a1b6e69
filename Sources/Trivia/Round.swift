// A question that has been asked: its clock, its answers, and what its reveal did to whom.

/// What everybody answered: one line for each player that was there when the question opened.
struct AnswerSheet: Equatable, Sendable {
    static let none = UInt8.max

    private(set) var choices: [UInt8]
    private(set) var elapsedMs: [Int32]
    private(set) var receipts: [UInt32]
    private(set) var lags: [CountedLag]
    /// How many are asked, and how many of them chose each option. Whoever the host puts out isn't
    /// in them any more, as in the reveal.
    private(set) var askedCount: Int
    private(set) var counts: [Int]

    init(playerCount: Int, askedCount: Int, optionCount: Int) {
        self.askedCount = askedCount
        counts = [Int](repeating: 0, count: optionCount)
        choices = [UInt8](repeating: Self.none, count: playerCount)
        elapsedMs = [Int32](repeating: 0, count: playerCount)
        receipts = [UInt32](repeating: 0, count: playerCount)
        lags = [CountedLag](repeating: .none, count: playerCount)
    }

    /// A sheet without its lines, and with the numbers of another.
    init(playerCount: Int, like other: AnswerSheet) {
        self.init(
            playerCount: playerCount, askedCount: other.askedCount,
            optionCount: other.counts.count)
        counts = other.counts
    }

    mutating func write(
        _ index: Int, choice: UInt8, elapsedMs: Int32, receipt: UInt32, lag: CountedLag
    ) {
        precondition(choices[index] == Self.none)
        choices[index] = choice
        self.elapsedMs[index] = elapsedMs
        receipts[index] = receipt
        lags[index] = lag
        counts[Int(choice)] += 1
    }

    mutating func erase(_ index: Int) {
        precondition(choices[index] != Self.none)
        counts[Int(choices[index])] -= 1
        choices[index] = Self.none
        elapsedMs[index] = 0
        receipts[index] = 0
        lags[index] = .none
    }

    /// Counts a player no more (-1), or again (1).
    mutating func count(_ index: Int, _ step: Int) {
        askedCount += step
        if choices[index] != Self.none { counts[Int(choices[index])] += step }
    }
}

/// When a question's window is open for whom.
struct RoundClock: Equatable, Sendable {
    private static let nsPerMs: Int64 = 1_000_000

    let openedNs: Int64
    let windowMs: Int
    let timing: AnswerTiming
    /// All lost time given back so far, and how much of it before the last time.
    private(set) var extensionNs: Int64 = 0
    private var extensionBeforeNs: Int64 = 0
    private var extendedAtNs: Int64 = .max

    init(openedNs: Int64, windowMs: Int, timing: AnswerTiming) {
        self.openedNs = openedNs
        self.windowMs = windowMs
        self.timing = timing
    }

    /// Gives lost time back to everybody, for answers from `atNs` on.
    mutating func extend(byNs: Int64, atNs: Int64) {
        extensionBeforeNs = extensionNs
        extensionNs = min(TriviaLimits.extensionNsMax, extensionNs + byNs)
        extendedAtNs = atNs
    }

    /// The lost time that counts for an answer of then: what came before isn't late in hindsight,
    /// and not in time in hindsight either.
    private func extensionNs(at receivedAtNs: Int64) -> Int64 {
        receivedAtNs >= extendedAtNs ? extensionNs : extensionBeforeNs
    }

    /// How much later than the opening a viewer's window opened, ns.
    func windowLagNs(_ handover: Handover) -> Int64 {
        let lagNsMax = Int64(timing.lagMsMax) * Self.nsPerMs
        switch handover {
        case .unknown: return Int64(timing.defaultLagMs) * Self.nsPerMs
        case .notYet: return lagNsMax
        case .at(let ns, let claimNsMax):
            let measuredNs = max(ns, openedNs) - openedNs
            return min(measuredNs, max(0, claimNsMax ?? .max), lagNsMax)
        }
    }

    /// How much later than the opening a viewer's time for points began, ns.
    ///
    /// A lag that isn't known lengthens a window, and makes nobody faster: else the quickest would be
    /// who watches without a token and answers with one. An answer of before there were bounds is
    /// judged without them.
    func speedLagNs(_ handover: Handover) -> Int64 {
        switch handover {
        case .unknown: return 0
        case .notYet, .at(_, nil): return windowLagNs(handover)
        case .at: return min(windowLagNs(handover), Int64(timing.speedLagMsMax) * Self.nsPerMs)
        }
    }

    /// What counted of a lag, for those who look at it afterwards.
    func lag(_ handover: Handover) -> CountedLag {
        var lag = CountedLag(
            measuredMs: CountedLag.unknown,
            windowMs: Int32(clamping: windowLagNs(handover) / Self.nsPerMs),
            speedMs: Int32(clamping: speedLagNs(handover) / Self.nsPerMs))
        if case .at(let ns, _) = handover {
            lag.measuredMs = Int32(clamping: (max(ns, openedNs) - openedNs) / Self.nsPerMs)
        }
        return lag
    }

    /// The last instant at which an answer is in time.
    func deadlineNs(_ handover: Handover, receivedAtNs: Int64) -> Int64 {
        openedNs + windowLagNs(handover) + Int64(windowMs + timing.graceMs) * Self.nsPerMs
            + extensionNs(at: receivedAtNs)
    }

    /// The last instant at which anybody's answer can be in time.
    var latestDeadlineNs: Int64 {
        deadlineNs(.notYet, receivedAtNs: .max)
    }

    /// How long an answer took, ms, less the time that was lost to everybody.
    func elapsedMs(_ handover: Handover, receivedAtNs: Int64) -> Int32 {
        let fromNs = openedNs + speedLagNs(handover)
        let elapsedNs = receivedAtNs - fromNs - extensionNs(at: receivedAtNs)
        return Int32(clamping: max(0, elapsedNs) / Self.nsPerMs)
    }
}

/// What a question holds an answer against: plain numbers, so that judging copies no references.
struct RoundTerms: Equatable, Sendable {
    let question: QuestionNumber
    let optionCount: Int
    /// Whether it was the last when it was opened: then nobody is revived.
    let isLast: Bool
    /// Whether who was out when it locked, and is taken back before its reveal, may have let it
    /// pass. Not so in logs of an older version.
    let forgivesAbsence: Bool
    /// Whoever joined later isn't asked.
    let playerCount: Int
    var clock: RoundClock
    var lockedNs: Int64?
    var isRevealed = false

    /// What the question itself says to an answer of a player that may answer.
    func refusal(_ answer: Answer, pause: PauseSpan) -> AnswerRefusal? {
        guard !isRevealed else { return .tooLate }
        guard 0..<optionCount ~= answer.choice else { return .noSuchOption }
        let receivedAtNs = answer.receivedAtNs
        switch answer.handover {
        case .notYet: return .notOpen
        case .at(let ns, _) where ns > receivedAtNs: return .notOpen
        default: break
        }
        guard receivedAtNs >= clock.openedNs else { return .notOpen }
        guard !pause.contains(receivedAtNs) else { return .paused }
        // What came in before the lock counts even if it is judged after it.
        if let lockedNs, receivedAtNs >= lockedNs { return .tooLate }
        let deadlineNs = clock.deadlineNs(answer.handover, receivedAtNs: receivedAtNs)
        return receivedAtNs <= deadlineNs ? nil : .tooLate
    }
}

/// One question that was opened and not voided.
struct Round: Equatable, Sendable {
    var terms: RoundTerms
    var sheet: AnswerSheet
    var effect: RevealEffect? {
        didSet { terms.isRevealed = effect != nil }
    }
    /// What was put right after the reveal, the first first.
    var corrections: [KeyCorrection] = []
}

/// The last pause of a show; judged by when an answer came in, not by when somebody looks at it.
struct PauseSpan: Equatable, Sendable {
    var fromNs: Int64 = .max
    var untilNs: Int64 = .max

    func contains(_ instantNs: Int64) -> Bool { fromNs <= instantNs && instantNs < untilNs }
}

/// How a player stood to a question at its reveal: kept, so that it can be judged anew.
struct Attendance: OptionSet, Equatable, Sendable {
    let rawValue: UInt8

    /// The player was judged.
    static let judged = Attendance(rawValue: 1)
    /// The host had the player out, so that it is in no number.
    static let removed = Attendance(rawValue: 2)
}

/// What a reveal did, with all that is needed to take it back, or to do it again.
struct RevealEffect: Equatable, Sendable {
    var reveal: Reveal
    var eliminated: [PlayerNumber] = []
    var revived: [PlayerNumber] = []
    var attendance: [Attendance]
    /// What each player's score and time grew by.
    var gained: [Int32]
    var spentMs: [Int32]
}

/// What came out of a question.
public struct Reveal: Equatable, Sendable {
    /// The question.
    public let question: QuestionNumber
    /// The right option, counted from 0.
    public let correctOption: Int
    /// How many of those who were in chose each option.
    public internal(set) var counts: [Int]
    /// How many were right. `correctCount + wrongCount + missingCount` were in.
    public internal(set) var correctCount = 0
    /// How many were wrong.
    public internal(set) var wrongCount = 0
    /// How many gave no answer that counts.
    public internal(set) var missingCount = 0
    /// How many of the wrong and missing were revived.
    public internal(set) var revivedCount = 0
    /// How many are out by it.
    public internal(set) var eliminatedCount = 0
    /// How many were in afterwards.
    public internal(set) var survivorCount = 0
}
