// The server's end of one RTMP connection: bytes in, calls to the handler and an outbox out.
import WireBytes

/// One publisher's connection, from the first byte of the handshake to its orderly end.
///
/// It does no I/O and knows no time: whoever owns the socket feeds ``receive(_:handler:)``, sends
/// ``takeOutbox()`` after it and after ``endPublish(code:description:)``, and closes the connection
/// when ``isClosing`` or when `receive` throws, in both cases once the outbox is sent.
///
/// Implements Adobe's RTMP 1.0 and the capabilities of Enhanced RTMP v2. What a peer may make it
/// hold is bounded by ``RTMPLimits``; before the first byte it holds nothing.
public struct RTMPServerSession: ~Copyable {
    /// How far a peer has come before it publishes.
    public enum Progress: Int, Comparable, Sendable {
        /// Not a byte has come.
        case silent
        /// The handshake has begun.
        case speaking
        /// It is done.
        case shakenHands
        /// `connect` was answered.
        case connected

        public static func < (left: Progress, right: Progress) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// What is being published.
    struct Publication: Equatable {
        var messageStreamId: UInt32
        var streamName: String
    }

    /// A publish that somebody else is asked about.
    struct Undecided {
        var messageStreamId: UInt32
        var request: RTMPPublishRequest
        /// What came behind it, in the same bytes.
        var input: [UInt8] = []
    }

    /// What `connect` told, as it was sent.
    struct Connection {
        var app: String
        var tcUrl: String
        var flashVersion: String?
    }

    let limits: RTMPLimits
    private var handshake: ServerHandshake
    private var reader: ChunkReader
    var writer = ChunkWriter()
    var outbox: [UInt8] = []
    var connection: Connection?
    var publication: Publication?
    var undecided: Undecided?
    /// Whether a publish was ever accepted: then the peer has shown that it may.
    private(set) var hasPublished = false
    var messageStreams = MessageStreams()
    private var acknowledgedByteCount: UInt64 = 0
    private var acknowledgementWindowByteCount: UInt64
    private var sentWindowByteCount: UInt32 = 0

    /// Whether the connection is to be closed once the outbox is sent: after a rejection, an error
    /// or ``endPublish(code:description:)``. Further input is ignored.
    public internal(set) var isClosing = false

    /// Bytes received so far, the handshake included.
    public private(set) var receivedByteCount: UInt64 = 0

    /// A session for a connection that was just accepted.
    ///
    /// - Parameters:
    ///   - limits: what the peer may cost.
    ///   - handshakeSeed: what the handshake's filling is made from. It need not be secret; a given
    ///     one makes the session repeatable.
    public init(
        limits: RTMPLimits = .init(), handshakeSeed: UInt64 = .random(in: .min ... .max)
    ) {
        self.limits = limits
        handshake = ServerHandshake(seed: handshakeSeed)
        reader = ChunkReader(limits: limits.beforePublish)
        acknowledgementWindowByteCount = UInt64(limits.acknowledgementWindowByteCount)
    }

    /// Whether a publish was accepted and hasn't ended in order. It stays true when the session
    /// ends by an error or rejection in mid-stream: that is a disconnect.
    public var isPublishing: Bool { publication != nil }

    /// Whether a publish waits for ``decide(handler:)``. Feed it nothing until then.
    public var isUndecided: Bool { undecided != nil }

    /// Whether a stream was published and has ended in order, and no other has begun. The peer hangs
    /// up next or publishes again; close the connection if it does neither within a few seconds.
    public var hasEnded: Bool { hasPublished && publication == nil }

    /// How far the peer has come: from nothing said to connected.
    public var progress: Progress {
        if connection != nil { return .connected }
        if handshake.isDone { return .shakenHands }
        return receivedByteCount > 0 ? .speaking : .silent
    }

    /// Whether a message has begun and isn't whole: its bytes are on their way.
    public var isInMessage: Bool { reader.unfinishedByteCount > 0 }

    /// Bytes of memory held for messages that are being put together and for the next ones.
    public var heldByteCount: Int { reader.heldByteCount }

