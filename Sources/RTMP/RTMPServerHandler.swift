// What a server session asks of whoever runs it.
import FLV

/// The answer to a peer's `connect` or `publish`.
public enum RTMPDecision: Equatable, Sendable {
    /// Let it.
    case accept
    /// Tell the peer why not, then close.
    ///
    /// - Parameters:
    ///   - code: one of RTMP's status codes, such as `NetConnection.Connect.InvalidApp` or
    ///     `NetStream.Publish.BadName`.
    ///   - description: a sentence for the producer, who reads it in the encoder's log.
    case reject(code: String, description: String)
    /// Of `publish` only: somebody else is asked. The session takes nothing more, and says nothing,
    /// until ``RTMPServerSession/decide(handler:)``, which asks again.
    case wait
}

/// What a session passes over.
public enum RTMPLeftOut: Equatable, Sendable {
    /// A message, not of media, longer than is taken for its type.
    case tooLong(type: UInt8, byteCount: Int)
    /// Media on a message stream that isn't published on.
    case otherMessageStream(UInt32)

    /// Whether it was script data.
    public var isScript: Bool {
        guard case .tooLong(let type, _) = self else { return false }
        let kind = RTMPMessageType(rawValue: type)
        return kind == .data || kind == .dataAMF3
    }
}

/// Decides about a publisher and takes its media. All calls come from within
/// ``RTMPServerSession/receive(_:handler:)``.
public protocol RTMPServerHandler: ~Copyable {
    /// A peer connects to an application.
    ///
    /// - Parameters:
    ///   - app: the application, without query and outer slashes.
    ///   - tcUrl: the address as the peer gives it; empty if it doesn't.
    mutating func connect(app: String, tcUrl: String) -> RTMPDecision

    /// A connected peer wants to publish. Checking its key is the handler's business.
    mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision

    /// One message of the published stream.
    ///
    /// - Parameters:
    ///   - type: what it is.
    ///   - timestampMs: milliseconds on the publisher's clock, modulo 2^32.
    ///   - body: an FLV tag's body, never empty, valid only in this call. Aggregates are taken
    ///     apart; script data begins with its name (`onMetaData`), not with `@setDataFrame`.
    mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan)

    /// The session itself refused something, of which the peer was told.
    ///
    /// - Parameter reason: the sentence that it was told, for the log.
    mutating func refused(reason: String)

    /// Something of the publisher's was passed over and the session goes on.
    mutating func leftOut(_ what: RTMPLeftOut)

    /// The publisher ended its stream in order. Once for an accepted publish at most: a connection
    /// that just ends says nothing. Another publish may follow.
    ///
    /// - Parameter reason: the command that ended it, for the log.
    mutating func unpublish(reason: String)
}

extension RTMPServerHandler where Self: ~Copyable {
    /// Most have nothing to do about it.
    public mutating func leftOut(_ what: RTMPLeftOut) {}
}
