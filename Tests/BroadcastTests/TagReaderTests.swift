// Whole tags for readers of their own threads: what a viewer gets, or the word that it is gone.

import Dispatch
import FLV
import Synchronization
import Testing

@testable import Broadcast

@Suite struct TagReaderTests {
    private func read(_ reader: inout TagReader) -> [ReadTag] {
        var tags: [ReadTag] = []
        while let tag = reader.next().tag {
            tags.append(ReadTag(type: tag.type, timestampMs: tag.timestampMs, body: tag.body))
        }
        return tags
    }

    private func flv(_ tags: [ReadTag]) -> [UInt8] {
        tags.flatMap {
            FLVTagHeader.tag($0.type, timestampMs: $0.timestampMs, body: $0.body.span.bytes)
        }
    }

    private func gop(_ stand: Stand, frames: Int = 10) throws {
        for index in 0..<frames {
            let ms = UInt32(stand.nowMs - 10_000)
            try stand.append(.video, index == 0 ? Body.keyframe() : Body.frame(index), at: ms)
            stand.nowMs += 40
        }
    }

    private func standing(_ text: String) -> Cue { .message(text, .state(key: "standing")) }

    // MARK: What it gives

    @Test func aReaderGetsByteForByteWhatAViewerGets() throws {
        let stand = try Stand(header: Body.avc240)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try gop(stand)
        try stand.programme.insert(standing("now"), nowNs: 0)
        try gop(stand)
        let start = try #require(stand.programme.startPoint())
        var reader = TagReader(stand.programme)
        var tags = read(&reader)
        try gop(stand)
        try stand.programme.insert(.message("later"), nowNs: 0)
        tags += read(&reader)
        let viewer = start.preamble.bytes + flv(try stand.timeline(from: start.position))
        #expect(Array(viewer.dropFirst(FLVFileHeader.byteCount)) == flv(tags))
        #expect(reader.next().step == .caughtUp && reader.overrunCount == 0)
    }

    @Test(
        arguments: [
            ([], []), (.metadata, ["onMetaData"]), (.headers, ["header"]), (.cues, ["onMessage"]),
            (.all, ["onMetaData", "header", "onMessage"]),
        ] as [(TagReaderOpening, [String])])
    func whatComesFirstIsChosen(opening: TagReaderOpening, expected: [String]) throws {
        let stand = try Stand(header: Body.avc240)
        try gop(stand)
        try stand.programme.insert(standing("now"), nowNs: 0)
        try gop(stand, frames: 1)
        var reader = TagReader(stand.programme, opening: opening)
        let tags = read(&reader)
        let names = tags.dropLast().map { tag in
            tag.type == .video
                ? "header"
                : (try? AMF0.decodePrefix(tag.body.span.bytes, maxValues: 1))?.values.first?
                    .stringValue ?? "?"
        }
        #expect(names == expected)
        #expect(tags.last?.body == Body.keyframe())
    }

    @Test func aReaderBeforeTheFirstPictureWaitsForIt() throws {
        let stand = try Stand()
        var reader = TagReader(stand.programme, opening: [])
        #expect(reader.next().step == .caughtUp)
        try stand.append(.video, Body.avc240, at: 0)
        #expect(reader.next().step == .caughtUp)
        try gop(stand, frames: 3)
        #expect(read(&reader).count == 3)
    }

