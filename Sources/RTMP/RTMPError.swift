// What can be wrong with what a peer sends; each ends the session.

/// A violation of the protocol, or of the bounds in ``RTMPLimits``. After it the session is over.
public enum RTMPError: Error, Equatable, Sendable {
    /// The first byte isn't RTMP's version 3.
    case unsupportedVersion(UInt8)
    /// Set Chunk Size with 0, or with more than the limit.
    case chunkSizeInvalid(UInt32)
    /// A chunk whose header leaves out fields that no earlier chunk of its stream gave.
    case chunkStreamNeverBegun(chunkStreamId: Int)
    /// More chunk streams than the limit.
    case chunkStreamsTooMany(limit: Int)
    /// A message longer than the limit for its type.
    case messageTooLong(type: UInt8, byteCount: Int, limit: Int)
    /// A message longer than what is taken before a publish was accepted.
    case messageTooLongBeforePublish(type: UInt8, byteCount: Int, limit: Int)
    /// A new message began on a chunk stream before the last one there was whole.
    case messageInterrupted(chunkStreamId: Int)
    /// More bytes of unfinished messages than the limit.
    case reassemblyTooLarge(limit: Int)
    /// A protocol control message shorter than its fields.
    case controlMessageTruncated(type: UInt8, byteCount: Int)
    /// An aggregate message whose parts don't add up.
    case aggregateMalformed
    /// A command that isn't a name, a transaction number and AMF0 values.
    case commandMalformed(reason: String)
    /// A command that needs a connection came before `connect`.
    case commandBeforeConnect(name: String)
    /// A second `connect`.
    case connectedTwice
    /// The peer asks faster than it reads our answers.
    case outboxFull(limit: Int)
}

extension RTMPError {
    /// The same, as it is told to a peer that hasn't published yet.
    var beforePublish: RTMPError {
        guard case .messageTooLong(let type, let byteCount, let limit) = self else { return self }
        return .messageTooLongBeforePublish(type: type, byteCount: byteCount, limit: limit)
    }
}

extension RTMPError: CustomStringConvertible {
    /// What happened and what to do about it, for the log and for the producer.
    public var description: String {
        switch self {
        case .unsupportedVersion(let byte):
            Self.describe(firstByte: byte)
        case .chunkSizeInvalid(let size):
            "The encoder set a chunk size of \(size); 1 to 2147483647 is possible. "
                + "Update the encoder or set its chunk size to 4096."
        case .chunkStreamNeverBegun(let chunkStreamId):
            "The first chunk of chunk stream \(chunkStreamId) has no full header: bytes were lost "
                + "or the encoder is at fault. Reconnect."
        case .chunkStreamsTooMany(let limit):
            "More than \(limit) chunk streams on one connection. Encoders use fewer than ten; "
                + "this peer is not one."
        case .messageTooLong(let type, let byteCount, let limit):
            "A message of type \(type) announces \(byteCount) bytes; at most \(limit) are taken. "
                + "Lower the bitrate or the keyframe size."
        case .messageTooLongBeforePublish(let type, let byteCount, let limit):
            "A message of type \(type) announces \(byteCount) bytes before a publish was accepted; "
                + "until then at most \(limit) are taken. Publish with a stream key first."
        case .messageInterrupted(let chunkStreamId):
            "A message on chunk stream \(chunkStreamId) began before the one before it was "
                + "finished: bytes were lost or the encoder is at fault. Reconnect."
        case .reassemblyTooLarge(let limit):
            "More than \(limit) bytes of unfinished messages. Encoders finish a message before "
                + "they begin many others; this peer doesn't."
        case .controlMessageTruncated(let type, let byteCount):
            "A protocol control message of type \(type) has only \(byteCount) bytes: bytes were "
                + "lost or the encoder is at fault. Reconnect."
        case .aggregateMalformed:
            "An aggregate message doesn't divide into whole tags. Turn aggregation off in the "
                + "encoder."
        case .commandMalformed(let reason):
            "A command can't be read: \(reason). Update the encoder, or publish with OBS or ffmpeg "
                + "to compare."
        case .commandBeforeConnect(let name):
            "The command \(name) came before connect. Publish with an RTMP encoder."
        case .connectedTwice:
            "A second connect on one connection. Close the connection first."
        case .outboxFull(let limit):
            "More than \(limit) bytes of answers are waiting for the peer, who asks without "
                + "reading."
        }
    }

    /// Names the protocols that people point at an RTMP port by mistake.
    private static func describe(firstByte byte: UInt8) -> String {
        switch byte {
        case 6, 8:
            "Encrypted RTMP (RTMPE) isn't taken. Use an address that begins with rtmp://."
        case 0x16:
            "This port speaks RTMP without TLS. Use an address that begins with rtmp://, "
                + "not rtmps://."
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            "This port speaks RTMP, not HTTP. Viewers watch on the HTTP port."
        default:
            "The first byte is \(byte), not RTMP's version 3. Point an RTMP encoder here."
        }
    }
}
