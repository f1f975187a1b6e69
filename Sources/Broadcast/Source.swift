// All that belongs to one publication: it begins and ends with it.

import FLV

/// A publisher's tags on their way into a programme: headers, timestamps, tracks and what is wrong
/// with them.
///
/// The switcher has it from the publication's beginning to the next one's. What the audience has
/// in common over all publications (the programme's clock, the places to begin at, cues) belongs to
/// the programme's output, which a source is given to write to while it is on air.
struct Source {
    let publisher: Publisher
    let beganMs: Int64
    /// When the last of its media came, or a part of it, ms: script data alone shows nobody anything.
    var mediaMs: Int64
    /// When the first media came.
    var firstMediaMs: Int64?
    /// The programme time of the first frame, ms.
    var firstOutputMs: Int64?

    var clock = SourceClock()
    var metadata = PublisherMetadata()
    var headers = SequenceHeaders()
    var video: SourceTrack
    var audio: SourceTrack
    var awaitsKeyframe = true

    /// Whether viewers can begin with this publication.
    var hasOpened = false
    /// Whether one of its keyframes was a place to begin at.
    var hasVideoStart = false
    /// The programme time of its newest place to begin at, ms.
    var newestStartMs: Int64?

    var frameRate = FrameRateEstimate()
    var pictures = PictureOrder()
    var leftOut = LeftOutCounts()

    /// - Parameter programmeMs: the newest programme time there is.
    init(publisher: Publisher, nowMs: Int64, programmeMs: Int64) {
        self.publisher = publisher
        beganMs = nowMs
        mediaMs = nowMs
        video = SourceTrack(beganMs: nowMs, programmeMs: programmeMs)
        audio = SourceTrack(beganMs: nowMs, programmeMs: programmeMs)
    }

    /// Takes a tag into the programme.
    ///
    /// - Returns: why it was left out, if it was.
    mutating func append(
        _ tag: IncomingTag, _ body: RawSpan, to programme: inout ProgrammeOutput
    ) throws(TagRefusal) -> LeftOutCause? {
        let cause: LeftOutCause?
        switch tag.type {
        case .video: cause = try takeVideo(tag, body, &programme)
        case .audio: cause = try takeAudio(tag, body, &programme)
        case .script: cause = takeScript(body, &programme)
        }
        if tag.type != .script { mediaMs = max(mediaMs, tag.arrivalMs) }
        if let cause { leftOut.add(cause) }
        if !hasOpened { openIfReady(tag.arrivalMs, &programme) }
        return cause
    }

    /// Counts what never became a tag.
    mutating func leaveOut(_ cause: LeftOutCause) { leftOut.add(cause) }

    /// How long no media has come, ms.
    func silentMs(nowMs: Int64) -> Int64 { max(0, nowMs - mediaMs) }

    /// Bytes of the headers that the next frame may bring along.
    var companionByteCount: Int {
        var byteCount = 0
        func add(_ body: [UInt8]?) {
            if let body { byteCount += FLVTagHeader.tagByteCount(bodyByteCount: body.count) }
        }
        if !video.isShown {
            add(headers.videoTrack.body)
            add(headers.videoTrack.configuration)
        }
        if !audio.isShown {
            add(headers.audioTrack.body)
            add(headers.audioTrack.configuration)
        }
        return byteCount
    }

    /// Where the publisher's own name for itself is from.
    var namedPublisher: Publisher {
        Publisher(
            address: publisher.address, encoder: metadata.encoder ?? publisher.encoder,
            yieldsAfterMs: publisher.yieldsAfterMs)
    }

    // MARK: Time

    /// Where a tag asks to be in the programme, ms.
    private mutating func wish(
        _ track: ProgrammeClock.Track, _ tag: IncomingTag, _ programme: ProgrammeClock
    ) -> Int64 {
        let nowMs = programme.nowMs(arrivalMs: tag.arrivalMs)
        // The first tag of a publication comes after all that was.
        let earliestMs = programme.latestMs.map { firstOutputMs == nil ? $0 + 1 : $0 } ?? 0
        return clock.place(
            track, inputMs: tag.timestampMs, arrivalMs: tag.arrivalMs, nowMs: nowMs,
            resumeMs: max(nowMs, earliestMs))
    }

