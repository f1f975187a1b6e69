// One publisher's time on a programme.

public import FLV

/// Who publishes.
public struct Publisher: Sendable {
    /// Where from: an address and port, or the name of a built-in source.
    public let address: String
    /// What it calls its software.
    public let encoder: String?
    /// Once it has sent no media for this long, another one may take its place, ms; nil if none may.
    public let yieldsAfterMs: Int64?

    /// Names a publisher.
    public init(address: String, encoder: String? = nil, yieldsAfterMs: Int64? = nil) {
        self.address = address
        self.encoder = encoder
        self.yieldsAfterMs = yieldsAfterMs
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

/// Who was taken off air for somebody else.
public struct DisplacedPublisher: Sendable {
    /// Who.
    public let publisher: Publisher
    /// How long it had sent no media, ms.
    public let silentMs: Int64
}

/// The right to append to a programme, held by one publisher at a time.
public struct Publication: Sendable {
    /// What it publishes to.
    public let programme: Programme
    /// Who had to go for it; nil if nobody was on air.
    public let displaced: DisplacedPublisher?
    /// What the programme's switcher calls its source.
    let id: UInt64

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
        let tag = IncomingTag(type: type, timestampMs: timestampMs, arrivalMs: arrivalMs)
        do throws(TagRefusal) {
            try unsafe body.withUnsafeBytes { bytes throws(TagRefusal) in
                try programme.update { state throws(TagRefusal) in
                    try unsafe state.append(tag, bytes.bytes, from: id)
                }
            }
        } catch {
            // A burst has run ahead of the shards, who give back what it needs in a moment.
            if error == .heldUp { programme.wakeWatchers() }
            throw error
        }
    }

    /// Counts something of the publisher's that never became a tag.
    public func leaveOut(_ cause: LeftOutCause) {
        programme.update { $0.leaveOut(cause, from: id) }
    }

    /// Notes that a part of its media has come, or waits to be appended: it isn't silent.
    public func mediaCame(nowMs: Int64) {
        programme.update { $0.mediaCame(nowMs: nowMs, from: id) }
    }

    /// What it is doing; nil once another one has begun.
    public func status(nowMs: Int64) -> SourceStatus? {
        programme.update { $0.sourceStatus(id, nowMs: nowMs) }
    }

    /// How long it has sent no media, ms; nil once another one has begun.
    public func silentMs(nowMs: Int64) -> Int64? {
        programme.update { $0.silentMs(id, nowMs: nowMs) }
    }

    /// The publisher has gone; the programme waits for it for the grace time.
    public func end(nowMs: Int64) {
        programme.update { $0.end(id, nowMs: nowMs) }
    }
}
