// What one audio tag body is: FLV 10.1 E.4.2, sound format 13 (Opus), Enhanced RTMP v2.

import WireBytes

/// The classification of an audio tag's body. Reading it allocates nothing.
public struct AudioPacket: Equatable, Sendable {
    /// What the body is for.
    public enum Kind: Equatable, Sendable {
        /// A decoder configuration, needed before the first frame.
        case sequenceHeader
        /// Sound; an empty payload is silence.
        case frame
        /// Nothing more comes under the last sequence header.
        case endOfSequence
        /// How the channels are mapped to loudspeakers (Enhanced RTMP).
        case multichannelConfig
    }

    /// The codec.
    public var codec: AudioCodec
    /// The legacy number or FourCC as it was sent; what `audiocodecid` should say.
    public var codecId: UInt32
    /// What the body is for.
    public var kind: Kind
    /// Whether the header is that of Enhanced RTMP.
    public var isEnhanced: Bool
    /// The part of the timestamp below a millisecond, in nanoseconds.
    public var timestampOffsetNs: UInt32 = 0
    /// Where the codec's data begins, in bytes from the start of the body.
    public var payloadOffset: Int
    /// Bytes of the codec's data; of the first track, if there are several.
    public var payloadByteCount: Int
    /// Whether the header is the multitrack one.
    public var isMultitrack = false
    /// The number of the (first) track; 0 unless multitrack.
    public var trackId: UInt8 = 0
    /// Whether more tracks follow in the same body.
    public var hasFurtherTracks = false

    /// The sound format of a legacy header that says an enhanced one follows.
    private static let enhancedFormat: UInt8 = 9
    /// The unofficial sound format for Opus, framed like AAC.
    private static let opusFormat: UInt8 = 13

    /// Reads the header of an audio tag's body.
    public static func parse(_ body: RawSpan) throws(FLVError) -> AudioPacket {
        guard body.byteCount > 0 else { throw .truncatedBody(byteCount: 0) }
        let first = body[0]
        return first >> 4 == enhancedFormat
            ? try parseEnhanced(body, first: first) : try parseLegacy(body, format: first >> 4)
    }

    private static func parseLegacy(
        _ body: RawSpan, format: UInt8
    ) throws(FLVError) -> AudioPacket {
        let codec = AudioCodec(legacyId: format)
        var packet = AudioPacket(
            codec: codec, codecId: UInt32(format), kind: .frame, isEnhanced: false,
            payloadOffset: 1, payloadByteCount: body.byteCount - 1)
        guard codec == .aac || format == opusFormat else { return packet }

        guard body.byteCount >= 2 else { throw .truncatedBody(byteCount: body.byteCount) }
        let packetType = body[1]
        guard packetType <= 1 else { throw .unknownPacketType(packetType) }
        packet.kind = packetType == 0 ? .sequenceHeader : .frame
        packet.payloadOffset = 2
        packet.payloadByteCount = body.byteCount - 2
        return packet
    }

    private static func parseEnhanced(
        _ body: RawSpan, first: UInt8
    ) throws(FLVError) -> AudioPacket {
        let header = try EnhancedHeader(body, packetType: first & 0x0F, media: .audio)
        let kind: Kind
        switch header.packetType {
        case 0: kind = .sequenceHeader
        case 1: kind = .frame
        case 2: kind = .endOfSequence
        case 4: kind = .multichannelConfig
        default: throw .unknownPacketType(header.packetType)
        }
        return AudioPacket(
            codec: AudioCodec(fourCC: header.fourCC), codecId: header.fourCC, kind: kind,
            isEnhanced: true, timestampOffsetNs: header.timestampOffsetNs,
            payloadOffset: header.payloadOffset, payloadByteCount: header.payloadByteCount,
            isMultitrack: header.isMultitrack, trackId: header.trackId,
            hasFurtherTracks: header.hasFurtherTracks)
    }
}
