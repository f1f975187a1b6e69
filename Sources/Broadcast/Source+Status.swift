// What a source tells the staff about itself.

import FLV

/// How the pictures of a publication follow each other, by its own timestamps.
struct PictureOrder {
    private(set) var keyframeIntervalMs: Int64?
    private var keyframeMs: Int64?
    private var keyframeArrivalMs: Int64 = 0
    private var latestMs: Int64 = 0
    private var firstCompositionMs: Int32?
    private(set) var hasBFrames = false

    /// So much more than the wall clock timestamps may say, ms: what is more is a jump of theirs.
    private static let jumpMsMax: Int64 = 3_000

    mutating func picture(
        mediaMs: Int64, compositionMs: Int32, isKeyframe: Bool, arrivalMs: Int64
    ) {
        latestMs = mediaMs
        // Where nothing is shown out of order, all are shown equally late.
        if compositionMs != firstCompositionMs ?? compositionMs { hasBFrames = true }
        firstCompositionMs = firstCompositionMs ?? compositionMs
        guard isKeyframe else { return }
        keyframeIntervalMs = sinceKeyframeMs(nowMs: arrivalMs) ?? keyframeIntervalMs
        keyframeMs = mediaMs
        keyframeArrivalMs = arrivalMs
    }

    /// How far the newest picture is from the newest keyframe, ms; nil before the first, and where
    /// its timestamps step back. Of those that jump the wall clock says more.
    func sinceKeyframeMs(nowMs: Int64) -> Int64? {
        guard let keyframeMs, latestMs >= keyframeMs else { return nil }
        let saysMs = latestMs - keyframeMs
        let tookMs = nowMs - keyframeArrivalMs
        return saysMs > tookMs + Self.jumpMsMax ? tookMs : saysMs
    }
}

extension Source {
    func status(nowMs: Int64) -> SourceStatus {
        var status = SourceStatus(headers: headers)
        status.ageMs = nowMs - beganMs
        if expectsVideo {
            status.video = self.status(
                of: video, nowMs: nowMs, isAnnounced: metadata.announcesVideo,
                isReady: headers.videoCodec != nil, obstacle: videoObstacle)
        }
        if expectsAudio {
            status.audio = self.status(
                of: audio, nowMs: nowMs, isAnnounced: metadata.announcesAudio,
                isReady: headers.audioCodec != nil, obstacle: audioObstacle)
        }
        status.declared = metadata.declared
        status.silentMs = silentMs(nowMs: nowMs)
        status.obstacle = obstacle
        status.trackObstacle = trackObstacle
        status.keyframeIntervalMs = pictures.keyframeIntervalMs
        status.sinceKeyframeMs = pictures.sinceKeyframeMs(nowMs: nowMs)
        status.hasBFrames = pictures.hasBFrames
        status.tracksApartMs = tracksApartMs
        status.driftMs = clock.driftMs
        status.clockCorrectedMs = clock.correctedMs
        status.timestampJumpCount = clock.jumpCount
        status.leftOut = leftOut
        return status
    }

    private func status(
        of track: SourceTrack, nowMs: Int64, isAnnounced: Bool, isReady: Bool,
        obstacle: StartObstacle?
    ) -> TrackStatus {
        let rates = track.meter.rates(nowMs: nowMs)
        return TrackStatus(
            isAnnounced: isAnnounced, isReady: isReady, hasBadHeader: track.hasBadHeader,
            obstacle: obstacle,
            frameCount: track.frameCount,
            bitsPerSecond: rates.bitsPerSecond, framesPerSecond: rates.framesPerSecond,
            silentMs: nowMs - track.arrivalMs, frameByteCountMax: track.meter.byteCountMax)
    }

    /// By how much the sound comes later than the picture of the same time, ms. Further apart they
    /// count from different zeros, which is put right.
    private var tracksApartMs: Int64? {
        guard let videoMs = video.delayMs, let audioMs = audio.delayMs,
            abs(audioMs - videoMs) <= Double(BroadcastLimits.trackDistanceMsMax)
        else { return nil }
        return Int64(audioMs - videoMs)
    }

    /// Why not all that comes, or was announced by what has come, is part of the programme.
    private var trackObstacle: StartObstacle? {
        if video.frameCount > 0 || audio.frameCount > 0 && !video.hasCome { return nil }
        if video.hasCome {
            if let videoObstacle { return videoObstacle }
            // A header that no picture follows forbids nobody to listen.
            return audio.frameCount > 0 ? nil : .noKeyframe
        }
        return audioObstacle ?? silence
    }

    /// What is to be said of a publication of which no media can be told.
    private var silence: StartObstacle {
        if leftOut[.otherMessageStream] > 0 { return .otherMessageStream }
        return leftOut[.malformed] > 0 ? .malformed : .nothingSent
    }

    /// Why nobody can begin to watch.
    private var obstacle: StartObstacle? {
        if hasOpened { return nil }
        if newestStartMs == nil {
            if let obstacle = videoObstacle ?? audioObstacle { return obstacle }
            if !video.hasCome, !audio.hasCome { return silence }
        }
        return expectsVideo && !hasVideoStart ? .waitsForVideo : .waitsForAudio
    }

    private var videoObstacle: StartObstacle? {
        guard video.hasCome else { return nil }
        if headers.videoCodec == nil {
            return video.hasBadHeader ? .badVideoHeader : .noVideoHeader
        }
        return awaitsKeyframe && video.uselessMs != nil ? .noKeyframe : nil
    }

    private var audioObstacle: StartObstacle? {
        guard audio.hasCome, headers.audioCodec == nil else { return nil }
        return audio.hasBadHeader ? .badAudioHeader : .noAudioHeader
    }
}
