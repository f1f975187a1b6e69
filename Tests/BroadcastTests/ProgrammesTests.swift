// Who may publish what, when a programme begins, waits and ends, and what it tells the staff.

import FLV
import Synchronization
import Testing

@testable import Broadcast

@Suite struct ProgrammesTests {
    private let somebody = Publisher(address: "a:1")

    private func programmes(adjust: (inout BroadcastLimits) -> Void = { _ in }) -> Programmes {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        adjust(&limits)
        return Programmes(limits: limits)
    }

    // MARK: Names and refusals

    @Test(arguments: ["a", "Show_1-x", String(repeating: "n", count: 64)])
    func goodNames(name: String) throws {
        _ = try programmes().publish(name: name, publisher: somebody, nowMs: 0)
    }

    @Test(arguments: [
        "", String(repeating: "n", count: 65), "a b", "a/b", "../x", "é", "a.flv", "a\0",
    ])
    func badNames(name: String) {
        #expect(throws: PublishRefusal.badName) {
            try programmes().publish(name: name, publisher: somebody, nowMs: 0)
        }
    }

    @Test func theNextProgrammesCuesAreNumberedAboveTheLastOnes() throws {
        final class Base: Sendable { let value = Atomic<UInt64>(1_000) }
        let base = Base()
        let programmes = Programmes(
            limits: BroadcastLimits(), seqBase: { base.value.load(ordering: .relaxed) })
        func firstSeq(nowMs: Int64) throws -> UInt64 {
            let publication = try programmes.publish(
                name: "show", publisher: Publisher(address: "a:1"), nowMs: nowMs)
            for body in [Body.avc240, Body.keyframe()] {
                try publication.append(
                    .video, timestampMs: 0, body: body.span.bytes, arrivalMs: nowMs)
            }
            let place = try publication.programme.insert(.message("x"), nowNs: 0)
            #expect(publication.programme.status(nowMs: nowMs).cueCount == 1)
            publication.end(nowMs: nowMs)
            return place.seq
        }
        #expect(try firstSeq(nowMs: 0) == 1_001)
        #expect(programmes.expire(nowMs: 3_600_000) == ["show"])
        base.value.store(5_000, ordering: .relaxed)
        #expect(try firstSeq(nowMs: 3_600_000) == 5_001)
    }

    @Test func aStreamHasOnePublisherAtATime() throws {
        let programmes = programmes()
        let first = try programmes.publish(name: "show", publisher: somebody, nowMs: 0)
        #expect(throws: PublishRefusal.busy(name: "show")) {
            try programmes.publish(name: "show", publisher: somebody, nowMs: 1)
        }
        first.end(nowMs: 2)
        let second = try programmes.publish(name: "show", publisher: somebody, nowMs: 3)
        #expect(second.programme === first.programme)
    }

    @Test func aPublicationThatIsOverCannotAppendOrEndTheNext() throws {
        let programmes = programmes()
        let first = try programmes.publish(name: "show", publisher: somebody, nowMs: 0)
        first.end(nowMs: 1)
        let second = try programmes.publish(name: "show", publisher: somebody, nowMs: 2)
        let body = Body.sound()
        #expect(throws: TagRefusal.superseded) {
            try first.append(.audio, timestampMs: 0, body: body.span.bytes, arrivalMs: 3)
        }
        first.end(nowMs: 4)
        try second.append(.audio, timestampMs: 0, body: body.span.bytes, arrivalMs: 5)
        #expect(second.programme.status(nowMs: 5).isPublishing)
    }

    @Test func thereIsABoundedNumberOfStreams() throws {
        let programmes = programmes { $0.programmeCountMax = 2 }
        let first = try programmes.publish(name: "one", publisher: somebody, nowMs: 0)
        _ = try programmes.publish(name: "two", publisher: somebody, nowMs: 0)
        #expect(throws: PublishRefusal.full(limit: 2)) {
            try programmes.publish(name: "three", publisher: somebody, nowMs: 0)
        }
        first.end(nowMs: 0)
        #expect(programmes.expire(nowMs: 10_000) == ["one"])
        let third = try programmes.publish(name: "three", publisher: somebody, nowMs: 10_000)
        #expect(programmes.snapshot().map { $0?.name } == ["three", "two"])
        #expect(third.programme.name == "three")
    }

    @Test func nobodyBeginsAfterTheEnd() throws {
        let programmes = programmes()
        let publication = try programmes.publish(name: "show", publisher: somebody, nowMs: 0)
        programmes.shutDown()
        #expect(throws: PublishRefusal.shuttingDown) {
            try programmes.publish(name: "other", publisher: somebody, nowMs: 0)
        }
        // Who is on air finishes.
        let body = Body.sound()
        try publication.append(.audio, timestampMs: 0, body: body.span.bytes, arrivalMs: 1)
    }

    @Test func refusalsAreSentencesForThePublisher() {
        let refusals: [PublishRefusal] = [
            .badName, .busy(name: "show"), .full(limit: 4), .noMemory("no arena."), .shuttingDown,
        ]
        for refusal in refusals { #expect(refusal.description.hasSuffix(".")) }
        #expect(PublishRefusal.busy(name: "show").description.contains("show"))
        #expect(TagRefusal.tooLarge(byteCount: 9, limit: 8).description.contains("9 bytes"))
        #expect(TagRefusal.superseded.description == "this publication is over")
        #expect(TagRefusal.programmeTooLong.description.contains("49 days"))
    }

    // MARK: Grace

    @Test func aProgrammeWaitsForItsPublisherForTheGraceTime() throws {
        let programmes = programmes { $0.graceMs = 5_000 }
        let first = try programmes.publish(name: "show", publisher: somebody, nowMs: 0)
        #expect(programmes.expire(nowMs: 1_000_000).isEmpty)
        first.end(nowMs: 1_000)
        #expect(programmes.expire(nowMs: 5_999).isEmpty)
        #expect(programmes.programme(named: "show") === first.programme)
        #expect(programmes.expire(nowMs: 6_000) == ["show"])
        #expect(programmes.programme(named: "show") == nil)
        let second = try programmes.publish(name: "show", publisher: somebody, nowMs: 6_001)
        #expect(second.programme !== first.programme)
        #expect(second.programme.timeline.head == 0)
    }

    @Test func anEndThatComesTwiceDoesNotProlongTheGrace() throws {
        let programmes = programmes { $0.graceMs = 5_000 }
        let publication = try programmes.publish(name: "show", publisher: somebody, nowMs: 0)
        publication.end(nowMs: 1_000)
        publication.end(nowMs: 4_000)
        #expect(programmes.expire(nowMs: 6_000) == ["show"])
    }

    @Test func watchersLearnOfBeginningsTagsAndEnds() throws {
        let programmes = programmes()
        let watcher = Watcher()
        programmes.add(watcher)
        let version = programmes.version.load(ordering: .relaxed)
        let publication = try programmes.publish(name: "show", publisher: somebody, nowMs: 0)
        #expect(watcher.changes == 1)
        #expect(programmes.version.load(ordering: .relaxed) == version + 1)
        let header = Body.avc720
        let keyframe = Body.keyframe()
        try publication.append(.video, timestampMs: 0, body: header.span.bytes, arrivalMs: 0)
        #expect(watcher.moves == 0)
        try publication.append(.video, timestampMs: 0, body: keyframe.span.bytes, arrivalMs: 0)
        #expect(watcher.moves == 1)
        // A publisher that comes back is no change of the set.
        publication.end(nowMs: 1)
        let back = try programmes.publish(name: "show", publisher: somebody, nowMs: 2)
        #expect(watcher.changes == 1)
        back.end(nowMs: 3)
        programmes.expire(nowMs: 60_000)
        #expect(watcher.changes == 2)
    }

    // MARK: Tags

    @Test func aTagThatWouldCrowdOutItsGOPIsRefused() throws {
        let stand = try Stand(header: Body.avc240)
        let limit = (1 << 20) / 4
        #expect(throws: TagRefusal.tooLarge(byteCount: limit + 1, limit: limit)) {
            try stand.append(.video, [UInt8](repeating: 0x17, count: limit + 1), at: 0)
        }
        let body = [0x17, 1] + [UInt8](repeating: 0, count: limit - 2)
        try stand.append(.video, body, at: 0)
        #expect(try stand.timeline().first?.body == body)
    }

    @Test func aReconnectLeavesAGapAndNoStepBack() throws {
        let stand = try Stand(header: Body.avc240)
        try stand.append(.audio, Body.aacStereo, at: 9_000)
        try stand.append(.video, Body.keyframe(mark: 1), at: 9_000)
        stand.nowMs += 40
        try stand.append(.audio, Body.sound(), at: 9_040)
        try stand.reconnect(afterMs: 4_000)
        // Nothing but a keyframe continues the picture.
        try stand.append(.audio, Body.aacStereo, at: 17)
        try stand.append(.video, Body.frame(), at: 17)
        try stand.append(.video, Body.keyframe(mark: 2), at: 57)
        try stand.append(.audio, Body.sound(), at: 57)
        let tags = try stand.timeline()
        #expect(tags.map(\.timestampMs) == [0, 40, 4_040, 4_040])
        #expect(tags[2].body == Body.keyframe(mark: 2))
    }

    // MARK: Script data

    @Test(arguments: [true, false])
    func thePublishersOwnScriptDataIsPassedIfSoConfigured(isPassed: Bool) throws {
        let stand = try Stand(header: Body.avc240) { $0.passesScriptData = isPassed }
        let own = Body.script("onTally", [AMF0Property("live", .boolean(true))])
        try stand.append(.script, own, at: 0)
        #expect(stand.programme.timeline.head == 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        stand.nowMs += 40
        try stand.append(.video, Body.frame(), at: 40)
        try stand.append(.script, own, at: 50)
        let bodies = try stand.timeline().map(\.body)
        #expect(bodies.contains(own) == isPassed)
        if isPassed { #expect(try stand.timeline().last?.timestampMs == 40) }
    }

    @Test(arguments: ["onQuiz", "onMessage", "onMetaData"])
    func ourNamesAreNeverPassed(name: String) throws {
        let stand = try Stand(header: Body.avc240) { $0.passesScriptData = true }
        try stand.append(.video, Body.keyframe(), at: 0)
        let head = stand.programme.timeline.head
        try stand.append(.script, Body.script(name, []), at: 0)
        #expect(stand.programme.timeline.head == head)
    }

    @Test func scriptDataThatIsTooLargeOrNoneIsLeftOut() throws {
        let stand = try Stand(header: Body.avc240) { $0.passesScriptData = true }
        try stand.append(.video, Body.keyframe(), at: 0)
        let head = stand.programme.timeline.head
        let text = String(repeating: "x", count: 9_000)
        try stand.append(.script, Body.script("onTally", [.init("t", .string(text))]), at: 0)
        try stand.append(.script, [0xFF, 1, 2], at: 0)
        try stand.append(.script, [], at: 0)
        try stand.append(.script, [0, 0, 0, 0, 0, 0, 0, 0, 0], at: 0)
        #expect(stand.programme.timeline.head == head)
        #expect(stand.programme.status(nowMs: 0).leftOutTagCount == 4)
    }

    // MARK: Status

    @Test func theStatusSaysWhatComesIn() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        for index in 0..<150 {
            let body = index % 50 == 0 ? Body.keyframe(995) : Body.frame(995)
            try stand.append(.video, body, at: UInt32(index) * 40)
            stand.nowMs += 40
        }
        let status = stand.programme.status(nowMs: stand.nowMs)
        #expect(status.isPublishing)
        #expect(status.publisher?.address == "a:1")
        #expect(status.publisher?.encoder == "flash")
        #expect(status.uptimeMs == 6_000)
        #expect((24...26).contains(status.framesPerSecond))
        #expect((190_000...210_000).contains(status.bitsPerSecond))
        #expect(status.keyframeIntervalMs == 2_000)
        #expect(status.latestMs == 149 * 40)
        #expect(status.tagCount == 150)
        #expect(status.byteCount == 150 * 1_015)
        #expect(status.publicationCount == 1)
        #expect(status.timestampJumpCount == 0)
        #expect(status.headers?.video?.width == 1_280)
        #expect(status.arenaByteCount > 0)
        // Nothing for a while is a rate of zero.
        let later = stand.programme.status(nowMs: stand.nowMs + 3_000)
        #expect(later.bitsPerSecond == 0 && later.framesPerSecond == 0)
        stand.publication.end(nowMs: stand.nowMs)
        #expect(!stand.programme.status(nowMs: stand.nowMs).isPublishing)
    }
}

/// Counts what it is told.
private final class Watcher: ProgrammeWatcher {
    private let counts = Mutex((moves: 0, changes: 0))
    var moves: Int { counts.withLock { $0.moves } }
    var changes: Int { counts.withLock { $0.changes } }
    func headMoved() { counts.withLock { $0.moves += 1 } }
    func programmesChanged() { counts.withLock { $0.changes += 1 } }
}
