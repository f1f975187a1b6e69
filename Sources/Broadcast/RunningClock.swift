// The programme's time between its tags: the one clock that all players follow.

/// Programme time as it runs by the server's steady clock.
///
/// Tags come early and late, by a frame, by the network, by a stall that is made up for. This clock
/// doesn't step with them: it is a line beside the steady clock, laid along the tags that came earliest
/// (the others were only held up), and moved so slowly that players follow by their speed: by at most
/// 3 % of the time since the tag before, and after a gap by 120 ms. Only in a programme's first 2 s
/// does it step, and then forward. A steady feed's newest tag is just about now. While nothing
/// comes, it runs on, as the programme does: who publishes next goes on at that time.
struct RunningClock {
    /// Programme time minus the steady clock's, microseconds; nil before the first tag.
    private(set) var offsetUs: Int64?
    /// When programme time 0 was: the first tag came, ms of the steady clock.
    private var originMs: Int64 = 0
    private var latestMs: Int64 = 0
    /// How early the earliest tag came in this stretch of time, and in the one before, ms.
    private var leadMs: Int64?
    private var leadMsBefore: Int64?
    private var stretchMs: Int64 = 0

    /// A tag has come.
    ///
    /// - Parameters:
    ///   - leadMs: how much earlier it came than its output time, had that run with the steady clock
    ///     since the first tag. What is further off than the source's clock leaves alone is put right
    ///     there, and counts for nothing here.
    ///   - arrivalMs: when it came, by the steady clock.
    mutating func tag(leadMs: Int64, arrivalMs: Int64) {
        guard let offsetUs else {
            self.offsetUs = (leadMs - arrivalMs) * 1_000
            originMs = arrivalMs
            latestMs = arrivalMs
            stretchMs = arrivalMs
            self.leadMs = leadMs
            return
        }
        let elapsedMs = min(max(0, arrivalMs - latestMs), BroadcastLimits.runningStretchMs)
        latestMs = max(latestMs, arrivalMs)
        turnStretch(arrivalMs)
        if abs(leadMs) <= BroadcastLimits.clockDistanceMsMax {
            self.leadMs = max(self.leadMs ?? leadMs, leadMs)
        }
        guard let newest = self.leadMs ?? leadMsBefore else { return }
        let earliest = max(newest, leadMsBefore ?? newest)
        // The earliest tags' output times against the steady clock, and not this one's.
        let errorUs = (earliest - originMs) * 1_000 - offsetUs
        self.offsetUs = offsetUs + step(errorUs, elapsedMs: elapsedMs)
    }

    private mutating func turnStretch(_ arrivalMs: Int64) {
        guard arrivalMs - stretchMs >= BroadcastLimits.runningStretchMs else { return }
        // After a silence the stretch before is of no meaning any more.
        let isLong = arrivalMs - stretchMs >= 2 * BroadcastLimits.runningStretchMs
        leadMsBefore = isLong ? nil : leadMs
        leadMs = nil
        stretchMs = arrivalMs
    }

    /// How far to move now: a share of the error, within the bounds of what players follow. At a
    /// programme's beginning, when encoders empty their buffers, at once.
    private func step(_ errorUs: Int64, elapsedMs: Int64) -> Int64 {
        if latestMs - originMs < BroadcastLimits.runningStartMs { return max(0, errorUs) }
        let share = abs(errorUs) * elapsedMs / BroadcastLimits.runningSettleMs
        let least = elapsedMs * BroadcastLimits.runningSlewUsMin
        let most = elapsedMs * BroadcastLimits.runningSlewUsMax
        let size = min(abs(errorUs), max(least, min(most, share)))
        return errorUs < 0 ? -size : size
    }
}
