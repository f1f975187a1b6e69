// Every bound of an RTMP session, with its unit: what one peer may cost us at most.
import FLV

/// What a peer of an ``RTMPServerSession`` may make us hold, parse and answer at most.
///
/// The defaults suit one publisher of up to about 50 Mbit/s on a hostile network. Every bound is
/// checked before memory is taken for what it bounds. Much smaller ones hold until a publish was
/// accepted (`…BeforePublish`).
public struct RTMPLimits: Sendable {
    /// The longest message body taken, in bytes. The wire allows 16 777 215.
    public var messageByteCountMax = 8 << 20

    /// The longest command (types 20 and 17), in bytes.
    public var commandByteCountMax = 64 << 10

    /// The longest script data message (types 18 and 15), in bytes.
    public var scriptByteCountMax = 256 << 10

    /// The longest protocol and user control message (types 1 to 6), in bytes.
    public var controlByteCountMax = 1024

    /// Chunk streams a peer may begin on one connection.
    public var chunkStreamCountMax = 64

    /// The largest chunk size a peer may set, in bytes (5.4.1: 1 to 2^31 - 1). Zero and anything
    /// larger than this end the session.
    public var chunkSizeMax = 0x7FFF_FFFF

    /// Bytes of unfinished messages held at a time, over all chunk streams.
    public var reassemblyByteCountMax = (8 << 20) + (1 << 20)

    /// The longest message body taken before a publish was accepted, in bytes: until then anybody
    /// on the network may send it, and encoders need less than 2 KB.
    public var messageByteCountMaxBeforePublish = 16 << 10

    /// Bytes of unfinished messages held before a publish was accepted.
    public var reassemblyByteCountMaxBeforePublish = 24 << 10

    /// Answers that may wait in the outbox before a publish was accepted, in bytes.
    public var outboxByteCountMaxBeforePublish = 16 << 10

    /// The longest application, address and stream name, in bytes.
    public var addressByteCountMax = 2 << 10

    /// Capacity up to which a used reassembly buffer is kept for the next message, in bytes.
    public var spareBufferByteCountMax = 1 << 20

    /// Used reassembly buffers that are kept.
    public var spareBufferCountMax = 3

    /// Answers that may wait in the outbox, in bytes.
    public var outboxByteCountMax = 256 << 10

    /// Message streams a peer may create on one connection (createStream).
    public var messageStreamCountMax = 8

    /// Items taken from the query of a stream name or address.
    public var queryItemCountMax = 32

    /// The acknowledgement window we ask for, and use until the peer sets its own, in bytes.
    public var acknowledgementWindowByteCount = 2_500_000

    /// The smallest window a peer can set: it keeps us from answering every byte, in bytes.
    public var acknowledgementWindowByteCountMin = 16 << 10

    /// The chunk size we write with, in bytes. ffmpeg takes it over for its own chunks.
    public var outgoingChunkSize = 4096

    /// Whether messages that are too long, and not media, are passed over instead of ending the
    /// session.
    public var passesOverLongMessages = true

    /// What a command's AMF0 values may hold.
    public var amf = AMF0Limits()

    /// The defaults.
    public init() {}

    /// What is taken from a peer who hasn't shown that it may publish: with an outbox that is being
    /// sent beside one that fills, no more than 64 KB in all.
    var beforePublish: RTMPLimits {
        var limits = self
        limits.messageByteCountMax = min(messageByteCountMax, messageByteCountMaxBeforePublish)
        limits.reassemblyByteCountMax = min(
            reassemblyByteCountMax, reassemblyByteCountMaxBeforePublish)
        limits.outboxByteCountMax = min(outboxByteCountMax, outboxByteCountMaxBeforePublish)
        limits.spareBufferCountMax = 0
        limits.passesOverLongMessages = false
        return limits
    }

    /// Whether a message of this type that is too long is passed over, so that the show goes on:
    /// what it would have said is told to nobody. Media and protocol control that are too long end
    /// the session, since what follows can't be made sense of without them.
    package func isSkippable(type: UInt8) -> Bool {
        guard passesOverLongMessages else { return false }
        return switch RTMPMessageType(rawValue: type) {
        case .setChunkSize, .abort, .acknowledgement, .userControl, .windowAcknowledgementSize,
            .setPeerBandwidth, .audio, .video, .aggregate:
            false
        case .command, .commandAMF3, .data, .dataAMF3, .sharedObject, .sharedObjectAMF3, nil:
            true
        }
    }

    /// The longest body taken for a message of this type, in bytes.
    func bodyByteCountMax(ofType type: UInt8) -> Int {
        switch RTMPMessageType(rawValue: type) {
        case .setChunkSize, .abort, .acknowledgement, .userControl, .windowAcknowledgementSize,
            .setPeerBandwidth:
            min(controlByteCountMax, messageByteCountMax)
        case .command, .commandAMF3:
            min(commandByteCountMax, messageByteCountMax)
        case .data, .dataAMF3:
            min(scriptByteCountMax, messageByteCountMax)
        default:
            messageByteCountMax
        }
    }
}
