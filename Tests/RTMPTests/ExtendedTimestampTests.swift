// Timestamps past 16 777 214 ms, as encoders should write them and as some do.
import RTMP
import TestSupport
import Testing

@Suite struct ExtendedTimestampTests {
    private func read(_ input: [UInt8]) -> [ReadMessage] {
        verifyChunking(
            of: input,
            makeParser: { ChunkReader(limits: RTMPLimits()) },
            feed: { reader, bytes, emit in try reader.readAll(bytes, emit) })
    }

    private static let timestamps: [UInt32] = [
        0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0x0102_0304, 0xFFFF_FFFF,
    ]

    @Test(arguments: timestamps, [true, false])
    func continuationsWithAndWithoutTheField(timestampMs: UInt32, repeats: Bool) {
        var random = SeededRandom(seed: 21)
        for count in [1, 127, 128, 129, 130, 131, 132, 133, 256, 257, 259, 400] {
            var client = RTMPTestClient()
            client.repeatsExtendedTimestamp = repeats
            client.compressesHeaders = false
            let body = random.bytes(count)
            let input =
                client.message(9, body, timestampMs: timestampMs)
                + client.message(8, [1, 2, 3], chunkStreamId: 5, timestampMs: 4)
            let messages = read(input)
            #expect(messages.map(\.header.timestampMs) == [timestampMs, 4])
            #expect(messages.map(\.body) == [body, [1, 2, 3]])
        }
    }

    /// A field that is left out is told from the body even if the body begins just like it.
    @Test func bodyThatBeginsLikeTheTimestamp() {
        for alike in 1...3 {
            for rest in 0...4 {
                var client = RTMPTestClient()
                client.repeatsExtendedTimestamp = false
                var body = [UInt8](repeating: 9, count: 128)
                body += [0x01, 0x02, 0x03, 0x04][..<alike] + [UInt8](repeating: 0xEE, count: rest)
                let input =
                    client.message(9, body, timestampMs: 0x0102_0304)
                    + client.message(8, [7], chunkStreamId: 5, timestampMs: 4)
                    + client.message(8, [8], chunkStreamId: 6, timestampMs: 4)
                #expect(
                    read(input).map(\.body) == [body, [7], [8]], "\(alike) alike, \(rest) more")
            }
        }
    }

    /// So may the header after a body that short: the byte 2 begins chunk stream 2's.
    @Test func nextHeaderThatGoesOnLikeTheTimestamp() {
        var client = RTMPTestClient()
        client.repeatsExtendedTimestamp = false
        let body = [UInt8](repeating: 9, count: 128) + [0x01]
        let ping: [UInt8] = [0, 6, 1, 2, 3, 4]
        let input =
            client.message(9, body, timestampMs: 0x0102_0304)
            + client.message(4, ping, chunkStreamId: 2, messageStreamId: 0)
            + client.message(8, [7], chunkStreamId: 5, timestampMs: 4)
        #expect(read(input).map(\.body) == [body, ping, [7]])
    }

    @Test func increasesMayBeExtended() {
        let client = RTMPTestClient()
        let body = [UInt8](repeating: 3, count: 200)
        let input =
            client.rawChunks(format: 0, chunkStreamId: 4, field: 10, type: 9, body: body)
            + client.rawChunks(format: 1, chunkStreamId: 4, field: 0x200_0000, type: 9, body: body)
            + client.rawChunks(format: 2, chunkStreamId: 4, field: 0x300_0000, type: 9, body: body)
            + client.rawChunks(format: 2, chunkStreamId: 4, field: 1, type: 9, body: body)
        let messages = read(input.flatMap { $0 })
        #expect(
            messages.map(\.header.timestampMs) == [10, 0x200_000A, 0x500_000A, 0x500_000B])
        #expect(messages.allSatisfy { $0.body == body })
    }

    /// ffmpeg: the second message is as far after the first as the first after zero.
    @Test func formatThreeBeginsAMessageWithTheField() {
        let client = RTMPTestClient()
        let first = client.rawChunks(
            format: 0, chunkStreamId: 4, field: 0x100_0000, type: 9, body: [1])
        let second = [RTMPTestClient.basicHeader(format: 3, chunkStreamId: 4) + [1, 0, 0, 0] + [2]]
        let messages = read((first + second).flatMap { $0 })
        #expect(messages.map(\.header.timestampMs) == [0x100_0000, 0x200_0000])
        #expect(messages.map(\.body) == [[1], [2]])
    }

    /// librtmp: format 3 without the field says "at the same time", whatever was extended before.
    @Test func formatThreeBeginsAMessageWithoutTheField() {
        let client = RTMPTestClient()
        let body = [UInt8](repeating: 5, count: 150)
        let first = client.rawChunks(
            format: 0, chunkStreamId: 4, field: 0x100_0000, type: 9, body: body)
        let second = client.rawChunks(format: 3, chunkStreamId: 4, field: 0, type: 9, body: body)
        let messages = read((first + second).flatMap { $0 })
        #expect(messages.map(\.header.timestampMs) == [0x100_0000, 0x100_0000])
        #expect(messages.map(\.body) == [body, body])
    }
}
