// The one continuous timeline the audience sees, whatever publishers' timestamps do.

/// Milliseconds since the programme went on air: a second of it is a second of wall clock.
///
/// It has no clock of its own: the time of arrival comes in as a value.
struct ProgrammeClock {
    /// One of the two interleaved tracks.
    enum Track: Int { case audio, video }

    /// Why a time can't be given out.
    enum Failure: Error { case programmeTooLong }

    /// The newest time given out, ms; nil before the first.
    private(set) var latestMs: Int64?
    private var latestByTrack: [2 of Int64] = [-1, -1]
    /// When time 0 arrived, ms of the monotonic clock.
    private var originMs: Int64 = 0

    /// What time it is in the programme when something arrives; 0 before the first tag.
    func nowMs(arrivalMs: Int64) -> Int64 {
        latestMs == nil ? 0 : max(0, arrivalMs - originMs)
    }

    /// The newest time given out to a track, ms; that of the programme where it has none.
    func latestMs(_ track: Track) -> Int64 {
        let latest = latestByTrack[track.rawValue]
        return latest < 0 ? latestMs ?? 0 : latest
    }

    /// Gives out the time of a tag: as wanted, but never less than an earlier one of its track.
    mutating func take(
        _ track: Track, wantedMs: Int64, arrivalMs: Int64
    ) throws(Failure) -> UInt32 {
        let outputMs = max(latestByTrack[track.rawValue], max(0, wantedMs))
        guard outputMs <= BroadcastLimits.programmeMsMax else { throw .programmeTooLong }
        if latestMs == nil { originMs = arrivalMs }
        latestByTrack[track.rawValue] = outputMs
        latestMs = max(latestMs ?? 0, outputMs)
        return UInt32(outputMs)
    }
}
