// The bounds of everything HTTPWire reads from the network.

/// What a request may cost us before it is refused.
///
/// All bounds are inclusive: a request of exactly this size is still accepted.
public struct HTTPLimits: Sendable, Equatable {
    /// The whole head, from the first byte to the end of the blank line. Past it: 431 (or 414, when
    /// not even the request line has ended by then).
    public var headByteCountMax: Int
    /// The request target. Past it: 414.
    public var targetByteCountMax: Int
    /// How many field lines a head may have. Past it: 431.
    public var headerCountMax: Int
    /// The body a request may announce or send in chunks. Past it: 413.
    public var bodyByteCountMax: Int

    /// Heads of 8 KB and bodies of 4 KB, unless told otherwise.
    public init(
        headByteCountMax: Int = 8192,
        targetByteCountMax: Int = 2048,
        headerCountMax: Int = 64,
        bodyByteCountMax: Int = 4096
    ) {
        self.headByteCountMax = headByteCountMax
        self.targetByteCountMax = targetByteCountMax
        self.headerCountMax = headerCountMax
        self.bodyByteCountMax = bodyByteCountMax
    }
}

/// What a chunked body (RFC 9112, section 7.1) may cost us before it is refused.
public struct ChunkedBodyLimits: Sendable, Equatable {
    /// All body bytes together. `Int.max` for an endless stream.
    public var bodyByteCountMax: Int
    /// One chunk-size line with its extensions, without the line end.
    public var sizeLineByteCountMax: Int
    /// All trailer field lines together.
    public var trailerByteCountMax: Int

    /// The defaults fit an endless stream; for a request's body give `HTTPLimits.bodyByteCountMax`.
    public init(
        bodyByteCountMax: Int = .max,
        sizeLineByteCountMax: Int = 128,
        trailerByteCountMax: Int = 4096
    ) {
        self.bodyByteCountMax = bodyByteCountMax
        self.sizeLineByteCountMax = sizeLineByteCountMax
        self.trailerByteCountMax = trailerByteCountMax
    }
}

/// What a WebSocket's messages may cost us before the connection is closed. All bounds are
/// inclusive.
public struct WebSocketLimits: Sendable, Equatable {
    /// A control frame's payload (RFC 6455, section 5.5).
    public static let controlByteCountMax = 125

    /// One message, all its fragments together; at most 65 535. Past it: close code 1009.
    public var messageByteCountMax: Int
    /// The frames one message may come in; at most 65 535. Past it: close code 1008.
    public var messageFrameCountMax: Int

    /// Messages of 4 KB in 32 frames, unless told otherwise.
    public init(messageByteCountMax: Int = 4096, messageFrameCountMax: Int = 32) {
        precondition((0...0xFFFF).contains(messageByteCountMax))
        precondition((1...0xFFFF).contains(messageFrameCountMax))
        self.messageByteCountMax = messageByteCountMax
        self.messageFrameCountMax = messageFrameCountMax
    }

    /// How large the storage has to be that `WebSocketReader` is lent while a message is
    /// incomplete: a message, and a control frame between its fragments.
    public var storageByteCount: Int { messageByteCountMax + Self.controlByteCountMax }
}
