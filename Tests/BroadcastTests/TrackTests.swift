// Which tracks there are, and what those are told who wait at the door, come later or were there.

import FLV
import TestSupport
import Testing

@testable import Broadcast

@Suite struct TrackTests {
    private let both = [
        AMF0Property("videocodecid", .number(7)), AMF0Property("audiocodecid", .number(10)),
    ]

    /// So much of a feed in real time; keyframes each second.
    private func feed(
        _ stand: Stand, fromMs: Int64, toMs: Int64, video: Bool = true, audio: Bool = true,
        each: () throws -> Void = {}
    ) throws {
        let startMs = stand.nowMs
        for ms in stride(from: fromMs, to: toMs, by: 20) {
            stand.nowMs = startMs + ms - fromMs
            if video, ms % 40 == 0 {
                let body = ms % 1_000 == 0 ? Body.keyframe() : Body.frame()
                try stand.append(.video, body, at: UInt32(ms))
            }
            if audio { try stand.append(.audio, Body.sound(), at: UInt32(ms)) }
            try each()
        }
        stand.nowMs = startMs + toMs - fromMs
    }

    private func status(_ stand: Stand) throws -> SourceStatus {
        try #require(stand.programme.status(nowMs: stand.nowMs).source)
    }

    // MARK: At the door

