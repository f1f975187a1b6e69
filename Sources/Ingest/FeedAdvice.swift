// What a producer should know of a feed and its encoder doesn't say: made of what is measured.

import Broadcast
import FLV

/// Something about a feed that somebody should look at.
public struct FeedWarning: Sendable, Equatable {
    /// Which one it is, for software.
    public enum Code: String, Sendable, CaseIterable {
        /// Why nobody can begin to watch; as of `StartObstacle`.
        case nothingSent, otherMessageStream, noVideoHeader, noAudioHeader, badVideoHeader
        /// The same.
        case badAudioHeader, noKeyframe, malformed
        /// Nothing comes any more, or nothing of a track.
        case stalled, pictureStopped, soundStopped
        /// What comes won't be heard or seen by all.
        case soundMissing, soundSilent, codecNotInBrowsers
        /// The encoder could do better.
        case keyframesFarApart, bFrames, frameRateDiffers, bitrateDiffers, tracksApart
        /// Its timestamps are wrong; it sends tracks that are left out.
        case clockWrong, furtherTracks
    }

    /// How bad it is.
    public enum Level: String, Sendable {
        /// Viewers miss something now.
        case trouble
        /// It works, and could be better.
        case advice
    }

    /// Which one it is.
    public let code: Code
    /// How bad it is.
    public let level: Level
    /// What is wrong and what to do, in whole sentences.
    public let text: String

    init(_ code: Code, _ text: String) {
        self.init(code, .advice, text)
    }

    init(_ code: Code, _ level: Level, _ text: String) {
        self.code = code
        self.level = level
        self.text = text
    }
}

/// Makes warnings, and a description, of what a publication says of itself.
public enum FeedAdvice {
    /// What is to be said of a feed, the gravest first.
    public static func warnings(for feed: SourceStatus) -> [FeedWarning] {
        if let obstacle = feed.trackObstacle {
            guard feed.ageMs >= IngestSettings.adviceAfterMs else { return [] }
            return startWarnings(obstacle, canBegin: feed.obstacle == nil)
        }
        if feed.silentMs >= IngestSettings.stalledAfterMs {
            let words = "Nothing has come for \(ElapsedTime.text(ofMs: feed.silentMs)). "
            return [
                FeedWarning(
                    .stalled, .trouble, words + "Look at the encoder and at its network.")
            ]
        }
        return trackWarnings(feed) + codecWarnings(feed) + pictureWarnings(feed)
            + rateWarnings(feed) + timeWarnings(feed)
    }

    // MARK: Nobody can watch

    private static func startWarnings(
        _ obstacle: StartObstacle, canBegin: Bool
    ) -> [FeedWarning] {
        func warning(_ code: FeedWarning.Code, _ text: String) -> [FeedWarning] {
            let beginning =
                canBegin ? "Not everything can be seen and heard: " : "Nobody can watch yet: "
            return [FeedWarning(code, .trouble, beginning + text)]
        }
        switch obstacle {
        case .nothingSent:
            return warning(
                .nothingSent,
                "the encoder is connected and sends neither picture nor sound. Start its output, "
                    + "or connect again.")
        case .otherMessageStream:
            return warning(
                .otherMessageStream,
                "picture and sound come on another message stream than the one that is published. "
                    + "Update the encoder, or publish with OBS or ffmpeg.")
        case .noVideoHeader:
            return warning(
                .noVideoHeader,
                "the codec's header (SPS and PPS, or the like) of the picture is missing. "
                    + "Restart the encoder's output; with a relay, restart its source.")
        case .noAudioHeader:
            return warning(
                .noAudioHeader,
                "the codec's header of the sound is missing. Restart the encoder's output.")
        case .badVideoHeader:
            return warning(
                .badVideoHeader,
                "the codec's header of the picture can't be read. Choose H.264 in the encoder and "
                    + "restart its output.")
        case .badAudioHeader:
            return warning(
                .badAudioHeader,
                "the codec's header of the sound can't be read. Choose AAC in the encoder and "
                    + "restart its output.")
        case .noKeyframe:
            return warning(
                .noKeyframe,
                "pictures come, but no keyframe. Set the encoder's keyframe interval to 2 s.")
        case .malformed:
            return warning(
                .malformed,
                "what comes is neither picture nor sound that can be read. Choose H.264 and AAC in "
                    + "the encoder.")
        // That is over in a moment.
        case .waitsForVideo, .waitsForAudio: return []
        }
    }

