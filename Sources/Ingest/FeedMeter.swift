// Measures what a publisher sends, for those who have to know what is wrong with it.

import FLV

/// How much of a track comes.
struct TrackMeter {
    private(set) var hasCome = false
    private(set) var hasFrames = false
    private var latestMs: Int64
    private var windowStartMs: Int64
    private var byteCount = 0
    private var frameCount = 0
    private var largest = 0
    private var largestBefore = 0
    private var bitsPerSecond = 0.0
    private var framesPerSecond = 0.0
    /// How much later frames arrive than they say, ms, smoothed.
    private(set) var delayMs: Double?

    private static let windowMs: Int64 = 2_000
    private static let jumpMs = 3_000.0

    init(nowMs: Int64) {
        latestMs = nowMs
        windowStartMs = nowMs
    }

    /// Something of the track came, whether or not it can be used.
    mutating func came() { hasCome = true }

    mutating func frame(byteCount: Int, timestampMs: UInt32, nowMs: Int64) {
        if !hasFrames { windowStartMs = nowMs }
        hasFrames = true
        latestMs = nowMs
        let delay = Double(nowMs) - Double(timestampMs)
        // A jump isn't a delay: it begins a new count.
        delayMs =
            delayMs.map { abs(delay - $0) > TrackMeter.jumpMs ? delay : $0 + (delay - $0) / 16 }
            ?? delay
        self.byteCount += byteCount
        frameCount += 1
        largest = max(largest, byteCount)
        let elapsedMs = nowMs - windowStartMs
        guard elapsedMs >= TrackMeter.windowMs else { return }
        bitsPerSecond = Double(self.byteCount) * 8_000 / Double(elapsedMs)
        framesPerSecond = Double(frameCount) * 1_000 / Double(elapsedMs)
        windowStartMs = nowMs
        self.byteCount = 0
        frameCount = 0
        largestBefore = largest
        largest = 0
    }

    func facts(nowMs: Int64) -> FeedFacts.Track {
        var facts = FeedFacts.Track()
        facts.hasFrames = hasFrames
        facts.silentMs = nowMs - latestMs
        guard facts.silentMs < TrackMeter.windowMs else { return facts }
        facts.bitsPerSecond = bitsPerSecond
        facts.framesPerSecond = framesPerSecond
        // Of a whole window at least, since the first packets of a sound may be small.
        facts.frameByteCountMax = largestBefore == 0 ? 0 : max(largest, largestBefore)
        return facts
    }
}

/// What is known of one publisher's feed.
struct FeedMeter {
    private let beganMs: Int64
    private var video: TrackMeter
    private var audio: TrackMeter
    private var videoCodec: VideoCodec?
    private var audioCodec: AudioCodec?
    private var videoParameters: VideoParameters?
    private var audioParameters: AudioParameters?
    private var hasVideoHeader = false
    private var hasBadVideoHeader = false
    private var hasAudioHeader = false
    private var hasBadAudioHeader = false
    private var malformedCount = 0
    private var furtherTrackTagCount: UInt64 = 0
    private var keyframeMs: UInt32?
    private var keyframeArrivalMs: Int64 = 0
    private var hasPictures = false
    private var pictureMs: UInt32 = 0
    private var keyframeIntervalMs: Int64?
    private var firstCompositionMs: Int32?
    private var hasBFrames = false
    private var declaredFramesPerSecond: Double?
    private var declaredKbps: Double?

    init(nowMs: Int64) {
        beganMs = nowMs
        video = TrackMeter(nowMs: nowMs)
        audio = TrackMeter(nowMs: nowMs)
    }

    mutating func media(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, nowMs: Int64
    ) {
        switch type {
        case .video: picture(timestampMs, body, nowMs)
        case .audio: sound(timestampMs, body, nowMs)
        case .script: metadata(body)
        }
    }

