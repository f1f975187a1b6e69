// What players have reported in some seconds, as counts: it grows with no player.

import AudienceProtocol

/// How often which value was reported, in steps.
struct ReportHistogram: Sendable, Equatable {
    /// The lowest value that is told apart, and in which steps.
    let lowest: Int
    let step: Int
    private(set) var counts: [UInt32]

    /// - Parameters:
    ///   - range: what is beyond counts as its ends.
    init(_ range: ClosedRange<Int>, step: Int) {
        lowest = range.lowerBound
        self.step = step
        counts = Array(repeating: 0, count: (range.upperBound - range.lowerBound) / step + 1)
    }

    mutating func add(_ value: Int) {
        let place = (value - lowest + step / 2) / step
        counts[min(max(0, place), counts.count - 1)] += 1
    }

    /// Counts another one's of the same range in.
    mutating func add(_ other: ReportHistogram) {
        precondition(other.lowest == lowest && other.step == step)
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// The value that this share of all is not above; nil without any.
    func value(at share: Double) -> Int? {
        let total = counts.reduce(0) { $0 + UInt64($1) }
        guard total > 0 else { return nil }
        let rank = max(1, UInt64((share * Double(total)).rounded(.up)))
        var sum: UInt64 = 0
        for (index, count) in counts.enumerated() {
            sum += UInt64(count)
            if sum >= rank { return lowest + index * step }
        }
        return nil
    }
}

/// The reports of one stretch of time about one programme.
struct ReportWindow: Sendable, Equatable {
    /// Players who reported, each once.
    var count: UInt32 = 0
    /// Of those, by what they said last.
    var states = [UInt32](repeating: 0, count: ReportedState.allCases.count)
    /// How often any of them had to wait for data, since it had reported before, and for how many
    /// tenths of a second.
    var stalls: UInt64 = 0
    var stallTenths: UInt64 = 0
    var firstFrameMs = ReportHistogram(DeliverySettings.reportedFirstFrameMs, step: 50)
    var delayMs = ReportHistogram(DeliverySettings.reportedDelayMs, step: 10)
    var offsetMs = ReportHistogram(DeliverySettings.reportedOffsetMs, step: 5)

    /// Counts another one's in.
    mutating func add(_ other: ReportWindow) {
        count += other.count
        for index in states.indices { states[index] += other.states[index] }
        stalls += other.stalls
        stallTenths += other.stallTenths
        firstFrameMs.add(other.firstFrameMs)
        delayMs.add(other.delayMs)
        offsetMs.add(other.offsetMs)
    }
}

/// What a session remembers of its player's last report.
struct ReportMark {
    /// When it was, s of the shard's clock; 0 before the first.
    var atS: UInt32 = 0
    /// The low bits of how often its player had stalled, and for how many tenths of a second.
    var stalls: UInt8 = 0
    var stallTenths: UInt8 = 0
    var state: UInt8 = 0
    /// Whether what it measured was counted in that stretch of time.
    var hasMeasured = false
}

/// The reports about all programmes, of this stretch of time and of the one before.
struct ReportWindows {
    private var current: [ReportWindow?]
    /// Of the last whole stretch of time.
    private var last: [ReportWindow?]
    private var number: UInt32 = 0
    private var toldDueS: UInt32 = 0
    private var hasForgotten = false
    /// There are more reports about a programme of which there is no whole stretch of time yet.
    private var hasMore = false

    init(programCount: Int) {
        current = Array(repeating: nil, count: programCount)
        last = current
    }

    /// What is told: the last whole stretch of time, or what there is so far while there is none.
    var told: [ReportWindow?] { zip(last, current).map { $0 ?? $1 } }

    /// Whether there is nothing to be told.
    private var isEmpty: Bool { current.allSatisfy { $0 == nil } && last.allSatisfy { $0 == nil } }

    /// The programme is another one.
    mutating func forget(_ program: Int) {
        guard current[program] != nil || last[program] != nil else { return }
        current[program] = nil
        last[program] = nil
        hasForgotten = true
    }

    /// Time goes on.
    ///
    /// - Returns: whether what is told has changed.
    mutating func advance(nowS: UInt32) -> Bool {
        let window = nowS / DeliverySettings.reportWindowS
        let hasChanged = hasForgotten
        hasForgotten = false
        if window != number {
            // Of a stretch before the last one nothing is true any more.
            let isNext = window == number + 1
            number = window
            guard !isEmpty else { return hasChanged }
            last = isNext ? current : Array(repeating: nil, count: current.count)
            for index in current.indices { current[index] = nil }
            hasMore = false
            return true
        }
        guard hasMore, nowS >= toldDueS else { return hasChanged }
        toldDueS = nowS + 1
        hasMore = false
        return true
    }

    /// Takes a report; one that comes in the same second as the one before is passed over.
    mutating func add(_ report: ReportMessage, program: Int, mark: inout ReportMark, nowS: UInt32) {
        guard mark.atS != nowS else { return }
        var window = current[program] ?? ReportWindow()
        // So that it is changed in place.
        current[program] = nil
        let isFirst = mark.atS == 0
        let isNew = isFirst || mark.atS / DeliverySettings.reportWindowS != number
        let stalls = report.stalls.map { UInt8(truncatingIfNeeded: $0) } ?? mark.stalls
        let stallTenths =
            report.stallMs.map { UInt8(truncatingIfNeeded: $0 / 100) } ?? mark.stallTenths
        if !isFirst {
            // No more is believed than fits between two reports: a stall a second, and all of the time.
            let secondsMax = UInt8(min(nowS - mark.atS + 1, DeliverySettings.reportWindowS))
            window.stalls += UInt64(min(stalls &- mark.stalls, secondsMax))
            window.stallTenths += UInt64(min(stallTenths &- mark.stallTenths, 10 * secondsMax))
        }
        var hasMeasured = !isNew && mark.hasMeasured
        // Who shows nothing is nowhere.
        let measures = report.delayMs != nil || report.offsetMs != nil
        if report.state == .playing, measures, !hasMeasured {
            hasMeasured = true
            if let firstFrameMs = report.firstFrameMs { window.firstFrameMs.add(firstFrameMs) }
            if let delayMs = report.delayMs { window.delayMs.add(delayMs) }
            if let offsetMs = report.offsetMs { window.offsetMs.add(offsetMs) }
        }
        if isNew {
            window.count += 1
        } else if window.states[Int(mark.state)] > 0 {
            window.states[Int(mark.state)] -= 1
        }
        window.states[Int(report.state.rawValue)] += 1
        current[program] = window
        if last[program] == nil { hasMore = true }
        mark = ReportMark(
            atS: nowS, stalls: stalls, stallTenths: stallTenths, state: report.state.rawValue,
            hasMeasured: hasMeasured)
    }
}