    @Test func soundFirstThePictureIsWaitedFor() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 1_000, video: false) {
            #expect(stand.programme.startPoint() == nil)
        }
        #expect(try status(stand).obstacle == .waitsForVideo)
        try stand.append(.video, Body.avc720, at: 1_000)
        try feed(stand, fromMs: 1_000, toMs: 1_100)
        let opening = try stand.opening()
        #expect(opening.hasAudio && opening.hasVideo)
        #expect(opening.headers.map(\.body) == [Body.avc720, Body.aacStereo])
        #expect(try status(stand).obstacle == nil)
    }

    @Test func thePictureIsWaitedForASecondAndAHalf() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 1_480, video: false)
        #expect(stand.programme.startPoint() == nil)
        try feed(stand, fromMs: 1_480, toMs: 2_520, video: false)
        let early = try stand.opening()
        #expect(early.hasAudio && !early.hasVideo)
        #expect(early.metadata["hasVideo"] == .boolean(false))
        // Who has begun with the sound gets the picture's header before the picture.
        let head = stand.programme.timeline.head
        try stand.append(.video, Body.avc720, at: 2_520)
        try feed(stand, fromMs: 3_000, toMs: 3_020)
        #expect(
            try stand.timeline(from: head).map(\.body)
                == [Body.avc720, Body.keyframe(), Body.sound()])
        let late = try stand.opening()
        #expect(late.hasAudio && late.hasVideo)
    }

    @Test(arguments: [true, false])
    func aHeaderOfSoundThatComesLateIsForThoseAtTheDoor(isAnnounced: Bool) throws {
        let stand = try Stand()
        if isAnnounced { try stand.metadata(both) }
        try stand.append(.video, Body.avc720, at: 0)
        try feed(stand, fromMs: 0, toMs: 600, audio: false)
        #expect((stand.programme.startPoint() == nil) == isAnnounced)
        try stand.append(.audio, Body.aacStereo, at: 600)
        let opening = try stand.opening()
        #expect(opening.hasAudio && opening.hasVideo)
        #expect(opening.headers.map(\.body) == [Body.avc720, Body.aacStereo])
        #expect(opening.start.timestampMs == 0)
        // Who was there gets it, and who was not gets it once.
        try feed(stand, fromMs: 600, toMs: 700)
        let bodies = try stand.timeline().map(\.body)
        #expect(bodies.filter { $0 == Body.aacStereo }.count == (isAnnounced ? 0 : 1))
    }

    @Test func soundFramesWithoutAHeaderAreNoTrack() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.video, Body.avc720, at: 0)
        try feed(stand, fromMs: 0, toMs: 1_480)
        #expect(stand.programme.startPoint() == nil)
        #expect(try status(stand).audio?.obstacle == .noAudioHeader)
        try feed(stand, fromMs: 1_480, toMs: 2_020)
        let opening = try stand.opening()
        #expect(!opening.hasAudio && opening.hasVideo)
        #expect(try status(stand).leftOut[.noHeader] > 0)
        #expect(try stand.timeline().allSatisfy { $0.type == .video })
    }

    // MARK: What is no header

    @Test(
        arguments: [
            [0x17, 0, 0, 0, 0], [0x17, 0, 0, 0, 0, 1, 2, 3],
            [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x0D, 0xFF, 0xE0, 0],
        ] as [[UInt8]])
    func aPictureHeaderWithoutParametersReplacesNoGoodOne(bad: [UInt8]) throws {
        let stand = try Stand()
        try stand.append(.video, bad, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(stand.programme.startPoint() == nil)
        #expect(try status(stand).obstacle == .badVideoHeader)
        try stand.append(.video, Body.avc720, at: 0)
        try feed(stand, fromMs: 0, toMs: 2_000, audio: false)
        try stand.append(.video, bad, at: 2_000)
        try feed(stand, fromMs: 2_000, toMs: 4_000, audio: false)
        #expect(try stand.opening().headers.map(\.body) == [Body.avc720])
        // Nor does it stop the picture.
        #expect(try stand.timeline().count == 100)
        #expect(try status(stand).leftOut[.badHeader] == 2)
        #expect(try status(stand).obstacle == nil)
    }

    @Test(arguments: [[0xAF, 0], [0xAF, 0, 0], [0xAF, 0, 0xFF, 0xFF]] as [[UInt8]])
    func aSoundHeaderWithoutParametersReplacesNoGoodOne(bad: [UInt8]) throws {
        let stand = try Stand()
        try stand.append(.audio, bad, at: 0)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 1_020)
        try stand.append(.audio, bad, at: 1_020)
        try feed(stand, fromMs: 2_000, toMs: 2_100)
        #expect(try stand.opening().headers.map(\.body) == [Body.avc720, Body.aacStereo])
    }

    @Test func aHeaderAfterTheFirstKeyframeWaitsForTheNext() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 20)
        try stand.append(.video, Body.avc720, at: 20)
        try feed(stand, fromMs: 40, toMs: 1_020)
        let opening = try stand.opening()
        #expect(opening.hasAudio && opening.hasVideo)
        #expect(opening.start.timestampMs == 1_000)
    }

    @Test func anEmptyKeyframeIsNoPlaceToBegin() throws {
        let stand = try Stand(header: Body.avc720)
        try stand.append(.video, Body.keyframe(0), at: 0)
        #expect(stand.programme.startPoint() == nil)
    }

    // MARK: Turns

    @Test func aPublisherWithoutSoundIsNotSaidToHaveAny() throws {
        let stand = try Stand(header: Body.avc720)
        try stand.metadata(both)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 2_000)
        try stand.reconnect(afterMs: 1_000)
        try feed(stand, fromMs: 0, toMs: 40, audio: false)
        let opening = try stand.opening()
        #expect(opening.hasVideo && !opening.hasAudio)
        #expect(opening.headers.map(\.body) == [Body.avc720])
        #expect(opening.metadata["audiocodecid"] == nil)
        #expect(opening.start.timestampMs >= 2_980)
        #expect(stand.programme.status(nowMs: stand.nowMs).headers?.audioCodec == nil)
        // Sound that comes later is told to those who came meanwhile.
        try stand.append(.audio, Body.aacStereo, at: 40)
        let head = stand.programme.timeline.head
        try feed(stand, fromMs: 40, toMs: 60)
        #expect(try stand.timeline(from: head).map(\.body).contains(Body.aacStereo))
    }

    @Test func aPublisherWithoutPictureIsNotSaidToHaveOne() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 2_000)
        let before = try stand.opening().start.timestampMs
        try stand.reconnect(afterMs: 1_000)
        // Until it has written something, who comes sees the last that there was.
        #expect(try stand.opening().start.timestampMs == before)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 980, video: false) {
            #expect(stand.programme.startPoint() == nil)
        }
        try feed(stand, fromMs: 980, toMs: 1_020, video: false)
        let opening = try stand.opening()
        #expect(opening.hasAudio && !opening.hasVideo)
        #expect(opening.start.timestampMs >= 3_900)
    }

    @Test func whoLeavesBeforeItCouldBeginLeavesWhatThereIs() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.video, Body.avc720, at: 0)
        try feed(stand, fromMs: 0, toMs: 400, audio: false)
        #expect(stand.programme.startPoint() == nil)
        let version = stand.programme.startVersion.load(ordering: .relaxed)
        stand.publication.end(nowMs: stand.nowMs)
        #expect(stand.programme.startVersion.load(ordering: .relaxed) != version)
        #expect(try stand.opening().hasVideo)
    }

    // MARK: Tracks that stop

    @Test func whenThePictureStopsWhoComesBeginsWithTheSound() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 2_000)
        try feed(stand, fromMs: 2_000, toMs: 4_900, video: false)
        #expect(try stand.opening().hasVideo)
        try feed(stand, fromMs: 4_900, toMs: 42_000, video: false)
        let frozen = try stand.opening()
        #expect(frozen.hasAudio && !frozen.hasVideo)
        #expect(frozen.start.timestampMs >= 40_900)
        #expect(try #require(try status(stand).video).silentMs >= 39_900)
        // The picture comes back for those who have watched, with its header for those who came
        // meanwhile.
        let head = stand.programme.timeline.head
        try stand.append(.video, Body.frame(), at: 42_000)
        try feed(stand, fromMs: 43_000, toMs: 43_020)
        #expect(
            try stand.timeline(from: head).map(\.body)
                == [Body.avc720, Body.frame(), Body.keyframe(), Body.sound()])
        #expect(try stand.opening().hasVideo)
    }

    @Test func whenTheSoundStopsWhoComesIsNotPromisedAny() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 0, toMs: 2_000)
        try feed(stand, fromMs: 2_000, toMs: 4_900, audio: false)
        #expect(try stand.opening().hasAudio)
        try feed(stand, fromMs: 5_000, toMs: 6_040, audio: false)
        #expect(try stand.opening().hasAudio == false)
        let head = stand.programme.timeline.head
        try stand.append(.audio, Body.sound(), at: 6_040)
        #expect(try stand.timeline(from: head).map(\.body) == [Body.aacStereo, Body.sound()])
        #expect(try stand.opening().hasAudio)
    }

    @Test func aHeaderThatNoFrameFollowsForbidsNothing() throws {
        for isSound in [true, false] {
            let stand = try Stand()
            try stand.append(.video, Body.avc720, at: 0)
            try stand.append(.audio, Body.aacStereo, at: 0)
            try feed(stand, fromMs: 0, toMs: 6_000, video: !isSound, audio: isSound)
            let opening = try stand.opening()
            #expect(opening.hasAudio == isSound)
            #expect(opening.hasVideo == !isSound)
            #expect(opening.start.timestampMs >= 4_500)
        }
    }

    @Test func slowPicturesAreNoStandstill() throws {
        let stand = try Stand(header: Body.avc720)
        try stand.append(.audio, Body.aacStereo, at: 0)
        for second in 0..<60 {
            if second % 2 == 0 {
                let body = second == 0 ? Body.keyframe() : Body.frame()
                try stand.append(.video, body, at: UInt32(second * 1_000))
            }
            try feed(
                stand, fromMs: Int64(second) * 1_000, toMs: Int64(second) * 1_000 + 1_000,
                video: false)
        }
        #expect(try stand.timeline().filter { $0.type == .video }.count == 30)
    }

    @Test func withoutAKeyframeTheProducerIsTold() throws {
        let stand = try Stand()
        try stand.metadata(both)
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
        try feed(stand, fromMs: 20, toMs: 980)
        #expect(stand.programme.startPoint() == nil)
        #expect(try status(stand).obstacle == .noKeyframe)
        #expect(try status(stand).leftOut[.beforeKeyframe] > 20)
    }
}
