// The header of one chunk as it stands on the wire (RTMP 1.0, section 5.3.1).

import WireBytes

/// A chunk's basic header and message header, without the extended timestamp.
///
/// Which fields count depends on `format`; the rest is zero.
package struct ChunkHeader: Equatable, Sendable {
    /// The most bytes a header takes: 3 of basic header, 11 of message header, 4 of timestamp.
    package static let byteCountMax = 18
    /// The value of the 24-bit field which says that an extended timestamp follows.
    package static let extendedTimestampMarker: UInt32 = 0xFF_FFFF
    /// The length of the message header by format, in bytes.
    private static let messageHeaderByteCounts: [4 of Int] = [11, 7, 3, 0]

    /// 0 to 3: how much of the message header is there.
    package var format: UInt8
    /// 2 to 65 599.
    package var chunkStreamId: Int
    /// The timestamp (format 0) or the timestamp's increase (1 and 2), or the marker.
    package var timestampField: UInt32 = 0
    /// Formats 0 and 1.
    package var bodyByteCount = 0
    /// Formats 0 and 1.
    package var type: UInt8 = 0
    /// Format 0.
    package var messageStreamId: UInt32 = 0
    /// The length of both headers, in bytes.
    package var byteCount: Int

    /// Reads the header at `offset`, or returns nil if it isn't wholly there.
    package static func parse(_ bytes: RawSpan, at offset: Int) -> ChunkHeader? {
        let available = bytes.byteCount - offset
        guard available >= 1 else { return nil }
        let first = bytes[offset]
        let format = first >> 6
        var basicByteCount = 1
        var chunkStreamId = Int(first & 0x3F)
        if chunkStreamId < 2 {
            basicByteCount = 2 + chunkStreamId
            guard available >= basicByteCount else { return nil }
            // The third byte is the more significant one.
            let high = chunkStreamId == 1 ? Int(bytes[offset + 2]) << 8 : 0
            chunkStreamId = 64 + Int(bytes[offset + 1]) + high
        }
        let byteCount = basicByteCount + messageHeaderByteCounts[Int(format)]
        guard available >= byteCount else { return nil }

        var header = ChunkHeader(format: format, chunkStreamId: chunkStreamId, byteCount: byteCount)
        let fields = offset + basicByteCount
        if format <= 2 {
            header.timestampField = bytes.uint24(at: fields)
        }
        if format <= 1 {
            header.bodyByteCount = Int(bytes.uint24(at: fields + 3))
            header.type = bytes[fields + 6]
        }
        if format == 0 {
            header.messageStreamId = bytes.littleEndian32(at: fields + 7)
        }
        return header
    }
}
