// What a host decides about a show, as the staff API has it; not checked yet.

/// Title, rules and prize of a show. Whether they can be played is the desk's to say.
public struct ShowPlanDraft: Sendable, Codable, Equatable {
    /// How it is played.
    public enum Mode: String, Sendable, Codable, CaseIterable {
        /// One wrong or missing answer and you are out, unless you are revived.
        case knockout
        /// Right answers score, faster ones more.
        case points
    }

    /// What happens to the minor units that equal shares leave over.
    public enum RemainderRule: String, Sendable, Codable, CaseIterable {
        /// Nobody gets them.
        case kept
        /// One each to the first of the winners.
        case toTheFirst
    }

    /// What is to be won; its `amount` is the same as money.
    public struct Prize: Sendable, Codable, Equatable {
        /// The whole prize in minor units: cents.
        public var minorUnits: Int64
        /// The currency's three letters (ISO 4217).
        public var currency: String
        /// What happens to the rest.
        public var remainderRule: RemainderRule

        /// A prize.
        public init(
            minorUnits: Int64, currency: String, remainderRule: RemainderRule = .kept
        ) {
            self.minorUnits = minorUnits
            self.currency = currency
            self.remainderRule = remainderRule
        }
    }

    /// The show's title.
    public var title: String
    /// Knockout or points.
    public var mode = Mode.knockout
    /// How often each player is revived.
    public var reviveCount = 1
    /// Whoever joins when so many questions have been opened only watches.
    public var entryClosesAtQuestion = 1
    /// How late an answer may come after its viewer's window, ms.
    public var graceMs = 500
    /// How much of a connection's lag counts, ms.
    public var lagMsMax = 4_000
    /// The lag taken where it isn't known, ms.
    public var defaultLagMs = 2_000
    /// How much of a connection's lag counts where points are for speed, ms.
    public var speedLagMsMax = 1_000
    /// Points of a right answer in a points show.
    public var pointsBase = 500
    /// Points on top for the quickest.
    public var pointsSpeed = 500
    /// How many of the best win a points show; nil: all with the highest score.
    public var bestCount: Int?
    /// How many questions are to be asked; nil: as many as aren't spares.
    public var questionCount: Int?
    /// Whether a question locks by itself once everybody who is asked has answered.
    public var locksWhenAllAnswered = false
    /// What is to be won, if anything is.
    public var prize: Prize?
    /// When it is to begin, ms since 1970; only shown.
    public var startsAtMs: Int64?
    /// A show to try things out: nothing is paid, and it goes with the next start.
    public var isRehearsal = false
    /// Whether guests play for the prize.
    public var guestsMayWin = false

    /// A plan with the usual rules.
    public init(title: String) { self.title = title }
}
