// What a viewer gets before the first frame.

import AudienceProtocol
public import FLV

/// What the publication on air says of itself beyond its headers.
struct Presentation {
    var metadata = PublisherMetadata()
    var measuredFramesPerSecond: Double?
}

/// What a viewer's player is told of time.
struct Timing {
    /// Server time at programme time 0, ms since 1970; nil while there is none.
    var serverStartMs: Int64?
    var targetDelayMs: Int64?
}

/// A part of what a viewer gets before its first tag, before a framing makes bytes of it.
public struct PreamblePart: Sendable {
    /// What an FLV file begins with; empty where the part isn't the stream's beginning.
    public var fileHeader: [UInt8] = []
    /// `onMetaData`, sequence headers, cues: in their order.
    public var tags: [ProgrammeTag] = []

    /// All of it as FLV.
    public var flv: [UInt8] {
        tags.reduce(into: fileHeader) { bytes, tag in
            bytes += unsafe FLVTagHeader.tag(
                tag.type, timestampMs: tag.timestampMs, body: tag.body.span.bytes)
        }
    }
}

/// One tag of a programme, with a body of its own.
public struct ProgrammeTag: Sendable, Equatable {
    /// What the body is.
    public let type: FLVTagType
    /// Programme time, ms.
    public let timestampMs: UInt32
    /// The tag's body, as FLV has it.
    public let body: [UInt8]

    /// A tag.
    public init(_ type: FLVTagType, timestampMs: UInt32, body: [UInt8]) {
        self.type = type
        self.timestampMs = timestampMs
        self.body = body
    }
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
    /// `onMetaData`, and before it the FLV header.
    let beginning: PreamblePart
    /// Sequence headers and the cues that stand.
    let state: PreamblePart

    /// - Parameters:
    ///   - cues: the bodies of the script tags that stand, in their order.
    ///   - framing: of the stream; it gets the part before `resumeOffset` and the one after it.
    init(
        point: JoinPoint, presentation: Presentation, timing: Timing = Timing(),
        cues: [[UInt8]] = [], framing: Framing = .plain
    ) {
        let headers = point.headers
        let metadata = Preamble.metadataBody(
            point: point, presentation: presentation, timing: timing)
        beginning = PreamblePart(
            fileHeader: FLVFileHeader.bytes(
                hasAudio: headers.audioCodec != nil, hasVideo: headers.videoCodec != nil),
            // ffmpeg takes an `onMetaData` at any other time than 0 for a stream of subtitles.
            tags: [ProgrammeTag(.script, timestampMs: 0, body: metadata)])
        func tags(_ type: FLVTagType, _ bodies: [[UInt8]?]) -> [ProgrammeTag] {
            bodies.compactMap { body in
                body.map { ProgrammeTag(type, timestampMs: point.timestampMs, body: $0) }
            }
        }
        state = PreamblePart(
            tags: tags(.video, [headers.videoTrack.body, headers.videoTrack.configuration])
                + tags(.audio, [headers.audioTrack.body, headers.audioTrack.configuration])
                + tags(.script, cues))
        let beginningBytes = framing.rules.bytes(of: beginning)
        resumeOffset = beginningBytes.count
        bytes = beginningBytes + framing.rules.bytes(of: state)
    }

    private static func metadataBody(
        point: JoinPoint, presentation: Presentation, timing: Timing
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
        add(.serverStartMs, timing.serverStartMs.map { Double($0) })
        add(.targetDelayMs, timing.targetDelayMs.map { Double($0) })
        var writer = AMF0Writer()
        writer.write(.string(StreamMetadata.name))
        writer.write(.ecmaArray(properties))
        return writer.bytes
    }
}
