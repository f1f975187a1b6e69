// The heads of WebSocket frames written, and small whole frames.

/// What a frame is (RFC 6455, section 5.2).
public enum WebSocketOpcode: UInt8, Sendable, Equatable, BitwiseCopyable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Whether it is one of the frames that may come between a message's fragments.
    public var isControl: Bool { rawValue >= 8 }
}

/// The head of a frame we send (RFC 6455, section 5.2): 2 to 14 bytes, the payload follows.
public struct WebSocketFrameHead: Sendable, Equatable, BitwiseCopyable {
    /// The longest head there is.
    public static let byteCountMax = 14

    /// What the frame is.
    public let opcode: WebSocketOpcode
    /// How many bytes of payload follow the head.
    public let payloadByteCount: Int
    /// Whether it is its message's last frame; so far mostly the only one.
    public let isFinal: Bool
    /// What a client's payload is masked with, the first byte highest; a server never masks.
    public let mask: UInt32?

    /// The head of a frame.
    public init(
        _ opcode: WebSocketOpcode, payloadByteCount: Int, isFinal: Bool = true,
        mask: UInt32? = nil
    ) {
        precondition(payloadByteCount >= 0)
        // RFC 6455, section 5.5.
        precondition(!opcode.isControl || (isFinal && payloadByteCount <= 125))
        self.opcode = opcode
        self.payloadByteCount = payloadByteCount
        self.isFinal = isFinal
        self.mask = mask
    }

    /// How long the head is: 2, 4 or 10 bytes, and 4 for a mask.
    public var byteCount: Int {
        let lengthByteCount = payloadByteCount < 126 ? 2 : payloadByteCount <= 0xFFFF ? 4 : 10
        return lengthByteCount + (mask == nil ? 0 : 4)
    }

    /// Writes the head; `output` must have room for `byteCount` bytes.
    public func append(to output: inout OutputSpan<UInt8>) {
        output.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        if payloadByteCount < 126 {
            output.append(maskBit | UInt8(payloadByteCount))
        } else if payloadByteCount <= 0xFFFF {
            output.append(maskBit | 126)
            Self.append(UInt64(payloadByteCount), byteCount: 2, to: &output)
        } else {
            output.append(maskBit | 127)
            Self.append(UInt64(payloadByteCount), byteCount: 8, to: &output)
        }
        if let mask { Self.append(UInt64(mask), byteCount: 4, to: &output) }
    }

    private static func append(
        _ number: UInt64, byteCount: Int, to output: inout OutputSpan<UInt8>
    ) {
        for index in 1...byteCount {
            output.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * (byteCount - index))))
        }
    }
}

/// Whole frames, for what is small and rare.
public enum WebSocketFrame {
    /// A frame with its payload: masked where a mask is given, as a client must.
    public static func bytes(
        _ opcode: WebSocketOpcode, _ payload: RawSpan, isFinal: Bool = true, mask: UInt32? = nil
    ) -> [UInt8] {
        let head = WebSocketFrameHead(
            opcode, payloadByteCount: payload.byteCount, isFinal: isFinal, mask: mask)
        return [UInt8](capacity: head.byteCount + payload.byteCount) { output in
            head.append(to: &output)
            for index in 0..<payload.byteCount {
                let masked = UInt8(
                    truncatingIfNeeded: (mask ?? 0) >> UInt32(8 * (3 - index % 4)))
                output.append(payload[index] ^ masked)
            }
        }
    }

    /// A close frame (RFC 6455, section 5.5.1). A reason past 123 bytes is cut after a whole
    /// character.
    public static func close(
        _ code: WebSocketCloseCode, reason: String = "", mask: UInt32? = nil
    ) -> [UInt8] {
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        for character in reason.unicodeScalars {
            guard payload.count + UTF8.width(character) <= 125 else { break }
            payload.append(contentsOf: String(character).utf8)
        }
        return unsafe bytes(.close, payload.span.bytes, mask: mask)
    }
}

/// Why a WebSocket is closed (RFC 6455, section 7.4).
public struct WebSocketCloseCode: RawRepresentable, Sendable, Equatable, BitwiseCopyable {
    public let rawValue: UInt16

    /// A code by its number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// All was said.
    public static let normal = Self(rawValue: 1000)
    /// The server stops, or the page is left.
    public static let goingAway = Self(rawValue: 1001)
    /// The peer broke RFC 6455.
    public static let protocolError = Self(rawValue: 1002)
    /// A kind of message that nothing is done with here.
    public static let unsupportedData = Self(rawValue: 1003)
    /// A text that isn't UTF-8.
    public static let invalidPayload = Self(rawValue: 1007)
    /// The peer does what isn't allowed here.
    public static let policyViolation = Self(rawValue: 1008)
    /// A message past the limit.
    public static let messageTooBig = Self(rawValue: 1009)
    /// Too much to do now; come back later.
    public static let tryAgainLater = Self(rawValue: 1013)

    /// Whether a peer may send it: those with a meaning for a frame, those registered since, and
    /// the private ranges.
    public var isAllowedInFrame: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
