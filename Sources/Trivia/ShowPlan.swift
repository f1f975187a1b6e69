// What a show is to be: its title, its rules, its prize.

/// How a show is played.
public enum ShowMode: String, Equatable, Sendable, Codable, CaseIterable {
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
    public var graceMs = 500
    /// How much of a connection's lag counts: reading more slowly than this gains nothing.
    public var lagMsMax = 4000
    /// The lag taken for a player whose connection isn't known. It lengthens the window, and makes
    /// nobody faster.
    public var defaultLagMs = 2000
    /// How much of a connection's lag counts where points are for speed. More than `lagMsMax` is
    /// as much as that.
    public var speedLagMsMax = TriviaLimits.speedLagMsMaxStandard

    /// 500 ms of grace, at most 4 s of lag, 2 s where it isn't known, and 1 s for speed.
    public static let standard = AnswerTiming()

    private init() {}

    /// The timing of a show, after a look at it.
    ///
    /// - Throws: `PlanFault.graceMs`, `.lagMs` or `.speedLagMs`.
    public init(
        graceMs: Int = 500, lagMsMax: Int = 4000, defaultLagMs: Int = 2000,
        speedLagMsMax: Int = TriviaLimits.speedLagMsMaxStandard
    ) throws(PlanFault) {
        self.graceMs = graceMs
        self.lagMsMax = lagMsMax
        self.defaultLagMs = defaultLagMs
        self.speedLagMsMax = speedLagMsMax
        try check()
    }

    func check() throws(PlanFault) {
        guard 0...TriviaLimits.graceMsMax ~= graceMs else { throw .graceMs(graceMs) }
        guard 0...TriviaLimits.lagMsMax ~= lagMsMax, 0...lagMsMax ~= defaultLagMs else {
            throw .lagMs(max: lagMsMax, default: defaultLagMs)
        }
        guard 0...TriviaLimits.lagMsMax ~= speedLagMsMax else {
            throw .speedLagMs(speedLagMsMax)
        }
    }
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
    public var base = 500
    /// Points on top of it for an answer that took no time at all.
    public var speed = 500

    /// 500 for being right and up to 500 for being quick.
    public static let standard = Scoring()

    private init() {}

    /// The scoring of a show, after a look at it.
    ///
    /// - Throws: `PlanFault.points`.
    public init(base: Int = 500, speed: Int = 500) throws(PlanFault) {
        self.base = base
        self.speed = speed
        try check()
    }

    func check() throws(PlanFault) {
        guard 1...TriviaLimits.pointsMax ~= base, 0...TriviaLimits.pointsMax ~= speed else {
            throw .points(base: base, speed: speed)
        }
    }

    func points(elapsedMs: Int32, windowMs: Int) -> Int32 {
        let leftMs = max(0, windowMs - Int(elapsedMs))
        return Int32(base + speed * leftMs / windowMs)
    }
}

/// All that a host decides before the doors open. Any value there may be; a show takes only one that
/// keeps to the limits (`check`).
public struct ShowPlan: Equatable, Sendable {
    /// The show's title.
    public var title: String
    /// Knockout or points.
    public var mode = ShowMode.knockout
    /// How often each player is revived: by itself, and never on the last question.
    public var reviveCount = 1
    /// Whoever joins when this many questions have been opened only watches. 1 closes the entry as
    /// the first question opens.
    public var entryClosesAtQuestion = 1
    /// When an answer is in time.
    public var timing = AnswerTiming.standard
    /// What an answer scores in a points show.
    public var scoring = Scoring.standard
    /// Who wins a points show.
    public var winnerRule = WinnerRule.topScore
    /// How many questions are to be asked; nil: as many as aren't spares, see `Show.plannedCount`.
    public var questionCount: Int?
    /// Whether a question locks by itself once everybody who could still answer has.
    public var locksWhenAllAnswered = false
    /// What is to be won, if anything is.
    public var prize: PrizePool?
    /// When it is to begin, ms since 1970: only for the lobby to show.
    public var startsAtMs: Int64?
    /// A show to try things out: nothing is paid, and it goes with the next start.
    public var isRehearsal = false
    /// Whether guests, whom nobody knows and who may be many names of one person, play for the prize.
    public var guestsMayWin = false

    /// A plan with the usual rules, not looked at yet.
    public init(title: String) { self.title = title }

