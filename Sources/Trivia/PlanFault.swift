// What makes a plan one that can't be played.

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
