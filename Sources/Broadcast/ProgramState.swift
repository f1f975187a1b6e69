// The programme's own bookkeeping; `Program` keeps it behind a lock.

import FLV

/// What an append changed.
struct AppendOutcome {
    /// There are new bytes in the timeline.
    var movesHead = false
    /// Viewers who join now begin elsewhere, or with other headers.
    var movesStart = false
}

/// Everything about a programme that changes with its tags.
struct ProgramState {
    let limits: BroadcastLimits
    private let startedMs: Int64
    private var epoch: UInt64 = 0
    private var isPublishing = false
    private var publisher: Publisher?
    private(set) var waitingSinceMs: Int64?

    private(set) var clock = ProgrammeClock()
    /// The plain one first, and those that were asked for.
    var strands: [Strand]
    private var headers = SequenceHeaders()
    private(set) var metadata = PublisherMetadata()
    private(set) var frameRate = FrameRateEstimate()
    /// Somebody could have begun to watch.
    private(set) var hasStarted = false
    /// The newest start point has been overwritten by a GOP longer than the arena.
    private var hasLostStart = false

    var board: CueBoard

    private var awaitsKeyframe = true
    private var publicationHasVideo = false
    private var publicationStartMs: Int64?

    private var meter = RateMeter()
    private var keyframeIntervalMs: Int64?
    private var latestKeyframeMs: UInt32?
    private var tagCount: UInt64 = 0
    private var byteCount: UInt64 = 0
    private var leftOutTagCount: UInt64 = 0

    init(limits: BroadcastLimits, timeline: Timeline, seqBase: UInt64, nowMs: Int64) {
        self.limits = limits
        board = CueBoard(seqBase: seqBase)
        startedMs = nowMs
        waitingSinceMs = nowMs
        strands = [
            Strand(.plain, timeline: timeline, keyframeCountMax: limits.keyframeCountMax)
        ]
    }

    // MARK: Publications

    /// The epoch of the new publication; nil while another one goes on.
    mutating func beginPublication(_ publisher: Publisher, nowMs: Int64) -> UInt64? {
        guard !isPublishing else { return nil }
        epoch += 1
        isPublishing = true
        self.publisher = publisher
        waitingSinceMs = nil
        // What the last publisher said of itself is not true of this one.
        metadata = PublisherMetadata()
        clock.beginPublication()
        awaitsKeyframe = true
        publicationHasVideo = false
        publicationStartMs = nil
        meter.begin(nowMs: nowMs)
        frameRate.restart()
        return epoch
    }

    mutating func endPublication(epoch: UInt64, nowMs: Int64) {
        guard isPublishing, epoch == self.epoch else { return }
        isPublishing = false
        waitingSinceMs = nowMs
    }

    // MARK: Tags

    mutating func append(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, arrivalMs: Int64, epoch: UInt64
    ) throws(TagRefusal) -> AppendOutcome {
        guard isPublishing, epoch == self.epoch else { throw .superseded }
        let limit = strands[0].timeline.byteCount / BroadcastLimits.tagShareOfTimeline
        guard body.byteCount <= limit else {
            throw .tooLarge(byteCount: body.byteCount, limit: limit)
        }
        guard makeRoom(byteCount: body.byteCount + BroadcastLimits.companionByteCountMax)
        else { throw .heldUp }
        let outcome: AppendOutcome?
        switch type {
        case .video:
            outcome = try appendVideo(timestampMs, body, arrivalMs)
        case .audio:
            outcome = try appendAudio(timestampMs, body, arrivalMs)
        case .script:
            outcome = appendScript(body)
        }
        guard var outcome else {
            leftOutTagCount += 1
            return AppendOutcome()
        }
        if hasLostStart {
            hasLostStart = false
            outcome.movesStart = true
        }
        return outcome
    }

