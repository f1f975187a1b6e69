// Chunks become messages: formats, ids, interleaving, torn headers, abort, memory.
import RTMP
import TestSupport
import Testing

/// A message as the reader gives it.
struct ReadMessage: Equatable {
    var header: RTMPMessageHeader
    var body: [UInt8]
}

extension ChunkReader {
    /// All messages of the input.
    mutating func readAll(
        _ bytes: RawSpan, _ emit: (ReadMessage) -> Void
    ) throws(RTMPError) {
        var offset = 0
        while let (message, place) = try next(bytes, at: &offset) {
            switch place {
            case .input(let start):
                let body = bytes.extracting(start..<(start + message.bodyByteCount))
                emit(ReadMessage(header: message, body: Array(copying: body)))
            case .assembled:
                let body = takeBody()
                emit(ReadMessage(header: message, body: body))
                recycle(body)
            case .skipped:
                emit(ReadMessage(header: message, body: []))
            }
        }
    }
}

@Suite struct ChunkReaderTests {
    /// Reads in every cutting and returns the messages.
    private func read(_ input: [UInt8], chunkSize: UInt32 = 128) throws -> [ReadMessage] {
        var reader = ChunkReader(limits: RTMPLimits())
        try reader.setChunkSize(chunkSize)
        return verifyChunking(
            of: input,
            makeParser: {
                var reader = ChunkReader(limits: RTMPLimits())
                try? reader.setChunkSize(chunkSize)
                return reader
            },
            feed: { reader, bytes, emit in try reader.readAll(bytes, emit) })
    }

    private func header(
        _ chunkStreamId: Int, _ type: UInt8, _ timestampMs: UInt32, stream: UInt32 = 1, _ count: Int
    ) -> RTMPMessageHeader {
        RTMPMessageHeader(
            chunkStreamId: chunkStreamId, type: type, timestampMs: timestampMs,
            messageStreamId: stream, bodyByteCount: count)
    }

    /// RTMP 1.0, section 5.3.2.1: audio messages of 32 bytes, 20 ms apart, in formats 0, 2, 3, 3.
    @Test func specificationsFirstExample() throws {
        let body = [UInt8](repeating: 0xA5, count: 32)
        let input: [UInt8] =
            [0x03, 0x00, 0x03, 0xE8, 0x00, 0x00, 0x20, 0x08, 0x39, 0x30, 0x00, 0x00] + body
            + [0x83, 0x00, 0x00, 0x14] + body + [0xC3] + body + [0xC3] + body
        let messages = try read(input)
        #expect(messages.map(\.header.timestampMs) == [1000, 1020, 1040, 1060])
        #expect(messages.allSatisfy { $0.header.messageStreamId == 12345 && $0.body == body })
    }

