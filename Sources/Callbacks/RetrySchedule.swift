// When something that failed is tried again.

/// Twice as long after each try, with chance in it, so that not everything comes back at once.
enum RetrySchedule {
    /// How long to wait after a failed try, ms.
    ///
    /// - Parameters:
    ///   - attempts: how often it was tried, this try included.
    ///   - wishS: what the receiver asked for (`Retry-After`), s.
    ///   - chance: from 0 up to 1.
    /// - Returns: nil if it is given up.
    static func delayMs(afterAttempts attempts: Int, wishS: Int? = nil, chance: Double) -> Int64? {
        guard attempts < CallbackLimits.attemptCountMax else { return nil }
        let doublings = min(max(0, attempts - 1), 20)
        let usual = min(CallbackLimits.retryMsMin << Int64(doublings), CallbackLimits.retryMsMax)
        let wish = Int64(min(max(0, wishS ?? 0), Int(CallbackLimits.retryMsMax / 1_000))) * 1_000
        let spread = Double(usual) * (0.5 + 0.5 * min(max(0, chance), 1))
        return max(wish, Int64(spread))
    }
}
