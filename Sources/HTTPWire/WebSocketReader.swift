// A client's WebSocket messages put together, within bounds and without an allocation.

import TextWire

/// Reads a client's messages (RFC 6455, sections 5 and 6): 28 bytes of state, no references, so
/// that each of many connections can have one.
///
/// A message that is there in full, as nearly all are, stays where it was received. Only for one
/// that came in part does the reader ask to be lent storage.
///
/// ```
/// var offset = 0
/// while true {
///     switch try reader.next(in: &received, from: &offset, storage: &storage, limits: limits) {
///     case .message(let message): // its payload lies in `received` or in `storage`
///     case .needsStorage: // lend limits.storageByteCount bytes, and call again
///     case .needsBytes: // all is read; take the storage back unless reader.holdsStorage
///     }
/// }
/// ```
public struct WebSocketReader: Sendable, BitwiseCopyable {
    /// What came.
    public enum Kind: Sendable, Equatable {
        case text
        case binary
        /// To be answered with a pong of the same payload.
        case ping
        case pong
        /// To be answered with a close frame of the same code; the payload is the reason. The code
        /// is nil where the peer gave none.
        case close(WebSocketCloseCode?)
    }

    /// A whole message or control frame.
    public struct Message: Sendable, Equatable {
        /// What it is.
        public var kind: Kind
        /// Where its payload lies, no longer masked.
        public var payload: Range<Int>
        /// Whether that is in the storage; otherwise it is in the bytes received.
        public var isStored: Bool
    }

    /// How far the reader got.
    public enum Step: Sendable, Equatable {
        /// Something has come; its payload stays where it is until the next call.
        case message(Message)
        /// Everything received is read.
        case needsBytes
        /// Part of a message is there, and no storage to keep it in.
        case needsStorage
    }

    private var frames = WebSocketFrameReader(of: .client)
    private var textChecker = UTF8Checker()
    /// What of the message lies in the storage.
    private var storedByteCount: UInt16 = 0
    /// How many frames of the message have ended.
    private var frameCount: UInt16 = 0
    /// What of a control frame lies in the storage, behind the room for a message.
    private var storedControlByteCount: UInt8 = 0
    private var isText = false
    private var isClosed = false

    /// A reader at the beginning of a connection, right behind the handshake.
    public init() {}

    /// Whether something lies in the storage that will be needed again.
    public var holdsStorage: Bool { storedByteCount > 0 || storedControlByteCount > 0 }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: what has come, the end of the last ones not included. Masks are taken off in it.
    ///   - offset: where to go on reading; moved past what was read.
    ///   - storage: what is lent for parts of messages, the same from call to call as long as
    ///     `holdsStorage`; otherwise it may be empty.
    ///   - limits: what a message may cost; the same for the whole connection.
    /// - Returns: what there is to do. After a close everything else is passed over.
    /// - Throws: `WebSocketError`; send a close frame with its code, and don't call again.
    public mutating func next(
        in bytes: inout MutableRawSpan, from offset: inout Int, storage: inout MutableRawSpan,
        limits: WebSocketLimits = WebSocketLimits()
    ) throws(WebSocketError) -> Step {
        while true {
            guard !isClosed else {
                offset = bytes.byteCount
                return .needsBytes
            }
            let roomByteCount = limits.messageByteCountMax - Int(storedByteCount)
            guard
                try frames.readHead(
                    in: bytes.bytes, from: &offset, payloadByteCountMax: roomByteCount)
            else { return .needsBytes }
            let availableByteCount = bytes.byteCount - offset
            guard frames.leftByteCount == 0 || availableByteCount > 0 else { return .needsBytes }
            let isStored = mustStore(availableByteCount: availableByteCount)
            if isStored, storage.byteCount < limits.storageByteCount { return .needsStorage }
            let piece = frames.takePayload(in: &bytes, from: &offset)
            let message =
                piece.opcode.isControl
                ? try takeControl(
                    piece, in: bytes.bytes, isStored: isStored, storage: &storage,
                    storageStart: limits.messageByteCountMax)
                : try takeData(
                    piece, in: bytes.bytes, isStored: isStored, storage: &storage,
                    frameCountMax: limits.messageFrameCountMax)
            if let message { return .message(message) }
        }
    }

