// Protects those who watch from those who come.

/// Decides whether a joiner gets the newest GOP at once or waits for the next keyframe.
///
/// A GOP is as much as seconds of watching, sent in one go: a rush of joins would take the time
/// of those who watch already. So what joiners catch up is bounded, the more the busier the shard
/// is. Time comes in as a value.
struct JoinRush {
    /// What may still be caught up now, bytes.
    private var credit = Double(JoinRush.byteCountMax)
    private var seenMs: Int64 = 0

    /// At an idle shard, bytes a second: about a quarter of a core.
    private static let bytesPerSecondMax = 800_000_000.0
    /// Kept for a sudden rush, bytes.
    private static let byteCountMax = 200_000_000
    /// At this share of its time a shard lets joiners catch up no faster than at the least.
    private static let busyShareMax = 0.9
    /// What joiners may have of that at the busiest shard. Sends of a whole GOP are the cheapest
    /// there are (a quarter of a CPU second a GB), and a merge interval that grows makes room for
    /// them: without it who comes to a busy show waits for a keyframe, up to a whole GOP.
    private static let freeShareMin = 0.25

    /// Whether this joiner may have the GOP so far.
    mutating func admits(byteCount: Int, nowMs: Int64, busyShare: Double) -> Bool {
        let freeShare = max(JoinRush.freeShareMin, 1 - busyShare / JoinRush.busyShareMax)
        let elapsedS = Double(max(0, nowMs - seenMs)) / 1_000
        seenMs = nowMs
        credit = min(
            Double(JoinRush.byteCountMax),
            credit + elapsedS * freeShare * JoinRush.bytesPerSecondMax)
        guard credit >= Double(byteCount) else { return false }
        credit -= Double(byteCount)
        return true
    }
}
