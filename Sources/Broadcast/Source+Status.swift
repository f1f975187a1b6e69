// What a source tells the staff about itself.

import FLV

/// How the pictures of a publication follow each other, by its own timestamps.
struct PictureOrder {
    private(set) var keyframeIntervalMs: Int64?
    private var keyframeMs: Int64?
    private var latestMs: Int64 = 0
    private var firstCompositionMs: Int32?
    private(set) var hasBFrames = false

    var sinceKeyframeMs: Int64? { keyframeMs.map { latestMs - $0 } }

    mutating func picture(mediaMs: Int64, compositionMs: Int32, isKeyframe: Bool) {
        latestMs = mediaMs
        // Where nothing is shown out of order, all are shown equally late.
        if compositionMs != firstCompositionMs ?? compositionMs { hasBFrames = true }
        firstCompositionMs = firstCompositionMs ?? compositionMs
        guard isKeyframe else { return }
        if let keyframeMs, mediaMs > keyframeMs { keyframeIntervalMs = mediaMs - keyframeMs }
        keyframeMs = mediaMs
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
        status.silentMs = nowMs - receivedMs
        status.obstacle = obstacle
        status.keyframeIntervalMs = pictures.keyframeIntervalMs
        status.sinceKeyframeMs = pictures.sinceKeyframeMs
        status.hasBFrames = pictures.hasBFrames
        status.tracksApartMs = clock.tracksApartMs
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
            isAnnounced: isAnnounced, isReady: isReady, obstacle: obstacle,
            frameCount: track.frameCount,
            bitsPerSecond: rates.bitsPerSecond, framesPerSecond: rates.framesPerSecond,
            silentMs: nowMs - track.arrivalMs, frameByteCountMax: track.meter.byteCountMax)
    }

    /// Why nobody can begin to watch.
    private var obstacle: StartObstacle? {
        if hasOpened { return nil }
        if newestStartMs == nil {
            if let obstacle = videoObstacle ?? audioObstacle { return obstacle }
            if !video.hasCome, !audio.hasCome {
                if leftOut[.otherMessageStream] > 0 { return .otherMessageStream }
                return leftOut[.malformed] > 0 ? .malformed : .nothingSent
            }
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
