// Chunk sizes, acknowledgements, windows and pings in a session.
import FLV
import RTMP
import Testing

@Suite struct ControlMessageTests {
    private func publishedPeer(_ limits: RTMPLimits = .init()) throws -> TestPeer {
        let peer = TestPeer(limits: limits)
        try peer.publish()
        return peer
    }

    @Test func peersChunkSizeIsTakenOver() throws {
        let peer = try publishedPeer()
        let body = [UInt8](repeating: 8, count: 10_000)
        for size in [4096, 1, 65_536, 0x7FFF_FFFF, 128] {
            try peer.send(peer.client.setChunkSize(size) + peer.client.message(9, body))
        }
        #expect(
            peer.events == Array(repeating: .media(.video, timestampMs: 0, body: body), count: 5))
    }

    /// A message may go on in chunks of the new size.
    @Test func chunkSizeMayChangeInMidMessage() throws {
        let peer = try publishedPeer()
        let body = (0..<600).map { UInt8(truncatingIfNeeded: $0) }
        let first = peer.client.chunks(9, body, chunkStreamId: 6)[0]
        let rest = [RTMPTestClient.basicHeader(format: 3, chunkStreamId: 6) + body[128...]]
        try peer.send(first + peer.client.setChunkSize(1000) + rest[0])
        #expect(peer.events == [.media(.video, timestampMs: 0, body: body)])
    }

    @Test func pingsAreAnswered() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let ping: [UInt8] = [0, 6, 0xDE, 0xAD, 0xBE, 0xEF]
        let answers = try peer.send(
            peer.client.message(4, ping, chunkStreamId: 2, messageStreamId: 0))
        #expect(
            answers == [
                Answer(type: 4, messageStreamId: 0, body: [0, 7, 0xDE, 0xAD, 0xBE, 0xEF])
            ])
    }

    @Test func otherUserControlIsPassedOver() throws {
        let peer = try publishedPeer()
        for event: UInt8 in [0, 1, 2, 3, 4, 7, 26, 31, 200] {
            let answers = try peer.send(
                peer.client.message(
                    4, [0, event, 0, 0, 0, 1, 0, 0, 0, 9], chunkStreamId: 2, messageStreamId: 0))
            #expect(answers.isEmpty)
        }
    }

    /// librtmp's first message on chunk stream 2 may have a header of format 1.
    @Test func firstControlMessageMayHaveAShortHeader() throws {
        let peer = try publishedPeer()
        let ping: [UInt8] = [0, 6, 1, 2, 3, 4]
        let answers = try peer.send([0x42, 0, 0, 5, 0, 0, 6, 4] + ping)
        #expect(answers.map(\.body) == [[0, 7, 1, 2, 3, 4]])
    }

    @Test func bytesAreAcknowledgedEachWindow() throws {
        let peer = try publishedPeer()
        try peer.send(peer.client.control(5, 100_000))
        var acknowledged: [UInt32] = []
        let tag = [UInt8](repeating: 1, count: 9_000)
        while peer.receivedByteCount < 1_000_000 {
            for answer in try peer.send(peer.client.message(9, tag)) where answer.type == 3 {
                acknowledged.append(answer.body.reduce(0) { $0 << 8 | UInt32($1) })
                #expect(acknowledged.last.map(UInt64.init) == peer.receivedByteCount)
            }
        }
        #expect((9...10).contains(acknowledged.count))
        #expect(acknowledged == acknowledged.sorted())
    }

    @Test func ourOwnWindowCountsUntilThePeerSetsOne() throws {
        var limits = RTMPLimits()
        limits.acknowledgementWindowByteCount = 50_000
        let peer = try publishedPeer(limits)
        let answers = try peer.send(peer.client.message(9, [UInt8](repeating: 1, count: 60_000)))
        #expect(answers.map(\.type) == [3])
    }

    @Test func tinyWindowsDontMakeUsAnswerEveryByte() throws {
        let peer = try publishedPeer()
        for window: UInt32 in [0, 1] {
            try peer.send(peer.client.control(5, window))
            var answers = 0
            for byte in peer.client.message(9, [UInt8](repeating: 1, count: 5000)) {
                answers += try peer.send([byte]).count
            }
            #expect(answers <= 1)
        }
    }

    @Test func setPeerBandwidthIsAnsweredWithAWindow() throws {
        let peer = try publishedPeer()
        let answers = try peer.send(peer.client.control(6, 1_000_000, [2]))
        #expect(answers.map(\.type) == [5])
        #expect(answers[0].body == [0x00, 0x0F, 0x42, 0x40])
        #expect(try peer.send(peer.client.control(6, 1_000_000, [2])).isEmpty, "nothing changes")
    }

    @Test func acknowledgementsAndAbortsArePassedOver() throws {
        let peer = try publishedPeer()
        #expect(try peer.send(peer.client.control(3, 12345)).isEmpty)
        #expect(try peer.send(peer.client.control(2, 99)).isEmpty)
    }

    @Test func abortInASession() throws {
        let peer = try publishedPeer()
        let begun = peer.client.chunks(9, [UInt8](repeating: 1, count: 300), chunkStreamId: 6)[0]
        let next = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 9, type: 9, body: [0x27])
        try peer.send(begun + peer.client.control(2, 6) + next[0])
        #expect(peer.events == [.media(.video, timestampMs: 9, body: [0x27])])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt8])
    func truncatedControlIsAnOffence(type: UInt8) throws {
        let peer = try publishedPeer()
        let bytes = peer.client.message(type, [0], chunkStreamId: 2, messageStreamId: 0)
        let (error, lastWord) = try peer.offend(bytes)
        #expect(error == .controlMessageTruncated(type: type, byteCount: 1))
        #expect(lastWord.last?.level == "error" && lastWord.last?.messageStreamId == 1)
    }

    @Test func truncatedPingIsAnOffence() throws {
        let peer = try publishedPeer()
        let bytes = peer.client.message(4, [0, 6, 1], chunkStreamId: 2, messageStreamId: 0)
        let error = try peer.offend(bytes).error
        #expect(error == .controlMessageTruncated(type: 4, byteCount: 3))
    }
}