    private mutating func appendVideo(
        _ timestampMs: UInt32, _ body: RawSpan, _ arrivalMs: Int64
    ) throws(TagRefusal) -> AppendOutcome? {
        guard let packet = try? VideoPacket.parse(body) else { return nil }
        switch packet.kind {
        case .sequenceHeader:
            return setVideoHeader(packet, body)
        case .endOfSequence, .command:
            // An end or a seek hint of one publisher is not one of the programme's.
            return nil
        case .frame, .metadata:
            break
        }
        publicationHasVideo = true
        let isKeyframe = packet.kind == .frame && packet.isKeyframe
        if awaitsKeyframe {
            guard isKeyframe else { return nil }
            awaitsKeyframe = false
        }
        if headers.videoCodec != packet.codec {
            // A codec without sequence headers, or one that left its header out.
            headers = SequenceHeaders(headers, packet, body: body, isHeader: false)
        }
        let previousMs = latestMs
        let outputMs = try rebase(.video, timestampMs, arrivalMs)
        if packet.kind == .frame { frameRate.frame(timestampMs: outputMs) }
        if isKeyframe {
            if let latestKeyframeMs {
                keyframeIntervalMs = Int64(outputMs) - Int64(latestKeyframeMs)
            }
            latestKeyframeMs = outputMs
            addJoinPoint(at: outputMs, after: previousMs)
        }
        write(.video, outputMs, body)
        meter.count(bytes: body.byteCount, isFrame: packet.kind == .frame, nowMs: arrivalMs)
        return AppendOutcome(movesHead: true, movesStart: isKeyframe)
    }

    private mutating func appendAudio(
        _ timestampMs: UInt32, _ body: RawSpan, _ arrivalMs: Int64
    ) throws(TagRefusal) -> AppendOutcome? {
        guard let packet = try? AudioPacket.parse(body) else { return nil }
        switch packet.kind {
        case .sequenceHeader:
            return setAudioHeader(packet, body)
        case .endOfSequence:
            return nil
        case .frame, .multichannelConfig:
            break
        }
        if headers.audioCodec != packet.codec {
            headers = SequenceHeaders(headers, packet, body: body, isHeader: false)
        }
        let previousMs = latestMs
        let outputMs = try rebase(.audio, timestampMs, arrivalMs)
        let isJoinPoint = isAudioJoinPoint(at: outputMs)
        if isJoinPoint { addJoinPoint(at: outputMs, after: previousMs) }
        write(.audio, outputMs, body)
        meter.count(bytes: body.byteCount, isFrame: false, nowMs: arrivalMs)
        return AppendOutcome(movesHead: true, movesStart: isJoinPoint)
    }

    /// Without video, any audio frame will do to begin at; once a second is often enough.
    private func isAudioJoinPoint(at outputMs: UInt32) -> Bool {
        guard !publicationHasVideo, let start = publicationStartMs,
            Int64(outputMs) - start >= BroadcastLimits.audioJoinIntervalMs
        else { return false }
        guard let newest = strands[0].index.newest else { return true }
        return Int64(outputMs) - Int64(newest.timestampMs) >= BroadcastLimits.audioJoinIntervalMs
    }

    private mutating func appendScript(_ body: RawSpan) -> AppendOutcome? {
        guard let name = (try? AMF0.decodePrefix(body, maxValues: 1))?.values.first?.stringValue
        else { return nil }
        if name == "onMetaData" {
            guard let values = try? AMF0.decode(body) else { return nil }
            let isFirst = metadata == PublisherMetadata()
            metadata = PublisherMetadata(values)
            // Later ones wait for the next keyframe: some encoders repeat theirs all the time.
            if isFirst { forgetStarts() }
            return AppendOutcome(movesStart: isFirst)
        }
        let isOurs = name == "onQuiz" || name == "onMessage"
        guard limits.passesScriptData, !isOurs, !strands[0].index.isEmpty,
            body.byteCount <= BroadcastLimits.scriptByteCountMax
        else { return nil }
        write(.script, latestMs, body)
        return AppendOutcome(movesHead: true)
    }

    // MARK: Sequence headers

