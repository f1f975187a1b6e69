// What a show is to be: its title, its rules, its prize.

/// How a show is played.
public enum ShowMode: String, Equatable, Sendable, CaseIterable {
    /// One wrong or missing answer and you are out, unless you are revived.
    case knockout
    /// Right answers score, faster ones more; nobody is out.
    case points
}

/// Who wins a points show. Nobody wins without a point, and in a knockout show all who are still
/// in win.
public enum WinnerRule: Equatable, Sendable {
    /// Everybody with the highest score.
    case topScore
    /// The best so many, by score and then by the least time taken. Whoever has both in common with
    /// the last of them wins too, so there may be more.
    case best(Int)
}

/// When an answer is in time. All in milliseconds.
public struct AnswerTiming: Equatable, Sendable {
    /// How late an answer may come after the window of its viewer has closed.
    public let graceMs: Int
    /// How much of a connection's lag counts: reading more slowly than this gains nothing.
    public let lagMsMax: Int
    /// The lag taken for a player whose connection isn't known. It lengthens the window, and makes
    /// nobody faster.
    public let defaultLagMs: Int
    /// How much of a connection's lag counts where points are for speed. More than `lagMsMax` is
    /// as much as that.
    public let speedLagMsMax: Int

    /// The timing of a show.
    ///
    /// - Throws: `PlanFault.graceMs`, `.lagMs` or `.speedLagMs`.
    public init(
        graceMs: Int = 500, lagMsMax: Int = 4000, defaultLagMs: Int = 2000,
        speedLagMsMax: Int = TriviaLimits.speedLagMsMaxStandard
    ) throws(PlanFault) {
        guard 0...TriviaLimits.graceMsMax ~= graceMs else { throw .graceMs(graceMs) }
        guard 0...TriviaLimits.lagMsMax ~= lagMsMax, 0...lagMsMax ~= defaultLagMs else {
            throw .lagMs(max: lagMsMax, default: defaultLagMs)
        }
        guard 0...TriviaLimits.lagMsMax ~= speedLagMsMax else {
            throw .speedLagMs(speedLagMsMax)
        }
        self.graceMs = graceMs
        self.lagMsMax = lagMsMax
        self.defaultLagMs = defaultLagMs
        self.speedLagMsMax = speedLagMsMax
    }

    private init() {
        graceMs = 500
        lagMsMax = 4000
        defaultLagMs = 2000
        speedLagMsMax = TriviaLimits.speedLagMsMaxStandard
    }

    /// 500 ms of grace, at most 4 s of lag, 2 s where it isn't known, and 1 s for speed.
    public static let standard = AnswerTiming()
}

/// What a right answer scores in a points show.
///
/// With `elapsedMs` from when the question reached the viewer, at most `AnswerTiming.speedLagMsMax`
/// after its opening, to when its answer reached us, less the time lost to pauses and outages, and
/// never more than `windowMs`:
///
///     points = base + speed * (windowMs - elapsedMs) / windowMs, rounded down
public struct Scoring: Equatable, Sendable {
    /// Points of any right answer.
    public let base: Int
    /// Points on top of it for an answer that took no time at all.
    public let speed: Int

    /// The scoring of a show.
    ///
    /// - Throws: `PlanFault.points`.
    public init(base: Int = 500, speed: Int = 500) throws(PlanFault) {
        guard 1...TriviaLimits.pointsMax ~= base, 0...TriviaLimits.pointsMax ~= speed else {
            throw .points(base: base, speed: speed)
        }
        self.base = base
        self.speed = speed
    }

    private init() {
        base = 500
        speed = 500
    }

    /// 500 for being right and up to 500 for being quick.
    public static let standard = Scoring()

    func points(elapsedMs: Int32, windowMs: Int) -> Int32 {
        let leftMs = max(0, windowMs - Int(elapsedMs))
        return Int32(base + speed * leftMs / windowMs)
    }
}

/// All that a host decides before the doors open: whatever value there is keeps to the limits.
public struct ShowPlan: Equatable, Sendable {
    /// The show's title.
    public let title: String
    /// Knockout or points.
    public let mode: ShowMode
    /// How often each player is revived: by itself, and never on the last question.
    public let reviveCount: Int
    /// Whoever joins when this many questions have been opened only watches. 1 closes the entry as
    /// the first question opens.
    public let entryClosesAtQuestion: Int
    /// When an answer is in time.
    public let timing: AnswerTiming
    /// What an answer scores in a points show.
    public let scoring: Scoring
    /// Who wins a points show.
    public let winnerRule: WinnerRule
    /// How many questions are to be asked; nil: as many as aren't spares, see `Show.plannedCount`.
    public let questionCount: Int?
    /// Whether a question locks by itself once everybody who could still answer has.
    public let locksWhenAllAnswered: Bool
    /// What is to be won, if anything is.
    public let prize: PrizePool?
    /// When it is to begin, ms since 1970: only for the lobby to show.
    public let startsAtMs: Int64?
    /// A show to try things out: nothing is paid, and it goes with the next start.
    public let isRehearsal: Bool
    /// Whether guests, whom nobody knows and who may be many names of one person, play for the prize.
    public let guestsMayWin: Bool

