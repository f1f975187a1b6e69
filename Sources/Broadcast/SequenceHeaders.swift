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
    /// The number by which the tags name the codec.
    let videoCodecId: UInt32
    /// Picture size and rate as the sequence header states them.
    public let video: VideoParameters?
    /// What was seen of audio so far.
    public let audioCodec: AudioCodec?
    /// The number by which the tags name the codec.
    let audioCodecId: UInt32
    /// Sample rate and channels as the sequence header, or the first frame, states them.
    public let audio: AudioParameters?

    /// Nothing seen.
    init() {
        videoBody = nil
        videoCodec = nil
        videoCodecId = 0
        video = nil
        audioBody = nil
        audioCodec = nil
        audioCodecId = 0
        audio = nil
    }

    /// As before, with the video that a packet announces.
    ///
    /// - Parameter isHeader: whether the body is a sequence header, to be kept; else it is the
    ///   first frame of a codec that came without one.
    init(_ before: SequenceHeaders, _ packet: VideoPacket, body: RawSpan, isHeader: Bool) {
        videoBody = isHeader ? body.copied : nil
        videoCodec = packet.codec
        videoCodecId = packet.codecId
        video = (try? VideoParameters.parse(packet, body: body)) ?? nil
        audioBody = before.audioBody
        audioCodec = before.audioCodec
        audioCodecId = before.audioCodecId
        audio = before.audio
    }

    /// As before, with the audio that a packet announces.
    init(_ before: SequenceHeaders, _ packet: AudioPacket, body: RawSpan, isHeader: Bool) {
        videoBody = before.videoBody
        videoCodec = before.videoCodec
        videoCodecId = before.videoCodecId
        video = before.video
        audioBody = isHeader ? body.copied : nil
        audioCodec = packet.codec
        audioCodecId = packet.codecId
        audio = (try? AudioParameters.parse(packet, body: body)) ?? nil
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