    private mutating func setVideoHeader(
        _ packet: VideoPacket, _ body: RawSpan
    ) -> AppendOutcome? {
        guard body.byteCount <= BroadcastLimits.sequenceHeaderByteCountMax else { return nil }
        publicationHasVideo = true
        guard !body.equals(headers.videoBody) else { return AppendOutcome() }
        headers = SequenceHeaders(headers, packet, body: body, isHeader: true)
        // Frames of the old parameters can't be decoded any more.
        awaitsKeyframe = true
        return writeHeader(.video, body)
    }

    private mutating func setAudioHeader(
        _ packet: AudioPacket, _ body: RawSpan
    ) -> AppendOutcome? {
        guard body.byteCount <= BroadcastLimits.sequenceHeaderByteCountMax else { return nil }
        guard !body.equals(headers.audioBody) else { return AppendOutcome() }
        headers = SequenceHeaders(headers, packet, body: body, isHeader: true)
        return writeHeader(.audio, body)
    }

    /// Those who watch already get a new header in their stream; those who come later find it
    /// in the preamble of the keyframe they begin at.
    private mutating func writeHeader(
        _ type: FLVTagType, _ body: RawSpan
    ) -> AppendOutcome {
        guard !strands[0].index.isEmpty else { return AppendOutcome() }
        write(type, latestMs, body)
        return AppendOutcome(movesHead: true)
    }

    // MARK: The timeline

    /// The newest media timestamp, ms; 0 before the first.
    var latestMs: UInt32 { UInt32(clock.latestMs ?? 0) }

    private mutating func rebase(
        _ track: ProgrammeClock.Track, _ timestampMs: UInt32, _ arrivalMs: Int64
    ) throws(TagRefusal) -> UInt32 {
        do {
            let outputMs = try clock.rebase(track, inputMs: timestampMs, arrivalMs: arrivalMs)
            if publicationStartMs == nil { publicationStartMs = Int64(outputMs) }
            return outputMs
        } catch {
            throw .programmeTooLong
        }
    }

    private mutating func addJoinPoint(
        at timestampMs: UInt32, after previousMs: UInt32
    ) {
        repeatCues(joinPointAt: timestampMs, after: previousMs)
        hasStarted = true
        for strand in strands.indices {
            strands[strand].addJoinPoint(
                timestampMs: timestampMs, headers: headers, retentionMs: limits.retentionMs)
        }
    }

    mutating func write(
        _ type: FLVTagType, _ timestampMs: UInt32, _ body: [UInt8]
    ) {
        unsafe write(type, timestampMs, body.span.bytes)
    }

    private mutating func write(
        _ type: FLVTagType, _ timestampMs: UInt32, _ body: RawSpan
    ) {
        let header = FLVTagHeader(
            type: type, bodyByteCount: body.byteCount, timestampMs: timestampMs)
        for strand in strands.indices {
            let lostStart = strands[strand].append(header, body)
            if lostStart { hasLostStart = true }
        }
        tagCount += 1
        byteCount += UInt64(FLVTagHeader.tagByteCount(bodyByteCount: body.byteCount))
    }

    func status(nowMs: Int64) -> ProgramStatus {
        var status = ProgramStatus()
        let rates = meter.rates(nowMs: nowMs)
        status.isPublishing = isPublishing
        status.publisher = publisher.map {
            Publisher(address: $0.address, encoder: metadata.encoder ?? $0.encoder)
        }
        status.uptimeMs = nowMs - startedMs
        status.headers = headers
        status.bitsPerSecond = isPublishing ? rates.bitsPerSecond : 0
        status.framesPerSecond = isPublishing ? rates.framesPerSecond : 0
        status.keyframeIntervalMs = keyframeIntervalMs
        status.latestMs = clock.latestMs ?? 0
        status.publicationCount = epoch
        status.tagCount = tagCount
        status.byteCount = byteCount
        status.leftOutTagCount = leftOutTagCount
        status.timestampJumpCount = clock.jumpCount
        status.cueCount = board.count
        return status
    }
}