    /// Whether guests can't play, since there is something to be won.
    public var refusesGuests: Bool {
        (prize?.minorUnits ?? 0) > 0 && !isRehearsal && !guestsMayWin
    }

    /// A plan after a look at each part of it.
    ///
    /// - Parameter source: where its title comes from.
    /// - Throws: `PlanFault` telling which part is to be changed.
    public init(
        title: String, mode: ShowMode = .knockout, reviveCount: Int = 1,
        entryClosesAtQuestion: Int = 1, timing: AnswerTiming = .standard,
        scoring: Scoring = .standard, winnerRule: WinnerRule = .topScore,
        prize: PrizePool? = nil, startsAtMs: Int64? = nil, isRehearsal: Bool = false,
        guestsMayWin: Bool = false, questionCount: Int? = nil, locksWhenAllAnswered: Bool = false,
        from source: TextSource = .people
    ) throws(PlanFault) {
        do {
            try TextRule.check(
                title, byteCountMax: TriviaLimits.titleByteCountMax, from: source)
        } catch { throw .title(error) }
        guard 0...TriviaLimits.reviveCountMax ~= reviveCount else {
            throw .reviveCount(reviveCount)
        }
        guard 1...TriviaLimits.questionCountMax ~= entryClosesAtQuestion else {
            throw .entryClosesAtQuestion(entryClosesAtQuestion)
        }
        if case .best(let count) = winnerRule, !(1...TriviaLimits.playerCountMax ~= count) {
            throw .winnerCount(count)
        }
        if let startsAtMs, !TriviaLimits.startsAtMs.contains(startsAtMs) {
            throw .startsAtMs(startsAtMs)
        }
        if let questionCount, !(1...TriviaLimits.questionCountMax ~= questionCount) {
            throw .questionCount(questionCount)
        }
        self.title = title
        self.mode = mode
        self.reviveCount = reviveCount
        self.entryClosesAtQuestion = entryClosesAtQuestion
        self.timing = timing
        self.scoring = scoring
        self.winnerRule = winnerRule
        self.prize = prize
        self.startsAtMs = startsAtMs
        self.isRehearsal = isRehearsal
        self.guestsMayWin = guestsMayWin
        self.questionCount = questionCount
        self.locksWhenAllAnswered = locksWhenAllAnswered
    }
}

/// What makes a plan one that can't be played.
public enum PlanFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The title can't be shown.
    case title(TextFault)
    /// Too many revives, or fewer than none.
    case reviveCount(Int)
    /// The entry would close before the first question or after the last possible one.
    case entryClosesAtQuestion(Int)
    /// Too much grace, or less than none, ms.
    case graceMs(Int)
    /// Lags that don't go together, ms.
    case lagMs(max: Int, default: Int)
    /// Too much lag for speed, or less than none, ms.
    case speedLagMs(Int)
    /// Points below or above the limits.
    case points(base: Int, speed: Int)
    /// So many best can't win.
    case winnerCount(Int)
    /// So many questions can't be asked.
    case questionCount(Int)
    /// The prize is too high or negative.
    case prize(minorUnits: Int64)
    /// Not three capital letters.
    case currency(String)
    /// No year from 1970 to 9999, ms.
    case startsAtMs(Int64)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .title(let fault): return "The show's title \(fault)."
        case .reviveCount(let count):
            return "\(count) revives can't be given; choose 0 to \(TriviaLimits.reviveCountMax)."
        case .entryClosesAtQuestion(let number):
            return "The entry can't close at question \(number); "
                + "choose 1 to \(TriviaLimits.questionCountMax)."
        case .graceMs(let graceMs):
            return "The grace can't be \(graceMs) ms; choose 0 to \(TriviaLimits.graceMsMax)."
        case .lagMs(let max, let standard):
            return "At most \(max) ms of lag with \(standard) ms by default don't go together; "
                + "choose 0 to \(TriviaLimits.lagMsMax), and a default that isn't more."
        case .speedLagMs(let max):
            return "At most \(max) ms of lag can't count for speed; "
                + "choose 0 to \(TriviaLimits.lagMsMax)."
        case .points(let base, let speed):
            return "\(base) points and \(speed) for speed can't be given; choose 1 to "
                + "\(TriviaLimits.pointsMax), and 0 to \(TriviaLimits.pointsMax) for speed."
        case .winnerCount(let count):
            return "The best \(count) can't win; choose 1 to \(TriviaLimits.playerCountMax)."
        case .questionCount(let count):
            return "A show can't have \(count) questions; "
                + "choose 1 to \(TriviaLimits.questionCountMax)."
        case .prize(let minorUnits):
            return "The prize can't be \(minorUnits) minor units; "
                + "choose 0 to \(TriviaLimits.prizeMinorUnitsMax)."
        case .currency(let text):
            return "“\(text)” is no currency of ISO 4217; give its three capital letters, as EUR."
        case .startsAtMs(let ms):
            return "The show can't begin at \(ms) ms since 1970; choose 0 to "
                + "\(TriviaLimits.startsAtMs.upperBound), the end of the year 9999."
        }
    }
}
