// What a programme tells the staff about itself.

/// A snapshot of one programme.
public struct ProgrammeStatus: Sendable {
    /// Whether somebody publishes now.
    public var isPublishing = false
    /// Who publishes, or did last.
    public var publisher: Publisher?
    /// Time since it went on air, ms.
    public var uptimeMs: Int64 = 0
    /// Codecs and their parameters; nil before any were seen.
    public var headers: SequenceHeaders?
    /// Bits per second that came in over the last seconds; 0 when nothing comes.
    public var bitsPerSecond: Double = 0
    /// Video frames per second that came in over the last seconds.
    public var framesPerSecond: Double = 0
    /// Time between the last two keyframes, ms.
    public var keyframeIntervalMs: Int64?
    /// Programme time of the newest tag, ms.
    public var latestMs: Int64 = 0
    /// How many publishers it has had.
    public var publicationCount: UInt64 = 0
    /// Tags and bytes appended in all.
    public var tagCount: UInt64 = 0
    /// Bytes of tags appended in all.
    public var byteCount: UInt64 = 0
    /// Tags left out: malformed, or before the first keyframe.
    public var leftOutTagCount: UInt64 = 0
    /// Times the publisher's timestamps jumped and were put right.
    public var timestampJumpCount: Int = 0
    /// Cues said, those repeated not counted.
    public var cueCount: UInt64 = 0
    /// Memory that the arena holds now, bytes.
    public var arenaByteCount: Int = 0
    /// What the publication on air, or the last one, says of itself; nil before the first.
    public var source: SourceStatus?

    /// Takes over what a publication says of itself.
    mutating func add(_ source: SourceStatus) {
        headers = source.headers
        keyframeIntervalMs = source.keyframeIntervalMs
        if isPublishing {
            bitsPerSecond = (source.video?.bitsPerSecond ?? 0) + (source.audio?.bitsPerSecond ?? 0)
            framesPerSecond = source.video?.framesPerSecond ?? 0
        }
        self.source = source
    }
}

/// Rates over the last seconds, from running totals.
struct RateMeter {
    private var windowStartMs: Int64
    private var latestMs: Int64
    private var byteCount = 0
    private var frameCount = 0
    private var bitsPerSecond = 0.0
    private var framesPerSecond = 0.0

    private var hasBegun = false
    private var largest = 0
    private var largestBefore = 0

    private static let windowMs: Int64 = 2_000

    init(nowMs: Int64) {
        windowStartMs = nowMs
        latestMs = nowMs
    }

    /// Bytes of the largest thing counted over the last seconds; 0 while less is known than a whole
    /// window, since the first packets of a sound may be small.
    var byteCountMax: Int { largestBefore == 0 ? 0 : max(largest, largestBefore) }

    mutating func count(bytes: Int, nowMs: Int64) {
        // What comes late has not been slow.
        if !hasBegun { windowStartMs = nowMs }
        hasBegun = true
        latestMs = nowMs
        byteCount += bytes
        largest = max(largest, bytes)
        frameCount += 1
        let elapsedMs = nowMs - windowStartMs
        guard elapsedMs >= RateMeter.windowMs else { return }
        bitsPerSecond = Double(byteCount) * 8_000 / Double(elapsedMs)
        framesPerSecond = Double(frameCount) * 1_000 / Double(elapsedMs)
        windowStartMs = nowMs
        byteCount = 0
        frameCount = 0
        largestBefore = largest
        largest = 0
    }

    func rates(nowMs: Int64) -> (bitsPerSecond: Double, framesPerSecond: Double) {
        if nowMs - latestMs > RateMeter.windowMs { return (0, 0) }
        let elapsedMs = nowMs - windowStartMs
        if bitsPerSecond == 0, elapsedMs >= 250 {
            // Not a whole window yet: a first estimate is better than zero.
            return (
                Double(byteCount) * 8_000 / Double(elapsedMs),
                Double(frameCount) * 1_000 / Double(elapsedMs)
            )
        }
        return (bitsPerSecond, framesPerSecond)
    }
}

/// Tells the frame rate from timestamps, once enough frames have passed.
struct FrameRateEstimate {
    private var firstMs: Int64?
    private var frameCount = 0
    private(set) var framesPerSecond: Double?

    private static let frameCountMin = 50
    private static let usual: [Double] = [
        24_000 / 1_001, 24, 25, 30_000 / 1_001, 30, 50, 60_000 / 1_001, 60, 120,
    ]

    /// - Parameter mediaMs: the publisher's own time.
    mutating func frame(mediaMs: Int64) {
        guard framesPerSecond == nil else { return }
        guard let firstMs else {
            self.firstMs = mediaMs
            return
        }
        frameCount += 1
        guard frameCount >= FrameRateEstimate.frameCountMin, mediaMs > firstMs else { return }
        let measured = Double(frameCount) * 1_000 / Double(mediaMs - firstMs)
        let nearest = FrameRateEstimate.usual.min { abs($0 - measured) < abs($1 - measured) }
        // Timestamps are whole ms, so 50 frames tell the rate to about 0.05 %: 29.97 from 30.
        if let nearest, abs(nearest - measured) / measured < 0.0005 {
            framesPerSecond = nearest
        } else {
            framesPerSecond = (measured * 100).rounded() / 100
        }
    }
}
