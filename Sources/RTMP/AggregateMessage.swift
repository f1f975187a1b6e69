// Takes aggregate messages apart (RTMP 1.0, section 7.1.6).

import WireBytes

/// The parts of an aggregate message: FLV tags one after the other, each with a back pointer.
struct AggregateMessage {
    /// One message inside an aggregate.
    struct Part {
        var type: UInt8
        /// On the publisher's clock, modulo 2^32.
        var timestampMs: UInt32
        /// Where its body lies in the aggregate's.
        var offset: Int
        var byteCount: Int
    }

    private static let headerByteCount = 11
    private static let backPointerByteCount = 4

    /// The aggregate's own timestamp minus its first part's: parts count from their own zero.
    private var timestampShiftMs: UInt32?
    private var offset = 0

    /// The next part, nil after the last. The last back pointer may be missing; their values are
    /// not checked, since nothing is read backwards.
    mutating func next(
        _ body: RawSpan, timestampMs: UInt32
    ) throws(RTMPError) -> Part? {
        let available = body.byteCount - offset
        guard available > 0 else { return nil }
        guard available >= Self.headerByteCount else { throw .aggregateMalformed }
        let byteCount = Int(body.uint24(at: offset + 1))
        guard available - Self.headerByteCount >= byteCount else { throw .aggregateMalformed }
        let partTimestampMs =
            body.uint24(at: offset + 4) | UInt32(body[offset + 7]) << 24
        let shiftMs = timestampShiftMs ?? (timestampMs &- partTimestampMs)
        timestampShiftMs = shiftMs
        let part = Part(
            type: body[offset], timestampMs: partTimestampMs &+ shiftMs,
            offset: offset + Self.headerByteCount, byteCount: byteCount)
        let end = part.offset + byteCount
        offset = min(end + Self.backPointerByteCount, body.byteCount)
        return part
    }
}
