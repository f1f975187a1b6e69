// What no encoder sends: each ends the session with a word, and costs little.
import FLV
import RTMP
import TestSupport
import Testing

@Suite struct HostileInputTests {
    private func publishedPeer(_ limits: RTMPLimits = .init()) throws -> TestPeer {
        let peer = TestPeer(limits: limits)
        try peer.publish()
        return peer
    }

    @Test(arguments: [0, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
    func chunkSizesThatAreNone(size: UInt32) throws {
        let peer = try publishedPeer()
        let (error, lastWord) = try peer.offend(peer.client.control(1, size))
        #expect(error == .chunkSizeInvalid(size))
        #expect(lastWord.map(\.name) == ["onStatus"])
        #expect(lastWord[0].description == error?.description)
        #expect(peer.isClosing && peer.isPublishing, "it ends like a disconnect")
    }

    /// The length field's 16 MB are refused at the header, before a byte of the body is here.
    @Test func messageOf16MB() throws {
        let peer = try publishedPeer()
        let header = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: 9, announcing: 0xFF_FFFF, body: [])
        let error = try peer.offend(header[0]).error
        #expect(error == .messageTooLong(type: 9, byteCount: 0xFF_FFFF, limit: 8 << 20))
    }

    /// The show goes on after script data or a command that is too long, at whatever size, and
    /// nothing of it is held.
    @Test(
        arguments: [
            (20, 64 << 10), (17, 64 << 10), (18, 256 << 10), (15, 256 << 10), (18, 0xFF_FFFE),
        ] as [(UInt8, Int)])
    func longCommandsAndScriptDataArePassedOver(type: UInt8, limit: Int) throws {
        let peer = try publishedPeer()
        let body = [UInt8](repeating: 2, count: limit + 1)
        let chunks = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: type, body: body)
        for start in stride(from: 0, to: chunks.count, by: 500) {
            try peer.send(Array(chunks[start..<min(chunks.count, start + 500)].joined()))
            #expect(peer.heldByteCount < 64 << 10)
        }
        #expect(
            peer.handler.events == [.leftOut(.tooLong(type: type, byteCount: limit + 1))])
        let frame = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: 9, body: [0x27, 1, 0, 0, 0, 9])
        try peer.send(frame[0])
        #expect(peer.handler.events.count == 2)
        #expect(peer.isPublishing && !peer.isClosing)
    }

    @Test(arguments: [(1, 1024), (4, 1024)])
    func longProtocolControlEndsTheSession(type: UInt8, limit: Int) throws {
        let peer = try publishedPeer()
        let header = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: type, announcing: limit + 1, body: [])
        let error = try peer.offend(header[0]).error
        #expect(error == .messageTooLong(type: type, byteCount: limit + 1, limit: limit))
    }

    @Test(arguments: [1, 2, 3] as [UInt8])
    func chunkOfAStreamNeverBegun(format: UInt8) throws {
        let peer = try publishedPeer()
        let chunk = peer.client.rawChunks(
            format: format, chunkStreamId: 40, field: 0, type: 9, body: [1])
        let error = try peer.offend(chunk[0]).error
        #expect(error == .chunkStreamNeverBegun(chunkStreamId: 40))
    }

    @Test func messageInsideAMessageOfTheSameChunkStream() throws {
        let peer = try publishedPeer()
        let begun = peer.client.chunks(9, [UInt8](repeating: 1, count: 300), chunkStreamId: 6)[0]
        let error = try peer.offend(begun + begun).error
        #expect(error == .messageInterrupted(chunkStreamId: 6))
    }

    @Test func moreChunkStreamsThanAnyoneNeeds() throws {
        let peer = try publishedPeer()
        // Chunk stream 3 is in use already.
        for id in 100..<163 {
            try peer.send(peer.client.message(9, [1], chunkStreamId: id))
        }
        let error = try peer.offend(peer.client.message(9, [1], chunkStreamId: 163)).error
        #expect(error == .chunkStreamsTooMany(limit: 64))
    }

    @Test func announcingMuchCostsNothing() throws {
        let peer = try publishedPeer()
        let before = peer.heldByteCount
        for id in 100..<160 {
            let header = peer.client.rawChunks(
                format: 0, chunkStreamId: id, field: 0, type: 9, announcing: 8 << 20, body: [])
            // The header alone, then one byte: 60 messages of 8 MB are begun.
            try peer.send(header[0] + [7] + header[0].prefix(0))
            // The chunk has to end before another stream may speak.
            try peer.send([UInt8](repeating: 7, count: 127))
        }
        #expect(peer.heldByteCount - before < 100_000)
    }

    @Test func unfinishedMessagesAreBoundedInTotal() throws {
        var limits = RTMPLimits()
        limits.reassemblyByteCountMax = 1 << 20
        let peer = try publishedPeer(limits)
        try peer.send(peer.client.setChunkSize(1 << 16))
        let part = [UInt8](repeating: 7, count: 1 << 16)
        var error: RTMPError?
        var heldByteCountMax = 0
        for id in 100..<160 where error == nil {
            let begun = peer.client.rawChunks(
                format: 0, chunkStreamId: id, field: 0, type: 9, announcing: 1 << 20, body: part)
            error = try peer.offend(begun[0]).error
            heldByteCountMax = max(heldByteCountMax, peer.heldByteCount)
        }
        #expect(error == .reassemblyTooLarge(limit: 1 << 20))
        #expect(heldByteCountMax < 3 << 20)
    }

    /// Beginning and aborting again and again leaves nothing behind.
    @Test func abortedMessagesAreNotCounted() throws {
        var limits = RTMPLimits()
        limits.reassemblyByteCountMax = 100_000
        let peer = try publishedPeer(limits)
        let begun = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: 9, announcing: 8000,
            body: [UInt8](repeating: 7, count: 128))
        for _ in 0..<2000 { try peer.send(begun[0] + peer.client.control(2, 6)) }
        #expect(peer.heldByteCount < 20_000)
    }

    @Test func aLongMessageCostsAboutItsLength() throws {
        let peer = try publishedPeer()
        try peer.send(peer.client.setChunkSize(0x7FFF_FFFF))
        let header = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: 9, announcing: 8 << 20, body: [])
        try peer.send(header[0])
        let piece = [UInt8](repeating: 7, count: 1 << 16)
        for _ in 0..<127 {
            try peer.send(piece)
            #expect(peer.heldByteCount < (8 << 20) + (1 << 16))
        }
        try peer.send(piece)
        guard case .media(.video, 0, let body)? = peer.events.first else {
            Issue.record("the message didn't come")
            return
        }
        #expect(body.count == 8 << 20)
        #expect(peer.heldByteCount < 1 << 20, "such a buffer isn't kept")
    }

    // MARK: Commands

    @Test func amfNested10000Deep() throws {
        let peer = try publishedPeer()
        var body = AMF0.encode(.string("releaseStream"), .number(2))
        for _ in 0..<10_000 { body += [0x03, 0x00, 0x01, UInt8(ascii: "a")] }
        let error = try peer.offend(
            peer.client.message(20, body, chunkStreamId: 3, messageStreamId: 0)
        ).error
        guard case .commandMalformed(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == AMF0Error.tooDeep(depthMax: AMF0Limits().depthMax).description)
    }

    @Test(
        arguments: [
            [2, 0xFF, 0xFF, 0x61], [12, 0x7F, 0xFF, 0xFF, 0xFF, 0x61], [2], [], [0xFF], [5],
            [0, 0, 0, 0, 0, 0, 0, 0, 0], [2, 0, 1, 0x61, 0, 1],
            [2, 0, 1, 0x61, 10, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]])
    func commandsThatAreNone(body: [UInt8]) throws {
        for type in [20, 17] as [UInt8] {
            let peer = try publishedPeer()
            let bytes = peer.client.message(type, body, chunkStreamId: 3, messageStreamId: 0)
            let (error, lastWord) = try peer.offend(bytes)
            guard case .commandMalformed = error else {
                Issue.record("\(String(describing: error)) for \(body)")
                continue
            }
            #expect(lastWord.last?.level == "error")
        }
    }

    /// The peer asks and asks and never reads: the outbox has an end.
    @Test func endlessQuestions() throws {
        let peer = TestPeer()
        let question = peer.client.message(
            4, [0, 6, 1, 2, 3, 4], chunkStreamId: 2, messageStreamId: 0)
        try peer.send(RTMPTestClient.handshake + question)
        let again: [UInt8] = [0xC2, 0, 6, 1, 2, 3, 4]
        let flood = Array(repeating: again, count: 100_000).flatMap { $0 }
        let (error, lastWord) = try peer.offend(flood)
        #expect(error == .outboxFull(limit: 16 << 10))
        #expect(lastWord.count < (16 << 10) / 18 + 10)
    }

    @Test func endlessQuestionsOfAPublisher() throws {
        let peer = try publishedPeer()
        let question: [UInt8] = [2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6, 1, 2, 3, 4]
        let flood = Array(repeating: question, count: 100_000).flatMap { $0 }
        let (error, lastWord) = try peer.offend(flood)
        #expect(error == .outboxFull(limit: 256 << 10))
        #expect(lastWord.count < (256 << 10) / 18 + 10)
    }

    // MARK: Before a publish was accepted

    private func peerBeforePublish(_ isConnected: Bool) throws -> TestPeer {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        if isConnected {
            try peer.send(peer.client.connect() + peer.client.command("createStream", 2, .null))
        }
        return peer
    }

    @Test(arguments: [false, true], [8, 9, 15, 17, 18, 20, 22, 19, 99] as [UInt8])
    func noLongMessageBeforePublish(isConnected: Bool, type: UInt8) throws {
        let peer = try peerBeforePublish(isConnected)
        let header = peer.client.rawChunks(
            format: 0, chunkStreamId: 6, field: 0, type: type, announcing: (16 << 10) + 1, body: [])
        let error = try peer.offend(header[0]).error
        #expect(
            error
                == .messageTooLongBeforePublish(
                    type: type, byteCount: (16 << 10) + 1, limit: 16 << 10))
    }

    /// Many messages that are begun, of any size of chunks: all together are 64 KB.
    @Test(arguments: [128, 4_096, 12_000])
    func littleIsHeldBeforePublish(chunkSize: Int) throws {
        let peer = try peerBeforePublish(true)
        try peer.send(peer.client.setChunkSize(chunkSize))
        var error: RTMPError?
        for id in 100..<163 where error == nil {
            let begun = peer.client.rawChunks(
                format: 0, chunkStreamId: id, field: 0, type: 9, announcing: 16 << 10,
                body: [UInt8](repeating: 7, count: chunkSize))
            error = try peer.offend(begun[0]).error
            #expect(peer.heldByteCount < 48 << 10)
        }
        if chunkSize > 128 { #expect(error == .reassemblyTooLarge(limit: 24 << 10)) }
    }

    /// Whole ones again and again leave nothing behind, either.
    @Test func nothingIsKeptBeforePublish() throws {
        let peer = try peerBeforePublish(true)
        for id in 100..<160 {
            try peer.send(
                peer.client.message(
                    9, [UInt8](repeating: 7, count: 16_000), chunkStreamId: id))
        }
        #expect(peer.heldByteCount < 20_000)
    }

    @Test func afterARefusalAndAfterAnEndTheBoundsAreWhatTheyWere() throws {
        let ended = try publishedPeer()
        try ended.send(ended.client.command("deleteStream", 7, .null, .number(1)))
        try ended.send(
            ended.client.message(9, [UInt8](repeating: 7, count: 100_000), chunkStreamId: 6))
        #expect(ended.events.count == 1 && !ended.isClosing, "media may still be on its way")
    }

    // MARK: Noise

    @Test func garbageInsteadOfAHandshake() throws {
        var random = SeededRandom(seed: 61)
        for _ in 0..<100 {
            let peer = TestPeer()
            var garbage = random.bytes(5000)
            if garbage[0] == 3 { garbage[0] = 4 }
            #expect(try peer.offend(garbage).error == .unsupportedVersion(garbage[0]))
            #expect(peer.heldByteCount == 0)
        }
    }

    /// Whatever follows a handshake, the session survives, ends or waits, with bounded memory.
    @Test func garbageAfterAHandshake() throws {
        var random = SeededRandom(seed: 62)
        for _ in 0..<300 {
            let peer = TestPeer()
            try peer.send(RTMPTestClient.handshake)
            _ = try peer.offend(random.bytes(3000))
            #expect(peer.heldByteCount < 1 << 20)
        }
    }

    /// A real session with a few bytes changed: never a trap, never much memory.
    @Test func damagedSessions() throws {
        var client = RTMPTestClient()
        var random = SeededRandom(seed: 63)
        var whole = client.untilPublished()
        for index in 0..<20 {
            whole += client.message(
                9, random.bytes(500), chunkStreamId: 6, timestampMs: UInt32(index * 40))
        }
        for _ in 0..<500 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 3073..<damaged.count, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            let peer = TestPeer()
            _ = try peer.offend(damaged)
            #expect(peer.heldByteCount < 9 << 20)
            #expect(peer.receivedByteCount == UInt64(damaged.count))
        }
    }

    @Test func nothingIsTakenAfterAnOffence() throws {
        let peer = try publishedPeer()
        _ = try peer.offend(peer.client.control(1, 0))
        let received = peer.receivedByteCount
        try peer.send(peer.client.message(9, [0x17, 1]))
        #expect(peer.events.isEmpty && peer.receivedByteCount == received)
    }

    @Test func everyErrorSaysWhatToDo() {
        let errors: [RTMPError] = [
            .unsupportedVersion(0), .chunkSizeInvalid(0), .chunkStreamNeverBegun(chunkStreamId: 3),
            .chunkStreamsTooMany(limit: 64), .messageTooLong(type: 9, byteCount: 9, limit: 8),
            .messageTooLongBeforePublish(type: 9, byteCount: 9, limit: 8),
            .messageInterrupted(chunkStreamId: 3), .reassemblyTooLarge(limit: 1),
            .controlMessageTruncated(type: 1, byteCount: 0), .aggregateMalformed,
            .commandMalformed(reason: "it is empty"), .commandBeforeConnect(name: "play"),
            .connectedTwice, .outboxFull(limit: 1),
        ]
        let texts = errors.map(\.description)
        #expect(Set(texts).count == errors.count)
        #expect(texts.allSatisfy { $0.hasSuffix(".") && $0.count > 40 })
    }
}
