// A source's pictures, sounds and script data.

import AudienceProtocol
import FLV

extension Source {
    // MARK: Pictures

    mutating func takeVideo(
        _ tag: IncomingTag, _ body: RawSpan, _ programme: inout ProgrammeOutput
    ) throws(TagRefusal) -> LeftOutCause? {
        guard let packet = try? VideoPacket.parse(body) else { return .malformed }
        if packet.isMultitrack {
            if packet.hasFurtherTracks { leftOut.add(.furtherTrack) }
            guard let single = VideoPacket.singleTrack(of: body) else { return .furtherTrack }
            return try unsafe takeVideo(tag, single.span.bytes, &programme)
        }
        if firstMediaMs == nil { firstMediaMs = tag.arrivalMs }
        switch packet.kind {
        case .sequenceHeader: return setVideoHeader(packet, body, &programme)
        case .metadata: return setVideoConfiguration(packet, body)
        case .endOfSequence, .command: return .notOfProgramme
        case .frame: break
        }
        guard packet.payloadByteCount > 0 else { return .malformed }
        video.hasCome = true
        if headers.videoCodec != packet.codec {
            guard !packet.codec.needsHeader else {
                video.uselessMs = tag.arrivalMs
                follow(.video, tag, programme.clock)
                return .noHeader
            }
            headers = headers.with(frame: packet)
            video.isShown = false
        }
        guard packet.isKeyframe || !awaitsKeyframe else {
            video.uselessMs = tag.arrivalMs
            follow(.video, tag, programme.clock)
            return .beforeKeyframe
        }
        awaitsKeyframe = false

        let previousMs = programme.latestMs
        let outputMs = try place(.video, tag, &programme)
        let mediaMs = clock.mediaMs(.video)
        frameRate.frame(mediaMs: mediaMs)
        pictures.picture(
            mediaMs: mediaMs, compositionMs: packet.compositionOffsetMs,
            isKeyframe: packet.isKeyframe, arrivalMs: tag.arrivalMs)
        showVideo(at: outputMs, &programme)
        if packet.isKeyframe {
            beginWithVideo(at: outputMs, after: previousMs, tag.arrivalMs, &programme)
        }
        programme.write(.video, outputMs, body)
        video.frame(
            byteCount: body.byteCount, mediaMs: mediaMs, atMs: Int64(outputMs),
            otherMs: programme.clock.latestMs(.audio), arrivalMs: tag.arrivalMs)
        return nil
    }

    private mutating func setVideoHeader(
        _ packet: VideoPacket, _ body: RawSpan, _ programme: inout ProgrammeOutput
    ) -> LeftOutCause? {
        video.hasCome = true
        guard !body.equals(headers.videoTrack.body) else {
            video.hasBadHeader = false
            return nil
        }
        guard body.byteCount <= BroadcastLimits.sequenceHeaderByteCountMax,
            let read = headers.with(header: packet, body: body)
        else {
            video.hasBadHeader = true
            return .badHeader
        }
        headers = read
        video.hasBadHeader = false
        video.isShown = false
        // Frames of the old parameters can't be decoded any more.
        awaitsKeyframe = true
        // Nobody watches yet: all who come find it in the preamble.
        if !programme.hasStarted { showVideo(at: programme.latestMs, &programme) }
        return nil
    }

    private mutating func setVideoConfiguration(
        _ packet: VideoPacket, _ body: RawSpan
    ) -> LeftOutCause? {
        guard headers.videoCodec == packet.codec else { return .noHeader }
        guard body.byteCount <= BroadcastLimits.configurationByteCountMax else { return .badHeader }
        guard !body.equals(headers.videoTrack.configuration) else { return nil }
        headers = headers.with(videoConfiguration: body)
        video.isShown = false
        return nil
    }

    /// Those who watch get new headers right before the frame that needs them; those who come
    /// later find them in the preamble.
    private mutating func showVideo(at outputMs: UInt32, _ programme: inout ProgrammeOutput) {
        guard !video.isShown else { return }
        video.isShown = true
        programme.show(headers.videoTrack, at: outputMs)
    }

    // MARK: Sounds