    /// Feeds bytes of the peer, in any cutting.
    ///
    /// - Parameters:
    ///   - bytes: what the socket gave; not kept beyond the call.
    ///   - handler: is asked and told what the bytes contain, in order.
    /// - Throws: the first violation of the protocol or a limit. The outbox then holds the last
    ///   word to the peer; the session takes nothing more.
    public mutating func receive<Handler: RTMPServerHandler & ~Copyable>(
        _ bytes: RawSpan, handler: inout Handler
    ) throws(RTMPError) {
        guard !isClosing else { return }
        precondition(!isUndecided, "nothing is taken before it is decided")
        receivedByteCount += UInt64(bytes.byteCount)
        do {
            try consume(bytes, handler: &handler)
            acknowledgeIfDue()
        } catch {
            let error = hasPublished ? error : error.beforePublish
            isClosing = true
            if connection != nil {
                writeStatus(
                    .error, code: "NetConnection.Connect.Closed", description: error.description,
                    messageStreamId: publishedMessageStreamId ?? 0)
            }
            throw error
        }
    }

    /// Asks the handler once more about a publish that it said `wait` to, and goes on with what came
    /// behind it.
    ///
    /// - Throws: as ``receive(_:handler:)``.
    public mutating func decide<Handler: RTMPServerHandler & ~Copyable>(
        handler: inout Handler
    ) throws(RTMPError) {
        guard !isClosing, let undecided else { return }
        self.undecided = nil
        decide(
            undecided.request, messageStreamId: undecided.messageStreamId, handler: &handler)
        guard !isUndecided else {
            self.undecided?.input = undecided.input
            return
        }
        guard !isClosing, !undecided.input.isEmpty else { return }
        receivedByteCount -= UInt64(undecided.input.count)
        try unsafe receive(undecided.input.span.bytes, handler: &handler)
    }

