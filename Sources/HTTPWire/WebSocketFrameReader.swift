// WebSocket frames taken apart in place, in any cutting.

/// Reads frames (RFC 6455, section 5) without copying: it tells which parts of the bytes at hand
/// are payload, and takes the mask off where they lie. Sixteen bytes of state.
///
/// A client that reads an endless stream uses it as it is; a server that wants whole messages uses
/// `WebSocketReader`.
public struct WebSocketFrameReader: Sendable, BitwiseCopyable {
    /// Whose frames are read: a client's must be masked, a server's must not.
    public enum Sender: Sendable { case client, server }

    /// Some of a frame's payload.
    public struct Piece: Sendable, Equatable {
        /// What the frame is.
        public var opcode: WebSocketOpcode
        /// Whether it is its message's last frame.
        public var isFinal: Bool
        /// Where the payload is, no longer masked; empty for a frame without payload.
        public var range: Range<Int>
        /// Whether the frame ends with it.
        public var endsFrame: Bool
    }

    private enum Phase: UInt8 {
        case first, second, length16, length64, mask, payload
    }

    private var phase = Phase.first
    private var firstByte: UInt8 = 0
    /// How many bytes of the length or the mask are still to come.
    private var missingCount: UInt8 = 0
    private var isInMessage = false
    private let expectsMask: Bool
    /// The length while it is read, then how much of the payload is still to come.
    private(set) var leftByteCount: UInt32 = 0
    /// The mask's next byte is the highest.
    private var mask: UInt32 = 0

    /// A reader at the beginning of a frame.
    public init(of sender: Sender) {
        expectsMask = sender == .client
    }

    /// What the frame is whose head was read.
    var opcode: WebSocketOpcode { WebSocketOpcode(rawValue: firstByte & 0x0F) ?? .continuation }
    /// Whether the frame whose head was read is its message's last.
    var isFinal: Bool { firstByte & 0x80 != 0 }

    /// The next piece of payload in `bytes`. Every frame has one at least.
    ///
    /// - Parameters:
    ///   - bytes: what has come; the reader keeps nothing of it.
    ///   - offset: where to go on reading; moved past what was read.
    ///   - payloadByteCountMax: the longest frame to let in, at most 4 GB.
    /// - Returns: nil when all bytes are used up.
    /// - Throws: `WebSocketError`; don't call again.
    public mutating func next(
        in bytes: inout MutableRawSpan, from offset: inout Int, payloadByteCountMax: Int
    ) throws(WebSocketError) -> Piece? {
        guard
            try readHead(
                in: bytes.bytes, from: &offset, payloadByteCountMax: payloadByteCountMax),
            leftByteCount == 0 || offset < bytes.byteCount
        else { return nil }
        return takePayload(in: &bytes, from: &offset)
    }

    /// Reads on to a frame's payload, or stays there.
    ///
    /// - Returns: whether the head is there in full.
    mutating func readHead(
        in bytes: RawSpan, from offset: inout Int, payloadByteCountMax: Int
    ) throws(WebSocketError) -> Bool {
        while phase != .payload {
            guard offset < bytes.byteCount else { return false }
            try takeHead(bytes[offset], payloadByteCountMax: payloadByteCountMax)
            offset += 1
        }
        return true
    }

    /// Takes what there is of the payload, once the head was read.
    mutating func takePayload(
        in bytes: inout MutableRawSpan, from offset: inout Int
    ) -> Piece {
        let start = offset
        let byteCount = min(Int(leftByteCount), bytes.byteCount - start)
        offset += byteCount
        leftByteCount -= UInt32(byteCount)
        if expectsMask { unmask(start..<offset, in: &bytes) }
        let piece = Piece(
            opcode: opcode, isFinal: isFinal, range: start..<offset,
            endsFrame: leftByteCount == 0)
        if piece.endsFrame {
            phase = .first
            if !piece.opcode.isControl { isInMessage = !piece.isFinal }
        }
        return piece
    }

    // MARK: Heads

    private mutating func takeHead(
        _ byte: UInt8, payloadByteCountMax: Int
    ) throws(WebSocketError) {
        switch phase {
        case .first: try takeFirst(byte)
        case .second:
            guard byte & 0x80 != 0 || !expectsMask else { throw .unmasked }
            guard byte & 0x80 == 0 || expectsMask else { throw .masked }
            try takeShortLength(byte & 0x7F, payloadByteCountMax: payloadByteCountMax)
        case .length16, .length64:
            try takeLength(byte, payloadByteCountMax: payloadByteCountMax)
        case .mask:
            mask = mask << 8 | UInt32(byte)
            missingCount -= 1
            if missingCount == 0 { phase = .payload }
        case .payload: break
        }
    }

    private mutating func takeFirst(_ byte: UInt8) throws(WebSocketError) {
        guard byte & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = WebSocketOpcode(rawValue: byte & 0x0F) else { throw .unknownOpcode }
        switch opcode {
        case .continuation:
            guard isInMessage else { throw .unexpectedContinuation }
        case .text, .binary:
            guard !isInMessage else { throw .unfinishedMessage }
        case .close, .ping, .pong:
            guard byte & 0x80 != 0 else { throw .fragmentedControl }
        }
        firstByte = byte
        phase = .second
    }

    private mutating func takeShortLength(
        _ length: UInt8, payloadByteCountMax: Int
    ) throws(WebSocketError) {
        guard length <= 125 || !opcode.isControl else { throw .controlTooLong }
        leftByteCount = 0
        switch length {
        case 126: (phase, missingCount) = (.length16, 2)
        case 127: (phase, missingCount) = (.length64, 8)
        default:
            leftByteCount = UInt32(length)
            try endLength(payloadByteCountMax: payloadByteCountMax)
        }
    }

    private mutating func takeLength(
        _ byte: UInt8, payloadByteCountMax: Int
    ) throws(WebSocketError) {
        if missingCount == 8 {
            guard byte & 0x80 == 0 else { throw .badLength }
        }
        // More than 32 bits are more than anyone lets in.
        guard missingCount <= 4 || byte == 0 else { throw .messageTooBig }
        leftByteCount = leftByteCount << 8 | UInt32(byte)
        missingCount -= 1
        guard missingCount == 0 else { return }
        guard leftByteCount > (phase == .length16 ? 125 : 0xFFFF) else { throw .badLength }
        try endLength(payloadByteCountMax: payloadByteCountMax)
    }

    private mutating func endLength(payloadByteCountMax: Int) throws(WebSocketError) {
        // A control frame's length has its own bound.
        guard opcode.isControl || Int(leftByteCount) <= payloadByteCountMax else {
            throw .messageTooBig
        }
        guard expectsMask else {
            phase = .payload
            return
        }
        (phase, missingCount, mask) = (.mask, 4, 0)
    }

    // MARK: Masks

    /// Takes the mask off, eight bytes at a time, and turns it to where the next piece begins.
    private mutating func unmask(_ range: Range<Int>, in bytes: inout MutableRawSpan) {
        var index = range.lowerBound
        let half = UInt64(mask.bigEndian)
        let word = half << 32 | half
        while index + 8 <= range.upperBound {
            let masked = unsafe bytes.bytes.unsafeLoadUnaligned(
                fromByteOffset: index, as: UInt64.self)
            bytes.storeBytes(of: masked ^ word, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < range.upperBound {
            let byte = bytes.bytes[index] ^ UInt8(truncatingIfNeeded: mask >> 24)
            bytes.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            mask = mask << 8 | mask >> 24
            index += 1
        }
    }
}
