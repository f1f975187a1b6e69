// How far back a programme is kept, and what viewers who fell behind are told.

import FLV
import Testing

@testable import Broadcast

@Suite struct RetentionTests {
    /// Appends a GOP: a keyframe and frames, 40 ms apart.
    private func gop(
        _ stand: Stand, from timeMs: UInt32, frames: Int = 10, byteCount: Int = 100
    ) throws {
        for index in 0..<frames {
            let body = index == 0 ? Body.keyframe(byteCount) : Body.frame(byteCount)
            try stand.append(.video, body, at: timeMs + UInt32(index) * 40)
            stand.nowMs += 40
        }
    }

    @Test func isBoundedByTimeAtAKeyframe() throws {
        let stand = try Stand(header: Body.avc240) { $0.retentionMs = 2_000 }
        for index in 0..<50 { try gop(stand, from: UInt32(index) * 400) }
        let timeline = stand.programme.timeline
        let tags = try stand.timeline(from: timeline.tail)
        // 2 s before the newest keyframe, and the newest GOP itself.
        #expect(tags.count == 5 * 10 + 10)
        #expect(tags.first?.body == Body.keyframe(100))
        #expect(tags.first?.timestampMs == 17_600)
    }

    @Test func isBoundedByBytes() throws {
        let stand = try Stand(header: Body.avc240) { $0.retentionMs = 3_600_000 }
        for index in 0..<100 { try gop(stand, from: UInt32(index) * 400, byteCount: 5_000) }
        let timeline = stand.programme.timeline
        #expect(timeline.head > 4 << 20)
        #expect(timeline.head - timeline.tail <= UInt64(timeline.byteCount))
        let start = try #require(stand.programme.startPoint())
        #expect(start.position >= timeline.tail)
        #expect(start.timestampMs == 99 * 400)
    }

    @Test func isBoundedByTheNumberOfKeyframes() throws {
        let stand = try Stand(header: Body.avc240) {
            $0.retentionMs = 3_600_000
            $0.keyframeCountMax = 8
        }
        for index in 0..<100 { try gop(stand, from: UInt32(index) * 40, frames: 1) }
        #expect(try stand.timeline(from: stand.programme.timeline.tail).count == 8)
    }

    @Test func theNewestGOPIsKeptHoweverLongItIs() throws {
        let stand = try Stand(header: Body.avc240) { $0.retentionMs = 1_000 }
        try gop(stand, from: 0, frames: 500)
        let start = try #require(stand.programme.startPoint())
        #expect(start.position == 0)
        #expect(stand.programme.timeline.tail == 0)
    }

    @Test func aGOPLongerThanTheArenaCannotBeJoinedUntilTheNextOne() throws {
        let stand = try Stand(header: Body.avc240)
        try gop(stand, from: 0, frames: 30, byteCount: 40_000)
        #expect(stand.programme.startPoint() == nil)
        #expect(stand.programme.tagBoundary(atOrAfter: 10) == nil)
        let version = stand.programme.startVersion.load(ordering: .relaxed)
        try gop(stand, from: 1_200, frames: 2)
        #expect(stand.programme.startVersion.load(ordering: .relaxed) != version)
        #expect(stand.programme.startPoint()?.timestampMs == 1_200)
    }

    @Test func tagBoundariesAreFoundFromAnywhere() throws {
        let stand = try Stand(header: Body.avc240)
        try gop(stand, from: 0)
        try gop(stand, from: 400, byteCount: 33)
        var boundaries: [UInt64] = [0]
        for tag in try stand.timeline() {
            boundaries.append(
                (boundaries.last ?? 0)
                    + UInt64(FLVTagHeader.tagByteCount(bodyByteCount: tag.body.count)))
        }
        #expect(boundaries.last == stand.programme.timeline.head)
        for position in 0...stand.programme.timeline.head {
            let expected = boundaries.first { $0 >= position }
            #expect(stand.programme.tagBoundary(atOrAfter: position) == expected)
        }
    }

    @Test func lagIsMeasuredInProgrammeTime() throws {
        let stand = try Stand(header: Body.avc240) { $0.retentionMs = 30_000 }
        for index in 0..<10 { try gop(stand, from: UInt32(index) * 400) }
        let programme = stand.programme
        let head = programme.timeline.head
        let wholeMs: Int64 = 9 * 400 + 9 * 40
        #expect(programme.position(behindMs: 0) == head)
        #expect(programme.position(behindMs: wholeMs) == 0)
        var last = head
        for behindMs in stride(from: 0, through: wholeMs, by: 7) {
            let position = programme.position(behindMs: behindMs)
            #expect(position <= last)
            last = position
        }
        let half = programme.position(behindMs: wholeMs / 2)
        #expect((head * 45 / 100...head * 55 / 100).contains(half))
        // The newest GOP is 400 ms, and has as many tags as the others.
        #expect(programme.position(behindMs: 9 * 40) == programme.startPoint()?.position)
    }

    @Test func whoStandsBeforeEverythingIsAsFarBehindAsCanBe() throws {
        let stand = try Stand(header: Body.avc240) { $0.retentionMs = 1_000 }
        for index in 0..<20 { try gop(stand, from: UInt32(index) * 400) }
        let oldest = stand.programme.position(behindMs: 999)
        #expect(oldest > 0, "who stands before it is more than that behind")
        #expect(stand.programme.position(behindMs: 10_000) == 0)
        #expect(stand.programme.tagBoundary(atOrAfter: 0) == nil)
    }

    // MARK: The index

    @Test func theIndexForgetsAndFinds() {
        var index = KeyframeIndex(countMax: 4)
        #expect(index.isEmpty && index.newest == nil)
        for number in 1...6 {
            index.append(
                JoinPoint(
                    position: UInt64(number) * 100, timestampMs: UInt32(number) * 1_000,
                    headers: SequenceHeaders()))
        }
        #expect(index.oldest?.position == 300)
        #expect(index.newest?.position == 600)
        #expect(index.point(atOrBefore: 299) == nil)
        #expect(index.point(atOrBefore: 300)?.position == 300)
        #expect(index.point(atOrBefore: 599)?.position == 500)
        #expect(index.position(atMs: 2_999, headPosition: 700, headMs: 7_000) == nil)
        #expect(index.position(atMs: 3_500, headPosition: 700, headMs: 7_000) == 350)
        #expect(index.position(atMs: 6_500, headPosition: 700, headMs: 7_000) == 650)
        #expect(index.position(atMs: 9_000, headPosition: 700, headMs: 7_000) == 700)
        #expect(index.position(atMs: 6_000, headPosition: 600, headMs: 6_000) == 600)
        // What covers the time from 4.5 s on begins at 4 s.
        index.forget(olderThanMs: 4_500)
        #expect(index.oldest?.position == 400)
        index.forget(before: 401)
        #expect(index.oldest?.position == 500)
        index.forget(olderThanMs: 100_000)
        #expect(index.oldest?.position == 600)
        index.forget(before: 601)
        #expect(index.isEmpty)
    }
}
