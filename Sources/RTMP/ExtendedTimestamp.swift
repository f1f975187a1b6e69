// The four bytes that may follow a chunk header (RTMP 1.0, section 5.3.1.3), and who leaves them out.

import WireBytes

/// What stands in the place of a chunk's extended timestamp.
enum ExtendedTimestamp: Equatable {
    case absent
    case present(UInt32)
    /// The input ends before that can be told.
    case cutOff

    /// Reads the field of a chunk.
    ///
    /// Formats 0 to 2 say by their timestamp field whether it is there. Format 3 chunks have to
    /// repeat it, and some encoders don't: it is taken for one only if it has the value that is
    /// repeated. As soon as a byte differs it is the body, so nobody waits for bytes to come.
    /// - Parameter repeated: the stream's last extended timestamp, nil if it has none.
    init(of header: ChunkHeader, repeated: UInt32?, _ bytes: RawSpan, at offset: Int) {
        let available = bytes.byteCount - offset
        guard header.format == 3 else {
            if header.timestampField != ChunkHeader.extendedTimestampMarker {
                self = .absent
            } else {
                self = available < 4 ? .cutOff : .present(bytes.uint32(at: offset))
            }
            return
        }
        guard let repeated else {
            self = .absent
            return
        }
        if available >= 4 {
            self = bytes.uint32(at: offset) == repeated ? .present(repeated) : .absent
            return
        }
        for index in 0..<max(0, available) {
            let expected = UInt8(truncatingIfNeeded: repeated >> UInt32(24 - 8 * index))
            if bytes[offset + index] != expected {
                self = .absent
                return
            }
        }
        self = .cutOff
    }
}
