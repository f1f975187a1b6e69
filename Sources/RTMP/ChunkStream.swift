// What the receiver remembers of one chunk stream between its chunks (RTMP 1.0, section 5.3).

/// One chunk stream: the last header's fields, which later chunks leave out, and the message
/// that is being put together.
struct ChunkStream {
    var id: Int
    /// The type of the current or last message.
    var type: UInt8 = 0
    /// The message stream of the current or last message.
    var messageStreamId: UInt32 = 0
    /// The body's length of the current or last message, in bytes.
    var bodyByteCount = 0
    /// The timestamp of the current or last message.
    var timestampMs: UInt32 = 0
    /// What the last header of formats 0 to 2 gave: a timestamp or its increase, extended if it
    /// was. A format 3 chunk that begins a message adds it (5.3.1.2.4).
    var timestampField: UInt32 = 0
    /// Whether that header had an extended timestamp; then format 3 chunks repeat it.
    var isTimestampExtended = false
    /// Whether a message has begun and isn't whole.
    var isInMessage = false
    /// Whether the current message is too long for what it is: its bytes are counted, not kept.
    var isSkipped = false
    /// Bytes of a skipped message that have come.
    var skippedByteCount = 0
    /// The bytes of that message so far. Without memory while there are none.
    var body: [UInt8] = []

    /// The extended timestamp that format 3 chunks repeat; nil if there is none.
    var repeatedTimestamp: UInt32? { isTimestampExtended ? timestampField : nil }

    /// What the handler of the message is told.
    var messageHeader: RTMPMessageHeader {
        RTMPMessageHeader(
            chunkStreamId: id, type: type, timestampMs: timestampMs,
            messageStreamId: messageStreamId, bodyByteCount: bodyByteCount)
    }

    /// Takes over a header that begins a message.
    /// - Parameters:
    ///   - extendedTimestamp: the field after the header, where it is there.
    mutating func begin(_ header: ChunkHeader, extendedTimestamp: UInt32?) {
        switch header.format {
        case 0:
            timestampField = extendedTimestamp ?? header.timestampField
            timestampMs = timestampField
            messageStreamId = header.messageStreamId
        case 1, 2:
            timestampField = extendedTimestamp ?? header.timestampField
            timestampMs &+= timestampField
        default:
            // librtmp sends format 3 without the field for "the same timestamp again" even where
            // the last one was extended; an increase of four hours and a half is never meant.
            if !isTimestampExtended || extendedTimestamp != nil { timestampMs &+= timestampField }
        }
        if header.format <= 1 {
            type = header.type
            bodyByteCount = header.bodyByteCount
        }
        if header.format <= 2 {
            isTimestampExtended = extendedTimestamp != nil
        }
        isInMessage = true
        isSkipped = false
        skippedByteCount = 0
    }

    /// Bytes of the current message that have come.
    var receivedByteCount: Int { isSkipped ? skippedByteCount : body.count }
}
