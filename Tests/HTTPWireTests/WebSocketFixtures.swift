// WebSocket frames for the tests: written by hand, and a connection that reads them.

import HTTPWire
import TestSupport
import Testing

/// A client's frame, masked, written without our own writer.
func clientFrame(
    _ first: UInt8, _ payload: [UInt8], mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
) -> [UInt8] {
    var bytes = [first]
    switch payload.count {
    case ..<126: bytes.append(0x80 | UInt8(payload.count))
    case ..<65_536:
        bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
        bytes.append(0x80 | 127)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    return bytes + mask + payload.enumerated().map { $0.element ^ mask[$0.offset % 4] }
}

/// A client's frame with a text for a payload.
func clientFrame(_ first: UInt8, _ text: String) -> [UInt8] {
    clientFrame(first, Array(text.utf8))
}

/// What a connection got.
struct WebSocketEvent: Equatable, CustomStringConvertible {
    var kind: WebSocketReader.Kind
    var payload: [UInt8]

    init(_ kind: WebSocketReader.Kind, _ payload: [UInt8] = []) {
        self.kind = kind
        self.payload = payload
    }

    init(_ kind: WebSocketReader.Kind, _ text: String) {
        self.init(kind, Array(text.utf8))
    }

    var description: String { "\(kind) of \(payload.count): \(payload.prefix(20))" }
}

/// A connection as a shard keeps it: storage is lent only while it is asked for.
struct WebSocketConnection {
    var reader = WebSocketReader()
    var limits = WebSocketLimits()
    private var storage: [UInt8] = []
    /// How often storage was lent.
    private(set) var lendingCount = 0

    init(limits: WebSocketLimits = WebSocketLimits()) { self.limits = limits }

    mutating func feed(_ bytes: RawSpan, _ emit: (WebSocketEvent) -> Void) throws {
        var received: [UInt8] = []
        for offset in 0..<bytes.byteCount {
            unsafe received.append(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        var offset = 0
        while true {
            let step = try Self.next(
                &reader, in: &received, from: &offset, storage: &storage, limits: limits)
            switch step {
            case .message(let message):
                emit(
                    WebSocketEvent(
                        message.kind,
                        Array((message.isStored ? storage : received)[message.payload])))
            case .needsStorage:
                precondition(storage.isEmpty)
                // What lay there before must not matter.
                storage = Array(repeating: 0xEE, count: limits.storageByteCount)
                lendingCount += 1
            case .needsBytes:
                precondition(offset == received.count)
                if !reader.holdsStorage { storage = [] }
                return
            }
        }
    }

    /// A span of one property borrows all of self, so each is handed over on its own.
    private static func next(
        _ reader: inout WebSocketReader, in received: inout [UInt8], from offset: inout Int,
        storage: inout [UInt8], limits: WebSocketLimits
    ) throws(WebSocketError) -> WebSocketReader.Step {
        var receivedSpan = received.mutableSpan
        var receivedBytes = unsafe receivedSpan.mutableBytes
        var storageSpan = storage.mutableSpan
        var storageBytes = unsafe storageSpan.mutableBytes
        return try reader.next(
            in: &receivedBytes, from: &offset, storage: &storageBytes, limits: limits)
    }
}

/// What comes of a client's bytes, the same in every cutting.
func webSocketEvents(
    of bytes: [UInt8], limits: WebSocketLimits = WebSocketLimits(), seed: UInt64 = 6455
) -> [WebSocketEvent] {
    verifyChunking(
        of: bytes, seed: seed, makeParser: { WebSocketConnection(limits: limits) },
        feed: { (connection: inout WebSocketConnection, chunk, emit: (WebSocketEvent) -> Void) in
            try connection.feed(chunk, emit)
        })
}

/// The error a client's bytes end in; nil where they don't.
func webSocketRefusal(
    of bytes: [UInt8], limits: WebSocketLimits = WebSocketLimits()
) -> WebSocketError? {
    var connection = WebSocketConnection(limits: limits)
    do {
        try connection.feed(bytes.span.bytes) { _ in }
        return nil
    } catch {
        return error as? WebSocketError
    }
}
