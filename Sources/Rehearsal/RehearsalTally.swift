// What the audience of a rehearsal went through, in numbers.

import Histogram

/// Percentiles of something, in µs.
public struct Percentiles: Sendable {
    private var histogram: Histogram<UInt64>
    private let usMax: UInt64

    /// - Parameter usMax: what is larger counts as this, µs.
    init(
        usMax: UInt64 = RehearsalPlan.delayUsMax,
        digits: SignificantDigits = .three
    ) {
        histogram = Histogram(
            highestTrackableValue: usMax, numberOfSignificantValueDigits: digits)
        self.usMax = usMax
    }

    mutating func record(us: Int64) {
        histogram.record(min(UInt64(max(0, us)), usMax))
    }

    mutating func add(_ other: Percentiles) { histogram.add(other.histogram) }

    /// How many were recorded.
    public var count: UInt64 { histogram.totalCount }
    /// Their mean, ms.
    public var meanMs: Double { histogram.mean / 1_000 }
    /// The largest, ms.
    public var maxMs: Double { Double(histogram.max) / 1_000 }
    /// The value that a share of them, in percent, don't exceed, ms.
    public func ms(atPercentile percentile: Double) -> Double {
        Double(histogram.valueAtPercentile(percentile)) / 1_000
    }
}

/// How much later tags come than the fastest tag did.
///
/// A tag carries no time of day, so the fastest one, measured from its timestamp, is taken for a
/// delay of nothing.
public struct DelayTally: Sendable {
    private var fastestUs = Int64.max
    /// The delays, beyond the fastest.
    public private(set) var percentiles = Percentiles()

    mutating func note(us: Int64, counts: Bool) {
        fastestUs = min(fastestUs, us)
        if counts { percentiles.record(us: us - fastestUs) }
    }

    mutating func add(_ other: DelayTally) { percentiles.add(other.percentiles) }
}

/// The audience's numbers so far.
public struct RehearsalTally: Sendable {
    /// Connections begun.
    public var startedCount = 0
    /// Connections that got a stream.
    public var joinedCount = 0
    /// Viewers who get a stream now.
    public var watchingCount = 0
    /// Connections that could not be made, or whose answer was not 200.
    public var refusedCount = 0
    /// The last answer other than 200; 0 for none.
    public var refusalStatus = 0
    /// What went wrong first with a connection that had no such answer.
    public var refusalCause: String?
    /// Connections that wait for their stream at the end, longer than a stall is.
    public var unansweredCount = 0
    /// Streams that ended before their viewer wanted to leave, of viewers that read.
    public var lostCount = 0
    /// Streams of slow or stuck viewers that the server ended.
    public var droppedCount = 0
    /// Viewers who left by themselves.
    public var leftCount = 0
    /// Viewers who went without a byte for longer than a second, though they were reading.
    public var stalledCount = 0
    /// Verified viewers who got something else than their peers.
    public var wrongCount = 0
    /// What was wrong first.
    public var wrongReason: String?
    /// Tags that were verified.
    public var verifiedTagCount = 0
    /// Times a slow viewer was moved on to a newer keyframe.
    public var skipCount = 0
    /// Bytes of all streams.
    public var byteCount: UInt64 = 0
    /// From the connect to the first byte of the stream.
    public var startUp = Percentiles()
    /// Of each verified tag, beyond the fastest there was.
    public var delay = DelayTally()
    /// What the players went through; nil where nobody plays.
    public var quiz: QuizTally?

    /// Nothing yet.
    public init() {}

    mutating func add(_ other: RehearsalTally) {
        startedCount += other.startedCount
        joinedCount += other.joinedCount
        watchingCount += other.watchingCount
        refusedCount += other.refusedCount
        if other.refusalStatus != 0 { refusalStatus = other.refusalStatus }
        refusalCause = refusalCause ?? other.refusalCause
        unansweredCount += other.unansweredCount
        lostCount += other.lostCount
        droppedCount += other.droppedCount
        leftCount += other.leftCount
        stalledCount += other.stalledCount
        wrongCount += other.wrongCount
        wrongReason = wrongReason ?? other.wrongReason
        verifiedTagCount += other.verifiedTagCount
        skipCount += other.skipCount
        byteCount += other.byteCount
        startUp.add(other.startUp)
        delay.add(other.delay)
        if let others = other.quiz {
            var sum = quiz ?? QuizTally()
            sum.add(others)
            quiz = sum
        }
    }

    /// Whether every viewer was served as it should be.
    public var isClean: Bool {
        refusedCount == 0 && unansweredCount == 0 && stalledCount == 0 && wrongCount == 0
            && lostCount == 0 && quiz?.isClean ?? true
    }
}