    /// Whether guests can't play, since there is something to be won.
    public var refusesGuests: Bool {
        (prize?.minorUnits ?? 0) > 0 && !isRehearsal && !guestsMayWin
    }

    /// How many of the best win a points show; nil: all with the highest score.
    public var bestCount: Int? {
        get { if case .best(let count) = winnerRule { count } else { nil } }
        set { winnerRule = newValue.map(WinnerRule.best) ?? .topScore }
    }

    /// Looks at each part of it.
    ///
    /// - Parameter source: where its title comes from.
    /// - Throws: `PlanFault` telling which part is to be changed.
    public func check(from source: TextSource = .people) throws(PlanFault) {
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
        try timing.check()
        try scoring.check()
        if let bestCount, !(1...TriviaLimits.playerCountMax ~= bestCount) {
            throw .winnerCount(bestCount)
        }
        if let startsAtMs, !TriviaLimits.startsAtMs.contains(startsAtMs) {
            throw .startsAtMs(startsAtMs)
        }
        if let questionCount, !(1...TriviaLimits.questionCountMax ~= questionCount) {
            throw .questionCount(questionCount)
        }
    }
}

/// One form for the API and for the ledger. What a plan of before doesn't have is as usual.
extension ShowPlan: Codable {
    /// Its members in JSON.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case title, mode, reviveCount, entryClosesAtQuestion, graceMs, lagMsMax, defaultLagMs
        case speedLagMsMax, pointsBase, pointsSpeed, bestCount, prize, startsAtMs, isRehearsal
        case guestsMayWin, questionCount, locksWhenAllAnswered
    }

    /// Reads what `encode` writes. What is left out is as usual.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try members.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        self.init(title: try members.decode(String.self, forKey: .title))
        try read(.mode, &mode)
        try read(.reviveCount, &reviveCount)
        try read(.entryClosesAtQuestion, &entryClosesAtQuestion)
        try read(.graceMs, &timing.graceMs)
        try read(.lagMsMax, &timing.lagMsMax)
        // A lower bound alone would leave a default above it.
        timing.defaultLagMs = min(timing.defaultLagMs, timing.lagMsMax)
        try read(.defaultLagMs, &timing.defaultLagMs)
        try read(.speedLagMsMax, &timing.speedLagMsMax)
        try read(.pointsBase, &scoring.base)
        try read(.pointsSpeed, &scoring.speed)
        bestCount = try members.decodeIfPresent(Int.self, forKey: .bestCount)
        prize = try members.decodeIfPresent(PrizePool.self, forKey: .prize)
        startsAtMs = try members.decodeIfPresent(Int64.self, forKey: .startsAtMs)
        try read(.isRehearsal, &isRehearsal)
        try read(.guestsMayWin, &guestsMayWin)
        questionCount = try members.decodeIfPresent(Int.self, forKey: .questionCount)
        try read(.locksWhenAllAnswered, &locksWhenAllAnswered)
    }

    /// Writes all of it.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(title, forKey: .title)
        try members.encode(mode, forKey: .mode)
        try members.encode(reviveCount, forKey: .reviveCount)
        try members.encode(entryClosesAtQuestion, forKey: .entryClosesAtQuestion)
        try members.encode(timing.graceMs, forKey: .graceMs)
        try members.encode(timing.lagMsMax, forKey: .lagMsMax)
        try members.encode(timing.defaultLagMs, forKey: .defaultLagMs)
        try members.encode(timing.speedLagMsMax, forKey: .speedLagMsMax)
        try members.encode(scoring.base, forKey: .pointsBase)
        try members.encode(scoring.speed, forKey: .pointsSpeed)
        try members.encodeIfPresent(bestCount, forKey: .bestCount)
        try members.encodeIfPresent(prize, forKey: .prize)
        try members.encodeIfPresent(startsAtMs, forKey: .startsAtMs)
        try members.encode(isRehearsal, forKey: .isRehearsal)
        try members.encode(guestsMayWin, forKey: .guestsMayWin)
        try members.encodeIfPresent(questionCount, forKey: .questionCount)
        try members.encode(locksWhenAllAnswered, forKey: .locksWhenAllAnswered)
    }
}

extension ShowPlan {
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
        self.init(title: title)
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
        try check(from: source)
    }
}