    private mutating func picture(_ timestampMs: UInt32, _ body: RawSpan, _ nowMs: Int64) {
        guard let packet = try? VideoPacket.parse(body) else {
            malformedCount += 1
            return
        }
        guard packet.trackId == 0 else {
            furtherTrackTagCount += 1
            // Track 0 may stand behind others in the same body.
            if let single = VideoPacket.singleTrack(of: body) {
                unsafe picture(timestampMs, single.span.bytes, nowMs)
            }
            return
        }
        if packet.hasFurtherTracks { furtherTrackTagCount += 1 }
        switch packet.kind {
        case .sequenceHeader:
            video.came()
            hasBadVideoHeader = false
            videoCodec = packet.codec
            let isReadable = packet.codec.needsHeader
            do throws(FLVError) {
                let parameters = try VideoParameters.parse(packet, body: body)
                if let parameters { videoParameters = parameters }
                hasVideoHeader = true
                // Of H.264 and H.265 a header that says nothing is none.
                if isReadable, parameters == nil, packet.codec != .av1 {
                    hasVideoHeader = false
                    hasBadVideoHeader = true
                }
            } catch {
                hasBadVideoHeader = true
            }
        case .frame:
            video.came()
            hasPictures = true
            videoCodec = packet.codec
            guard hasVideoHeader || !packet.codec.needsHeader else { return }
            guard packet.isKeyframe || keyframeMs != nil else { return }
            pictureMs = timestampMs
            let compositionMs = packet.compositionOffsetMs
            // Where nothing is shown out of order, all are shown equally late.
            if compositionMs != firstCompositionMs ?? compositionMs { hasBFrames = true }
            firstCompositionMs = firstCompositionMs ?? compositionMs
            if packet.isKeyframe {
                keyframeIntervalMs = sinceKeyframeMs(timestampMs, nowMs)
                keyframeMs = timestampMs
                keyframeArrivalMs = nowMs
            }
            video.frame(byteCount: body.byteCount, timestampMs: timestampMs, nowMs: nowMs)
        case .endOfSequence, .metadata, .command: break
        }
    }

    private mutating func sound(_ timestampMs: UInt32, _ body: RawSpan, _ nowMs: Int64) {
        guard let packet = try? AudioPacket.parse(body) else {
            malformedCount += 1
            return
        }
        guard packet.trackId == 0 else {
            furtherTrackTagCount += 1
            if let single = AudioPacket.singleTrack(of: body) {
                unsafe sound(timestampMs, single.span.bytes, nowMs)
            }
            return
        }
        if packet.hasFurtherTracks { furtherTrackTagCount += 1 }
        switch packet.kind {
        case .sequenceHeader, .frame:
            audio.came()
            audioCodec = packet.codec
            do throws(FLVError) {
                if let parameters = try AudioParameters.parse(packet, body: body) {
                    audioParameters = parameters
                }
                if packet.kind == .sequenceHeader { hasAudioHeader = true }
            } catch {
                if packet.kind == .sequenceHeader { hasBadAudioHeader = true }
            }
            guard packet.kind == .frame, hasAudioHeader || !packet.codec.needsHeader
            else { return }
            audio.frame(byteCount: body.byteCount, timestampMs: timestampMs, nowMs: nowMs)
        case .endOfSequence, .multichannelConfig: break
        }
    }

    private mutating func metadata(_ body: RawSpan) {
        guard let values = try? AMF0.decode(body), values.count >= 2,
            values[0].stringValue == "onMetaData"
        else { return }
        func number(_ name: String) -> Double? {
            guard let value = values[1][name]?.numberValue, value > 0, value < 1e7
            else { return nil }
            return value
        }
        declaredFramesPerSecond = number("framerate")
        declaredKbps = number("videodatarate").map { $0 + (number("audiodatarate") ?? 0) }
    }

    /// From one timestamp on to another; 0 where it steps back.
    private static func distance(_ from: UInt32, _ to: UInt32) -> Int64 {
        max(0, Int64(Int32(bitPattern: to &- from)))
    }