    @Test func whoIsLappedIsToldAndGoesOnAtTheNewestKeyframe() throws {
        let stand = try Stand(header: Body.avc240)
        try gop(stand)
        try stand.programme.insert(standing("now"), nowNs: 0)
        var reader = TagReader(stand.programme)
        #expect(reader.next().step == .tag)
        while stand.programme.timeline.tail == 0 { try gop(stand) }
        // What it was given before the tags is its own.
        while reader.next().step == .tag {}
        #expect(reader.next().step == .overrun && reader.overrunCount == 1)
        try gop(stand)
        #expect(reader.next().step == .overrun && reader.overrunCount == 1)
        reader.restart()
        let start = try #require(stand.programme.startPoint())
        let resumed = start.preamble.bytes.dropFirst(start.preamble.resumeOffset)
        #expect(
            flv(read(&reader)) == Array(resumed) + flv(try stand.timeline(from: start.position)))
    }

    @Test func whatANewPublisherSendsFollows() throws {
        let stand = try Stand(header: Body.avc240)
        try gop(stand)
        var reader = TagReader(stand.programme)
        _ = read(&reader)
        let head = stand.programme.timeline.head
        try stand.reconnect(afterMs: 2_000)
        try stand.append(.video, Body.avc720, at: 0)
        try gop(stand)
        #expect(try read(&reader) == stand.timeline(from: head))
    }

    // MARK: Being woken

    @Test func whoSubscribesIsWokenUntilItCancelsAndAtTheEnd() throws {
        let stand = try Stand(header: Body.avc240)
        let counter = Counter()
        let subscription = stand.programme.subscribe { counter.add() }
        let other = stand.programme.subscribe { counter.add() }
        #expect(counter.take() == 0)
        try gop(stand, frames: 3)
        #expect(counter.take() == 6)
        try stand.programme.insert(.message("hello"), nowNs: 0)
        #expect(counter.take() == 2)
        other.cancel()
        try gop(stand, frames: 2)
        #expect(counter.take() == 2)
        var reader = TagReader(stand.programme)
        _ = read(&reader)
        stand.publication.end(nowMs: stand.nowMs)
        #expect(reader.next().step == .caughtUp && !stand.programme.hasEnded)
        _ = counter.take()
        let programme = stand.programme
        stand.programmes.expire(nowMs: stand.nowMs + 60_000)
        #expect(counter.take() == 1 && programme.hasEnded)
        #expect(reader.next().step == .ended)
        subscription.cancel()
    }

    @Test func lettingGoOfASubscriptionEndsIt() throws {
        let stand = try Stand(header: Body.avc240)
        let counter = Counter()
        do {
            let subscription = stand.programme.subscribe { counter.add() }
            try gop(stand, frames: 1)
            withExtendedLifetime(subscription) {}
        }
        let count = counter.take()
        try gop(stand)
        #expect(count > 0 && counter.take() == 0)
    }

    // MARK: Threads

    /// A body that tells whether it is whole: a number, and a filling that follows from it.
    private static func body(_ number: UInt32, byteCount: Int) -> [UInt8] {
        var body = number % 25 == 0 ? Body.keyframe(0) : Body.frame(0)
        for shift in [24, 16, 8, 0] { body.append(UInt8(truncatingIfNeeded: number >> shift)) }
        let filling = UInt8(truncatingIfNeeded: number &* 31 &+ number >> 8)
        return body + [UInt8](repeating: filling, count: byteCount)
    }

    private static func number(of body: RawSpan) -> UInt32 {
        var number: UInt32 = 0
        for index in 5..<9 {
            number = number << 8 | UInt32(body.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        return number
    }

    /// What a reader saw.
    private struct Sum {
        var tagCount = 0
        var overrunCount = 0
        var firstNumber: UInt32 = 0
        var lastNumber: UInt32 = 0
        var faults = 0
    }

    @Test(arguments: [1 << 20, 64 << 20])
    func tagsAreWholeUnderAWriterThatLapsTheReader(arenaByteCount: Int) throws {
        let tagCount = 6_000
        let stand = try Stand(header: Body.avc240) { $0.timelineByteCount = arenaByteCount }
        let publication = stand.publication
        let programme = stand.programme
        let programmes = stand.programmes
        let woken = DispatchSemaphore(value: 0)
        let result = Mutex(Sum())

        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            if worker == 0 {
                for number in 0..<tagCount {
                    let body = Self.body(UInt32(number), byteCount: 200 + number * 7_919 % 40_000)
                    do {
                        try publication.append(
                            .video, timestampMs: UInt32(number * 40), body: body.span.bytes,
                            arrivalMs: 10_000 + Int64(number * 40))
                    } catch {
                        Issue.record(error)
                    }
                }
                publication.end(nowMs: 1_000_000)
                programmes.expire(nowMs: 2_000_000)
                return
            }
            let subscription = programme.subscribe { woken.signal() }
            var reader = TagReader(programme, opening: [])
            var expected: UInt32?
            var sum = Sum()
            reading: while true {
                let step = reader.read { header, body in
                    let number = Self.number(of: body)
                    let whole = Self.body(number, byteCount: max(0, body.byteCount - 9))
                    let isWhole = body.equals(whole) && header.timestampMs == number * 40
                    let isNext = expected.map { $0 == number } ?? (number >= sum.lastNumber)
                    if !isWhole || !isNext { sum.faults += 1 }
                    if sum.tagCount == 0 { sum.firstNumber = number }
                    expected = number + 1
                    sum.tagCount += 1
                    sum.lastNumber = number
                }
                switch step {
                case .tag: continue
                case .caughtUp:
                    if woken.wait(timeout: .now() + 60) == .timedOut {
                        Issue.record("nobody woke the reader")
                        break reading
                    }
                case .overrun:
                    expected = nil
                    reader.restart()
                case .ended: break reading
                }
            }
            sum.overrunCount = reader.overrunCount
            subscription.cancel()
            result.withLock { $0 = sum }
        }

        let sum = result.withLock { $0 }
        #expect(sum.faults == 0)
        #expect(sum.tagCount > 0)
        #expect(sum.lastNumber == UInt32(tagCount - 1))
        // Who begins late begins at a later keyframe.
        if sum.overrunCount == 0 { #expect(sum.tagCount == tagCount - Int(sum.firstNumber)) }
        #expect(programme.timeline.head > UInt64(tagCount) * 15_000)
    }
}

/// Counts from any thread.
private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    func add() { count.wrappingAdd(1, ordering: .relaxed) }
    func take() -> Int { count.exchange(0, ordering: .relaxed) }
}