    mutating func takeAudio(
        _ tag: IncomingTag, _ body: RawSpan, _ programme: inout ProgrammeOutput
    ) throws(TagRefusal) -> LeftOutCause? {
        guard let packet = try? AudioPacket.parse(body) else { return .malformed }
        if packet.isMultitrack {
            if packet.hasFurtherTracks { leftOut.add(.furtherTrack) }
            guard let single = AudioPacket.singleTrack(of: body) else { return .furtherTrack }
            return try unsafe takeAudio(tag, single.span.bytes, &programme)
        }
        if firstMediaMs == nil { firstMediaMs = tag.arrivalMs }
        switch packet.kind {
        case .sequenceHeader: return setAudioHeader(packet, body, &programme)
        case .multichannelConfig: return setAudioConfiguration(packet, body)
        case .endOfSequence: return .notOfProgramme
        case .frame: break
        }
        audio.hasCome = true
        if headers.audioCodec != packet.codec {
            guard !packet.codec.needsHeader else {
                audio.uselessMs = tag.arrivalMs
                follow(.audio, tag, programme.clock)
                return .noHeader
            }
            headers = headers.with(frame: packet, body: body)
            audio.isShown = false
        }
        let previousMs = programme.latestMs
        let outputMs = try place(.audio, tag, &programme)
        if !audio.isShown {
            showAudio(at: outputMs, &programme)
            addAudioToStart(&programme)
        }
        beginWithAudioIfDue(at: outputMs, after: previousMs, tag.arrivalMs, &programme)
        programme.write(.audio, outputMs, body)
        audio.frame(
            byteCount: body.byteCount, mediaMs: clock.mediaMs(.audio), atMs: Int64(outputMs),
            otherMs: programme.clock.latestMs(.video), arrivalMs: tag.arrivalMs)
        return nil
    }

    private mutating func setAudioHeader(
        _ packet: AudioPacket, _ body: RawSpan, _ programme: inout ProgrammeOutput
    ) -> LeftOutCause? {
        audio.hasCome = true
        guard !body.equals(headers.audioTrack.body) else {
            audio.hasBadHeader = false
            return nil
        }
        guard body.byteCount <= BroadcastLimits.sequenceHeaderByteCountMax,
            let read = headers.with(header: packet, body: body)
        else {
            audio.hasBadHeader = true
            return .badHeader
        }
        headers = read
        audio.hasBadHeader = false
        audio.isShown = false
        addAudioToStart(&programme)
        if !programme.hasStarted { showAudio(at: programme.latestMs, &programme) }
        return nil
    }

    private mutating func setAudioConfiguration(
        _ packet: AudioPacket, _ body: RawSpan
    ) -> LeftOutCause? {
        guard headers.audioCodec == packet.codec else { return .noHeader }
        guard body.byteCount <= BroadcastLimits.configurationByteCountMax else { return .badHeader }
        guard !body.equals(headers.audioTrack.configuration) else { return nil }
        headers = headers.with(audioConfiguration: body)
        audio.isShown = false
        return nil
    }

    private mutating func showAudio(at outputMs: UInt32, _ programme: inout ProgrammeOutput) {
        audio.isShown = true
        programme.show(headers.audioTrack, at: outputMs)
    }

    // MARK: Script data

    mutating func takeScript(_ body: RawSpan, _ programme: inout ProgrammeOutput) -> LeftOutCause? {
        guard let first = (try? AMF0.decodePrefix(body, maxValues: 1))?.values.first,
            let name = first.stringValue
        else { return .malformed }
        if name == PublisherScript.metadataName {
            guard let values = try? AMF0.decode(body) else { return .malformed }
            let isFirst = metadata == PublisherMetadata()
            metadata = PublisherMetadata(values)
            // Later ones wait for the next keyframe: some encoders repeat theirs all the time.
            if isFirst, newestStartMs != nil { programme.present(presentation) }
            return nil
        }
        // A name in any other form than FLV's own is none that players know.
        guard programme.limits.passesScriptData, case .string = first,
            PublisherScript.mayBePassed(name: name), newestStartMs != nil,
            body.byteCount <= BroadcastLimits.scriptByteCountMax
        else { return .script }
        programme.write(.script, programme.latestMs, body)
        return nil
    }
}