    /// RTMP 1.0, section 5.3.2.2: one video message of 307 bytes in three chunks.
    @Test func specificationsSecondExample() throws {
        let body = (0..<307).map { UInt8(truncatingIfNeeded: $0) }
        let input: [UInt8] =
            [0x04, 0x00, 0x03, 0xE8, 0x00, 0x01, 0x33, 0x09, 0x3A, 0x30, 0x00, 0x00] + body[..<128]
            + [0xC4] + body[128..<256] + [0xC4] + body[256...]
        let messages = try read(input)
        #expect(
            messages == [
                ReadMessage(header: header(4, 9, 1000, stream: 12346, 307), body: body)
            ])
    }

    @Test(arguments: [2, 3, 63, 64, 65, 319, 320, 1000, 65599])
    func chunkStreamIdsInTheirForms(id: Int) throws {
        var client = RTMPTestClient()
        let input =
            client.message(8, [1, 2, 3], chunkStreamId: id, timestampMs: 5)
            + client.message(8, [4, 5, 6], chunkStreamId: id, timestampMs: 6)
        let messages = try read(input)
        #expect(messages.map(\.header) == [header(id, 8, 5, 3), header(id, 8, 6, 3)])
        #expect(messages.map(\.body) == [[1, 2, 3], [4, 5, 6]])
    }

    /// Ids below 64 may be written in the longer forms, too, where they fit: 64 is the least there.
    @Test func threeByteFormHasItsLowByteFirst() throws {
        let input: [UInt8] = [1, 0x02, 0x01, 0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, 0xAA]
        #expect(try read(input) == [ReadMessage(header: header(322, 8, 0, 1), body: [0xAA])])
    }

    @Test func formatsTakeOverWhatTheyLeaveOut() throws {
        let client = RTMPTestClient()
        let input =
            client.rawChunks(format: 0, chunkStreamId: 5, field: 100, type: 9, body: [1, 2])
            + client.rawChunks(format: 1, chunkStreamId: 5, field: 10, type: 8, body: [3])
            + client.rawChunks(format: 2, chunkStreamId: 5, field: 7, type: 0, body: [4])
            + client.rawChunks(format: 3, chunkStreamId: 5, field: 0, type: 0, body: [5])
            + client.rawChunks(
                format: 0, chunkStreamId: 5, field: 50, type: 9, messageStreamId: 2, body: [6])
        let messages = try read(input.flatMap { $0 })
        #expect(
            messages.map(\.header) == [
                header(5, 9, 100, 2), header(5, 8, 110, 1), header(5, 8, 117, 1),
                header(5, 8, 124, 1), header(5, 9, 50, stream: 2, 1),
            ])
    }

    /// 5.3.1.2.4: after format 0, a format 3 chunk adds that one's timestamp. ffmpeg relies on it.
    @Test func formatThreeAfterFormatZeroAddsItsTimestamp() throws {
        let client = RTMPTestClient()
        let input =
            client.rawChunks(format: 0, chunkStreamId: 5, field: 23, type: 8, body: [1])
            + client.rawChunks(format: 3, chunkStreamId: 5, field: 0, type: 0, body: [2])
        #expect(try read(input.flatMap { $0 }).map(\.header.timestampMs) == [23, 46])
    }

    @Test func timestampsWrap() throws {
        let client = RTMPTestClient()
        let input =
            client.rawChunks(format: 0, chunkStreamId: 5, field: 0xFFFF_FFF0, type: 8, body: [1])
            + client.rawChunks(format: 2, chunkStreamId: 5, field: 0x20, type: 0, body: [2])
        #expect(try read(input.flatMap { $0 }).map(\.header.timestampMs) == [0xFFFF_FFF0, 0x10])
    }

    @Test func interleavedChunkStreams() throws {
        var client = RTMPTestClient()
        var random = SeededRandom(seed: 11)
        let bodies = [300, 129, 128, 1000].map { random.bytes($0) }
        var chunks: [[[UInt8]]] = []
        for (index, body) in bodies.enumerated() {
            chunks.append(
                client.chunks(9, body, chunkStreamId: 10 + index, timestampMs: UInt32(index)))
        }
        var input: [UInt8] = []
        for round in 0..<8 {
            for stream in chunks where round < stream.count { input += stream[round] }
        }
        let messages = try read(input)
        #expect(messages.map(\.header.chunkStreamId) == [12, 11, 10, 13], "in the order they end")
        #expect(messages.map(\.body) == [bodies[2], bodies[1], bodies[0], bodies[3]])
    }

    @Test(arguments: [1, 2, 127, 128, 129, 4096, 100_000])
    func chunkSizes(size: Int) throws {
        var client = RTMPTestClient()
        client.chunkSize = size
        var random = SeededRandom(seed: 12)
        let bodies = [0, 1, size - 1, size, size + 1, 2 * size, 500].map {
            random.bytes(min($0, 3000))
        }
        var input: [UInt8] = []
        for body in bodies { input += client.message(9, body) }
        #expect(try read(input, chunkSize: UInt32(size)).map(\.body) == bodies)
    }

    @Test func wholeMessagesAreHandedOnInPlace() throws {
        var client = RTMPTestClient()
        var reader = ChunkReader(limits: RTMPLimits())
        let input = client.message(9, [UInt8](repeating: 1, count: 128))
        var offset = 0
        let read = try reader.next(input.span.bytes, at: &offset)
        #expect(read?.body == .input(offset: 12))
        #expect(offset == input.count)
        let heldByteCount = reader.heldByteCount
        #expect(heldByteCount == 0, "nothing was copied")
    }

    @Test func headerInOneInputAndBodyInTheNextIsInPlace() throws {
        var client = RTMPTestClient()
        var reader = ChunkReader(limits: RTMPLimits())
        let input = client.message(9, [1, 2, 3])
        let header = Array(input[..<12])
        let body = Array(input[12...])
        var offset = 0
        let nothing = try reader.next(header.span.bytes, at: &offset)
        #expect(nothing == nil)
        offset = 0
        let read = try reader.next(body.span.bytes, at: &offset)
        #expect(read?.body == .input(offset: 0))
    }

    @Test func abortForgetsAMessage() throws {
        var client = RTMPTestClient()
        let chunks = client.chunks(9, [UInt8](repeating: 1, count: 300), chunkStreamId: 6)
        var reader = ChunkReader(limits: RTMPLimits())
        var messages: [ReadMessage] = []
        let begun = chunks[0] + chunks[1]
        try reader.readAll(begun.span.bytes) { messages.append($0) }
        reader.abort(chunkStreamId: 77)
        reader.abort(chunkStreamId: 6)
        reader.abort(chunkStreamId: 6)
        // What comes next on that stream begins a message, and may leave out what it repeats.
        let next = client.rawChunks(
            format: 3, chunkStreamId: 6, field: 0, type: 0,
            body: [UInt8](repeating: 2, count: 300)
        ).flatMap { $0 }
        try reader.readAll(next.span.bytes) { messages.append($0) }
        #expect(messages.map(\.body) == [[UInt8](repeating: 2, count: 300)])
    }

    @Test func buffersAreUsedAgain() throws {
        var client = RTMPTestClient()
        var reader = ChunkReader(limits: RTMPLimits())
        var held: [Int] = []
        for index in 0..<50 {
            let input = client.message(
                9, [UInt8](repeating: 7, count: 5000), timestampMs: UInt32(index))
            try reader.readAll(input.span.bytes) { _ in }
            held.append(reader.heldByteCount)
        }
        #expect(Set(held).count == 1, "memory doesn't grow with the number of messages")
        #expect(held[0] < 20_000)
    }
}
