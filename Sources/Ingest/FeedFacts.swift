// What is known of a feed, as plain numbers: what advice is made of.

public import FLV

/// Why nobody can begin to watch a feed.
public enum FeedObstacle: Sendable, Equatable, CaseIterable {
    /// No media has come.
    case nothingSent
    /// Media comes on another message stream than the one that is published on.
    case otherMessageStream
    /// Pictures come, and the header that a decoder needs doesn't.
    case noVideoHeader
    /// The same of the sound.
    case noAudioHeader
    /// A header has come and can't be read.
    case badVideoHeader
    /// The same of the sound.
    case badAudioHeader
    /// Pictures come, but no keyframe.
    case noKeyframe
    /// Media comes of which nothing can be made out.
    case malformed
}

/// One feed at one moment.
public struct FeedFacts: Sendable, Equatable {
    /// A track of it.
    public struct Track: Sendable, Equatable {
        /// Whether any frame of it is in the programme.
        public var hasFrames = false
        /// Bits a second over the last seconds.
        public var bitsPerSecond = 0.0
        /// Frames a second over the last seconds.
        public var framesPerSecond = 0.0
        /// How long no frame has come, ms.
        public var silentMs: Int64 = 0
        /// Bytes of the largest frame of the last seconds; 0 if that isn't known.
        public var frameByteCountMax = 0

        /// A track of which nothing has come.
        public init() {}
    }

    /// Time since it began, ms.
    public var ageMs: Int64 = 0
    /// How long nothing has come, ms.
    public var silentMs: Int64 = 0
    /// Why nobody can begin to watch; nil when somebody can.
    public var obstacle: FeedObstacle?
    /// Whether somebody can begin with what there is, be it only the sound.
    public var canBegin = false
    /// The newest header of the picture can't be read; the one before it is in force.
    public var hasBadVideoHeader = false
    /// The picture; nil if none was announced and none has come.
    public var video: Track?
    /// The codec of the picture, as soon as it is known.
    public var videoCodec: VideoCodec?
    /// The sound; nil if none was announced and none has come.
    public var audio: Track?
    /// The codec of the sound, as soon as it is known.
    public var audioCodec: AudioCodec?
    /// The time between the last two keyframes, ms.
    public var keyframeIntervalMs: Int64?
    /// The time since the last keyframe, ms.
    public var sinceKeyframeMs: Int64?
    /// Whether pictures are shown in another order than they are sent.
    public var hasBFrames = false
    /// How far the picture is ahead of the sound when they arrive, ms; negative if behind.
    public var tracksApartMs: Int64?
    /// By how much its clock was put right, ms.
    public var clockCorrectedMs: Int64 = 0
    /// Tags of further tracks, which are left out.
    public var furtherTrackTagCount: UInt64 = 0
    /// What its metadata says: pictures a second.
    public var declaredFramesPerSecond: Double?
    /// What its metadata says: 1000 bits a second in all.
    public var declaredKbps: Double?

    /// A feed of which nothing is known.
    public init() {}
}
