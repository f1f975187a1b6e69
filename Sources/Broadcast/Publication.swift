// One publisher's turn on a programme.

public import FLV
import Synchronization

/// Who publishes.
public struct Publisher: Sendable {
    /// Where from: an address and port, or the name of a built-in source.
    public let address: String
    /// What it calls its software.
    public let encoder: String?

    /// Names a publisher.
    public init(address: String, encoder: String? = nil) {
        self.address = address
        self.encoder = encoder
    }
}

/// Why somebody may not publish.
public enum PublishRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name has other than letters, digits, `_` and `-`, or is empty or longer than 64.
    case badName
    /// Somebody publishes there already.
    case busy(name: String)
    /// No more programmes.
    case full(limit: Int)
    /// The memory for another programme could not be had.
    case noMemory(String)
    /// The appliance is going off air.
    case shuttingDown

    /// A sentence for the publisher.
    public var description: String {
        switch self {
        case .badName:
            "A stream name is 1 to 64 letters, digits, underscores and hyphens."
        case .busy(let name):
            "The stream \"\(name)\" has a publisher already. Stop that one first."
        case .full(let limit):
            "All \(limit) streams of this server are in use."
        case .noMemory(let reason): reason
        case .shuttingDown: "The server is shutting down."
        }
    }
}

/// Why a tag was not taken.
public enum TagRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another publisher has the programme now, or it has ended.
    case superseded
    /// The tag is too big for the arena.
    case tooLarge(byteCount: Int, limit: Int)
    /// 49 days are over.
    case programmeTooLong
    /// The kernel still sends what would be overwritten.
    case heldUp

    /// A sentence for the log.
    public var description: String {
        switch self {
        case .superseded: "this publication is over"
        case .tooLarge(let count, let limit):
            "a tag of \(count) bytes is too large; \(limit) is the most (timeline.megabytes)"
        case .programmeTooLong:
            "the programme has run for 49 days, as long as FLV timestamps last"
        case .heldUp:
            "the server is still sending what this tag would overwrite "
                + "(more timeline.megabytes, or zeroCopy off, avoids it)"
        }
    }
}

/// One publication and its source; also kept by the programme, for its status.
final class PublicationTurn: Sendable {
    let epoch: UInt64
    private let source: Mutex<Source>

    init(_ source: sending Source, epoch: UInt64) {
        self.epoch = epoch
        self.source = Mutex(source)
    }

    /// Only the publisher's thread and, now and then, the staff come here.
    func withSource<Value: Sendable>(_ body: (inout Source) -> Value) -> Value {
        source.withLock { body(&$0) }
    }

    func status(nowMs: Int64) -> SourceStatus { withSource { $0.status(nowMs: nowMs) } }
}

/// The right to append to a programme, held by one publisher at a time.
public struct Publication: Sendable {
    /// What it publishes to.
    public let programme: Programme
    let turn: PublicationTurn

    /// Appends one tag body as it came from the publisher.
    ///
    /// What can't be part of a stream (a body too short to have a header, frames before the
    /// first keyframe) is left out and counted.
    ///
    /// - Parameters:
    ///   - timestampMs: the publisher's own timestamp, in ms.
    ///   - arrivalMs: when it came, in ms of a monotonic clock.
    /// - Throws: `TagRefusal`. After `.heldUp` nothing is changed: the same tag can be appended
    ///   again a little later, and nobody else's publisher waits for that.
    public func append(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, arrivalMs: Int64
    ) throws(TagRefusal) {
        try programme.append(
            type, timestampMs: timestampMs, body: body, arrivalMs: arrivalMs, turn: turn)
    }

    /// Counts something of the publisher's that never became a tag.
    public func leaveOut(_ cause: LeftOutCause, nowMs: Int64) {
        programme.leaveOut(cause, nowMs: nowMs, turn: turn)
    }

    /// What it is doing.
    public func status(nowMs: Int64) -> SourceStatus { turn.status(nowMs: nowMs) }

    /// The publisher has gone; the programme waits for it for the grace time.
    public func end(nowMs: Int64) { programme.endPublication(epoch: turn.epoch, nowMs: nowMs) }
}
