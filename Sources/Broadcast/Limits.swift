// Every bound of this module, in one place.

/// How much of each thing a programme keeps and takes.
public struct BroadcastLimits: Sendable {
    /// Programmes in one process.
    public var programmeCountMax = 4
    /// The arena of one programme, bytes; rounded up to a power of two.
    public var timelineByteCount = 64 << 20
    /// How far back a programme is kept, ms; the newest GOP is kept in any case.
    public var retentionMs: Int64 = 30_000
    /// How long viewers stay when the publisher has gone, ms.
    public var graceMs: Int64 = 10_000
    /// Whether a publisher's own script data is passed on.
    public var passesScriptData = false
    /// How long a publisher is kept waiting, at most, for what the kernel still sends, ms. Only
    /// that one waits.
    public var heldUpMsMax: Int64 = 1_000
    /// How far behind the newest tag players are to show the programme, ms; it is told them.
    public var targetDelayMs: Int64 = 1_200
    /// A GOP index entry is tiny; this many cover the retention at a keyframe every 1/30 s.
    public var keyframeCountMax = 1024

    /// How long a start point waits for tracks that were announced, ms.
    var trackWaitMsMax: Int64 = 1_500
    /// How long it waits for a keyframe while pictures come, ms: OBS sends one every 8.3 s.
    var keyframeWaitMsMax: Int64 = 10_000
    /// A track that is gone for so long isn't waited for, ms.
    var trackSilenceMs: Int64 = 3_000

    /// Limits with their defaults.
    public init() {}

    /// A tag larger than this share of the arena is refused: a GOP must fit beside it.
    static let tagShareOfTimeline = 4
    /// Shards that can lend a timeline's bytes to the kernel; the others copy.
    static let lowWaterMarkCountMax = 64
    /// Bytes that are written along with a tag at most, headers not counted: repeated cues.
    static let companionByteCountMax = 16 << 10
    /// Bytes of a sequence header; real ones are under 1 KB.
    static let sequenceHeaderByteCountMax = 64 << 10
    /// Bytes of colour information or a channel layout.
    static let configurationByteCountMax = 8 << 10
    /// Bytes of a publisher's text that goes into `onMetaData`.
    static let metadataTextByteCountMax = 256
    /// Bytes of a publisher's own script tag that is passed on.
    static let scriptByteCountMax = 8 << 10
    /// Bytes of a state's key.
    static let cueKeyByteCountMax = 64
    /// States that stand at a time.
    static let cueStateCountMax = 16
    /// Bytes of the bodies of all states together: every viewer gets them first.
    static let cueSnapshotByteCountMax = 32 << 10
    /// A state is repeated this often at the most, ms.
    static let cueRepeatMs: Int64 = 2_000
    /// Bytes of tags that are repeated at one keyframe; one of any size fits.
    static let cueRepeatByteCountMax = 12 << 10
    /// An audio-only programme can be joined this often, ms.
    static let audioJoinIntervalMs: Int64 = 1_000
    /// How long a timestamp may run ahead of real time before it counts as a jump, ms.
    static let timestampAheadMsMax: Int64 = 3_000
    /// How far a track's timestamp may step back against itself before it counts as a jump, ms.
    static let timestampBackMsMax: Int64 = 1_000
    /// How far apart tracks may be, ms: what is more has nothing to do with the other track.
    static let trackDistanceMsMax: Int64 = 10_000
    /// How far programme time may part from the wall clock before it is put right, ms.
    static let clockDistanceMsMax: Int64 = 1_000
    /// How long a publisher is early or late before that counts as its clock's fault, ms.
    static let clockWindowMs: Int64 = 1_000
    /// Media that comes without longer gaps comes as it is made, not in bursts, ms.
    static let steadyGapMsMax: Int64 = 250
    /// How far a burst may run ahead of the wall clock, ms: more is pressed together.
    static let burstMsMax: Int64 = 30_000
    /// Over what time the clock that players follow looks for the earliest tag, ms: this and once more.
    static let runningStretchMs: Int64 = 4_000
    /// How long after a programme's beginning that clock goes where the tags are at once, ms.
    static let runningStartMs: Int64 = 2_000
    /// In what time it would be where it should if it kept its speed, ms; and how much faster or slower
    /// than time it runs until then, at least and at most, microseconds a ms: players change their speed
    /// by 5 % and must catch up. After a gap what it would have moved in it is made up for at once, but
    /// for no more of the gap than `runningStretchMs`.
    static let runningSettleMs: Int64 = 8_000
    static let runningSlewUsMin: Int64 = 5
    static let runningSlewUsMax: Int64 = 30
    /// FLV timestamps are 32 bits wide; a programme ends an hour before they wrap.
    static let programmeMsMax = Int64(UInt32.max) - 3_600_000
}
