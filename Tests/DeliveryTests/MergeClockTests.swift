// When whose bytes go out: even cohorts, an interval that stretches and follows the load.

import Testing

@testable import Delivery

@Suite struct MergeClockTests {
    private let ms: Int64 = 1_000_000

    /// Runs a clock for so long, and notes when each cohort was visited.
    private func visits(
        of clock: inout MergeClock, fromNs: Int64, toNs: Int64, stepNs: Int64
    ) -> [(cohort: Int, atNs: Int64)] {
        var visits: [(cohort: Int, atNs: Int64)] = []
        var nowNs = fromNs
        while nowNs < toNs {
            while clock.nextDueNs <= nowNs, visits.count < 10_000 {
                visits.append((clock.nextCohort, nowNs))
                clock.advance(nowNs: nowNs)
                // A visit in a turn of its own, as when others are due later.
                break
            }
            nowNs += stepNs
        }
        return visits
    }

    @Test func everyCohortComesOnceAnIntervalAndEvenlySpread() {
        var clock = MergeClock(mergeMsMin: 160, mergeMsMax: 160)
        let visits = visits(of: &clock, fromNs: ms, toNs: 1_000 * ms, stepNs: ms / 10)
        #expect(visits.count >= 98)
        for (index, visit) in visits.enumerated() {
            #expect(visit.cohort == index % DeliverySettings.cohortCount)
        }
        for (visit, next) in zip(visits.dropFirst(2), visits.dropFirst(3)) {
            let gapNs = next.atNs - visit.atNs
            #expect((99 * ms / 10...101 * ms / 10).contains(gapNs))
        }
    }

    @Test func anOverrunStretchesTheIntervalAndNeverQueues() {
        var clock = MergeClock(mergeMsMin: 160, mergeMsMax: 160)
        clock.advance(nowNs: 0)
        // Held up for ten intervals: what is due is due once, not ten times.
        let lateNs = 1_600 * ms
        var dueCount = 0
        while clock.nextDueNs <= lateNs, dueCount < 100 {
            clock.advance(nowNs: lateNs)
            dueCount += 1
        }
        #expect(dueCount <= 2)
        #expect(clock.nextDueNs == lateNs + 10 * ms)
    }

    @Test func whatGoesEarlyIsNotWaitedForAfterwards() {
        var clock = MergeClock(mergeMsMin: 160, mergeMsMax: 160)
        // So much comes that all cohorts go every 20 ms, long before they are due.
        for turn in 0..<100 {
            for _ in 0..<DeliverySettings.cohortCount {
                clock.advance(nowNs: Int64(turn) * 20 * ms)
            }
        }
        #expect(clock.nextDueNs == 99 * 20 * ms + 160 * ms)
    }

    @Test func theIntervalGrowsUnderLoadUpToItsMaximumAndShrinksAfterwards() {
        var clock = MergeClock(mergeMsMin: 40, mergeMsMax: 500)
        var nowNs = ms
        func work(share: Double, seconds: Int) {
            for _ in 0..<seconds * 100 {
                clock.worked(fromNs: nowNs, toNs: nowNs + Int64(Double(10 * ms) * share))
                nowNs += 10 * ms
            }
        }
        work(share: 0.3, seconds: 2)
        #expect(clock.intervalNs == 40 * ms)
        work(share: 0.95, seconds: 1)
        let afterASecond = clock.intervalNs
        #expect(afterASecond > 60 * ms && afterASecond < 500 * ms)
        #expect((0.9...1).contains(clock.busyShare))
        work(share: 0.95, seconds: 10)
        #expect(clock.intervalNs == 500 * ms)
        // Between the two marks it stays as it is.
        work(share: 0.65, seconds: 5)
        #expect(clock.intervalNs == 500 * ms)
        work(share: 0.2, seconds: 1)
        #expect(clock.intervalNs < 500 * ms)
        work(share: 0.2, seconds: 20)
        #expect(clock.intervalNs == 40 * ms)
    }

    @Test func withEqualBoundsTheIntervalIsFixed() {
        var clock = MergeClock(mergeMsMin: 100, mergeMsMax: 100)
        for round in 0..<1_000 {
            let nowNs = ms + Int64(round) * 100 * ms
            clock.worked(fromNs: nowNs, toNs: nowNs + 99 * ms)
            #expect(clock.intervalNs == 100 * ms)
        }
        #expect(clock.busyShare > 0.9)
    }

    @Test func aMaximumBelowTheMinimumIsTheMinimum() {
        var clock = MergeClock(mergeMsMin: 100, mergeMsMax: 20)
        for round in 0..<100 {
            let nowNs = ms + Int64(round) * 300 * ms
            clock.worked(fromNs: nowNs, toNs: nowNs + 299 * ms)
        }
        #expect(clock.intervalNs == 100 * ms)
    }

    @Test func sendingAtOnceGivesWayToMergingUnderLoadAndComesBack() {
        var clock = MergeClock(mergeMsMin: 0, mergeMsMax: 500)
        #expect(clock.sendsAtOnce)
        var nowNs = ms
        for _ in 0..<200 {
            clock.worked(fromNs: nowNs, toNs: nowNs + 9 * ms)
            nowNs += 10 * ms
        }
        #expect(!clock.sendsAtOnce)
        #expect(clock.intervalNs >= 5 * ms)
        for _ in 0..<3_000 {
            clock.worked(fromNs: nowNs, toNs: nowNs + ms)
            nowNs += 10 * ms
        }
        #expect(clock.sendsAtOnce)
    }
}
