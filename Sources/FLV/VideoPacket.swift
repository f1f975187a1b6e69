// What one video tag body is: FLV 10.1 E.4.3, codec ids 12 and 13, Enhanced RTMP v2.

import WireBytes

/// The classification of a video tag's body. Reading it allocates nothing.
public struct VideoPacket: Equatable, Sendable {
    /// What the body is for.
    public enum Kind: Equatable, Sendable {
        /// A decoder configuration, needed before the first frame.
        case sequenceHeader
        /// A picture.
        case frame
        /// Nothing more comes under the last sequence header.
        case endOfSequence
        /// AMF0 data about the picture, such as HDR information (Enhanced RTMP).
        case metadata
        /// A command to the player (frame type 5), such as the start or end of a seek.
        case command
    }

    /// The codec. `.unknown(0)` for a command of Enhanced RTMP, which names none.
    public var codec: VideoCodec
    /// The legacy number or FourCC as it was sent; what `videocodecid` should say.
    public var codecId: UInt32
    /// What the body is for.
    public var kind: Kind
    /// Whether it is a frame that decoding can start at. Never true for a sequence header.
    public var isKeyframe: Bool
    /// Whether the header is that of Enhanced RTMP.
    public var isEnhanced: Bool
    /// How much later than decoded the picture is shown, in milliseconds.
    public var compositionOffsetMs: Int32 = 0
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

    /// Reads the header of a video tag's body.
    public static func parse(_ body: RawSpan) throws(FLVError) -> VideoPacket {
        guard body.byteCount > 0 else { throw .truncatedBody(byteCount: 0) }
        let first = body[0]
        return first & 0x80 == 0
            ? try parseLegacy(body, first: first) : try parseEnhanced(body, first: first)
    }

    private static func isKeyframe(frameType: UInt8) -> Bool {
        // 4 is a keyframe that a server made.
        frameType == 1 || frameType == 4
    }

    private static func parseLegacy(
        _ body: RawSpan, first: UInt8
    ) throws(FLVError) -> VideoPacket {
        let frameType = first >> 4
        let codec = VideoCodec(legacyId: first & 0x0F)
        var packet = VideoPacket(
            codec: codec, codecId: UInt32(first & 0x0F), kind: .frame,
            isKeyframe: isKeyframe(frameType: frameType), isEnhanced: false, payloadOffset: 1,
            payloadByteCount: body.byteCount - 1)
        if frameType == 5 {
            packet.kind = .command
            return packet
        }
        switch codec {
        case .avc, .hevc, .av1: break
        default: return packet
        }

        guard body.byteCount >= 2 else { throw .truncatedBody(byteCount: body.byteCount) }
        let packetType = body[1]
        switch packetType {
        case 0: packet.kind = .sequenceHeader
        case 1: packet.kind = .frame
        case 2: packet.kind = .endOfSequence
        default: throw .unknownPacketType(packetType)
        }
        packet.isKeyframe = packet.isKeyframe && packet.kind == .frame
        if body.byteCount >= 5 {
            packet.payloadOffset = 5
            packet.compositionOffsetMs = signed24(body.uint24(at: 2))
        } else if packet.kind == .endOfSequence {
            // Some encoders leave out the composition offset, which means nothing here.
            packet.payloadOffset = body.byteCount
        } else {
            throw .truncatedBody(byteCount: body.byteCount)
        }
        packet.payloadByteCount = body.byteCount - packet.payloadOffset
        return packet
    }

    private static func parseEnhanced(
        _ body: RawSpan, first: UInt8
    ) throws(FLVError) -> VideoPacket {
        let frameType = first >> 4 & 0x07
        var header = try EnhancedHeader(
            body, packetType: first & 0x0F, media: .video(isCommand: frameType == 5))
        let codec = VideoCodec(fourCC: header.fourCC)
        var kind = Kind.command
        var compositionOffsetMs: Int32 = 0
        if !header.isCommand {
            switch header.packetType {
            case 0, 5: kind = .sequenceHeader
            case 1, 3: kind = .frame
            case 2: kind = .endOfSequence
            case EnhancedHeader.videoMetadataPacketType: kind = .metadata
            default: throw .unknownPacketType(header.packetType)
            }
            if header.packetType == 1, codec == .avc || codec == .hevc {
                compositionOffsetMs = signed24(body.uint24(at: try header.takePayload(3, in: body)))
            }
        }
        return VideoPacket(
            codec: codec, codecId: header.fourCC, kind: kind,
            isKeyframe: kind == .frame && isKeyframe(frameType: frameType), isEnhanced: true,
            compositionOffsetMs: compositionOffsetMs, timestampOffsetNs: header.timestampOffsetNs,
            payloadOffset: header.payloadOffset, payloadByteCount: header.payloadByteCount,
            isMultitrack: header.isMultitrack, trackId: header.trackId,
            hasFurtherTracks: header.hasFurtherTracks)
    }

    private static func signed24(_ value: UInt32) -> Int32 {
        Int32(bitPattern: value << 8) >> 8
    }
}
