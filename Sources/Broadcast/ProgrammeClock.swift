// The one continuous timeline the audience sees, whatever publishers' timestamps do.

/// Rebases publishers' timestamps onto milliseconds since the programme went on air.
///
/// It has no clock of its own: the time of arrival comes in as a value.
struct ProgrammeClock {
    /// One of the two interleaved tracks.
    enum Track: Int { case audio, video }

    /// Why a timestamp can't be placed.
    enum Failure: Error { case programmeTooLong }

    /// The newest timestamp given out, ms; nil before the first.
    private(set) var latestMs: Int64?
    private var latestByTrack: [2 of Int64] = [-1, -1]
    private var latestInput: UInt32 = 0
    private var offsetMs: Int64 = 0
    private var latestArrivalMs: Int64 = 0
    private var isAnchored = false
    /// How often timestamps jumped and were put right.
    private(set) var jumpCount = 0

    /// A publisher begins: its first timestamp means "now".
    mutating func beginPublication() { isAnchored = false }

    /// The programme time of a tag, never less than an earlier one of its track.
    mutating func rebase(
        _ track: Track, inputMs: UInt32, arrivalMs: Int64
    ) throws(Failure) -> UInt32 {
        let step = Int64(Int32(bitPattern: inputMs &- latestInput))
        let elapsedMs = max(0, arrivalMs - latestArrivalMs)
        let isJump =
            step > elapsedMs + BroadcastLimits.timestampAheadMsMax
            || step < -BroadcastLimits.timestampBackMsMax
        if !isAnchored || isJump {
            if isAnchored { jumpCount += 1 }
            let resumed = latestMs.map { $0 + max(1, elapsedMs) } ?? 0
            offsetMs = resumed - Int64(inputMs)
            isAnchored = true
        } else if step > 0, inputMs < latestInput {
            offsetMs += 1 << 32  // The publisher's 32 bits wrapped.
        } else if step < 0, inputMs > latestInput {
            offsetMs -= 1 << 32  // A straggler from before the wrap.
        }
        latestInput = inputMs
        latestArrivalMs = arrivalMs
        let outputMs = max(latestByTrack[track.rawValue], max(0, Int64(inputMs) + offsetMs))
        guard outputMs <= BroadcastLimits.programmeMsMax else { throw .programmeTooLong }
        latestByTrack[track.rawValue] = outputMs
        latestMs = max(latestMs ?? 0, outputMs)
        return UInt32(outputMs)
    }
}
