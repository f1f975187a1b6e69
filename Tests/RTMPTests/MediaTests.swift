// What of a publisher's media reaches the handler, and as what.
import FLV
import RTMP
import TestSupport
import Testing

@Suite struct MediaTests {
    private static let metadata = AMF0.encode(
        .string("onMetaData"), .ecmaArray([AMF0Property("width", .number(1920))]))

    private func publishedPeer() throws -> TestPeer {
        let peer = TestPeer()
        try peer.publish()
        return peer
    }

    @Test func audioAndVideoGoThrough() throws {
        let peer = try publishedPeer()
        var random = SeededRandom(seed: 51)
        let video = random.bytes(5000)
        let audio = random.bytes(100)
        try peer.send(
            peer.client.message(9, video, chunkStreamId: 6, timestampMs: 40)
                + peer.client.message(8, audio, chunkStreamId: 4, timestampMs: 43))
        #expect(
            peer.events == [
                .media(.video, timestampMs: 40, body: video),
                .media(.audio, timestampMs: 43, body: audio),
            ])
    }

    @Test func nothingGoesThroughBeforePublish() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.message(9, [0x17, 1]))
        try peer.send(peer.client.connect() + peer.client.message(9, [0x17, 1]))
        #expect(peer.events.count == 1, "only the connect")
    }

    @Test func otherMessageStreamsAreNotThePublishedOne() throws {
        let peer = try publishedPeer()
        try peer.send(
            peer.client.message(9, [0x17, 2], messageStreamId: 2)
                + peer.client.message(9, [0x17, 0], messageStreamId: 0)
                + peer.client.message(9, [0x17, 1], messageStreamId: 1))
        #expect(
            peer.events == [
                .leftOut(.otherMessageStream(2)),
                .media(.video, timestampMs: 0, body: [0x17, 0]),
                .media(.video, timestampMs: 0, body: [0x17, 1]),
            ])
    }

    @Test func emptyAndUnknownMessagesArePassedOver() throws {
        let peer = try publishedPeer()
        try peer.send(
            peer.client.message(8, []) + peer.client.message(9, []) + peer.client.message(18, [])
                + peer.client.message(15, [0]) + peer.client.message(16, [1])
                + peer.client.message(19, [1]) + peer.client.message(0, [1])
                + peer.client.message(7, [1]) + peer.client.message(99, [1])
                + peer.client.message(22, []))
        #expect(peer.events.isEmpty && !peer.isClosing)
    }

    // MARK: Script data

    @Test(arguments: [18, 15] as [UInt8])
    func setDataFrameIsStripped(type: UInt8) throws {
        let peer = try publishedPeer()
        let selector: [UInt8] = type == 15 ? [0] : []
        let body = selector + AMF0.encode(.string("@setDataFrame")) + Self.metadata
        try peer.send(peer.client.message(type, body, timestampMs: 3))
        #expect(peer.events == [.media(.script, timestampMs: 3, body: Self.metadata)])
    }

    @Test(arguments: [18, 15] as [UInt8])
    func bareMetadataIsTaken(type: UInt8) throws {
        let peer = try publishedPeer()
        try peer.send(peer.client.message(type, (type == 15 ? [0] : []) + Self.metadata))
        #expect(peer.events == [.media(.script, timestampMs: 0, body: Self.metadata)])
    }

    @Test func formatSelectorMayBeLeftOut() throws {
        let peer = try publishedPeer()
        try peer.send(
            peer.client.message(15, AMF0.encode(.string("@setDataFrame")) + Self.metadata))
        #expect(peer.events == [.media(.script, timestampMs: 0, body: Self.metadata)])
    }

    @Test func clearDataFrameAndEmptyOnesSayNothing() throws {
        let peer = try publishedPeer()
        try peer.send(
            peer.client.message(18, AMF0.encode(.string("@clearDataFrame"), .string("onMetaData")))
                + peer.client.message(18, AMF0.encode(.string("@setDataFrame"))))
        #expect(peer.events.isEmpty)
    }

    @Test(arguments: [[2], [2, 0], [2, 0xFF, 0xFF, 1], [9], [2, 0, 0]] as [[UInt8]])
    func otherScriptDataIsHandedOnAsItIs(body: [UInt8]) throws {
        let peer = try publishedPeer()
        try peer.send(peer.client.message(18, body))
        #expect(peer.events == [.media(.script, timestampMs: 0, body: body)])
    }

    // MARK: Aggregates

    /// One part of an aggregate: an FLV tag.
    private func part(
        _ type: UInt8, _ timestampMs: UInt32, _ body: [UInt8], backPointer: Bool = true
    ) -> [UInt8] {
        let count = UInt32(body.count)
        let header: [UInt8] =
            [type] + RTMPTestClient.bigEndian(count, 3) + RTMPTestClient.bigEndian(timestampMs, 3)
            + [UInt8(timestampMs >> 24), 0, 0, 0]
        return header + body + (backPointer ? RTMPTestClient.bigEndian(count + 11, 4) : [])
    }

    @Test func aggregatesAreTakenApartAndRebased() throws {
        let peer = try publishedPeer()
        let script = AMF0.encode(.string("@setDataFrame")) + Self.metadata
        let body =
            part(9, 1000, [0x17, 1, 2]) + part(8, 1010, [0xAF, 1]) + part(18, 1015, script)
            + part(20, 1015, [1]) + part(9, 1020, []) + part(9, 1033, [0x27], backPointer: false)
        try peer.send(peer.client.message(22, body, timestampMs: 70_000))
        #expect(
            peer.events == [
                .media(.video, timestampMs: 70_000, body: [0x17, 1, 2]),
                .media(.audio, timestampMs: 70_010, body: [0xAF, 1]),
                .media(.script, timestampMs: 70_015, body: Self.metadata),
                .media(.video, timestampMs: 70_033, body: [0x27]),
            ])
    }

    @Test func aggregateTimestampsUseAllTheirBitsAndWrap() throws {
        let peer = try publishedPeer()
        let body = part(9, 0xFFFF_FFF0, [1]) + part(9, 0x10, [2])
        try peer.send(peer.client.message(22, body, timestampMs: 5))
        #expect(
            peer.events == [
                .media(.video, timestampMs: 5, body: [1]),
                .media(.video, timestampMs: 0x25, body: [2]),
            ])
    }

    @Test func brokenAggregatesAreAnOffence() throws {
        let whole = part(9, 0, [1, 2, 3], backPointer: false)
        for body in [Array(whole.dropLast()), Array(whole[..<5]), whole + [0, 0, 0, 14, 9]] {
            let peer = try publishedPeer()
            #expect(try peer.offend(peer.client.message(22, body)).error == .aggregateMalformed)
        }
    }

    // MARK: Times

    /// Jumps are the programme's business: they are handed on as they are.
    @Test func timestampsMayJump() throws {
        let peer = try publishedPeer()
        let day: UInt32 = 86_400_000
        var expected: [SessionEvent] = []
        for timestampMs in [0, 40, day, day + 40, 80, 0xFFFF_FFFF, 0] as [UInt32] {
            try peer.send(peer.client.message(9, [0x27], timestampMs: timestampMs))
            expected.append(.media(.video, timestampMs: timestampMs, body: [0x27]))
        }
        #expect(peer.events == expected)
    }
}
