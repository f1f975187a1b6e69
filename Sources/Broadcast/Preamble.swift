// What a viewer gets before the first frame.

import AudienceProtocol
import FLV

/// What the publication on air says of itself beyond its headers.
struct Presentation {
    var metadata = PublisherMetadata()
    var measuredFramesPerSecond: Double?
}

/// FLV header, `onMetaData`, sequence headers and the cues that stand, for streams that begin at
/// one join point.
///
/// Built once a GOP, and when a cue is kept or cleared; shared by everyone who joins there.
public final class Preamble: Sendable {
    /// All of it.
    public let bytes: [UInt8]
    /// Where the sequence headers begin: a viewer that skips ahead gets the part from here on,
    /// since a second FLV header or `onMetaData` would be wrong in mid-stream.
    public let resumeOffset: Int

    /// - Parameters:
    ///   - cues: the bodies of the script tags that stand, in their order.
    ///   - framing: of the stream; the part before `resumeOffset` and the one after it are framed
    ///     as one tag each.
    init(
        point: JoinPoint, presentation: Presentation, cues: [[UInt8]] = [],
        framing: Framing = .plain
    ) {
        let headers = point.headers
        var bytes = FLVFileHeader.bytes(
            hasAudio: headers.audioCodec != nil, hasVideo: headers.videoCodec != nil)
        let script = Preamble.metadataBody(point: point, presentation: presentation)
        func append(_ type: FLVTagType, _ body: [UInt8], at timestampMs: UInt32) {
            bytes += unsafe FLVTagHeader.tag(
                type, timestampMs: timestampMs, body: body.span.bytes)
        }
        // ffmpeg takes an `onMetaData` at any other time than 0 for a stream of subtitles.
        append(.script, script, at: 0)
        let beginning = framing.framed(bytes)
        resumeOffset = beginning.count
        bytes = []
        for body in [headers.videoTrack.body, headers.videoTrack.configuration] {
            if let body { append(.video, body, at: point.timestampMs) }
        }
        for body in [headers.audioTrack.body, headers.audioTrack.configuration] {
            if let body { append(.audio, body, at: point.timestampMs) }
        }
        for body in cues { append(.script, body, at: point.timestampMs) }
        self.bytes = beginning + framing.framed(bytes)
    }

    private static func metadataBody(
        point: JoinPoint, presentation: Presentation
    ) -> [UInt8] {
        let headers = point.headers
        let metadata = presentation.metadata
        var properties: [AMF0Property] = []
        func add(_ field: StreamMetadata, _ value: Double?) {
            if let value { properties.append(AMF0Property(field, .number(value))) }
        }
        properties.append(AMF0Property(.hasVideo, .boolean(headers.videoCodec != nil)))
        properties.append(AMF0Property(.hasAudio, .boolean(headers.audioCodec != nil)))
        if headers.videoCodec != nil {
            // A codec whose headers state no size (VP9) leaves us the publisher's word.
            add(.width, headers.video.map { Double($0.width) } ?? metadata.width)
            add(.height, headers.video.map { Double($0.height) } ?? metadata.height)
            add(
                .framerate,
                headers.video?.framesPerSecond ?? presentation.measuredFramesPerSecond
                    ?? metadata.framesPerSecond)
            add(.videocodecid, Double(headers.videoTrack.codecId))
            add(.videodatarate, metadata.videoKbps)
        }
        if headers.audioCodec != nil {
            add(.audiocodecid, Double(headers.audioTrack.codecId))
            add(.audiosamplerate, headers.audio.map { Double($0.sampleRateHz) })
            add(.audiochannels, headers.audio.map { Double($0.channelCount) })
            if let audio = headers.audio {
                properties.append(AMF0Property(.stereo, .boolean(audio.channelCount == 2)))
            }
            add(.audiodatarate, metadata.audioKbps)
        }
        properties += metadata.texts
        properties.append(AMF0Property(.server, .string("Fanfare")))
        add(.programStartPts, Double(point.timestampMs))
        var writer = AMF0Writer()
        writer.write(.string(StreamMetadata.name))
        writer.write(.ecmaArray(properties))
        return writer.bytes
    }
}
