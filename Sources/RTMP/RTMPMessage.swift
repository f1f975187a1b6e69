// The kinds of RTMP messages and the header each of them carries (RTMP 1.0, sections 5.4, 6 and 7).

/// The message types of RTMP 1.0; others are passed over.
package enum RTMPMessageType: UInt8, Sendable {
    case setChunkSize = 1
    case abort = 2
    case acknowledgement = 3
    case userControl = 4
    case windowAcknowledgementSize = 5
    case setPeerBandwidth = 6
    case audio = 8
    case video = 9
    case dataAMF3 = 15
    case sharedObjectAMF3 = 16
    case commandAMF3 = 17
    case data = 18
    case sharedObject = 19
    case command = 20
    case aggregate = 22
}

/// What is known of a message besides its body.
package struct RTMPMessageHeader: Equatable, Sendable {
    /// The chunk stream it came by.
    package var chunkStreamId: Int
    /// The type as it stands on the wire; ``RTMPMessageType`` names those we know.
    package var type: UInt8
    /// Milliseconds on the sender's clock, modulo 2^32.
    package var timestampMs: UInt32
    /// The message stream it belongs to; 0 is the connection itself.
    package var messageStreamId: UInt32
    /// The length of the body, in bytes.
    package var bodyByteCount: Int

    package init(
        chunkStreamId: Int, type: UInt8, timestampMs: UInt32, messageStreamId: UInt32,
        bodyByteCount: Int
    ) {
        self.chunkStreamId = chunkStreamId
        self.type = type
        self.timestampMs = timestampMs
        self.messageStreamId = messageStreamId
        self.bodyByteCount = bodyByteCount
    }
}
