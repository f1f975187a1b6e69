// New codec parameters in mid-stream, and streams of which a part is missing.

import FLV
import TestSupport
import Testing

@testable import Broadcast

@Suite struct SequenceHeaderTests {
    @Test func newHeadersGoIntoTheStreamAndIntoLaterPreambles() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try stand.append(.video, Body.keyframe(mark: 1), at: 0)
        try stand.append(.video, Body.frame(mark: 2), at: 40)
        try stand.append(.video, Body.avc240, at: 80)
        try stand.append(.audio, Body.aacSurround, at: 80)
        // Who joins before the next keyframe begins at the old one, with the old headers.
        #expect(try stand.opening().headers.map(\.body) == [Body.avc720, Body.aacStereo])
        try stand.append(.video, Body.keyframe(mark: 3), at: 80)
        try stand.append(.audio, Body.sound(), at: 80)
        let tags = try stand.timeline()
        #expect(
            tags.map(\.body) == [
                Body.keyframe(mark: 1), Body.frame(mark: 2), Body.avc240, Body.keyframe(mark: 3),
                Body.aacSurround, Body.sound(),
            ])
        #expect(tags.map(\.timestampMs) == [0, 40, 80, 80, 80, 80])
        let opening = try stand.opening()
        #expect(opening.headers.map(\.body) == [Body.avc240, Body.aacSurround])
        #expect(opening.metadata["width"] == .number(320))
        #expect(opening.metadata["audiochannels"] == .number(6))
        #expect(opening.metadata["stereo"] == .boolean(false))
    }

    @Test func framesOfOldParametersAreNotShownUnderNewOnes() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        try stand.append(.video, Body.avc240, at: 40)
        try stand.append(.video, Body.frame(), at: 40)
        try stand.append(.video, Body.frame(), at: 80)
        #expect(try stand.timeline().map(\.body) == [Body.keyframe()])
        #expect(stand.programme.status(nowMs: 0).leftOutTagCount == 2)
        try stand.append(.video, Body.keyframe(), at: 120)
        try stand.append(.video, Body.frame(), at: 160)
        #expect(try stand.timeline().count == 4)
    }

    @Test func theSameHeadersAgainChangeNothing() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        // As encoders do that repeat them, and publishers that come back.
        try stand.append(.video, Body.avc720, at: 40)
        try stand.append(.audio, Body.aacStereo, at: 40)
        try stand.append(.video, Body.frame(), at: 40)
        try stand.reconnect(afterMs: 500)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(
            try stand.timeline().map(\.body) == [
                Body.keyframe(), Body.frame(), Body.keyframe(),
            ])
    }

    @Test func framesBeforeTheFirstKeyframeAreLeftOut() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        for index in 0..<10 { try stand.append(.video, Body.frame(), at: UInt32(index) * 40) }
        #expect(stand.programme.timeline.head == 0)
        #expect(stand.programme.status(nowMs: 0).leftOutTagCount == 10)
        #expect(stand.programme.startPoint() == nil)
        try stand.append(.video, Body.keyframe(), at: 400)
        #expect(stand.programme.startPoint() != nil)
    }

    @Test func aKeyframeThatNeverComesLeavesOnlySound() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        for index in 0..<100 {
            try stand.append(.video, Body.frame(), at: UInt32(index) * 40)
            try stand.append(.audio, Body.sound(), at: UInt32(index) * 40)
            stand.nowMs += 40
        }
        #expect(stand.programme.startPoint() == nil)
        #expect(try stand.timeline().allSatisfy { $0.type == .audio })
    }

    @Test func soundAloneCanBeJoinedOnceASecond() throws {
        let stand = try Stand()
        try stand.append(.audio, Body.aacStereo, at: 0)
        var starts: Set<UInt64> = []
        for index in 0..<250 {
            try stand.append(.audio, Body.sound(), at: UInt32(index) * 20)
            stand.nowMs += 20
            if let start = stand.programme.startPoint() { starts.insert(start.position) }
            // Not in the first second: video may still come.
            if index == 49 { #expect(starts.isEmpty) }
        }
        #expect(starts.count == 4)
        let opening = try stand.opening()
        #expect(opening.hasAudio && !opening.hasVideo)
        #expect(opening.headers.map(\.body) == [Body.aacStereo])
        #expect(opening.metadata["hasVideo"] == .boolean(false))
        #expect(opening.metadata["width"] == nil)
    }

    @Test func soundWithoutAHeaderSaysWhatItsFramesSay() throws {
        let stand = try Stand()
        // MP3 in an FLV of old: no sequence header, the frames tell.
        let body = [UInt8](hex: "2F fffb90640000026b0bce9d")
        for index in 0..<60 {
            try stand.append(.audio, body, at: UInt32(index) * 26)
            stand.nowMs += 26
        }
        let opening = try stand.opening()
        #expect(opening.headers.isEmpty)
        #expect(opening.start.preamble.resumeOffset == opening.start.preamble.bytes.count)
        #expect(opening.metadata["audiocodecid"] == .number(2))
        #expect(opening.metadata["audiosamplerate"] == .number(44_100))
    }

    @Test(
        arguments: [
            [], [0x17], [0x17, 9, 0, 0, 0, 1], [0x57, 0], [0x97, 0x61], [0x17, 2, 0, 0, 0],
        ] as [[UInt8]])
    func whatIsNoPictureIsLeftOutAndCounted(body: [UInt8]) throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        let head = stand.programme.timeline.head
        try stand.append(.video, body, at: 40)
        #expect(stand.programme.timeline.head == head)
        #expect(stand.programme.status(nowMs: 0).leftOutTagCount == 1)
    }

    @Test func aHeaderOfAbsurdSizeIsLeftOut() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        let absurd = [0x17, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 65 << 10)
        try stand.append(.video, absurd, at: 40)
        try stand.append(.video, Body.keyframe(), at: 80)
        #expect(try stand.opening().headers.map(\.body) == [Body.avc720])
    }
}
