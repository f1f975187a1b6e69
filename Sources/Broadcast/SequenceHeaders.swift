// The codec parameters in force at a place of the programme.

public import FLV

/// The sequence headers a decoder needs before the first frame, and what they say.
///
/// Immutable: a new parameter set is a new value, and each join point keeps the one in force.
public final class SequenceHeaders: Sendable {
    /// Bodies of the video and the audio sequence-header tag.
    let videoBody: [UInt8]?
    let audioBody: [UInt8]?
    /// What was seen of video so far, whether or not its codec has a sequence header.
    public let videoCodec: VideoCodec?
    /// Picture size and rate as the sequence header states them.
    public let video: VideoParameters?
    /// What was seen of audio so far.
    public let audioCodec: AudioCodec?
    /// Sample rate and channels as the sequence header, or the first frame, states them.
    public let audio: AudioParameters?

    init(
        videoBody: [UInt8]? = nil, videoCodec: VideoCodec? = nil, video: VideoParameters? = nil,
        audioBody: [UInt8]? = nil, audioCodec: AudioCodec? = nil, audio: AudioParameters? = nil
    ) {
        self.videoBody = videoBody
        self.videoCodec = videoCodec
        self.video = video
        self.audioBody = audioBody
        self.audioCodec = audioCodec
        self.audio = audio
    }

    func with(
        videoBody: [UInt8]?, codec: VideoCodec, parameters: VideoParameters?
    ) -> SequenceHeaders {
        SequenceHeaders(
            videoBody: videoBody, videoCodec: codec, video: parameters,
            audioBody: audioBody, audioCodec: audioCodec, audio: audio)
    }

    func with(
        audioBody: [UInt8]?, codec: AudioCodec, parameters: AudioParameters?
    ) -> SequenceHeaders {
        SequenceHeaders(
            videoBody: videoBody, videoCodec: videoCodec, video: video,
            audioBody: audioBody, audioCodec: codec, audio: parameters)
    }
}