    // MARK: Tracks and codecs

    private static func trackWarnings(_ feed: SourceStatus) -> [FeedWarning] {
        guard feed.ageMs >= IngestSettings.adviceAfterMs else { return [] }
        var warnings: [FeedWarning] = []
        if let video = feed.video, video.hasFrames, video.hasBadHeader {
            warnings.append(
                FeedWarning(
                    .badVideoHeader, .trouble,
                    "The newest header of the picture can't be read, and the one before it is still "
                        + "used: the picture may be broken. Restart the encoder's output."))
        }
        let stoppedMs = IngestSettings.adviceAfterMs
        if let video = feed.video, video.hasFrames, video.silentMs >= stoppedMs {
            let time = ElapsedTime.text(ofMs: video.silentMs)
            warnings.append(
                FeedWarning(
                    .pictureStopped, .trouble,
                    "The sound goes on, but no picture has come for \(time). Look at the encoder."))
        }
        let hasSound = feed.audio?.hasFrames == true
        if let audio = feed.audio, hasSound, audio.silentMs >= stoppedMs {
            let time = ElapsedTime.text(ofMs: audio.silentMs)
            warnings.append(
                FeedWarning(
                    .soundStopped, .trouble,
                    "The picture goes on, but no sound has come for \(time). Look at the encoder."))
        } else if !hasSound, feed.video?.hasFrames == true {
            warnings.append(
                FeedWarning(
                    .soundMissing,
                    "There is no sound. If there should be, choose an audio track in the encoder."))
        } else if let audio = feed.audio, isSilence(audio, feed.headers.audioCodec) {
            warnings.append(
                FeedWarning(
                    .soundSilent,
                    "The sound is digital silence: packets of at most "
                        + "\(audio.frameByteCountMax) bytes. Look for a muted or missing input."))
        }
        if feed.leftOut[.furtherTrack] > 0 {
            warnings.append(
                FeedWarning(
                    .furtherTracks,
                    "The encoder sends several tracks of a kind; only the first is the programme. "
                        + "Turn multitrack off to save its bandwidth."))
        }
        return warnings
    }

    /// Of codecs whose packets are as long as what is in them: as few bytes can't hold a sound.
    private static func isSilence(_ track: TrackStatus, _ codec: AudioCodec?) -> Bool {
        guard codec == .aac || codec == .opus, track.framesPerSecond > 0 else { return false }
        return (1...IngestSettings.silentPacketByteCountMax).contains(track.frameByteCountMax)
    }

    private static func codecWarnings(_ feed: SourceStatus) -> [FeedWarning] {
        var problems: [String] = []
        switch feed.headers.videoCodec {
        case nil, .avc, .av1, .vp9: break
        case .hevc: problems.append("Not every browser plays H.265; H.264 plays everywhere.")
        case .some(let codec):
            problems.append("Browsers don't play \(codec.name). Choose H.264 in the encoder.")
        }
        switch feed.headers.audioCodec {
        case nil, .aac, .mp3, .opus, .flac: break
        case .ac3, .eac3:
            problems.append("Few browsers play AC-3 and E-AC-3; AAC plays everywhere.")
        case .some(let codec):
            problems.append("Browsers don't play \(codec.name). Choose AAC in the encoder.")
        }
        guard !problems.isEmpty else { return [] }
        return [FeedWarning(.codecNotInBrowsers, problems.joined(separator: " "))]
    }

    // MARK: Pictures, rates and times

    private static func pictureWarnings(_ feed: SourceStatus) -> [FeedWarning] {
        var warnings: [FeedWarning] = []
        let intervalMs = max(feed.keyframeIntervalMs ?? 0, feed.sinceKeyframeMs ?? 0)
        if feed.headers.videoCodec != nil, intervalMs > IngestSettings.keyframeIntervalMsMax {
            warnings.append(
                FeedWarning(
                    .keyframesFarApart,
                    "Keyframes are \(tenths(ofMs: intervalMs)) s apart, so viewers begin that far "
                        + "behind. Set the keyframe interval to 1 or 2 s (in OBS under Settings, "
                        + "Output)."))
        }
        if feed.hasBFrames {
            warnings.append(
                FeedWarning(
                    .bFrames,
                    "The picture has B-frames, which show it later. Turn them off (\"bf=0\", or "
                        + "the tune \"zerolatency\")."))
        }
        return warnings
    }