    /// How far a timestamp is from the newest keyframe's. Of one that jumped the clock on the wall
    /// tells more.
    private func sinceKeyframeMs(_ timestampMs: UInt32, _ nowMs: Int64) -> Int64? {
        guard let keyframeMs else { return nil }
        let saysMs = Self.distance(keyframeMs, timestampMs)
        let tookMs = nowMs - keyframeArrivalMs
        return saysMs > tookMs + Self.jumpMsMax ? tookMs : saysMs
    }

    /// So much more than the clock on the wall timestamps may say, ms.
    private static let jumpMsMax: Int64 = 3_000

    // MARK: What comes of it

    /// - Parameters:
    ///   - receivedMs: when the publisher was last heard, ms.
    ///   - strayMediaCount: media that came on another message stream.
    func facts(receivedMs: Int64, strayMediaCount: Int, nowMs: Int64) -> FeedFacts {
        var facts = FeedFacts()
        facts.ageMs = nowMs - beganMs
        facts.silentMs = nowMs - receivedMs
        facts.obstacle = obstacle(strayMediaCount: strayMediaCount)
        if video.hasCome { facts.video = video.facts(nowMs: nowMs) }
        if audio.hasCome { facts.audio = audio.facts(nowMs: nowMs) }
        facts.videoCodec = videoCodec
        facts.audioCodec = audioCodec
        facts.keyframeIntervalMs = keyframeIntervalMs
        facts.sinceKeyframeMs = sinceKeyframeMs(pictureMs, nowMs)
        facts.hasBadVideoHeader = hasBadVideoHeader && video.hasFrames
        facts.hasBFrames = hasBFrames
        if let videoMs = video.delayMs, let audioMs = audio.delayMs,
            // Further apart they count from different zeros, which the programme puts right.
            abs(audioMs - videoMs) <= 10_000
        {
            facts.tracksApartMs = Int64(audioMs - videoMs)
        }
        facts.furtherTrackTagCount = furtherTrackTagCount
        facts.declaredFramesPerSecond = declaredFramesPerSecond
        facts.declaredKbps = declaredKbps
        return facts
    }

    private func obstacle(strayMediaCount: Int) -> FeedObstacle? {
        if video.hasFrames || audio.hasFrames && !video.hasCome { return nil }
        if let videoCodec, video.hasCome {
            if !hasVideoHeader, videoCodec.needsHeader {
                return hasBadVideoHeader ? .badVideoHeader : .noVideoHeader
            }
            if hasPictures { return .noKeyframe }
            // A header that no picture follows forbids nobody to listen.
            if audio.hasFrames { return nil }
            return .noKeyframe
        }
        if audio.hasCome { return hasBadAudioHeader ? .badAudioHeader : .noAudioHeader }
        if strayMediaCount > 0 { return .otherMessageStream }
        return malformedCount > 0 ? .malformed : .nothingSent
    }

    /// "H.264 High 4.0, 1920x1080, 30 fps, AAC-LC, 48000 Hz, 2 channels, 4512 kbit/s, a keyframe
    /// every 2.0 s"; nil while that isn't known.
    func description(nowMs: Int64) -> String? {
        guard video.hasFrames || audio.hasFrames,
            nowMs - beganMs >= IngestSettings.adviceAfterMs
        else { return nil }
        var parts: [String] = []
        if let videoCodec, video.hasFrames {
            parts.append(
                ([videoCodec.name] + [videoParameters?.description].compactMap { $0 })
                    .joined(separator: " "))
        }
        if let audioCodec, audio.hasFrames {
            parts.append(audioParameters?.description ?? audioCodec.name)
        }
        let bits =
            video.facts(nowMs: nowMs).bitsPerSecond + audio.facts(nowMs: nowMs).bitsPerSecond
        guard bits > 0 else { return nil }
        parts.append("\(Int(bits / 1_000)) kbit/s")
        if let keyframeIntervalMs {
            parts.append("a keyframe every \(Double(keyframeIntervalMs / 100) / 10) s")
        }
        return parts.joined(separator: ", ")
    }
}
