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
    /// How often any of them had to wait for data, since it had reported before.
    var stalls: UInt64 = 0
    var delayMs = ReportHistogram(DeliverySettings.reportedDelayMs, step: 10)
    var offsetMs = ReportHistogram(DeliverySettings.reportedOffsetMs, step: 5)
}

/// What a session remembers of its player's last report.
struct ReportMark {
    /// When it was, s of the shard's clock; 0 before the first.
    var atS: UInt32 = 0
    /// The low bits of how often its player had stalled.
    var stalls: UInt16 = 0
    var state: UInt8 = 0
    /// Whether its delay was counted in that stretch of time.
    var hasMeasured = false
}

/// The reports about all programmes, of this stretch of time and of the one before.
struct ReportWindows {
    private var current: [ReportWindow?]
    /// What is told: the last whole stretch of time, or what there is while there is none.
    private(set) var told: [ReportWindow?]
    private var number: UInt32 = 0
    private var toldDueS: UInt32 = 0
    private var hasForgotten = false

    init(programCount: Int) {
        current = Array(repeating: nil, count: programCount)
        told = current
    }

    /// Whether there is nothing to be told.
    var isEmpty: Bool { current.allSatisfy { $0 == nil } && told.allSatisfy { $0 == nil } }

    /// The programme is another one.
    mutating func forget(_ program: Int) {
        guard current[program] != nil || told[program] != nil else { return }
        current[program] = nil
        told[program] = nil
        hasForgotten = true
    }

    /// Time goes on.
    ///
    /// - Returns: whether what is told has changed.
    mutating func advance(nowS: UInt32) -> Bool {
        let window = nowS / DeliverySettings.reportWindowS
        var hasChanged = hasForgotten
        hasForgotten = false
        if window != number {
            // Of a stretch before the last one nothing is true any more.
            let isNext = window == number + 1
            number = window
            guard !isEmpty else { return hasChanged }
            told = isNext ? current : Array(repeating: nil, count: current.count)
            for index in current.indices { current[index] = nil }
            return true
        }
        guard nowS >= toldDueS else { return hasChanged }
        toldDueS = nowS + 1
        for index in current.indices where told[index] == nil && current[index] != nil {
            told[index] = current[index]
            hasChanged = true
        }
        return hasChanged
    }

    /// Takes a report; one that comes in the same second as the one before is passed over.
    mutating func add(_ report: ReportMessage, program: Int, mark: inout ReportMark, nowS: UInt32) {
        guard mark.atS != nowS else { return }
        var window = current[program] ?? ReportWindow()
        // So that it is changed in place.
        current[program] = nil
        let isFirst = mark.atS == 0
        let isNew = isFirst || mark.atS / DeliverySettings.reportWindowS != number
        let stalls = UInt16(truncatingIfNeeded: report.stalls)
        if !isFirst { window.stalls += UInt64(min(stalls &- mark.stalls, Self.stallsMax)) }
        var hasMeasured = !isNew && mark.hasMeasured
        // Who shows nothing is nowhere.
        if report.state == .playing, !hasMeasured {
            hasMeasured = true
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
        mark = ReportMark(
            atS: nowS, stalls: stalls, state: report.state.rawValue, hasMeasured: hasMeasured)
    }

    /// Stalls between two reports of one player that are believed: one a second.
    private static let stallsMax = UInt16(DeliverySettings.reportWindowS)
}
