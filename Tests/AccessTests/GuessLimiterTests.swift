// Whoever guesses is slowed, wherever from, and nobody else.

import Access
import Testing

@Suite struct GuessLimiterTests {
    /// How many of so many tries in a row were looked at; all were wrong.
    private func tried(
        _ limiter: inout GuessLimiter<Int>, _ source: Int, count: Int, nowMs: Int64
    ) -> Int {
        (0..<count).count { _ in
            guard limiter.mayTry(source, nowMs: nowMs) else { return false }
            limiter.noteWrong(source, nowMs: nowMs)
            return true
        }
    }

    @Test func guessingOnIsSlow() {
        var limiter = GuessLimiter<Int>(burst: 10, perMinute: 6)
        #expect(tried(&limiter, 1, count: 1_000, nowMs: 0) == 10)
        #expect(limiter.waitS(1, nowMs: 0) == 10)
        #expect(tried(&limiter, 1, count: 1_000, nowMs: 9_000) == 0)
        #expect(tried(&limiter, 1, count: 1_000, nowMs: 60_000) == 6)
        #expect(limiter.mayTry(2, nowMs: 60_000))
        // All is forgiven in the end, and no more than all.
        #expect(tried(&limiter, 1, count: 1_000, nowMs: 3_600_000) == 10)
    }

    @Test func aClockThatGoesBackForgivesNothing() {
        var limiter = GuessLimiter<Int>(burst: 2, perMinute: 60)
        #expect(tried(&limiter, 1, count: 9, nowMs: 1_000_000) == 2)
        #expect(tried(&limiter, 1, count: 9, nowMs: 0) == 0)
    }

    @Test func veryManyPlacesMakeNoRoomForTheWorst() {
        var limiter = GuessLimiter<Int>(burst: 5, perMinute: 1, sourceCountMax: 100)
        #expect(tried(&limiter, -1, count: 9, nowMs: 0) == 5)
        for source in 0..<10_000 { limiter.noteWrong(source, nowMs: 1) }
        #expect(limiter.sourceCount <= 100)
        #expect(!limiter.mayTry(-1, nowMs: 2))
        #expect(limiter.waitS(-1, nowMs: 2) > 0)
    }
}
