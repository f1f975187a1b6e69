// What can be wrong with a peer's WebSocket frames.

/// Frames we refuse to read on. Send a close frame with `closeCode`, then close the connection.
public enum WebSocketError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One of the bits that are for extensions; none was agreed on.
    case reservedBits
    /// An opcode that RFC 6455 leaves open.
    case unknownOpcode
    /// A client's frame without a mask.
    case unmasked
    /// A server's frame with a mask.
    case masked
    /// A control frame in fragments.
    case fragmentedControl
    /// A control frame of more than 125 bytes.
    case controlTooLong
    /// A length that isn't written in the fewest bytes, or has its highest bit set.
    case badLength
    /// A continuation of nothing.
    case unexpectedContinuation
    /// A new message within another one's fragments.
    case unfinishedMessage
    /// A close frame with one byte, or a code that none may send.
    case badClose
    /// A text or a close reason that isn't UTF-8.
    case notUTF8
    /// A message longer than `WebSocketLimits.messageByteCountMax`.
    case messageTooBig
    /// A message in more frames than `WebSocketLimits.messageFrameCountMax`.
    case tooManyFrames

    /// The code of the close frame to answer with.
    public var closeCode: WebSocketCloseCode {
        switch self {
        case .notUTF8: .invalidPayload
        case .messageTooBig: .messageTooBig
        case .tooManyFrames: .policyViolation
        case .reservedBits, .unknownOpcode, .unmasked, .masked, .fragmentedControl,
            .controlTooLong, .badLength, .unexpectedContinuation, .unfinishedMessage, .badClose:
            .protocolError
        }
    }

    /// What is wrong, and what the client's author has to change. It fits into a close frame.
    public var description: String {
        switch self {
        case .reservedBits: "A frame has a reserved bit set; use no extension."
        case .unknownOpcode: "A frame has an unknown opcode; send text, ping, pong or close."
        case .unmasked: "A client's frame isn't masked; mask every frame."
        case .masked: "A server's frame is masked; servers must not mask."
        case .fragmentedControl: "A control frame is fragmented; send it in one."
        case .controlTooLong: "A control frame is longer than 125 bytes; shorten it."
        case .badLength: "A frame's length isn't written in the fewest bytes; correct it."
        case .unexpectedContinuation: "A continuation of no message; begin with a text frame."
        case .unfinishedMessage: "A message begins within another one; finish that first."
        case .badClose: "A close frame has a bad code; send 1000."
        case .notUTF8: "A text isn't UTF-8; encode it in UTF-8."
        case .messageTooBig: "The message is too big; send less."
        case .tooManyFrames: "The message has too many frames; send it in one."
        }
    }
}