    /// Keeps up with the timestamps of a track whose frames are left out: a jump among them is one
    /// of both tracks.
    mutating func follow(
        _ track: ProgrammeClock.Track, _ tag: IncomingTag, _ programme: ProgrammeClock
    ) {
        guard firstOutputMs != nil else { return }
        _ = wish(track, tag, programme)
    }

    mutating func place(
        _ track: ProgrammeClock.Track, _ tag: IncomingTag, _ programme: inout ProgrammeOutput
    ) throws(TagRefusal) -> UInt32 {
        if !hasOpened { programme.hideStarts() }
        let wantedMs = wish(track, tag, programme.clock)
        do {
            let outputMs = try programme.clock.take(
                track, wantedMs: wantedMs, arrivalMs: tag.arrivalMs)
            if firstOutputMs == nil { firstOutputMs = Int64(outputMs) }
            programme.noteOutput(atMs: outputMs, arrivalMs: tag.arrivalMs)
            return outputMs
        } catch {
            throw .programmeTooLong
        }
    }

    // MARK: Where viewers begin

    var expectsVideo: Bool { video.hasCome || metadata.announcesVideo }
    var expectsAudio: Bool { audio.hasCome || metadata.announcesAudio }

    /// Lets viewers begin when the tracks that were announced are there, or were waited for.
    private mutating func openIfReady(_ arrivalMs: Int64, _ programme: inout ProgrammeOutput) {
        guard newestStartMs != nil, let firstMediaMs else { return }
        let waits =
            (expectsVideo && !hasVideoStart) || (expectsAudio && headers.audioCodec == nil)
        guard !waits || arrivalMs - firstMediaMs >= programme.limits.trackWaitMsMax else { return }
        hasOpened = true
        programme.openStarts()
    }

    /// Whether a viewer may begin with sound alone: there is no picture, it doesn't come or it has
    /// stopped. Once a second is often enough.
    private func mayBeginWithAudio(
        _ outputMs: Int64, _ arrivalMs: Int64, _ limits: BroadcastLimits
    ) -> Bool {
        let intervalMs = BroadcastLimits.audioJoinIntervalMs
        if let newestStartMs, outputMs - newestStartMs < intervalMs { return false }
        if hasVideoStart {
            return video.isSilent(otherMs: outputMs, nowMs: arrivalMs, limits: limits)
        }
        if expectsVideo {
            let picturesCome = video.uselessMs.map { arrivalMs - $0 < intervalMs } ?? false
            let waitMs = picturesCome ? limits.keyframeWaitMsMax : limits.trackWaitMsMax
            return arrivalMs - (firstMediaMs ?? arrivalMs) >= waitMs
        }
        return outputMs - (firstOutputMs ?? outputMs) >= intervalMs
    }

    /// A keyframe comes next: with the sound, unless that has stopped.
    mutating func beginWithVideo(
        at outputMs: UInt32, after previousMs: UInt32, _ arrivalMs: Int64,
        _ programme: inout ProgrammeOutput
    ) {
        let hasSound =
            headers.audioCodec != nil
            && !audio.isSilent(
                otherMs: Int64(outputMs), nowMs: arrivalMs, limits: programme.limits)
        if !hasSound {
            audio.isShown = false
            programme.shownAudio = .init()
        }
        hasVideoStart = true
        newestStartMs = Int64(outputMs)
        programme.addJoinPoint(
            at: outputMs, after: previousMs, headers: headers.keeping(video: true, audio: hasSound),
            presentation)
    }

    /// Sound comes next that viewers may begin with, if it is time.
    mutating func beginWithAudioIfDue(
        at outputMs: UInt32, after previousMs: UInt32, _ arrivalMs: Int64,
        _ programme: inout ProgrammeOutput
    ) {
        guard mayBeginWithAudio(Int64(outputMs), arrivalMs, programme.limits) else { return }
        // Who begins here knows nothing of the picture that may come back, and gets its header
        // before the next frame. Those who have watched can decode that frame.
        video.isShown = false
        programme.shownVideo = .init()
        newestStartMs = Int64(outputMs)
        programme.addJoinPoint(
            at: outputMs, after: previousMs, headers: headers.keeping(video: false, audio: true),
            presentation)
    }

    /// Who begins at the newest place gets sound, too, that has come since.
    mutating func addAudioToStart(_ programme: inout ProgrammeOutput) {
        if newestStartMs != nil { programme.addAudioToStart(headers) }
    }

    var presentation: Presentation {
        Presentation(metadata: metadata, measuredFramesPerSecond: frameRate.framesPerSecond)
    }
}
