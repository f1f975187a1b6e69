// What the control room needs to send a simulated crowd: one small protocol.

/// A crowd that somebody wants.
public struct RehearsalWish: Sendable, Codable, Equatable {
    /// The stream it watches.
    public var stream: String
    /// How many come.
    public var viewers: Int
    /// How long they watch once all are there, s.
    public var seconds: Int
    /// How many of them answer each question of the rehearsal show that is on; 0 if they only watch.
    public var players: Int

    /// A crowd.
    public init(stream: String, viewers: Int, seconds: Int, players: Int = 0) {
        self.stream = stream
        self.viewers = viewers
        self.seconds = seconds
        self.players = players
    }
}

/// What a crowd has met.
public struct CrowdReport: Sendable, Codable, Equatable {
    /// A delay over all of them, ms.
    public struct Delay: Sendable, Codable, Equatable {
        /// Half of them had less.
        public var p50: Double
        /// 99 of 100 had less.
        public var p99: Double
        /// Nobody had more.
        public var max: Double

        /// A delay.
        public init(p50: Double, p99: Double, max: Double) {
            self.p50 = p50
            self.p99 = p99
            self.max = max
        }
    }

    /// What those who played have met.
    public struct Players: Sendable, Codable, Equatable {
        /// How many played.
        public var count: Int
        /// Answers they sent.
        public var answered: Int
        /// Receipts they got.
        public var receipts: Int
        /// Answers without a receipt, or of which the ledger knows nothing.
        public var lostReceipts: Int
        /// Answers that were refused.
        public var refused: Int
        /// From an answer to its receipt.
        public var receiptMs: Delay

        /// Players.
        public init(
            count: Int, answered: Int, receipts: Int, lostReceipts: Int, refused: Int,
            receiptMs: Delay
        ) {
            self.count = count
            self.answered = answered
            self.receipts = receipts
            self.lostReceipts = lostReceipts
            self.refused = refused
            self.receiptMs = receiptMs
        }
    }

    /// Whether all was as it should be: everybody who came got the stream to the end, byte for byte and
    /// without a stall, and of those who played every answer was kept as its receipt says.
    public var isClean: Bool
    /// Those who got the stream.
    public var joined: Int
    /// Those who had it at the end.
    public var watchingAtEnd: Int
    /// Those who were refused.
    public var refused: Int
    /// Those whose stream broke off.
    public var lost: Int
    /// Those who got nothing for more than a second.
    public var stalled: Int
    /// Those who got other bytes than their peers.
    public var wrongBytes: Int
    /// What all of them got together.
    public var gigabitsPerSecond: Double
    /// From the request to the first picture.
    public var startUpMs: Delay
    /// How much later than the fastest each got its tags.
    public var delayMs: Delay
    /// Those who played; nil where nobody did.
    public var players: Players?
    /// All of it in words.
    public var text: String

    /// A report.
    public init(
        isClean: Bool, joined: Int, watchingAtEnd: Int, refused: Int = 0, lost: Int = 0,
        stalled: Int = 0, wrongBytes: Int = 0, gigabitsPerSecond: Double, startUpMs: Delay,
        delayMs: Delay, players: Players? = nil, text: String
    ) {
        self.isClean = isClean
        self.joined = joined
        self.watchingAtEnd = watchingAtEnd
        self.refused = refused
        self.lost = lost
        self.stalled = stalled
        self.wrongBytes = wrongBytes
        self.gigabitsPerSecond = gigabitsPerSecond
        self.startUpMs = startUpMs
        self.delayMs = delayMs
        self.players = players
        self.text = text
    }
}

/// A rehearsal at one moment.
public struct RehearsalRecord: Sendable, Codable, Equatable {
    /// How far it is.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// The crowd is there.
        case running
        /// There is a report.
        case done
        /// There is none: it was stopped, or could not be.
        case failed
    }

    /// What is said of a report in a word.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// All was as it should be: `CrowdReport.isClean`.
        case clean
        /// Something wasn't.
        case trouble
    }

    /// By which it is asked for.
    public var id: String
    /// Who began it.
    public var by: String
    /// What was wanted.
    public var stream: String
    /// How many were to come.
    public var viewers: Int
    /// How long they were to watch, s.
    public var seconds: Int
    /// How many were to play.
    public var players: Int
    /// How far it is.
    public var state: State
    /// When it began, ms since 1970.
    public var startedAtMs: Int64
    /// When it ended, ms since 1970; nil while it runs.
    public var endedAtMs: Int64?
    /// How much of its time is over, 0 to 1.
    public var progress: Double
    /// What came out, in a word; nil before.
    public var verdict: Verdict?
    /// What came out; nil before.
    public var report: CrowdReport?
    /// Why there is no report.
    public var error: String?
    /// The newest that it said.
    public var log: String

    /// A rehearsal that begins.
    public init(id: String, by: String, wish: RehearsalWish, startedAtMs: Int64) {
        self.id = id
        self.by = by
        stream = wish.stream
        viewers = wish.viewers
        seconds = wish.seconds
        players = wish.players
        state = .running
        self.startedAtMs = startedAtMs
        progress = 0
        log = ""
    }
}

/// Why no crowd comes, or none goes.
public enum RehearsalRefusal: Error, Sendable, Equatable {
    /// There is no such rehearsal.
    case unknown
    /// It can't be now; the sentence says why.
    case notNow(String)
}

/// Where crowds come from: one at a time.
public protocol RehearsalDesk: Sendable {
    /// Sends a crowd.
    func begin(_ wish: RehearsalWish, by: String) async throws(RehearsalRefusal) -> RehearsalRecord

    /// The last few, the newest first.
    func records() async -> [RehearsalRecord]

    /// Sends a crowd home; one that has gone by itself is no fault.
    func stop(_ id: String) async throws(RehearsalRefusal)
}

/// One thing that has to be right before a show.
public struct ReadinessCheck: Sendable, Codable, Equatable {
    /// Whether it is.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// It is.
        case go
        /// Somebody should look.
        case warn
        /// It isn't.
        case noGo = "no-go"
    }

    /// Which one, for programs: "feed".
    public var id: String
    /// Which one, for people.
    public var title: String
    /// Whether it is right.
    public var verdict: Verdict
    /// What was found, and what to do.
    public var text: String

    /// A check.
    public init(id: String, title: String, verdict: Verdict, text: String) {
        self.id = id
        self.title = title
        self.verdict = verdict
        self.text = text
    }
}

/// Who looks whether a show can begin. That may take moments, in which whoever else asks waits, and
/// nothing else does.
public protocol ReadinessDesk: Sendable {
    /// Looks at the machine, and at a show if one is named.
    ///
    /// - Parameter crowds: the simulated crowds that are over, the newest first.
    func checks(
        of show: String?, crowds: [RehearsalRecord]
    ) async throws(ShowDeskRefusal) -> [ReadinessCheck]
}
