// What the audience sees of a programme: its clock, its tags, where viewers begin.

import FLV

/// What outlives a programme's sources: the audience's side of it.
///
/// The source on air writes here, on the programme's clock; it knows nothing of the audience but
/// this, and nothing of itself stays here but what was shown.
struct ProgrammeOutput {
    let limits: BroadcastLimits

    var clock = ProgrammeClock()
    /// The clock that players follow.
    private(set) var running = RunningClock()
    /// What makes server time of the steady clock's, microseconds.
    let serverOffsetUs: Int64
    /// The plain one first, and those that were asked for.
    var timelines: [FramedTimeline]
    var cues: RetainedCues

    /// Somebody could have begun to watch.
    private(set) var hasStarted = false
    /// Nobody can begin now: the publication on air has written something already, and its own
    /// places to begin at aren't open yet.
    private(set) var hidesStarts = false
    private(set) var presentation = Presentation()
    /// The headers that everybody has who watches: in the stream, or before it.
    var shownVideo = SequenceHeaders.Video()
    var shownAudio = SequenceHeaders.Audio()
    /// What has changed that readers must be told; `Programme` takes it.
    private var changes = Changes()
    private var tagCount: UInt64 = 0
    private var byteCount: UInt64 = 0
    /// The newest timestamps of audio, video and script tags, ms.
    private var newestMs: [3 of UInt32] = [0, 0, 0]

    /// What readers look at only when it has changed.
    struct Changes {
        /// Viewers who join now begin elsewhere, or with other headers.
        var starts = false
        /// There is a newer cue, or one less.
        var cues = false
    }

    init(
        limits: BroadcastLimits, timeline: Timeline, seqBase: UInt64, serverOffsetUs: Int64 = 0
    ) {
        self.limits = limits
        self.serverOffsetUs = serverOffsetUs
        cues = RetainedCues(seqBase: seqBase)
        timelines = [
            FramedTimeline(.plain, timeline: timeline, keyframeCountMax: limits.keyframeCountMax)
        ]
    }

    /// What has changed since this was asked last.
    mutating func takeChanges() -> Changes {
        defer { changes = Changes() }
        return changes
    }

    mutating func noteStartsMoved() { changes.starts = true }
    mutating func noteCuesChanged() { changes.cues = true }

    /// The source on air is gone.
    mutating func sourceEnded() {
        // What there is now is all there will be.
        if hidesStarts { openStarts() }
    }

    // MARK: Tags

    /// Bytes of a tag's body at most.
    var tagByteCountMax: Int {
        timelines[0].timeline.byteCount / BroadcastLimits.tagShareOfTimeline
    }

    /// The newest media timestamp, ms; 0 before the first.
    var latestMs: UInt32 { UInt32(clock.latestMs ?? 0) }

    mutating func write(
        _ type: FLVTagType, _ timestampMs: UInt32, _ body: [UInt8]
    ) {
        unsafe write(type, timestampMs, body.span.bytes)
    }

    mutating func write(
        _ type: FLVTagType, _ timestampMs: UInt32, _ body: RawSpan
    ) {
        let track = type == .audio ? 0 : type == .video ? 1 : 2
        assert(timestampMs >= newestMs[track], "programme time never steps back")
        newestMs[track] = timestampMs
        let header = FLVTagHeader(
            type: type, bodyByteCount: body.byteCount, timestampMs: timestampMs)
        for framed in timelines.indices {
            // The newest start point may be overwritten by a GOP longer than the arena.
            let lostStart = timelines[framed].append(header, body)
            if lostStart { changes.starts = true }
        }
        tagCount += 1
        byteCount += UInt64(FLVTagHeader.tagByteCount(bodyByteCount: body.byteCount))
    }

    /// A tag has its output time: the clock that players follow is told.
    mutating func noteOutput(atMs outputMs: UInt32, arrivalMs: Int64) {
        let leadMs = Int64(outputMs) - clock.nowMs(arrivalMs: arrivalMs)
        running.tag(leadMs: leadMs, arrivalMs: arrivalMs)
    }

    /// What players are told of time.
    var timing: Timing {
        Timing(
            serverStartMs: running.offsetUs.map { (serverOffsetUs - $0) / 1_000 },
            targetDelayMs: limits.targetDelayMs)
    }

    // MARK: Headers for those who watch

    /// Tells those who watch what they don't know yet of the picture.
    mutating func show(_ track: SequenceHeaders.Video, at timestampMs: UInt32) {
        show(.video, track.body, unless: shownVideo.body, at: timestampMs)
        show(.video, track.configuration, unless: shownVideo.configuration, at: timestampMs)
        shownVideo = track
    }

    /// Tells those who watch what they don't know yet of the sound.
    mutating func show(_ track: SequenceHeaders.Audio, at timestampMs: UInt32) {
        show(.audio, track.body, unless: shownAudio.body, at: timestampMs)
        show(.audio, track.configuration, unless: shownAudio.configuration, at: timestampMs)
        shownAudio = track
    }

    private mutating func show(
        _ type: FLVTagType, _ body: [UInt8]?, unless shown: [UInt8]?, at timestampMs: UInt32
    ) {
        guard hasStarted, let body, body != shown else { return }
        write(type, timestampMs, body)
    }

    // MARK: Where viewers begin

    /// Who comes now waits until the publication on air has a place to begin at: after what it has
    /// written, the one before is none.
    mutating func hideStarts() {
        guard !hidesStarts else { return }
        hidesStarts = true
        changes.starts = true
        forgetStarts()
    }

    mutating func openStarts() {
        hidesStarts = false
        hasStarted = hasStarted || !timelines[0].index.isEmpty
        changes.starts = true
        forgetStarts()
    }

    mutating func addJoinPoint(
        at timestampMs: UInt32, after previousMs: UInt32, headers: SequenceHeaders,
        _ presentation: Presentation
    ) {
        repeatCues(joinPointAt: timestampMs, after: previousMs)
        self.presentation = presentation
        for framed in timelines.indices {
            timelines[framed].addJoinPoint(
                timestampMs: timestampMs, headers: headers, retentionMs: limits.retentionMs)
        }
        changes.starts = true
    }

    /// Who begins at the newest point gets the sound's headers, too, unless it has some.
    mutating func addAudioToStart(_ headers: SequenceHeaders) {
        guard let point = timelines[0].index.newest, point.headers.audioCodec == nil else { return }
        for framed in timelines.indices {
            timelines[framed].index.amendNewest(point.headers.with(audioOf: headers))
        }
        changes.starts = true
        forgetStarts()
    }

    mutating func present(_ presentation: Presentation) {
        self.presentation = presentation
        changes.starts = true
        forgetStarts()
    }

    // MARK: Status

    /// What the audience's side has to say.
    func add(to status: inout ProgrammeStatus) {
        status.latestMs = clock.latestMs ?? 0
        status.tagCount = tagCount
        status.byteCount = byteCount
        status.cueCount = cues.count
    }
}
