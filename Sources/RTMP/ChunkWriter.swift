// Cuts messages into chunks (RTMP 1.0, section 5.3).

import WireBytes

/// Writes whole messages as chunks: format 0 first, format 3 for the rest.
package struct ChunkWriter: Sendable {
    /// The largest body part of a chunk, in bytes. The peer has to be told first (5.4.1).
    package private(set) var chunkSize = 128

    package init() {}

    /// Writes Set Chunk Size and uses that size from then on.
    package mutating func setChunkSize(_ size: Int, to bytes: inout [UInt8]) {
        precondition(size > 0 && size <= 0x7FFF_FFFF)
        var body: [UInt8] = []
        body.append(bigEndian: UInt32(size))
        unsafe write(.setChunkSize, chunkStreamId: 2, body: body.span.bytes, to: &bytes)
        chunkSize = size
    }

    /// Writes one message.
    package func write(
        _ type: RTMPMessageType, chunkStreamId: Int, timestampMs: UInt32 = 0,
        messageStreamId: UInt32 = 0, body: RawSpan, to bytes: inout [UInt8]
    ) {
        precondition(chunkStreamId >= 2 && chunkStreamId < 64, "the one-byte form holds 2 to 63")
        precondition(body.byteCount <= 0xFF_FFFF, "a message's length has 24 bits")
        let marker = ChunkHeader.extendedTimestampMarker
        let isExtended = timestampMs >= marker
        bytes.append(UInt8(chunkStreamId))
        bytes.append(bigEndian24: isExtended ? marker : timestampMs)
        bytes.append(bigEndian24: UInt32(body.byteCount))
        bytes.append(type.rawValue)
        bytes.append(littleEndian32: messageStreamId)
        if isExtended { bytes.append(bigEndian: timestampMs) }
        var offset = 0
        while true {
            let byteCount = min(chunkSize, body.byteCount - offset)
            bytes.append(copying: body.extracting(offset..<(offset + byteCount)))
            offset += byteCount
            guard offset < body.byteCount else { return }
            bytes.append(0xC0 | UInt8(chunkStreamId))
            if isExtended { bytes.append(bigEndian: timestampMs) }
        }
    }
}
