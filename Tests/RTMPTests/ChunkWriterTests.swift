// What the session writes, byte by byte.
import RTMP
import TestSupport
import Testing

@Suite struct ChunkWriterTests {
    @Test func oneChunk() {
        var bytes: [UInt8] = []
        let body: [UInt8] = [0xAA, 0xBB]
        ChunkWriter().write(
            .command, chunkStreamId: 5, timestampMs: 0x010203, messageStreamId: 1,
            body: body.span.bytes, to: &bytes)
        #expect(
            bytes == [0x05, 0x01, 0x02, 0x03, 0x00, 0x00, 0x02, 0x14, 0x01, 0x00, 0x00, 0x00]
                + body)
    }

    @Test func emptyBody() {
        var bytes: [UInt8] = []
        let body: [UInt8] = []
        ChunkWriter().write(.audio, chunkStreamId: 4, body: body.span.bytes, to: &bytes)
        #expect(bytes == [0x04, 0, 0, 0, 0, 0, 0, 0x08, 0, 0, 0, 0])
    }

    @Test func setChunkSizeIsToldFirst() {
        var writer = ChunkWriter()
        var bytes: [UInt8] = []
        writer.setChunkSize(4096, to: &bytes)
        #expect(bytes == [0x02, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0x10, 0])
        #expect(writer.chunkSize == 4096)
    }

    @Test func longBodyIsCutWithTheTimestampRepeated() {
        var bytes: [UInt8] = []
        let body = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        ChunkWriter().write(
            .video, chunkStreamId: 6, timestampMs: 0x0102_0304, messageStreamId: 1,
            body: body.span.bytes, to: &bytes)
        let header: [UInt8] = [6, 0xFF, 0xFF, 0xFF, 0, 1, 0x2C, 9, 1, 0, 0, 0, 1, 2, 3, 4]
        let next: [UInt8] = [0xC6, 1, 2, 3, 4]
        let chunks: [[UInt8]] = [
            header, Array(body[..<128]), next, Array(body[128..<256]), next, Array(body[256...]),
        ]
        #expect(bytes == chunks.flatMap { $0 })
    }

    @Test func acknowledgementsWrapAfter32Bits() {
        var bytes: [UInt8] = []
        ChunkWriter().writeAcknowledgement(receivedByteCount: (5 << 32) + 0x0102_0304, to: &bytes)
        #expect(bytes == [0x02, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 1, 2, 3, 4])
    }

    @Test(arguments: [1, 128, 4096])
    func readerReadsWhatTheWriterWrites(chunkSize: Int) throws {
        var writer = ChunkWriter()
        var reader = ChunkReader(limits: RTMPLimits())
        var random = SeededRandom(seed: 31)
        var bytes: [UInt8] = []
        writer.setChunkSize(chunkSize, to: &bytes)
        bytes = []
        try reader.setChunkSize(UInt32(chunkSize))
        var written: [[UInt8]] = []
        for timestampMs: UInt32 in [0, 5, 0xFF_FFFF, 0x8000_0000, 3] {
            let body = random.bytes(Int.random(in: 0...9000, using: &random))
            writer.write(
                .video, chunkStreamId: 4, timestampMs: timestampMs, body: body.span.bytes,
                to: &bytes)
            written.append(body)
        }
        var read: [ReadMessage] = []
        try reader.readAll(bytes.span.bytes) { read.append($0) }
        #expect(read.map(\.body) == written)
        #expect(read.map(\.header.timestampMs) == [0, 5, 0xFF_FFFF, 0x8000_0000, 3])
    }
}
