// Which source is on air: who gives way to whom, and what goes with a source that is gone.

import FLV
import Testing

@testable import Broadcast

@Suite struct SwitcherTests {
    private let live = Publisher(address: "a:1", encoder: "OBS", yieldsAfterMs: 1_000)
    private let builtIn = Publisher(address: "clip")

    private func programmes() -> Programmes {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        return Programmes(limits: limits)
    }

    // MARK: The policy

    @Test func aLiveSourceYieldsOnceItHasBeenSilentForTheTime() {
        var switcher = Switcher(nowMs: 0)
        #expect(switcher.begin(live, nowMs: 0, programmeMs: 0)?.id == 1)
        switcher.newest?.mediaMs = 5_000
        #expect(switcher.begin(live, nowMs: 5_999, programmeMs: 0) == nil)
        #expect(switcher.isOnAir(1))
        let second = switcher.begin(builtIn, nowMs: 6_000, programmeMs: 0)
        #expect(second?.id == 2)
        #expect(second?.displaced?.publisher.encoder == "OBS")
        #expect(second?.displaced?.silentMs == 1_000)
        #expect(switcher.isOnAir(2) && !switcher.isOnAir(1))
        // Who is off air ends nothing.
        let endedOffAir = switcher.end(1, nowMs: 6_100)
        #expect(!endedOffAir)
        #expect(switcher.isOccupied)
        let ended = switcher.end(2, nowMs: 6_200)
        let endedAgain = switcher.end(2, nowMs: 6_300)
        #expect(ended)
        #expect(!endedAgain)
    }

    @Test func whatIsBuiltInNeverYields() {
        var switcher = Switcher(nowMs: 0)
        _ = switcher.begin(builtIn, nowMs: 0, programmeMs: 0)
        #expect(switcher.begin(live, nowMs: .max, programmeMs: 0) == nil)
    }

    @Test func theProgrammeWaitsForTheGraceTimeAndNoLonger() {
        var switcher = Switcher(nowMs: 100)
        #expect(!switcher.isOver(nowMs: 10_099, graceMs: 10_000))
        #expect(switcher.isOver(nowMs: 10_100, graceMs: 10_000))
        _ = switcher.begin(live, nowMs: 200, programmeMs: 0)
        #expect(!switcher.isOver(nowMs: .max, graceMs: 10_000))
        _ = switcher.end(1, nowMs: 20_000)
        #expect(!switcher.isOver(nowMs: 29_999, graceMs: 10_000))
        // Who comes back in time finds the place free, and nobody was displaced.
        let back = switcher.begin(live, nowMs: 29_999, programmeMs: 0)
        #expect(back?.id == 2 && back?.displaced == nil)
    }

    // MARK: What belongs to whom

    @Test func aSourceTakesWhatIsItsOwnWithItAndTheProgrammeGoesOn() throws {
        let programmes = programmes()
        let first = try programmes.publish(name: "show", publisher: live, nowMs: 0)
        func append(_ publication: Publication, _ body: [UInt8], _ ms: UInt32, at nowMs: Int64)
            throws
        {
            try publication.append(
                .video, timestampMs: ms, body: body.span.bytes, arrivalMs: nowMs)
        }
        try append(first, Body.avc720, 5_000, at: 0)
        for index in 0..<10 {
            let body = index == 0 ? Body.keyframe() : Body.frame()
            try append(first, body, 5_000 + UInt32(index) * 40, at: Int64(index) * 40)
        }
        first.leaveOut(.commandTooLong)
        let programme = first.programme
        let latestMs = programme.latestMs
        let firstStart = try #require(programme.startPoint())

        let second = try programmes.publish(name: "show", publisher: live, nowMs: 2_000)
        #expect(second.programme === programme)
        #expect(second.displaced?.silentMs == 1_640)
        // The first is gone with all that was known of it; the second knows nothing of it.
        #expect(first.status(nowMs: 2_000) == nil && first.silentMs(nowMs: 2_000) == nil)
        let status = try #require(second.status(nowMs: 2_000))
        #expect(status.leftOut.total == 0 && status.headers.videoCodec == nil)
        #expect(status.trackObstacle == .nothingSent && status.ageMs == 0)
        #expect(throws: TagRefusal.superseded) {
            try append(first, Body.keyframe(), 5_400, at: 2_000)
        }
        first.leaveOut(.commandTooLong)
        first.mediaCame(nowMs: 2_500)
        first.end(nowMs: 2_500)
        #expect(second.silentMs(nowMs: 3_000) == 1_000)
        #expect(second.status(nowMs: 3_000)?.leftOut.total == 0)
        #expect(programme.status(nowMs: 3_000).isPublishing)

        // It waits for its own header and keyframe, and goes on in the programme's time.
        try append(second, Body.frame(), 90_000, at: 3_000)
        #expect(programme.startPoint()?.position == firstStart.position)
        try append(second, Body.avc240, 90_000, at: 3_000)
        try append(second, Body.frame(), 90_000, at: 3_000)
        try append(second, Body.keyframe(), 90_040, at: 3_040)
        let start = try #require(programme.startPoint())
        #expect(start.position > firstStart.position && start.timestampMs > latestMs)
        #expect(start.timestampMs == 3_040)
        let total = programme.status(nowMs: 3_040)
        #expect(total.publicationCount == 2 && total.leftOutTagCount == 4)
    }

    @Test func whoIsDisplacedBeforeAnybodyCouldBeginHidesNothing() throws {
        let programmes = programmes()
        let first = try programmes.publish(name: "show", publisher: live, nowMs: 0)
        let metadata = Body.script(
            "onMetaData",
            [
                AMF0Property("videocodecid", .number(7)), AMF0Property("audiocodecid", .number(10)),
            ])
        let tags: [(FLVTagType, [UInt8])] = [
            (.script, metadata), (.video, Body.avc720), (.video, Body.keyframe()),
        ]
        for (type, body) in tags {
            try first.append(type, timestampMs: 0, body: body.span.bytes, arrivalMs: 0)
        }
        #expect(first.programme.startPoint() == nil, "the sound is waited for")
        let version = first.programme.startVersion.load(ordering: .relaxed)
        _ = try programmes.publish(name: "show", publisher: live, nowMs: 1_000)
        // What there is now is all there will be of it.
        #expect(first.programme.startPoint() != nil)
        #expect(first.programme.startVersion.load(ordering: .relaxed) != version)
    }
}
