// All of a programme that is behind its lock.

import FLV

/// A tag as a publisher sends it, without its body.
struct IncomingTag {
    let type: FLVTagType
    /// The publisher's own timestamp, ms.
    let timestampMs: UInt32
    /// When it came, ms of the monotonic clock.
    let arrivalMs: Int64
}

/// The sources and what the audience sees of them; `Programme` keeps it behind a lock.
struct ProgrammeState {
    var switcher: Switcher
    var output: ProgrammeOutput
    private let startedMs: Int64
    private var leftOutTagCount: UInt64 = 0
    /// Jumps of all sources' timestamps.
    private var jumpCount = 0

    init(
        limits: BroadcastLimits, timeline: Timeline, seqBase: UInt64, serverOffsetUs: Int64,
        nowMs: Int64
    ) {
        switcher = Switcher(nowMs: nowMs)
        output = ProgrammeOutput(
            limits: limits, timeline: timeline, seqBase: seqBase, serverOffsetUs: serverOffsetUs)
        startedMs = nowMs
    }

    // MARK: Publications

    mutating func begin(_ publisher: Publisher, nowMs: Int64) -> Switcher.Begin? {
        let begun = switcher.begin(
            publisher, nowMs: nowMs, programmeMs: output.clock.latestMs ?? 0)
        // What the one before has shown is all there will be of it.
        if begun?.displaced != nil { output.sourceEnded() }
        return begun
    }

    mutating func end(_ id: UInt64, nowMs: Int64) {
        if switcher.end(id, nowMs: nowMs) { output.sourceEnded() }
    }

    /// Takes a tag of the source on air.
    mutating func append(
        _ tag: IncomingTag, _ body: RawSpan, from id: UInt64
    ) throws(TagRefusal) {
        guard switcher.isOnAir(id) else { throw .superseded }
        let limit = output.tagByteCountMax
        guard body.byteCount <= limit else {
            throw .tooLarge(byteCount: body.byteCount, limit: limit)
        }
        // In place: a copy of the source would have its arrays copied when it is changed.
        let companions =
            BroadcastLimits.companionByteCountMax + (switcher.newest?.companionByteCount ?? 0)
        guard output.makeRoom(bodyByteCount: body.byteCount, companionByteCount: companions)
        else { throw .heldUp }
        let jumpsBefore = switcher.newest?.clock.jumpCount ?? 0
        defer { jumpCount += (switcher.newest?.clock.jumpCount ?? 0) - jumpsBefore }
        let cause = try switcher.newest?.append(tag, body, to: &output) ?? nil
        if cause != nil { leftOutTagCount += 1 }
    }

    /// Something of a source never became a tag.
    mutating func leaveOut(_ cause: LeftOutCause, from id: UInt64) {
        leftOutTagCount += 1
        guard id == switcher.count else { return }
        switcher.newest?.leaveOut(cause)
    }

    /// A part of a source's media has come.
    mutating func mediaCame(nowMs: Int64, from id: UInt64) {
        guard id == switcher.count else { return }
        switcher.newest?.mediaMs = nowMs
    }

    // MARK: Status

    /// How long a source has sent no media, ms; nil once another one has begun.
    func silentMs(_ id: UInt64, nowMs: Int64) -> Int64? {
        id == switcher.count ? switcher.newest?.silentMs(nowMs: nowMs) : nil
    }

    func sourceStatus(_ id: UInt64, nowMs: Int64) -> SourceStatus? {
        id == switcher.count ? switcher.newest?.status(nowMs: nowMs) : nil
    }

    func status(nowMs: Int64) -> ProgrammeStatus {
        var status = ProgrammeStatus()
        status.isPublishing = switcher.isOccupied
        status.uptimeMs = nowMs - startedMs
        status.publicationCount = switcher.count
        status.leftOutTagCount = leftOutTagCount
        status.timestampJumpCount = jumpCount
        output.add(to: &status)
        if let source = switcher.newest {
            status.publisher = source.namedPublisher
            status.add(source.status(nowMs: nowMs))
        }
        return status
    }
}
