// Streams over WebSockets: the handshake, the frames, what clients may say, how it ends.

import FLV
import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct WebSocketTests {
    /// A stage on which a show is on.
    private func show(
        _ stage: Stage, frames: Int = 3
    ) throws -> Publication {
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        for _ in 1..<frames { try stage.frame(to: publication) }
        return publication
    }

    /// The start of a stream and all of the plain timeline from there on.
    private func expected(_ publication: Publication, _ start: StartPoint, _ stage: Stage)
        -> [UInt8]
    {
        start.preamble.bytes + stage.timeline(publication.programme, from: start.position)
    }

    // MARK: The stream

    @Test func aViewerGetsTheStreamInFrames() throws {
        let stage = Stage()
        let publication = try show(stage)
        let start = try #require(publication.programme.startPoint())
        let client = stage.connect(SocketTalk.request())
        let plain = stage.connect("GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 100)
        for index in 0..<50 {
            try stage.frame(isKeyframe: index % 10 == 9, to: publication)
            try stage.pass(ms: 40)
        }
        try stage.pass(ms: 100)
        let report = client.socket
        #expect(report.problem == nil && report.tornByteCount == 0)
        #expect(report.head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        #expect(report.stream == expected(publication, start, stage))
        #expect(plain.received.suffix(100) == report.stream.suffix(100))
        #expect(report.frameEnds.count == 2 + 3 + 50)
        #expect(stage.core.counters.viewerCounts[0] == 2)
        #expect(stage.core.counters.webSocketJoinCount == 1)
        #expect(stage.core.counters.programByteCounts[0] == stage.core.counters.byteCount)
    }

    /// The answer and what comes first may be cut anywhere.
    @Test(arguments: [1, 128, 129, 130, 200, 300])
    func theBeginningMayBeCut(byteCount: Int) throws {
        let stage = Stage()
        let publication = try show(stage)
        let start = try #require(publication.programme.startPoint())
        let client = stage.connect(SocketTalk.request())
        client.nextTakeByteCountMax = byteCount
        try stage.pass(ms: 100)
        let report = client.socket
        #expect(!client.isClosedByServer)
        #expect(report.problem == nil && report.tornByteCount == 0)
        #expect(report.stream == expected(publication, start, stage))
        let answerByteCount = Array(report.head.utf8).count + 4
        #expect(stage.core.counters.byteCount == UInt64(client.received.count - answerByteCount))
    }

    @Test func whoComesTooEarlyWaits() throws {
        let stage = Stage()
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 1_000)
        #expect(client.received.isEmpty)
        let publication = try show(stage)
        try stage.pass(ms: 100)
        let start = try #require(publication.programme.startPoint())
        #expect(client.socket.stream == expected(publication, start, stage))
    }

    @Test func aSlowViewerSkipsOnAFrameBoundary() throws {
        let stage = Stage { $0.lagSkipMs = 500 }
        let publication = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        client.capacity = 4_000
        client.bytesPerMs = 0
        for index in 0..<100 {
            if index == 60 { client.bytesPerMs = 1_000 }
            try stage.frame(isKeyframe: index % 10 == 9, byteCount: 1_000, to: publication)
            try stage.pass(ms: 40)
        }
        try stage.pass(ms: 1_000)
        let report = client.socket
        #expect(report.problem == nil && report.tornByteCount == 0)
        #expect(stage.core.counters.skipCount == 1)
        let end = stage.timeline(
            publication.programme, from: publication.programme.timeline.head - 500)
        #expect(report.stream.suffix(500) == end[...])
    }

    @Test func theStreamsEndIsSaid() throws {
        let stage = Stage()
        let publication = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        publication.end(nowMs: stage.nowMs)
        stage.programs.expire(nowMs: stage.nowMs + 60_000)
        try stage.pass(ms: 100)
        #expect(client.socket.closeCode == 1_000)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.ended.rawValue] == 1)
    }

    @Test func theServersEndIsSaidToo() throws {
        let stage = Stage()
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        try stage.core.stop()
        #expect(client.socket.closeCode == 1_001)
        #expect(client.isClosedByServer)
    }

    // MARK: The handshake

    @Test(arguments: [
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
        ("dGhlIHNhbXBsZSBub25jZQ==", "short", 400),
        ("/live/show.flv", "/live/nobody.flv", 404),
        ("\r\n\r\n", "\r\nOrigin: https://b.example\r\n\r\n", 403),
        ("\r\n\r\n", "\r\nOrigin: https://a.example\r\n\r\n", 101),
        ("\r\n\r\n", "\r\n\r\nx", 400),
    ])
    func handshakes(what: String, with other: String, status: Int) throws {
        let cors = try CORSPolicy(origins: ["https://a.example"])
        let stage = Stage {
            $0.waitForStreamMs = 0
            $0.cors = cors
        }
        _ = try show(stage)
        let request = SocketTalk.request()
        let client = stage.connect(request.replacing(what, with: other))
        try stage.pass(ms: 50)
        #expect(client.statuses.first == status)
        #expect(stage.core.counters.joinCount == (status == 101 ? 1 : 0))
    }

    // MARK: What clients say

    @Test func pingsAreAnswered() throws {
        let stage = Stage()
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        stage.send(SocketTalk.frame(.ping, [1, 2, 3]), from: client)
        try stage.pass(ms: 20)
        stage.send(SocketTalk.text(#"{"type":"ping","t":77}"#), from: client)
        stage.send(SocketTalk.frame(.pong, [9]), from: client)
        try stage.pass(ms: 20)
        #expect(client.socket.pongs == [[1, 2, 3]])
        #expect(client.socket.texts.map(\.pong) == [77])
        #expect(stage.core.counters.textCount == 2)
        // Both kinds at once: none takes the other's place.
        for number in 0..<3 {
            stage.send(SocketTalk.frame(.ping, [UInt8(number)]), from: client)
            stage.send(SocketTalk.text(#"{"type":"ping","t":\#(number)}"#), from: client)
        }
        try stage.pass(ms: 20)
        #expect(client.socket.pongs == [[1, 2, 3], [2]])
        #expect(client.socket.texts.last?.pong == 2)
    }

    @Test func aFloodOfPingsGetsAPongOrTwoAndCostsNothing() throws {
        let stage = Stage { $0.messageBurstMax = 1_000 }
        let publication = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        client.capacity = 0
        client.bytesPerMs = 0
        for number in 0..<1_000 {
            stage.send(SocketTalk.frame(.ping, [UInt8(number & 0xFF)]), from: client)
        }
        try stage.frame(to: publication)
        try stage.pass(ms: 200)
        #expect(client.inbox.isEmpty)
        #expect(stage.core.outbound.frames.count <= 2)
        client.capacity = 1 << 20
        client.bytesPerMs = 1_000
        try stage.pass(ms: 200)
        #expect(client.socket.problem == nil)
        #expect(client.socket.pongs.last == [UInt8(999 & 0xFF)])
        #expect(stage.core.outbound.frames.count == 0)
    }

    @Test func messagesInPiecesAreUnderstood() throws {
        let stage = Stage()
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        let text = Array(#"{"type":"ping","t":5}"#.utf8)
        let bytes =
            SocketTalk.frame(.text, Array(text[..<4]), isFinal: false)
            + SocketTalk.frame(.ping, [7])
            + SocketTalk.frame(.continuation, Array(text[4...]))
        for byte in bytes {
            stage.send([byte], from: client)
            try stage.pass(ms: 10)
        }
        #expect(client.socket.pongs == [[7]])
        #expect(client.socket.texts.map(\.pong) == [5])
        // The buffer that held the pieces is back.
        #expect(stage.core.sessions.count == 1)
        for _ in 0..<stage.core.settings.slotCountMax {
            let buffer = stage.core.heads.take()
            #expect(buffer != nil)
        }
    }

    @Test(arguments: [
        ([0x81, 0x02, 0x41, 0x41], 1_002), ([0xC1, 0x80, 1, 2, 3, 4], 1_002),
        ([0x82, 0x81, 1, 2, 3, 4, 5], 1_003), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1_007),
        ([0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4], 1_009),
        ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8], 1_000), ([0x88, 0x80, 0, 0, 0, 0], 1_000),
        ([0x88, 0x82, 0, 0, 0, 0, 0x0F, 0xA1], 4_001),
    ])
    func whatBreaksTheRulesEndsIt(bytes: [Int], code: Int) throws {
        let stage = Stage()
        let publication = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        stage.send(bytes.map { UInt8($0) }, from: client)
        stage.send(SocketTalk.text(#"{"type":"ping"}"#), from: client)
        try stage.frame(to: publication)
        try stage.pass(ms: 200)
        let report = client.socket
        #expect(report.problem == nil && report.tornByteCount == 0)
        #expect(report.closeCode == code)
        #expect(report.texts.isEmpty)
        #expect(stage.core.counters.viewerCount == 0)
        let reason = code == 1_000 || code == 4_001 ? DropReason.left : .refused
        #expect(stage.core.counters.viewerEndCounts[reason.rawValue] == 1)
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 2_200)
        #expect(client.isClosedByServer)
        #expect(stage.core.sessions.count == 0 && stage.core.outbound.frames.count == 0)
    }

    @Test(arguments: [
        ("nonsense", "400"), (#"{"type":"dance"}"#, "unknown"),
        (#"{"type":"answer","question":"q1","choice":1}"#, "no game"),
    ])
    func whatMakesNoSenseIsToldSo(text: String, says: String) throws {
        let stage = Stage()
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        stage.send(SocketTalk.text(text), from: client)
        try stage.pass(ms: 50)
        let told = try #require(client.socket.texts.first)
        #expect(told.contains(#""type":"error""#) && told.contains(says))
        #expect(client.socket.closeCode == nil)
    }

    @Test func whoLeavesIsNoticedAtOnce() throws {
        let stage = Stage()
        _ = try show(stage)
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 100)
        client.life = .finished
        try stage.pass(ms: 20)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.left.rawValue] == 1)
        #expect(stage.core.sessions.count == 0)
    }

    // MARK: OutboundFrames between tags

    @Test(arguments: [1, 7, 100, 1_500])
    func textsNeverStandWithinATag(capacity: Int) throws {
        let stage = Stage()
        let publication = try show(stage)
        let start = try #require(publication.programme.startPoint())
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 50)
        client.capacity = capacity
        client.bytesPerMs = Double(min(capacity, 10))
        for index in 0..<60 {
            try stage.frame(isKeyframe: index % 20 == 19, byteCount: 700, to: publication)
            if index % 3 == 2 {
                stage.send(SocketTalk.text(#"{"type":"ping","t":\#(index)}"#), from: client)
            }
            try stage.pass(ms: 40)
        }
        client.capacity = 1 << 20
        client.bytesPerMs = 1e6
        try stage.pass(ms: 500)
        let report = client.socket
        #expect(report.problem == nil && report.tornByteCount == 0)
        #expect(report.stream == expected(publication, start, stage))
        #expect(report.texts.last?.pong == 59)
        #expect(capacity == 1 || stage.core.counters.shortSendCount > 5)
    }

    /// A client that stands within a tag, with something to be said to it, long before it is its
    /// turn; then its socket takes bytes again.
    private func tornClient(
        _ stage: Stage, _ publication: Publication, isClose: Bool,
        before: () throws -> Void = {}
    ) throws -> FakeConnection {
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 50)
        try before()
        client.capacity = 500
        client.bytesPerMs = 0
        try stage.frame(byteCount: 2_000, to: publication)
        try stage.pass(ms: 1_700)
        #expect(client.socket.tornByteCount > 0)
        stage.send(isClose ? [0x88, 0x80, 0, 0, 0, 0] : SocketTalk.frame(.ping, [5]), from: client)
        try stage.pass(ms: 20)
        return client
    }

    /// Its tag's rest is all that its socket has room for: it took that, so our patience begins anew.
    @Test func whoTakesATagAndNoTextIsNotStuck() throws {
        let stage = Stage { $0.lagDropMs = 5_000 }
        let publication = try show(stage)
        let client = try tornClient(stage, publication, isClose: false)
        try stage.pass(ms: 2_000)
        let viewer = stage.core.table[client.slot]
        let head = try #require(stage.core.channels[Int(viewer.channel)].view).head
        client.capacity += Int(head - viewer.cursor)
        try stage.pass(ms: 4_500)
        #expect(client.socket.tornByteCount == 0 && client.socket.pongs.isEmpty)
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 1_000)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.stuck.rawValue] == 1)
    }

    /// Its GOP has lasted for longer than the arena: nobody can tell any more where its tag ends.
    @Test(arguments: [false, true])
    func whoStandsInAnEndlessGOPGetsItsTextsToo(isClose: Bool) throws {
        let stage = Stage { $0.mergeMsMin = 1_600 }
        let publication = try show(stage)
        let client = try tornClient(stage, publication, isClose: isClose) {
            for _ in 0..<30 {
                try stage.frame(byteCount: 40_000, to: publication)
                try stage.pass(ms: 40)
            }
            try stage.pass(ms: 1_700)
        }
        client.capacity = 1 << 20
        try stage.pass(ms: 20)
        let report = client.socket
        #expect(report.problem == nil && report.tornByteCount == 0)
        #expect(report.frameEnds.count == 2 + 3 + 30 + 1)
        if isClose { #expect(report.closeCode == 1_000) } else { #expect(report.pongs == [[5]]) }
    }

    /// The rest of its tag is gone, so nothing more can be said to it.
    @Test(arguments: [false, true])
    func whoIsOverrunWithinATagIsDropped(isClose: Bool) throws {
        var limits = Stage.smallLimits
        limits.keyframeCountMax = 4
        let stage = Stage(limits: limits) { $0.mergeMsMin = 1_600 }
        let publication = try show(stage)
        let client = try tornClient(stage, publication, isClose: isClose)
        for _ in 0..<5 { try stage.frame(isKeyframe: true, to: publication) }
        client.capacity = 1 << 20
        try stage.pass(ms: 20)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.overrun.rawValue] == 1)
        #expect(client.socket.pongs.isEmpty && client.socket.closeCode == nil)
    }

    @Test func theCloseWaitsForTheTagsEnd() throws {
        let stage = Stage()
        let publication = try show(stage)
        let start = try #require(publication.programme.startPoint())
        let client = stage.connect(SocketTalk.request())
        try stage.pass(ms: 50)
        client.capacity = 500
        client.bytesPerMs = 0
        for _ in 0..<5 { try stage.frame(byteCount: 2_000, to: publication) }
        try stage.pass(ms: 100)
        stage.send([0x88, 0x80, 0, 0, 0, 0], from: client)
        try stage.pass(ms: 100)
        #expect(client.socket.closeCode == nil && client.socket.tornByteCount > 0)
        client.bytesPerMs = 100
        try stage.pass(ms: 500)
        let report = client.socket
        #expect(report.problem == nil && report.closeCode == 1_000 && report.tornByteCount == 0)
        #expect(report.frameEnds.count == 2 + 3 + 1)
        #expect(expected(publication, start, stage).starts(with: report.stream))
    }
}
