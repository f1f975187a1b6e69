// The part of an Enhanced RTMP v2 tag header that audio and video share: ModEx, multitrack, FourCC.

import WireBytes

/// What stands between an enhanced tag's first byte and its codec's data.
struct EnhancedHeader {
    /// The kind of media, which decides the numbers of some packet types.
    enum Media {
        case audio
        case video(isCommand: Bool)

        var multitrackPacketType: UInt8 {
            switch self {
            case .audio: 5
            case .video: 6
            }
        }
    }

    static let modExPacketType: UInt8 = 7
    static let videoMetadataPacketType: UInt8 = 4

    /// The packet type that is left when ModEx and multitrack have been taken off.
    var packetType: UInt8
    /// 0 if there is none: a video command.
    var fourCC: UInt32 = 0
    var timestampOffsetNs: UInt32 = 0
    var isMultitrack = false
    var isCommand = false
    var trackId: UInt8 = 0
    var hasFurtherTracks = false
    /// Whether each track of a multitrack body names its codec.
    var hasOwnFourCCs = false
    /// Where the codec's data begins.
    var payloadOffset = 1
    /// Bytes of the codec's data, of the first track if there are several.
    var payloadByteCount = 0

    /// Reads on from the body's second byte. `packetType` is the low nibble of the first.
    init(_ body: RawSpan, packetType: UInt8, media: Media) throws(FLVError) {
        self.packetType = packetType
        while self.packetType == Self.modExPacketType { try readModEx(body) }
        if case .video(isCommand: true) = media, self.packetType != Self.videoMetadataPacketType {
            isCommand = true
            _ = try advance(1, in: body)
        } else if self.packetType == media.multitrackPacketType {
            try readMultitrack(body, media: media)
            return
        } else {
            fourCC = body.uint32(at: try advance(4, in: body))
        }
        payloadByteCount = body.byteCount - payloadOffset
    }

    /// One modifier: its size, its data, then its type and the packet type that comes next.
    private mutating func readModEx(_ body: RawSpan) throws(FLVError) {
        var byteCount = Int(body[try advance(1, in: body)]) + 1
        if byteCount == 256 {
            byteCount = Int(body.uint16(at: try advance(2, in: body))) + 1
        }
        let data = try advance(byteCount, in: body)
        let types = body[try advance(1, in: body)]
        packetType = types & 0x0F
        // Modifier type 0 is the sub-millisecond part of the timestamp; others don't concern us.
        if types >> 4 == 0, byteCount >= 3 { timestampOffsetNs = body.uint24(at: data) }
    }

    private mutating func readMultitrack(_ body: RawSpan, media: Media) throws(FLVError) {
        isMultitrack = true
        let types = body[try advance(1, in: body)]
        packetType = types & 0x0F
        guard packetType != media.multitrackPacketType, packetType != Self.modExPacketType else {
            throw .unknownPacketType(packetType)
        }
        let multitrackType = types >> 4
        guard multitrackType <= 2 else { throw .unknownMultitrackType(multitrackType) }
        hasOwnFourCCs = multitrackType == 2
        // One FourCC for all tracks or one for each: for the first track it's the same place.
        fourCC = body.uint32(at: try advance(4, in: body))
        trackId = body[try advance(1, in: body)]
        if multitrackType == 0 {
            payloadByteCount = body.byteCount - payloadOffset
            return
        }
        payloadByteCount = Int(body.uint24(at: try advance(3, in: body)))
        let rest = body.byteCount - payloadOffset
        guard payloadByteCount <= rest else { throw .truncatedBody(byteCount: body.byteCount) }
        hasFurtherTracks = payloadByteCount < rest
    }

    /// Takes `byteCount` bytes off the payload's front, such as a composition offset.
    mutating func takePayload(_ byteCount: Int, in body: RawSpan) throws(FLVError) -> Int {
        guard byteCount <= payloadByteCount else {
            throw .truncatedBody(byteCount: body.byteCount)
        }
        payloadByteCount -= byteCount
        return try advance(byteCount, in: body)
    }

    private mutating func advance(_ byteCount: Int, in body: RawSpan) throws(FLVError) -> Int {
        guard byteCount <= body.byteCount - payloadOffset else {
            throw .truncatedBody(byteCount: body.byteCount)
        }
        defer { payloadOffset += byteCount }
        return payloadOffset
    }
}
