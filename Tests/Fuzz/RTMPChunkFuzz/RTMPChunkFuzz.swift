// Fuzzes the chunk reader: in any cutting the same messages and the same error, within its bounds,
// and what was read can be written and read again.

import RTMP

private struct Message: Equatable {
    var header: RTMPMessageHeader
    var body: [UInt8]
}

private struct Outcome: Equatable {
    var messages: [Message] = []
    var failure: RTMPError?
}

/// Small enough for small inputs to meet every bound.
private let limits: RTMPLimits = {
    var limits = RTMPLimits()
    limits.messageByteCountMax = 1500
    limits.reassemblyByteCountMax = 2500
    limits.chunkStreamCountMax = 6
    limits.spareBufferByteCountMax = 512
    limits.spareBufferCountMax = 2
    return limits
}()

/// libFuzzer's entry: the first byte is the chunk size, the rest are chunks, and their own bytes
/// say where the third run cuts them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRTMPChunks(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let chunkSize = max(1, UInt32(input[0]))
    let bytes = Array(input[1...])
    let whole = outcome(of: bytes, chunkSize: chunkSize) { _ in bytes.count }
    precondition(
        whole == outcome(of: bytes, chunkSize: chunkSize) { _ in 1 }, "byte by byte it differs")
    precondition(
        whole == outcome(of: bytes, chunkSize: chunkSize) { Int(bytes[$0] % 61) + 1 },
        "in pieces it differs")
    checkWriting(whole.messages)
    return 0
}

private func outcome(
    of input: [UInt8], chunkSize: UInt32, pieceByteCount: (Int) -> Int
) -> Outcome {
    var reader = ChunkReader(limits: limits)
    var outcome = Outcome()
    var start = 0
    do throws(RTMPError) {
        try reader.setChunkSize(chunkSize)
        while start < input.count {
            let end = min(input.count, start + max(1, pieceByteCount(start)))
            let piece = Array(input[start..<end])
            try read(piece, &reader, &outcome)
            // Buffers grow by the allocator's steps, so the bounds are those and some slack.
            precondition(reader.heldByteCount < 3 * limits.reassemblyByteCountMax + 4096)
            start = end
        }
    } catch {
        outcome.failure = error
    }
    return outcome
}

/// Reads a piece, and obeys the messages that concern chunks.
private func read(
    _ piece: [UInt8], _ reader: inout ChunkReader, _ outcome: inout Outcome
) throws(RTMPError) {
    var offset = 0
    while let (header, place) = try reader.next(piece.span.bytes, at: &offset) {
        let body: [UInt8]
        switch place {
        case .input(let start): body = Array(piece[start..<(start + header.bodyByteCount)])
        case .assembled: body = reader.takeBody()
        case .skipped:
            precondition(limits.isSkippable(type: header.type))
            continue
        }
        precondition(body.count == header.bodyByteCount)
        precondition(body.count <= limits.messageByteCountMax)
        outcome.messages.append(Message(header: header, body: body))
        if body.count >= 4 {
            let value = body[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if header.type == 1 { try reader.setChunkSize(value) }
            if header.type == 2 { reader.abort(chunkStreamId: value) }
        }
        if place == .assembled { reader.recycle(body) }
    }
    precondition(offset == piece.count, "input is left over")
}

/// Writes the messages of known types and reads them again.
private func checkWriting(_ messages: [Message]) {
    var writer = ChunkWriter()
    var bytes: [UInt8] = []
    var written: [Message] = []
    writer.setChunkSize(97, to: &bytes)
    bytes = []
    for var message in messages {
        guard let type = RTMPMessageType(rawValue: message.header.type), type.rawValue > 2 else {
            continue
        }
        message.header.chunkStreamId = 2 + message.header.chunkStreamId % 4
        writer.write(
            type, chunkStreamId: message.header.chunkStreamId,
            timestampMs: message.header.timestampMs,
            messageStreamId: message.header.messageStreamId, body: message.body.span.bytes,
            to: &bytes)
        written.append(message)
    }
    let readAgain = outcome(of: bytes, chunkSize: 97) { _ in 1000 }
    precondition(readAgain == Outcome(messages: written), "what was written reads differently")
}