    /// The bytes to send to the peer next, in order; empty if there are none.
    public mutating func takeOutbox() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &outbox)
        return taken
    }

    /// Ends the stream from our side, at shutdown or on an operator's word. The handler isn't told.
    ///
    /// - Parameters:
    ///   - code: the status code; `NetStream.Unpublish.Success` is sent as a status, any other as
    ///     an error.
    ///   - description: a sentence for the producer.
    public mutating func endPublish(code: String, description: String) {
        guard !isClosing else { return }
        isClosing = true
        guard connection != nil else { return }
        let messageStreamId = publishedMessageStreamId ?? 0
        publication = nil
        writeStatus(
            code == StatusCode.unpublishSuccess ? .status : .error, code: code,
            description: description, messageStreamId: messageStreamId)
    }

    /// The message stream that is published on.
    var publishedMessageStreamId: UInt32? { publication?.messageStreamId }

    /// A publish was accepted: from now on messages may be as long as media are.
    mutating func beginPublication(_ publication: Publication) {
        self.publication = publication
        hasPublished = true
        reader.setLimits(limits)
    }

    private var outboxByteCountMax: Int {
        (hasPublished ? limits : limits.beforePublish).outboxByteCountMax
    }

    // MARK: Input

    private mutating func consume<Handler: RTMPServerHandler & ~Copyable>(
        _ bytes: RawSpan, handler: inout Handler
    ) throws(RTMPError) {
        var offset = 0
        if !handshake.isDone {
            offset = try handshake.receive(bytes, answer: &outbox)
            guard handshake.isDone else { return }
        }
        while !isClosing, let (message, place) = try reader.next(bytes, at: &offset) {
            switch place {
            case .input(let start):
                let body = bytes.extracting(start..<(start + message.bodyByteCount))
                try handle(message, body: body, handler: &handler)
            case .assembled:
                let body = reader.takeBody()
                unsafe try handle(message, body: body.span.bytes, handler: &handler)
                reader.recycle(body)
            case .skipped:
                handler.leftOut(
                    .tooLong(type: message.type, byteCount: message.bodyByteCount))
            }
            guard outbox.count <= outboxByteCountMax else {
                throw .outboxFull(limit: outboxByteCountMax)
            }
            if isUndecided {
                let rest = bytes.extracting(droppingFirst: offset)
                undecided?.input = unsafe rest.withUnsafeBytes { unsafe Array($0) }
                return
            }
        }
    }

    private mutating func handle<Handler: RTMPServerHandler & ~Copyable>(
        _ message: RTMPMessageHeader, body: RawSpan, handler: inout Handler
    ) throws(RTMPError) {
        switch RTMPMessageType(rawValue: message.type) {
        case .audio, .video, .data, .dataAMF3:
            handOn(
                type: message.type, message, timestampMs: message.timestampMs, body: body,
                handler: &handler)
        case .aggregate:
            var aggregate = AggregateMessage()
            while let part = try aggregate.next(body, timestampMs: message.timestampMs) {
                handOn(
                    type: part.type, message, timestampMs: part.timestampMs,
                    body: body.extracting(part.offset..<(part.offset + part.byteCount)),
                    handler: &handler)
            }
        case .command, .commandAMF3:
            let command = try RTMPCommand(
                body, isAMF3: message.type == RTMPMessageType.commandAMF3.rawValue,
                limits: limits.amf)
            try perform(
                command, messageStreamId: message.messageStreamId, handler: &handler)
        case .setChunkSize, .abort, .acknowledgement, .userControl, .windowAcknowledgementSize,
            .setPeerBandwidth:
            try handleControl(message, body: body)
        case .sharedObject, .sharedObjectAMF3, nil:
            break
        }
    }

    /// Hands media on to the handler, if it belongs to the published stream.
    private mutating func handOn<Handler: RTMPServerHandler & ~Copyable>(
        type: UInt8, _ message: RTMPMessageHeader, timestampMs: UInt32, body: RawSpan,
        handler: inout Handler
    ) {
        // Message stream 0 is the connection's own; some encoders send their metadata there.
        guard let publishedMessageStreamId, body.byteCount > 0 else { return }
        guard message.messageStreamId == publishedMessageStreamId || message.messageStreamId == 0
        else {
            handler.leftOut(.otherMessageStream(message.messageStreamId))
            return
        }
        switch RTMPMessageType(rawValue: type) {
        case .audio:
            handler.media(.audio, timestampMs: timestampMs, body: body)
        case .video:
            handler.media(.video, timestampMs: timestampMs, body: body)
        case .data, .dataAMF3:
            let isAMF3 = type == RTMPMessageType.dataAMF3.rawValue
            if let place = ScriptMessage.handedOn(body, isAMF3: isAMF3) {
                handler.media(.script, timestampMs: timestampMs, body: body.extracting(place))
            }
        default:
            // Other types have no business in an aggregate.
            break
        }
    }

    // MARK: Protocol control (5.4 and 7.1.7)

    private mutating func handleControl(
        _ message: RTMPMessageHeader, body: RawSpan
    ) throws(RTMPError) {
        let type = RTMPMessageType(rawValue: message.type)
        guard body.byteCount >= (type == .userControl ? 2 : 4) else {
            throw .controlMessageTruncated(type: message.type, byteCount: body.byteCount)
        }
        switch type {
        case .setChunkSize:
            try reader.setChunkSize(body.uint32(at: 0))
        case .abort:
            reader.abort(chunkStreamId: body.uint32(at: 0))
        case .windowAcknowledgementSize:
            acknowledgementWindowByteCount = UInt64(
                max(
                    Int(body.uint32(at: 0)), limits.acknowledgementWindowByteCountMin))
        case .setPeerBandwidth:
            let byteCount = body.uint32(at: 0)
            if byteCount != sentWindowByteCount { sendWindow(byteCount) }
        case .userControl:
            guard body.uint16(at: 0) == UserControlEvent.pingRequest.rawValue else { return }
            guard body.byteCount >= 6 else {
                throw .controlMessageTruncated(type: message.type, byteCount: body.byteCount)
            }
            writer.writeUserControl(.pingResponse, body.uint32(at: 2), to: &outbox)
        default:
            // Acknowledgements of our few answers tell us nothing.
            break
        }
    }

    /// Sends Window Acknowledgement Size.
    mutating func sendWindow(_ byteCount: UInt32) {
        sentWindowByteCount = byteCount
        writer.writeWindowAcknowledgementSize(byteCount, to: &outbox)
    }

    private mutating func acknowledgeIfDue() {
        guard handshake.isDone,
            receivedByteCount - acknowledgedByteCount >= acknowledgementWindowByteCount
        else { return }
        acknowledgedByteCount = receivedByteCount
        writer.writeAcknowledgement(receivedByteCount: receivedByteCount, to: &outbox)
    }
}
