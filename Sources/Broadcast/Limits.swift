// Every bound of this module, in one place.

/// How much of each thing a programme keeps and takes.
public struct BroadcastLimits: Sendable {
    /// Programmes in one process.
    public var programCountMax = 4
    /// The arena of one programme, bytes; rounded up to a power of two.
    public var timelineByteCount = 64 << 20
    /// How far back a programme is kept, ms; the newest GOP is kept in any case.
    public var retentionMs: Int64 = 30_000
    /// How long viewers stay when the publisher has gone, ms.
    public var graceMs: Int64 = 10_000
    /// Whether a publisher's own script data is passed on.
    public var passesScriptData = false
    /// A GOP index entry is tiny; this many cover the retention at a keyframe every 1/30 s.
    public var keyframeCountMax = 1024

    /// Limits with their defaults.
    public init() {}

    /// A tag larger than this share of the arena is refused: a GOP must fit beside it.
    static let tagShareOfTimeline = 4
    /// Bytes of a sequence header; real ones are under 1 KB.
    static let sequenceHeaderByteCountMax = 64 << 10
    /// Bytes of a publisher's text that goes into `onMetaData`.
    static let metadataTextByteCountMax = 256
    /// Bytes of a publisher's own script tag that is passed on.
    static let scriptByteCountMax = 8 << 10
    /// An audio-only programme can be joined this often, ms.
    static let audioJoinIntervalMs: Int64 = 1_000
    /// How long a timestamp may run ahead of real time before it counts as a jump, ms.
    static let timestampAheadMsMax: Int64 = 3_000
    /// How far a timestamp may step back before it counts as a jump, ms: tracks are interleaved
    /// this loosely by the worst of encoders.
    static let timestampBackMsMax: Int64 = 1_000
    /// FLV timestamps are 32 bits wide; a programme ends an hour before they wrap.
    static let programmeMsMax = Int64(UInt32.max) - 3_600_000
}