    private static func rateWarnings(_ feed: SourceStatus) -> [FeedWarning] {
        // Before that the measured rates are no more than estimates.
        guard feed.ageMs >= IngestSettings.ratesAfterMs else { return [] }
        var warnings: [FeedWarning] = []
        if let declared = feed.declared.framesPerSecond, let video = feed.video, declared > 0,
            video.framesPerSecond > 0, !(0.8...1.2).contains(video.framesPerSecond / declared)
        {
            warnings.append(
                FeedWarning(
                    .frameRateDiffers,
                    "\(tenths(video.framesPerSecond)) pictures a second come, and the encoder says "
                        + "\(tenths(declared)). It may be overloaded: look at its dropped frames."))
        }
        let kbps = feed.bitsPerSecond / 1_000
        let declaredKbps = feed.declared.videoKbps.map { $0 + (feed.declared.audioKbps ?? 0) }
        if let declared = declaredKbps, declared > 0, kbps > 0,
            !(0.25...1.6).contains(kbps / declared)
        {
            warnings.append(
                FeedWarning(
                    .bitrateDiffers,
                    "\(tenths(kbps)) kbit/s come, and the encoder says \(tenths(declared)). Set a constant "
                        + "bitrate, so that viewers' networks can be planned for."))
        }
        return warnings
    }

    private static func timeWarnings(_ feed: SourceStatus) -> [FeedWarning] {
        var warnings: [FeedWarning] = []
        if let apartMs = feed.tracksApartMs, apartMs.magnitude > IngestSettings.tracksApartMsMax {
            let (late, early) = apartMs > 0 ? ("sound", "picture") : ("picture", "sound")
            warnings.append(
                FeedWarning(
                    .tracksApart,
                    "The \(late) comes \(tenths(ofMs: apartMs)) s after the \(early) of the "
                        + "same time, so players wait for it. Look at the encoder's sync offset."))
        }
        if feed.clockCorrectedMs.magnitude >= IngestSettings.clockCorrectedMsMax {
            warnings.append(
                FeedWarning(
                    .clockWrong,
                    "The encoder's timestamps have parted from the time of day by "
                        + "\(tenths(ofMs: feed.clockCorrectedMs)) s, which was put right. "
                        + "Restart the encoder."))
        }
        return warnings
    }

    // MARK: Words

    /// "H.264 High 4.0, 1920x1080, 30 fps, AAC-LC, 48000 Hz, 2 channels, 4512 kbit/s, a keyframe
    /// every 2.0 s"; nil while that isn't known.
    static func description(of feed: SourceStatus) -> String? {
        let hasVideo = feed.video?.hasFrames == true
        let hasAudio = feed.audio?.hasFrames == true
        guard hasVideo || hasAudio, feed.ageMs >= IngestSettings.adviceAfterMs,
            feed.bitsPerSecond > 0
        else { return nil }
        var parts: [String] = []
        if let codec = feed.headers.videoCodec, hasVideo {
            parts.append(
                ([codec.name] + [feed.headers.video?.description].compactMap { $0 })
                    .joined(separator: " "))
        }
        if let codec = feed.headers.audioCodec, hasAudio {
            parts.append(feed.headers.audio?.description ?? codec.name)
        }
        parts.append("\(Int(feed.bitsPerSecond / 1_000)) kbit/s")
        if let intervalMs = feed.keyframeIntervalMs {
            parts.append("a keyframe every \(Double(intervalMs / 100) / 10) s")
        }
        return parts.joined(separator: ", ")
    }

    private static func tenths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "very many" }
        return "\((value * 10).rounded() / 10)"
    }

    private static func tenths(ofMs ms: Int64) -> String { tenths(Double(ms.magnitude) / 1_000) }
}

extension TrackStatus {
    /// Whether any frame of it is in the programme.
    fileprivate var hasFrames: Bool { frameCount > 0 }
}

extension SourceStatus {
    /// Bits a second of both tracks.
    fileprivate var bitsPerSecond: Double {
        (video?.bitsPerSecond ?? 0) + (audio?.bitsPerSecond ?? 0)
    }
}
