// The codec parameters in force at a place of the programme.

public import FLV

/// The sequence headers a decoder needs before the first frame, and what they say.
///
/// Immutable: a new parameter set is a new value, and each join point keeps the one in force.
public final class SequenceHeaders: Sendable {
    /// What is known of one track, as its tags say it.
    struct Video {
        /// The body of the sequence-header tag, if the codec has one.
        var body: [UInt8]?
        /// The body of the newest tag with colour information.
        var configuration: [UInt8]?
        var codec: VideoCodec?
        /// The number by which the tags name the codec.
        var codecId: UInt32 = 0
        var parameters: VideoParameters?
    }

    /// As `Video`, with what says how channels are laid out.
    struct Audio {
        var body: [UInt8]?
        var configuration: [UInt8]?
        var codec: AudioCodec?
        var codecId: UInt32 = 0
        var parameters: AudioParameters?
    }

    let videoTrack: Video
    let audioTrack: Audio

    /// What was seen of video so far, whether or not its codec has a sequence header.
    public var videoCodec: VideoCodec? { videoTrack.codec }
    /// Picture size and rate as the sequence header states them.
    public var video: VideoParameters? { videoTrack.parameters }
    /// What was seen of audio so far.
    public var audioCodec: AudioCodec? { audioTrack.codec }
    /// Sample rate and channels as the sequence header, or the first frame, states them.
    public var audio: AudioParameters? { audioTrack.parameters }

    init(_ video: Video = Video(), _ audio: Audio = Audio()) {
        videoTrack = video
        audioTrack = audio
    }

    /// As before, with the video that a frame of a codec without sequence header announces.
    func with(frame packet: VideoPacket) -> SequenceHeaders {
        SequenceHeaders(Video(codec: packet.codec, codecId: packet.codecId), audioTrack)
    }

    /// As before, with a video sequence header.
    ///
    /// - Returns: nil if it can't be read, or holds nothing.
    func with(header packet: VideoPacket, body: RawSpan) -> SequenceHeaders? {
        guard packet.payloadByteCount > 0,
            let parameters = try? VideoParameters.parse(packet, body: body) as VideoParameters??
        else { return nil }
        let isSameCodec = packet.codec == videoCodec
        return SequenceHeaders(
            Video(
                body: body.copied, configuration: isSameCodec ? videoTrack.configuration : nil,
                codec: packet.codec, codecId: packet.codecId, parameters: parameters),
            audioTrack)
    }

    /// As before, with other colour information.
    func with(videoConfiguration body: RawSpan) -> SequenceHeaders {
        var video = videoTrack
        video.configuration = body.copied
        return SequenceHeaders(video, audioTrack)
    }

    /// As before, with the audio that a frame of a codec without sequence header announces.
    func with(frame packet: AudioPacket, body: RawSpan) -> SequenceHeaders {
        SequenceHeaders(
            videoTrack,
            Audio(
                codec: packet.codec, codecId: packet.codecId,
                parameters: (try? AudioParameters.parse(packet, body: body)) ?? nil))
    }

    /// As before, with an audio sequence header.
    ///
    /// - Returns: nil if it can't be read, or holds nothing.
    func with(header packet: AudioPacket, body: RawSpan) -> SequenceHeaders? {
        guard packet.payloadByteCount > 0,
            let parameters = try? AudioParameters.parse(packet, body: body) as AudioParameters??
        else { return nil }
        let isSameCodec = packet.codec == audioCodec
        return SequenceHeaders(
            videoTrack,
            Audio(
                body: body.copied, configuration: isSameCodec ? audioTrack.configuration : nil,
                codec: packet.codec, codecId: packet.codecId, parameters: parameters))
    }

    /// As before, with another layout of channels.
    func with(audioConfiguration body: RawSpan) -> SequenceHeaders {
        var audio = audioTrack
        audio.configuration = body.copied
        return SequenceHeaders(videoTrack, audio)
    }

    /// Only some of the tracks.
    func keeping(video keepsVideo: Bool, audio keepsAudio: Bool) -> SequenceHeaders {
        if keepsVideo || videoCodec == nil, keepsAudio || audioCodec == nil { return self }
        return SequenceHeaders(
            keepsVideo ? videoTrack : Video(), keepsAudio ? audioTrack : Audio())
    }

    /// This video with the audio of others.
    func with(audioOf other: SequenceHeaders) -> SequenceHeaders {
        SequenceHeaders(videoTrack, other.audioTrack)
    }
}

extension RawSpan {
    /// The bytes in an array of their own.
    var copied: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

    /// Whether the bytes are those of an array.
    func equals(_ bytes: [UInt8]?) -> Bool {
        guard let bytes, bytes.count == byteCount else { return false }
        return unsafe withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
    }
}
