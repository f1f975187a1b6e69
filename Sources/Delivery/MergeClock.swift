// When whose bytes go out.

/// The elastic merge interval, and the cohorts over which viewers are spread.
///
/// A cohort is a sixteenth of the viewers; one is due every sixteenth of the interval, so sends
/// flow evenly. Time comes in as a value, in ns.
struct MergeClock {
    private let intervalNsMin: Int64
    private let intervalNsMax: Int64
    /// The interval now, ns.
    private(set) var intervalNs: Int64
    /// The cohort that is due next.
    private(set) var nextCohort = 0
    /// When it is due, ns.
    private(set) var nextDueNs: Int64 = 0

    private var adaptDueNs: Int64 = 0
    private var busyNs: Int64 = 0
    private var windowStartNs: Int64 = 0
    /// The share of the last window in which the shard was busy, 0 to 1.
    private(set) var busyShare = 0.0

    private static let cohortCount = Int64(DeliverySettings.cohortCount)
    /// The first step up from an interval of nothing, ns.
    private static let firstStepNs: Int64 = 5_000_000

    init(mergeMsMin: Int64, mergeMsMax: Int64) {
        intervalNsMin = mergeMsMin * 1_000_000
        intervalNsMax = max(mergeMsMin, mergeMsMax) * 1_000_000
        intervalNs = intervalNsMin
    }

    /// Whether every tag is sent as it comes.
    var sendsAtOnce: Bool { intervalNs == 0 }

    /// Goes on to the next cohort. One that comes late moves the rest with it: a tick that
    /// overruns stretches the interval, it never queues.
    ///
    /// Cohorts that go early, with full sends, leave the others their times, and are due again with
    /// the next round. But what they are ahead of it must not add up: after a burst of any length
    /// it would be waited for.
    mutating func advance(nowNs: Int64) {
        nextCohort = (nextCohort + 1) % DeliverySettings.cohortCount
        let stepNs = intervalNs / MergeClock.cohortCount
        nextDueNs = max(nowNs, min(nextDueNs + stepNs, nowNs + intervalNs))
    }

    /// Notes that the shard worked for so long, and reconsiders the interval now and then.
    mutating func worked(fromNs: Int64, toNs: Int64) {
        busyNs += toNs - fromNs
        guard toNs >= adaptDueNs else { return }
        if windowStartNs > 0 {
            busyShare = min(1, Double(busyNs) / Double(max(1, toNs - windowStartNs)))
            adapt()
        }
        busyNs = 0
        windowStartNs = toNs
        adaptDueNs = toNs + DeliverySettings.adaptIntervalNs
    }

    private mutating func adapt() {
        let target = DeliverySettings.busyShareTarget
        if busyShare > target {
            let grown = max(MergeClock.firstStepNs, intervalNs * 5 / 4)
            intervalNs = min(intervalNsMax, grown)
        } else if busyShare < target * 0.7 {
            // Back in smaller steps than forth, so that it settles.
            let shrunk = intervalNs * 9 / 10
            intervalNs = max(intervalNsMin, shrunk < MergeClock.firstStepNs ? 0 : shrunk)
        }
    }
}
