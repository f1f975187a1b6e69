// Fuzzes a client's WebSocket frames, and a server's as a client of ours reads them.

import HTTPWire

/// libFuzzer's entry: the first byte chooses the limits and where the bytes are cut, the rest is
/// what a peer sends.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWebSocket(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let choice = Int(input[0])
    let bytes = Array(input[1...])
    let limits =
        choice & 1 == 0
        ? WebSocketLimits() : WebSocketLimits(messageByteCountMax: 64, messageFrameCountMax: 3)
    let whole = read(bytes, pieceByteCount: max(1, bytes.count), limits: limits)
    let pieces = read(bytes, pieceByteCount: choice >> 1 % 64 + 1, limits: limits)
    precondition(whole == pieces, "\(whole) in one piece, \(pieces) in several")
    precondition(read(bytes, pieceByteCount: 1, limits: limits) == whole)
    checkMessages(whole, limits: limits)

    let server = readServer(bytes, pieceByteCount: max(1, bytes.count))
    precondition(readServer(bytes, pieceByteCount: choice % 7 + 1) == server)
    return 0
}

private struct Message: Equatable {
    var kind: WebSocketReader.Kind
    var payload: [UInt8]
}

private struct Outcome: Equatable {
    var messages: [Message] = []
    var failure: WebSocketError?
}

/// Messages keep their bounds, and come back when they are sent anew.
private func checkMessages(_ outcome: Outcome, limits: WebSocketLimits) {
    var anew: [UInt8] = []
    for (index, message) in outcome.messages.enumerated() {
        let opcode: WebSocketOpcode
        var payload = message.payload
        switch message.kind {
        case .text:
            opcode = .text
            precondition(String(validating: payload, as: UTF8.self) != nil)
        case .binary: opcode = .binary
        case .ping: opcode = .ping
        case .pong: opcode = .pong
        case .close(let code):
            opcode = .close
            precondition(index == outcome.messages.count - 1 && outcome.failure == nil)
            precondition(String(validating: payload, as: UTF8.self) != nil)
            if let code {
                payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + payload
            }
        }
        precondition(
            payload.count
                <= (opcode.isControl
                    ? WebSocketLimits.controlByteCountMax : limits.messageByteCountMax))
        anew += WebSocketFrame.bytes(
            opcode, payload.span.bytes, mask: UInt32(truncatingIfNeeded: index &* 0x9E37_79B9))
    }
    let again = read(anew, pieceByteCount: max(1, anew.count), limits: limits)
    precondition(again == Outcome(messages: outcome.messages))
    if let failure = outcome.failure {
        precondition(failure.closeCode.isAllowedInFrame)
        precondition(failure.description.utf8.count <= 123)
    }
}

/// A connection to which storage is lent only while it is asked for.
private func read(_ bytes: [UInt8], pieceByteCount: Int, limits: WebSocketLimits) -> Outcome {
    var reader = WebSocketReader()
    var storage: [UInt8] = []
    var outcome = Outcome()
    var start = 0
    while start < bytes.count, outcome.failure == nil {
        var piece = Array(bytes[start..<min(bytes.count, start + pieceByteCount)])
        start += piece.count
        var offset = 0
        do throws(WebSocketError) {
            reading: while true {
                switch try step(&reader, &piece, &offset, &storage, limits) {
                case .message(let message):
                    let payload = (message.isStored ? storage : piece)[message.payload]
                    outcome.messages.append(Message(kind: message.kind, payload: Array(payload)))
                case .needsStorage:
                    precondition(storage.isEmpty)
                    storage = Array(repeating: 0xEE, count: limits.storageByteCount)
                case .needsBytes: break reading
                }
            }
            precondition(offset == piece.count)
        } catch {
            outcome.failure = error
        }
        if !reader.holdsStorage { storage = [] }
    }
    return outcome
}

private func step(
    _ reader: inout WebSocketReader, _ piece: inout [UInt8], _ offset: inout Int,
    _ storage: inout [UInt8], _ limits: WebSocketLimits
) throws(WebSocketError) -> WebSocketReader.Step {
    var pieceSpan = piece.mutableSpan
    var pieceBytes = unsafe pieceSpan.mutableBytes
    var storageSpan = storage.mutableSpan
    var storageBytes = unsafe storageSpan.mutableBytes
    return try reader.next(
        in: &pieceBytes, from: &offset, storage: &storageBytes, limits: limits)
}

/// Frames of a server: their heads, and all payload one after the other.
private struct ServerOutcome: Equatable {
    var opcodes: [WebSocketOpcode] = []
    var payload: [UInt8] = []
    var failure: WebSocketError?
}

private func readServer(_ bytes: [UInt8], pieceByteCount: Int) -> ServerOutcome {
    var reader = WebSocketFrameReader(of: .server)
    var outcome = ServerOutcome()
    var start = 0
    while start < bytes.count, outcome.failure == nil {
        var piece = Array(bytes[start..<min(bytes.count, start + pieceByteCount)])
        start += piece.count
        var offset = 0
        do throws(WebSocketError) {
            while let found = try serverPiece(&reader, &piece, &offset) {
                outcome.payload += piece[found.range]
                if found.endsFrame { outcome.opcodes.append(found.opcode) }
            }
        } catch {
            outcome.failure = error
        }
    }
    return outcome
}

private func serverPiece(
    _ reader: inout WebSocketFrameReader, _ piece: inout [UInt8], _ offset: inout Int
) throws(WebSocketError) -> WebSocketFrameReader.Piece? {
    var span = piece.mutableSpan
    var bytes = unsafe span.mutableBytes
    return try reader.next(in: &bytes, from: &offset, payloadByteCountMax: 1 << 20)
}
