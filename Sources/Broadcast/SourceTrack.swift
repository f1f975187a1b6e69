// What is known of one track of a publication besides its headers.

/// One track: how far it is, and whether it still comes.
struct SourceTrack {
    private(set) var frameCount: UInt64 = 0
    /// When its newest frame came, ms of the monotonic clock; at first when the publication began.
    private(set) var arrivalMs: Int64
    /// Where the other track was in the programme then, ms.
    private var otherMs: Int64
    /// The programme time of the newest frame, ms.
    private var latestMs: Int64?
    /// The distance of the last two frames, ms.
    private var intervalMs: Int64 = 0
    /// Something of it has come, be it only a header.
    var hasCome = false
    /// When a frame came last that could not be decoded, ms of the monotonic clock.
    var uselessMs: Int64?
    /// The last sequence header couldn't be read.
    var hasBadHeader = false
    /// Those who watch, and those who come, have its headers as they are now.
    var isShown = false
    var meter: RateMeter
    /// How much later frames arrive than they say, ms, smoothed: to compare tracks by.
    private(set) var delayMs: Double?

    /// A greater change is a jump of the timestamps, and no delay.
    private static let delayJumpMs = 3_000.0

    init(beganMs: Int64, programmeMs: Int64) {
        arrivalMs = beganMs
        otherMs = programmeMs
        meter = RateMeter(nowMs: beganMs)
    }

    /// - Parameters:
    ///   - mediaMs: the publisher's own time.
    ///   - otherMs: where the other track is in the programme, ms.
    mutating func frame(
        byteCount: Int, mediaMs: Int64, atMs outputMs: Int64, otherMs: Int64, arrivalMs: Int64
    ) {
        let delayMs = Double(arrivalMs - mediaMs)
        self.delayMs =
            self.delayMs.map { smoothed in
                abs(delayMs - smoothed) > Self.delayJumpMs
                    ? delayMs : smoothed + (delayMs - smoothed) / 16
            } ?? delayMs
        if let latestMs { intervalMs = outputMs - latestMs }
        latestMs = outputMs
        frameCount += 1
        hasCome = true
        self.arrivalMs = arrivalMs
        self.otherMs = otherMs
        meter.count(bytes: byteCount, nowMs: arrivalMs)
    }

    /// Whether it has fallen silent: the other one has gone on without it, in its own time as well
    /// as by the wall clock. Slow pictures are no silence.
    func isSilent(otherMs: Int64, nowMs: Int64, limits: BroadcastLimits) -> Bool {
        let limitMs = max(limits.trackSilenceMs, 3 * intervalMs)
        return nowMs - arrivalMs >= limitMs && otherMs - self.otherMs >= limitMs
    }
}