    /// Whether the payload at hand can't stay where it is: it isn't all of the frame or of the
    /// message.
    private func mustStore(availableByteCount: Int) -> Bool {
        let leftByteCount = Int(frames.leftByteCount)
        if frames.opcode.isControl {
            return storedControlByteCount > 0 || leftByteCount > availableByteCount
        }
        if storedByteCount > 0 || leftByteCount > availableByteCount { return true }
        return !frames.isFinal && leftByteCount > 0
    }

    // MARK: Data

    private mutating func takeData(
        _ piece: WebSocketFrameReader.Piece, in bytes: RawSpan, isStored: Bool,
        storage: inout MutableRawSpan, frameCountMax: Int
    ) throws(WebSocketError) -> Message? {
        if piece.opcode != .continuation { isText = piece.opcode == .text }
        if isText {
            guard textChecker.take(bytes.extracting(piece.range)) else { throw .notUTF8 }
        }
        if isStored {
            storage.copy(bytes.extracting(piece.range), to: Int(storedByteCount))
            storedByteCount += UInt16(piece.range.count)
        }
        guard piece.endsFrame else { return nil }
        guard piece.isFinal else {
            frameCount += 1
            guard frameCount < frameCountMax else { throw .tooManyFrames }
            return nil
        }
        guard textChecker.isAtEnd else { throw .notUTF8 }
        let message = Message(
            kind: isText ? .text : .binary,
            payload: isStored ? 0..<Int(storedByteCount) : piece.range, isStored: isStored)
        storedByteCount = 0
        frameCount = 0
        return message
    }

    // MARK: Control frames

    private mutating func takeControl(
        _ piece: WebSocketFrameReader.Piece, in bytes: RawSpan, isStored: Bool,
        storage: inout MutableRawSpan, storageStart: Int
    ) throws(WebSocketError) -> Message? {
        if isStored {
            storage.copy(
                bytes.extracting(piece.range), to: storageStart + Int(storedControlByteCount))
            storedControlByteCount += UInt8(piece.range.count)
        }
        guard piece.endsFrame else { return nil }
        let payload =
            isStored
            ? storageStart..<(storageStart + Int(storedControlByteCount)) : piece.range
        storedControlByteCount = 0
        switch piece.opcode {
        case .ping: return Message(kind: .ping, payload: payload, isStored: isStored)
        case .pong: return Message(kind: .pong, payload: payload, isStored: isStored)
        default:
            let code =
                isStored
                ? try Self.closeCode(of: storage.bytes.extracting(payload))
                : try Self.closeCode(of: bytes.extracting(payload))
            isClosed = true
            let reason = min(payload.lowerBound + 2, payload.upperBound)..<payload.upperBound
            return Message(kind: .close(code), payload: reason, isStored: isStored)
        }
    }

    /// RFC 6455, section 5.5.1: nothing, or a code and a reason in UTF-8.
    private static func closeCode(
        of payload: RawSpan
    ) throws(WebSocketError) -> WebSocketCloseCode? {
        guard payload.byteCount > 0 else { return nil }
        guard payload.byteCount > 1 else { throw .badClose }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isAllowedInFrame else { throw .badClose }
        var checker = UTF8Checker()
        guard checker.take(payload.extracting(droppingFirst: 2)), checker.isAtEnd else {
            throw .notUTF8
        }
        return code
    }
}

extension MutableRawSpan {
    /// Copies bytes to an offset; both ends must be within bounds.
    fileprivate mutating func copy(_ bytes: RawSpan, to offset: Int) {
        precondition(offset >= 0 && bytes.byteCount <= byteCount - offset)
        guard bytes.byteCount > 0 else { return }
        unsafe withUnsafeMutableBytes { destination in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: destination[offset...])
                    .copyMemory(from: source)
            }
        }
    }
}
