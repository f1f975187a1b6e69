// What a publication tells the staff about itself.

/// Why nobody can begin to watch a publication.
public enum StartObstacle: Sendable, Equatable, CaseIterable {
    /// No media has come at all.
    case nothingSent
    /// Media comes on another message stream than the one that is published on.
    case otherMessageStream
    /// Frames come, but the codec's sequence header doesn't.
    case noVideoHeader, noAudioHeader
    /// The only sequence headers that came can't be read.
    case badVideoHeader, badAudioHeader
    /// Pictures come, but no keyframe.
    case noKeyframe
    /// Media comes of which nothing can be made out.
    case malformed
    /// A track that was announced has not come; it is waited for, but not for long.
    case waitsForVideo, waitsForAudio
}

/// One track of a publication.
public struct TrackStatus: Sendable, Equatable {
    /// Whether the publisher's metadata names a codec for it.
    public var isAnnounced = false
    /// Whether a sequence header that can be read is there, or the codec needs none.
    public var isReady = false
    /// The newest sequence header can't be read; the one before it, if any, is in force.
    public var hasBadHeader = false
    /// Why what comes of it is left out at the moment; nil if it isn't, or nothing comes.
    public var obstacle: StartObstacle?
    /// Frames that became part of the programme.
    public var frameCount: UInt64 = 0
    /// Bits per second over the last seconds.
    public var bitsPerSecond: Double = 0
    /// Frames (of sound: packets) per second over the last seconds.
    public var framesPerSecond: Double = 0
    /// How long no frame has come, ms; since the publication began if there was none.
    public var silentMs: Int64 = 0
    /// Bytes of the largest frame of the last seconds, 0 before that is known: sound that is
    /// digital silence is tiny.
    public var frameByteCountMax = 0
}

/// What the publisher's metadata claims, for comparison with what comes.
public struct DeclaredRates: Sendable, Equatable {
    /// Frames per second.
    public var framesPerSecond: Double?
    /// 1000 bits per second.
    public var videoKbps: Double?
    /// 1000 bits per second.
    public var audioKbps: Double?
    /// Pixels.
    public var width: Double?
    /// Pixels.
    public var height: Double?
}

/// A snapshot of one publication.
public struct SourceStatus: Sendable {
    /// Time since it began, ms.
    public var ageMs: Int64 = 0
    /// Its codecs and their parameters.
    public var headers: SequenceHeaders
    /// The picture; nil while none was announced and none has come.
    public var video: TrackStatus?
    /// The sound; nil while none was announced and none has come.
    public var audio: TrackStatus?
    /// What its metadata claims.
    public var declared = DeclaredRates()
    /// Time since media came, ms, left out or not.
    public var silentMs: Int64 = 0
    /// Why nobody can begin to watch; nil as soon as one can.
    public var obstacle: StartObstacle?
    /// Why not all that comes can be seen and heard, be it that viewers can begin with the rest.
    public var trackObstacle: StartObstacle?
    /// The publisher's time between its last two keyframes, ms.
    public var keyframeIntervalMs: Int64?
    /// The publisher's time since its last keyframe, ms; nil before the first.
    public var sinceKeyframeMs: Int64?
    /// Whether pictures are shown in another order than they are sent.
    public var hasBFrames = false
    /// By how much the sound arrives later than the picture of the same time, ms; negative if it
    /// is earlier.
    public var tracksApartMs: Int64?
    /// How far the publisher's clock ran ahead of the wall clock and was put right, ms; negative
    /// for a slow one.
    public var driftMs: Int64 = 0
    /// By how much the clock was put right in all, ms.
    public var clockCorrectedMs: Int64 = 0
    /// Times its timestamps jumped and were put right.
    public var timestampJumpCount = 0
    /// Tags that are no part of the programme.
    public var leftOut = LeftOutCounts()
}
