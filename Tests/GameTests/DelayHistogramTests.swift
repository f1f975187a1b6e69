// Durations by fixed bounds.

import Testing

@testable import Game

@Suite struct DelayHistogramTests {
    @Test func eachFallsIntoTheFirstBucketThatHoldsIt() {
        var histogram = DelayHistogram()
        for ns in [-5, 0, 1_000_000, 1_000_001, 40_000_000, 60_000_000_000] as [Int64] {
            histogram.note(ns: ns)
        }
        #expect(histogram.counts.count == DelayHistogram.boundsS.count + 1)
        // Up to a millisecond, just above it, below 50 ms, and beyond all bounds.
        #expect(histogram.counts[0] == 3)
        #expect(histogram.counts[1] == 1)
        #expect(histogram.counts[5] == 1)
        #expect(histogram.counts.last == 1)
        #expect(histogram.count == 6)
        #expect(histogram.sumNs == 60_042_000_001)
    }

    @Test func extremesDontTrap() {
        var histogram = DelayHistogram()
        for ns in [Int64.max, .max, .min] { histogram.note(ns: ns) }
        #expect(histogram.count == 3)
    }
}
