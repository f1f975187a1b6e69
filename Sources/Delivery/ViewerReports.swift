// How players fare, as they say themselves: over all shards, for the staff.

public import AudienceProtocol

/// What the players of a stream reported over the last ten seconds. They are claims: of use for a
/// picture of the whole, and nothing else follows from them.
public struct ViewerReports: Sendable, Equatable {
    /// Where a twentieth, half and all but a twentieth of the values are not above, ms.
    public struct Spread: Sendable, Equatable {
        /// 5 %.
        public let p5: Int
        /// The median.
        public let p50: Int
        /// 95 %.
        public let p95: Int

        init?(_ histogram: ReportHistogram) {
            guard let p5 = histogram.value(at: 0.05), let p50 = histogram.value(at: 0.5),
                let p95 = histogram.value(at: 0.95)
            else { return nil }
            self.p5 = p5
            self.p50 = p50
            self.p95 = p95
        }
    }

    /// Players who reported.
    public let count: Int
    /// How long they took from their start to the first picture; nil if nobody said.
    public let firstFrameMs: Spread?
    /// How far behind the programme they show it; nil if nobody said.
    public let delayMs: Spread?
    /// How far they are from where all are to be, late being positive; nil if nobody said.
    public let offsetMs: Spread?
    /// How often a player has to wait for data, a minute, on the average.
    public let stallsPerMinute: Double
    /// Which share of the time they wait for data, 0 to 1.
    public let stalledShare: Double
    /// How many are in each state, in the order of its cases.
    public let states: [(state: ReportedState, count: Int)]

    /// How far nine tenths of the players are apart, ms.
    public var spreadMs: Int? { offsetMs.map { $0.p95 - $0.p5 } }

    /// The reports about the programme of a slot.
    ///
    /// - Returns: nil if there are none.
    public init?(program slot: Int, of shards: [ShardCounters]) {
        let windows = shards.compactMap { shard in
            shard.reports.indices.contains(slot) ? shard.reports[slot] : nil
        }
        guard var sum = windows.first else { return nil }
        for window in windows.dropFirst() { sum.add(window) }
        guard sum.count > 0 else { return nil }
        count = Int(sum.count)
        firstFrameMs = Spread(sum.firstFrameMs)
        delayMs = Spread(sum.delayMs)
        offsetMs = Spread(sum.offsetMs)
        let minutes = Double(sum.count) * Double(DeliverySettings.reportWindowS) / 60
        stallsPerMinute = Double(sum.stalls) / minutes
        let tenths = Double(sum.count) * Double(10 * DeliverySettings.reportWindowS)
        stalledShare = min(1, Double(sum.stallTenths) / tenths)
        states = ReportedState.allCases.map { ($0, Int(sum.states[Int($0.rawValue)])) }
    }

    public static func == (one: ViewerReports, other: ViewerReports) -> Bool {
        one.count == other.count && one.firstFrameMs == other.firstFrameMs
            && one.delayMs == other.delayMs && one.offsetMs == other.offsetMs
            && one.stallsPerMinute == other.stallsPerMinute
            && one.stalledShare == other.stalledShare
            && one.states.elementsEqual(other.states) { $0 == $1 }
    }
}
