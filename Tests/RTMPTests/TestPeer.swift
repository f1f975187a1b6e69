// A server session with a handler that remembers, and the answers it gives, decoded.
import FLV
import RTMP
import Testing

/// What a handler was told, or what a session answered.
enum SessionEvent: Equatable {
    case connect(app: String, tcUrl: String)
    case publish(RTMPPublishRequest)
    case leftOut(RTMPLeftOut)
    case media(FLVTagType, timestampMs: UInt32, body: [UInt8])
    case refused(reason: String)
    case unpublish(reason: String)
    case outbox([UInt8])

    /// Puts the outboxes behind all else, in one: how the answers are divided depends on the cuts.
    static func gatheringOutbox(_ events: [SessionEvent]) -> [SessionEvent] {
        var outbox: [UInt8] = []
        var rest: [SessionEvent] = []
        for event in events {
            if case .outbox(let bytes) = event { outbox += bytes } else { rest.append(event) }
        }
        return rest + [.outbox(outbox)]
    }
}

/// Accepts or rejects as it is told, and remembers every call.
struct RecordingHandler: RTMPServerHandler {
    var events: [SessionEvent] = []
    var connectDecision = RTMPDecision.accept
    var publishDecision = RTMPDecision.accept

    mutating func connect(app: String, tcUrl: String) -> RTMPDecision {
        events.append(.connect(app: app, tcUrl: tcUrl))
        return connectDecision
    }

    mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision {
        events.append(.publish(request))
        return publishDecision
    }

    mutating func leftOut(_ what: RTMPLeftOut) { events.append(.leftOut(what)) }

    mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) {
        events.append(.media(type, timestampMs: timestampMs, body: Array(copying: body)))
    }

    mutating func refused(reason: String) {
        events.append(.refused(reason: reason))
    }

    mutating func unpublish(reason: String) {
        events.append(.unpublish(reason: reason))
    }
}

extension [UInt8] {
    /// The bytes of a span.
    init(copying span: RawSpan) {
        self = span.withUnsafeBytes { Array($0) }
    }
}

/// A message the session sent.
struct Answer: Equatable {
    var type: UInt8
    var messageStreamId: UInt32
    var body: [UInt8]

    /// The values of a command.
    var values: [AMF0Value] { (try? AMF0.decode(body.span.bytes)) ?? [] }
    /// The name of a command.
    var name: String? { type == 20 ? values.first?.stringValue : nil }
    /// The `code` of an information object.
    var code: String? { values.last?["code"]?.stringValue }
    /// The `level` of an information object.
    var level: String? { values.last?["level"]?.stringValue }
    /// The `description` of an information object.
    var description: String? { values.last?["description"]?.stringValue }
}

/// Feeds a session and reads its answers.
final class TestPeer {
    private var session: RTMPServerSession
    var handler = RecordingHandler()
    var client = RTMPTestClient()
    private var answers = ChunkReader(limits: RTMPLimits())
    private var handshakeByteCount = 0
    /// S0, S1 and S2 as they came.
    private(set) var serverHandshake: [UInt8] = []

    init(limits: RTMPLimits = .init(), handshakeSeed: UInt64 = 7) {
        session = RTMPServerSession(limits: limits, handshakeSeed: handshakeSeed)
    }

    var isClosing: Bool { session.isClosing }
    var isPublishing: Bool { session.isPublishing }
    var hasEnded: Bool { session.hasEnded }
    var heldByteCount: Int { session.heldByteCount }
    var receivedByteCount: UInt64 { session.receivedByteCount }
    /// What media came in, and its publish and unpublish.
    var events: [SessionEvent] { handler.events }

    /// Ends the stream from the server's side.
    func endPublish(code: String, description: String) throws -> [Answer] {
        session.endPublish(code: code, description: description)
        return try readOutbox()
    }

    /// Sends bytes and returns what the session answers to them.
    @discardableResult
    func send(_ bytes: [UInt8]) throws -> [Answer] {
        var thrown: RTMPError?
        do {
            try session.receive(bytes.span.bytes, handler: &handler)
        } catch {
            thrown = error
        }
        let read = try readOutbox()
        if let thrown { throw thrown }
        return read
    }

    /// Whether a publish waits for a decision.
    var isUndecided: Bool { session.isUndecided }

    /// Decides on it, as the handler says now.
    func decide() throws -> [Answer] {
        try session.decide(handler: &handler)
        return try readOutbox()
    }

    /// Sends bytes that are an offence.
    /// - Returns: the error, and the last word to the peer.
    func offend(_ bytes: [UInt8]) throws -> (error: RTMPError?, lastWord: [Answer]) {
        var thrown: RTMPError?
        do {
            try session.receive(bytes.span.bytes, handler: &handler)
        } catch {
            thrown = error
        }
        return (thrown, try readOutbox())
    }

    /// Handshake, connect, createStream and publish.
    func publish(_ name: String = "show?key=secret") throws {
        try send(client.untilPublished(name: name))
        handler.events = []
    }

    /// The answers that wait in the outbox.
    func readOutbox() throws -> [Answer] {
        var bytes = session.takeOutbox()
        let handshake = min(3073 - serverHandshake.count, bytes.count)
        serverHandshake += bytes[..<handshake]
        bytes.removeFirst(handshake)
        var read: [Answer] = []
        var offset = 0
        while let (message, place) = try answers.next(bytes.span.bytes, at: &offset) {
            let body: [UInt8]
            switch place {
            case .assembled: body = answers.takeBody()
            case .input(let start): body = Array(bytes[start..<(start + message.bodyByteCount)])
            case .skipped: continue
            }
            if message.type == 1 {
                try answers.setChunkSize(body.reduce(0) { $0 << 8 | UInt32($1) })
            }
            read.append(
                Answer(
                    type: message.type, messageStreamId: message.messageStreamId, body: body))
        }
        return read
    }
}
