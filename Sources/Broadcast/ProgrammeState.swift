// The programme's own bookkeeping; `Programme` keeps it behind a lock.

import FLV

/// Everything about a programme that outlives its publications.
struct ProgrammeState {
    let limits: BroadcastLimits
    private let startedMs: Int64
    private(set) var epoch: UInt64 = 0
    private(set) var isPublishing = false
    private(set) var waitingSinceMs: Int64?
    /// Who publishes, or did last.
    private(set) var turn: PublicationTurn?

    var clock = ProgrammeClock()
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
    /// Viewers who join now begin elsewhere, or with other headers; `Programme` takes it back.
    private var startsMoved = false

    private var tagCount: UInt64 = 0
    private var byteCount: UInt64 = 0
    private var leftOutTagCount: UInt64 = 0
    /// Jumps of all publications.
    private var jumpCount = 0

    init(limits: BroadcastLimits, timeline: Timeline, seqBase: UInt64, nowMs: Int64) {
        self.limits = limits
        cues = RetainedCues(seqBase: seqBase)
        startedMs = nowMs
        waitingSinceMs = nowMs
        timelines = [
            FramedTimeline(.plain, timeline: timeline, keyframeCountMax: limits.keyframeCountMax)
        ]
    }

    // MARK: Publications

    /// The new publication's turn; nil while another one goes on.
    mutating func beginPublication(_ publisher: Publisher, nowMs: Int64) -> PublicationTurn? {
        guard !isPublishing else { return nil }
        epoch += 1
        isPublishing = true
        waitingSinceMs = nil
        let turn = PublicationTurn(
            Source(publisher: publisher, nowMs: nowMs, programmeMs: clock.latestMs ?? 0),
            epoch: epoch)
        self.turn = turn
        return turn
    }

    mutating func endPublication(epoch: UInt64, nowMs: Int64) {
        guard isPublishing, epoch == self.epoch else { return }
        isPublishing = false
        waitingSinceMs = nowMs
        // What there is now is all there will be.
        if hidesStarts { openStarts() }
    }

    // MARK: Tags

    /// Takes a tag of the publication on air.
    mutating func append(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, arrivalMs: Int64, epoch: UInt64,
        from source: inout Source
    ) throws(TagRefusal) {
        guard isPublishing, epoch == self.epoch else { throw .superseded }
        let limit = timelines[0].timeline.byteCount / BroadcastLimits.tagShareOfTimeline
        guard body.byteCount <= limit else {
            throw .tooLarge(byteCount: body.byteCount, limit: limit)
        }
        let companions = BroadcastLimits.companionByteCountMax + source.companionByteCount
        guard makeRoom(bodyByteCount: body.byteCount, companionByteCount: companions)
        else { throw .heldUp }
        let jumpsBefore = source.clock.jumpCount
        defer { jumpCount += source.clock.jumpCount - jumpsBefore }
        let cause = try source.append(
            type, timestampMs: timestampMs, body: body, arrivalMs: arrivalMs, to: &self)
        if cause != nil { leftOutTagCount += 1 }
    }

    /// Something never became a tag.
    mutating func countLeftOut() { leftOutTagCount += 1 }

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
        let header = FLVTagHeader(
            type: type, bodyByteCount: body.byteCount, timestampMs: timestampMs)
        for framed in timelines.indices {
            // The newest start point may be overwritten by a GOP longer than the arena.
            let lostStart = timelines[framed].append(header, body)
            if lostStart { startsMoved = true }
        }
        tagCount += 1
        byteCount += UInt64(FLVTagHeader.tagByteCount(bodyByteCount: body.byteCount))
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
        startsMoved = true
        forgetStarts()
    }

    mutating func openStarts() {
        hidesStarts = false
        hasStarted = hasStarted || !timelines[0].index.isEmpty
        startsMoved = true
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
        startsMoved = true
    }

    /// Who begins at the newest point gets the sound's headers, too, unless it has some.
    mutating func addAudioToStart(_ headers: SequenceHeaders) {
        guard let point = timelines[0].index.newest, point.headers.audioCodec == nil else { return }
        for framed in timelines.indices {
            timelines[framed].index.amendNewest(point.headers.with(audioOf: headers))
        }
        startsMoved = true
        forgetStarts()
    }

    /// Whether starts moved since this was asked last.
    mutating func takeStartsMoved() -> Bool {
        defer { startsMoved = false }
        return startsMoved
    }

    mutating func present(_ presentation: Presentation) {
        self.presentation = presentation
        startsMoved = true
        forgetStarts()
    }

    // MARK: Status

    /// The status without what the publication says itself.
    func status(nowMs: Int64) -> ProgrammeStatus {
        var status = ProgrammeStatus()
        status.isPublishing = isPublishing
        status.uptimeMs = nowMs - startedMs
        status.latestMs = clock.latestMs ?? 0
        status.publicationCount = epoch
        status.tagCount = tagCount
        status.byteCount = byteCount
        status.leftOutTagCount = leftOutTagCount
        status.timestampJumpCount = jumpCount
        status.cueCount = cues.count
        return status
    }
}
