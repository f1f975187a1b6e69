// A viewer's way: waiting, joining, falling behind, skipping, being sent away, the end.

import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct StreamingTests {
    private let stream = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"

    /// What a viewer got after its answer's head.
    private func flv(_ client: FakeConnection) -> [UInt8] {
        let end = Array("\r\n\r\n".utf8)
        let starts = client.received.indices.dropLast(3)
        guard let head = starts.first(where: { Array(client.received[$0..<$0 + 4]) == end })
        else { return [] }
        return Array(client.received[(head + 4)...])
    }

    /// The start of a stream and all of the timeline from there on.
    private func expected(_ start: StartPoint, _ program: Programme, _ stage: Stage) -> [UInt8] {
        start.preamble.bytes + stage.timeline(program, from: start.position)
    }

    // MARK: Joining

    @Test func aViewerGetsThePreambleAndThenTheTimeline() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        try stage.frame(to: publication)
        let start = try #require(publication.programme.startPoint())
        let client = stage.connect(stream)
        try stage.pass(ms: 100)
        #expect(flv(client) == expected(start, publication.programme, stage))
        for index in 0..<50 {
            try stage.frame(isKeyframe: index % 10 == 0, to: publication)
            try stage.pass(ms: 40)
        }
        try stage.pass(ms: 100)
        #expect(flv(client) == expected(start, publication.programme, stage))
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(stage.core.counters.joinCount == 1)
        #expect(stage.core.counters.viewerCount == 1)
    }

    @Test func whoComesTooEarlyWaitsAndJoinsWhenTheStreamBegins() throws {
        let stage = Stage()
        // Torn and followed by bytes nobody asked for: the request is kept either way.
        let torn = stage.connect(String(stream.prefix(20)))
        let whole = stage.connect(stream)
        try stage.pass(ms: 50)
        stage.send(stream.dropFirst(20) + "more", from: torn)
        try stage.pass(ms: 4_000)
        #expect(torn.received.isEmpty && whole.received.isEmpty)
        let publication = try stage.publish()
        try stage.pass(ms: 200)
        // Headers alone are no stream yet.
        #expect(whole.received.isEmpty)
        try stage.frame(isKeyframe: true, to: publication)
        try stage.pass(ms: 200)
        let start = try #require(publication.programme.startPoint())
        #expect(flv(whole) == expected(start, publication.programme, stage))
        #expect(flv(torn) == flv(whole))
        #expect(stage.core.counters.joinCount == 2)
    }

    @Test func whoWaitsInVainGets404ThatNamesTheStream() throws {
        let stage = Stage()
        let client = stage.connect(stream)
        try stage.pass(ms: 4_900)
        #expect(client.received.isEmpty)
        try stage.pass(ms: 250)
        #expect(client.statuses == [404])
        #expect(client.text.contains(#""stream":"show""#))
        #expect(client.text.contains("Access-Control-Allow-Origin: *"))
    }

    @Test func withoutWaitingThe404ComesAtOnceAndTheConnectionStays() throws {
        let stage = Stage { $0.waitForStreamMs = 0 }
        let client = stage.connect(stream)
        try stage.pass(ms: 50)
        stage.send(stream, from: client)
        try stage.pass(ms: 50)
        #expect(client.statuses == [404, 404])
        #expect(!client.isClosedByServer)
    }

    @Test func aViewerThatGoesOnSendingIsNotListenedTo() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let start = try #require(publication.programme.startPoint())
        let client = stage.connect(stream)
        for _ in 0..<50 {
            stage.send(String(repeating: "x", count: 20_000), from: client)
            try stage.frame(to: publication)
            try stage.pass(ms: 40)
        }
        try stage.pass(ms: 100)
        // It fills its own socket; nothing of it is read.
        #expect(client.inbox.count > 900_000)
        #expect(flv(client) == expected(start, publication.programme, stage))
    }

    // MARK: Sending

    @Test(arguments: [0, 40, 200])
    func tagsReachTheSocketWithinAnInterval(mergeMs: Int64) throws {
        let stage = Stage {
            $0.mergeMsMin = mergeMs
            $0.mergeMsMax = mergeMs
        }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        try stage.pass(ms: 500, stepMs: 1)
        for _ in 0..<20 {
            let before = client.received.count
            try stage.frame(to: publication)
            try stage.pass(ms: mergeMs + 2, stepMs: 1)
            #expect(client.received.count - before == 11 + 105 + 4)
        }
    }

    @Test func aSocketBuffersWorthDoesNotWaitForItsTime() throws {
        let stage = Stage {
            $0.mergeMsMin = 1_000
            $0.mergeMsMax = 1_000
        }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        try stage.pass(ms: 100, stepMs: 1)
        let before = client.received.count
        try stage.frame(byteCount: 60_000, to: publication)
        try stage.pass(ms: 2, stepMs: 1)
        #expect(client.received.count - before > 60_000)
    }

    // MARK: Slow viewers

    @Test func aViewerThatFellBehindSkipsToAKeyframeBehindItsHeaders() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        client.capacity = 4_000
        try stage.pass(ms: 200)
        client.bytesPerMs = 0
        for index in 1...200 {
            try stage.frame(isKeyframe: index % 25 == 0, byteCount: 500, to: publication)
            try stage.pass(ms: 40)
        }
        #expect(stage.core.counters.skipCount == 0)
        let stalled = client.received.count
        client.bytesPerMs = 1_000
        let newest = try #require(publication.programme.startPoint())
        try stage.pass(ms: 300)
        #expect(stage.core.counters.skipCount == 1)
        let resumed =
            Array(newest.preamble.bytes[newest.preamble.resumeOffset...])
            + stage.timeline(publication.programme, from: newest.position)
        let after = Array(client.received[stalled...])
        #expect(after.count > resumed.count && after.count < resumed.count + 520)
        #expect(Array(after.suffix(resumed.count)) == resumed)
    }

    @Test func aViewerWhoseSocketTakesNothingIsDropped() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        client.capacity = 1_000
        client.bytesPerMs = 0
        try stage.frame(byteCount: 2_000, to: publication)
        try stage.pass(ms: 19_900)
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 200)
        #expect(client.isClosedByServer)
        #expect(client.received.count == 1_000)
        #expect(stage.core.counters.viewerEndCounts[DropReason.stuck.rawValue] == 1)
    }

    @Test func aSocketThatIsWritableAndTakesNothingHoldsNobodyUp() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let liar = stage.connect(stream)
        liar.capacity = 200
        liar.bytesPerMs = 0
        liar.pollsLie = true
        let other = stage.connect(stream)
        for _ in 0..<480 {
            try stage.frame(to: publication)
            try stage.pass(ms: 40)
        }
        #expect(other.received.count > 480 * 120)
        #expect(!liar.isClosedByServer)
        #expect(stage.core.counters.enterCount < 50_000)
        try stage.pass(ms: 1_200)
        #expect(liar.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.stuck.rawValue] == 1)
    }

    @Test func aViewerThatLeavesIsNoticedAtTheNextTag() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        try stage.pass(ms: 100)
        client.reset()
        try stage.frame(to: publication)
        try stage.pass(ms: 100)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.left.rawValue] == 1)
        #expect(stage.core.counters.viewerCount == 0)
    }

    @Test func aSlowViewerOfOneStreamIsNotMeasuredByTheOther() throws {
        var limits = Stage.smallLimits
        limits.retentionMs = 2_000
        let stage = Stage(limits: limits) { $0.lagSkipMs = 60_000 }
        let old = try stage.publish("old")
        for index in 0..<100 {
            try stage.frame(isKeyframe: index % 5 == 0, byteCount: 3_000, to: old)
            try stage.pass(ms: 40)
        }
        let slow = stage.connect("GET /live/old.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 40)
        let young = try stage.publish("young")
        try stage.frame(isKeyframe: true, to: young)
        _ = stage.connect("GET /live/young.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        // One send of ten GOPs, of which its socket takes five.
        slow.capacity = 60_000
        slow.bytesPerMs = 0
        let sendStart = old.programme.timeline.head
        for _ in 0..<10 { try stage.frame(isKeyframe: true, byteCount: 12_000, to: old) }
        try stage.pass(ms: 80)
        // The first of them is forgotten, which is no concern of it any more.
        while old.programme.timeline.tail <= sendStart {
            try stage.frame(isKeyframe: true, to: old)
            try stage.pass(ms: 40)
        }
        for _ in 0..<10 {
            try stage.frame(to: young)
            try stage.pass(ms: 40)
        }
        #expect(!slow.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts.reduce(0, +) == 0)
    }

    @Test func afterABurstNobodyWaitsForLongerThanTwoIntervals() throws {
        let stage = Stage { $0.mergeMsMin = 200 }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        try stage.pass(ms: 100)
        for index in 0..<60 {
            try stage.frame(isKeyframe: index % 5 == 0, byteCount: 60_000, to: publication)
            try stage.pass(ms: 40)
        }
        try stage.frame(to: publication)
        try stage.pass(ms: 410)
        let end = stage.timeline(
            publication.programme, from: publication.programme.timeline.head - 99)
        #expect(client.received.suffix(99) == end[...])
    }

    /// The writer comes by while a send is copied that its socket takes in part; the next one, in the
    /// same flush, is all right.
    @Test func whoIsOverrunAndThenSentMoreIsDroppedAllTheSame() throws {
        var limits = Stage.smallLimits
        limits.keyframeCountMax = 4
        let stage = Stage(limits: limits)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        try stage.pass(ms: 100)
        let before = client.received.count
        for _ in 0..<3 { try stage.frame(isKeyframe: true, byteCount: 2_000, to: publication) }
        client.nextTakeByteCountMax = 3_000
        client.meanwhile = {
            for _ in 0..<2 { try? stage.frame(isKeyframe: true, to: publication) }
        }
        try stage.pass(ms: 100)
        #expect(client.isClosedByServer)
        #expect(client.received.count == before + 3_000)
        #expect(stage.core.counters.viewerEndCounts[DropReason.overrun.rawValue] == 1)
        #expect(stage.core.counters.byteCount == UInt64(client.received.count))
    }

    // MARK: The end

    @Test func whoWatchesAProgrammeThatEndsHasAllOfIt() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect(stream)
        try stage.pass(ms: 100)
        let start = try #require(publication.programme.startPoint())
        try stage.frame(to: publication)
        publication.end(nowMs: stage.nowMs)
        try stage.pass(ms: 9_900)
        stage.programs.expire(nowMs: stage.nowMs)
        try stage.pass(ms: 50)
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 100)
        stage.programs.expire(nowMs: stage.nowMs)
        try stage.pass(ms: 50)
        #expect(client.isClosedByServer)
        #expect(flv(client) == expected(start, publication.programme, stage))
        #expect(stage.core.counters.viewerEndCounts[DropReason.ended.rawValue] == 1)
    }

    @Test func aPublisherThatComesBackGoesOnForTheSameViewers() throws {
        let stage = Stage()
        let first = try stage.publish()
        try stage.frame(isKeyframe: true, to: first)
        let client = stage.connect(stream)
        let start = try #require(first.programme.startPoint())
        try stage.pass(ms: 100)
        first.end(nowMs: stage.nowMs)
        try stage.pass(ms: 5_000)
        let second = try stage.publish()
        try stage.frame(isKeyframe: true, to: second)
        try stage.pass(ms: 100)
        #expect(second.programme === first.programme)
        #expect(flv(client) == expected(start, first.programme, stage))
        #expect(!client.isClosedByServer)
    }

    @Test func aStoppedShardSendsWhatIsDueAndEndsOnAWholeTag() throws {
        let stage = Stage { $0.mergeMsMin = 400 }
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let start = try #require(publication.programme.startPoint())
        let viewer = stage.connect(stream)
        let idle = stage.connect()
        try stage.pass(ms: 1_000)
        try stage.frame(to: publication)
        try stage.core.stop()
        try stage.pass(ms: 20)
        let isStopped = stage.core.isStopped
        #expect(isStopped)
        #expect(viewer.isClosedByServer && idle.isClosedByServer)
        #expect(flv(viewer) == expected(start, publication.programme, stage))
        let late = stage.connect(stream)
        try stage.pass(ms: 100)
        #expect(late.received.isEmpty && late.slot < 0)
    }

    @Test func whoWaitsForAKeyframeWithAnUnreliableSocketGetsItsStartOnce() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect("GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 100)
        func startCount() -> Int {
            client.received.indices.count { client.received[$0...].starts(with: "FLV\u{1}".utf8) }
        }
        #expect(startCount() == 1)
        // As after a deferred join and polls that were wrong twice.
        stage.core.table[client.slot].state = .awaitingKeyframe
        stage.core.table[client.slot].flags.formUnion([.refused, .lagging])
        stage.core.table[client.slot].cursor = 0
        stage.core.table[client.slot].sendStart = 0
        try stage.frame(isKeyframe: true, to: publication)
        try stage.pass(ms: 600)
        #expect(startCount() == 2)
    }
}
