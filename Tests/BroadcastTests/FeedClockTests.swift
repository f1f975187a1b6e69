// A second of the programme is a second of wall clock, however a publisher counts its own time.

import FLV
import TestSupport
import Testing

@testable import Broadcast

/// One tag as it reaches the server.
private struct Arrival {
    var atMs: Int64
    var type: FLVTagType
    var timestampMs: Int64
}

@Suite struct FeedClockTests {
    /// 25 pictures and 50 sounds a second, with their times as the arguments turn them.
    private func feed(
        seconds: Double = 8, video: (Int64) -> (atMs: Int64, timestampMs: Int64)?,
        audio: (Int64) -> (atMs: Int64, timestampMs: Int64)?
    ) -> [Arrival] {
        var arrivals: [Arrival] = []
        for ms in stride(from: Int64(0), to: Int64(seconds * 1_000), by: 20) {
            if ms % 40 == 0, let (atMs, timestampMs) = video(ms) {
                arrivals.append(Arrival(atMs: atMs, type: .video, timestampMs: timestampMs))
            }
            if let (atMs, timestampMs) = audio(ms) {
                arrivals.append(Arrival(atMs: atMs, type: .audio, timestampMs: timestampMs))
            }
        }
        return arrivals.enumerated().sorted {
            ($0.element.atMs, $0.offset) < ($1.element.atMs, $1.offset)
        }.map(\.element)
    }

    private struct Played {
        var status: ProgrammeStatus
        /// The greatest difference of programme and wall clock, either way, ms.
        var apartMs: Int64
        /// Programme time of the tags, by type, in their order.
        var video: [Int64]
        var audio: [Int64]
        var realMs: Int64
    }

    /// Plays a feed and looks at what viewers get.
    private func play(_ arrivals: [Arrival]) throws -> Played {
        let stand = try Stand()
        let startMs = stand.nowMs - (arrivals.first?.atMs ?? 0)
        try stand.append(.video, Body.avc720, at: UInt32(truncatingIfNeeded: 0))
        try stand.append(.audio, Body.aacStereo, at: 0)
        var apartMs: Int64 = 0
        var count = 0
        for arrival in arrivals {
            stand.nowMs = startMs + arrival.atMs
            let isVideo = arrival.type == .video
            let body =
                isVideo ? (count % 25 == 0 ? Body.keyframe(9) : Body.frame(9)) : Body.sound(9)
            if isVideo { count += 1 }
            try stand.append(
                arrival.type, body, at: UInt32(truncatingIfNeeded: arrival.timestampMs))
            let latestMs = Int64(stand.programme.latestMs)
            apartMs = max(apartMs, abs(latestMs - (stand.nowMs - 10_000)))
        }
        let tags = try stand.timeline()
        let headers = [Body.avc720, Body.aacStereo]
        func times(_ type: FLVTagType) -> [Int64] {
            tags.filter { $0.type == type && !headers.contains($0.body) }
                .map { Int64($0.timestampMs) }
        }
        let played = Played(
            status: stand.programme.status(nowMs: stand.nowMs), apartMs: apartMs,
            video: times(.video), audio: times(.audio), realMs: stand.nowMs - 10_000)
        #expect(played.video == played.video.sorted(), "the picture steps back")
        #expect(played.audio == played.audio.sorted(), "the sound steps back")
        #expect(played.video.count + played.audio.count == arrivals.count)
        return played
    }

    // MARK: Interleaving

    @Test(arguments: [-3_500, -1_100, 900, 1_100, 1_500, 2_500, 3_500, 8_000] as [Int64])
    func tracksThatComeSecondsApartKeepTheirDistance(soundLaterMs: Int64) throws {
        let later = max(0, soundLaterMs)
        let pictureLater = max(0, -soundLaterMs)
        let played = try play(
            feed(
                video: { ($0 + pictureLater, $0 + 5_000) }, audio: { ($0 + later, $0 + 5_000) }))
        #expect(played.status.timestampJumpCount == 0)
        // The one that comes first is the programme's clock until it ends.
        #expect(played.apartMs <= 1_000 + abs(soundLaterMs))
        #expect(played.video.last ?? 0 <= played.realMs + 1_000)
        // Where both have begun, sound and picture of one time have one time.
        let videoEnd = try #require(played.video.last)
        let audioEnd = try #require(played.audio.last)
        #expect(abs(videoEnd - audioEnd) <= 60)
    }

    @Test(arguments: [0, 400, 2_500] as [Int64], [0, 7_000_000, 4_294_967_000] as [Int64])
    func tracksThatCountFromTheirOwnZero(laterMs: Int64, zeroMs: Int64) throws {
        let played = try play(
            feed(
                video: { ($0, $0) }, audio: { $0 < laterMs ? nil : ($0, $0 - laterMs + zeroMs) }))
        #expect(played.status.timestampJumpCount == 0)
        #expect(played.apartMs <= 1_000)
        #expect(played.audio.count == 400 - Int(laterMs / 20))
    }

    @Test func bothTracksJumpingIsOneJump() throws {
        for byMs in [-3_600_000, 86_400_000, -6_000, 10_000] as [Int64] {
            for soundLaterMs in [0, 2_500] as [Int64] {
                let jumped: (Int64) -> Int64 = { $0 < 4_000 ? $0 : $0 + byMs }
                let played = try play(
                    feed(
                        video: { ($0, jumped($0) + 9_000_000) },
                        audio: { ($0 + soundLaterMs, jumped($0) + 9_000_000) }))
                #expect(played.status.timestampJumpCount == 1, "\(byMs), \(soundLaterMs)")
                #expect(played.apartMs <= 1_000 + soundLaterMs)
                let apartMs = abs((played.video.last ?? 0) - (played.audio.last ?? 0))
                #expect(apartMs <= 60, "sound and picture were torn by a jump of \(byMs)")
            }
        }
    }

    /// The track that is behind jumps first: it goes on in its own place, not in the other one's.
    @Test func jumpsOfTracksThatAreApartDoNotAddUp() throws {
        let jumping: (Int64) -> Int64 = { $0 + $0 / 400 * 1_000_000 }
        let played = try play(
            feed(video: { ($0, jumping($0)) }, audio: { ($0, jumping($0) + 900) }))
        #expect(played.apartMs <= 2_000)
    }

    @Test func timestampsWithoutSenseAreWallClock() throws {
        var random = SeededRandom(seed: 7)
        let played = try play(
            feed(
                video: { ($0, Int64(UInt32(truncatingIfNeeded: random.next()))) },
                audio: { ($0, Int64($0 / 20 % 2) * 50_000) }))
        #expect(played.apartMs <= 1_000)
    }

    // MARK: Speed

    @Test(arguments: [0.25, 0.5, 0.9, 0.99, 1.01, 1.2, 1.5])
    func aPublisherAtAnotherSpeedDoesNotMoveTheClock(speed: Double) throws {
        let played = try play(
            feed(
                seconds: 20, video: { ($0, Int64(Double($0) * speed)) },
                audio: { ($0, Int64(Double($0) * speed)) }))
        // One that is early or late is found out a second later.
        #expect(played.apartMs <= 2_600)
        #expect(abs(Int64(played.status.latestMs) - played.realMs) <= 2_600)
        let driftMs = try #require(played.status.source?.driftMs)
        #expect(abs(driftMs - Int64(20_000 * (speed - 1))) <= 2_600)
    }

    @Test func aFileFasterThanRealTimeHasNoEndlessFuture() throws {
        let played = try play(
            feed(seconds: 60, video: { ($0 / 30, $0) }, audio: { ($0 / 30, $0) }))
        #expect(played.realMs < 2_100)
        #expect(played.status.latestMs <= played.realMs + 30_000)
    }

    @Test func aBurstAtTheStartIsNotCarriedAlong() throws {
        let played = try play(
            feed(
                seconds: 36, video: { (max(0, $0 - 8_000), $0) },
                audio: { (max(0, $0 - 8_000), $0) }))
        #expect(played.video.prefix(200) == (0..<200).map { Int64($0) * 40 }[...])
        // Slowed down, nothing left out and nothing twice, until it is in time; then as it comes.
        #expect(Int64(played.status.latestMs) <= played.realMs + 1_000)
        let steps = zip(played.video, played.video.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { (15...40).contains($0) })
        #expect(steps.suffix(50).allSatisfy { $0 == 40 })
    }

    @Test(arguments: [false, true])
    func aPauseIsAGap(goesOnWhereItWas: Bool) throws {
        let paused: (Int64) -> (Int64, Int64) = {
            $0 < 4_000 ? ($0, $0) : ($0 + 20_000, goesOnWhereItWas ? $0 : $0 + 20_000)
        }
        let played = try play(feed(seconds: 12, video: paused, audio: paused))
        #expect(abs(Int64(played.status.latestMs) - played.realMs) <= 1_000)
        #expect(played.status.timestampJumpCount == 0)
        let steps = zip(played.video, played.video.dropFirst()).map { $1 - $0 }
        #expect(steps.filter { $0 > 1_000 }.count == 1)
    }

    @Test func whatWasHeldUpOnTheWayKeepsItsTimes() throws {
        // Nothing for five seconds, and then all of it within one.
        let held: (Int64) -> (Int64, Int64) = {
            (4_000..<9_000).contains($0) ? (9_000 + ($0 - 4_000) / 6, $0) : (max($0, 9_834), $0)
        }
        let stalled: (Int64) -> (Int64, Int64) = { $0 < 4_000 ? ($0, $0) : held($0) }
        let played = try play(feed(seconds: 14, video: stalled, audio: stalled))
        #expect(played.status.source?.clockCorrectedMs == 0)
        #expect(played.video == (0..<350).map { Int64($0) * 40 })
    }

    /// A relay that gets its media in segments.
    @Test func burstsOfSixSecondsBecomeSteady() throws {
        let segment: (Int64) -> (Int64, Int64) = { ($0 / 6_000 * 6_000 + $0 % 6_000 / 60, $0) }
        let played = try play(feed(seconds: 60, video: segment, audio: segment))
        #expect(played.status.latestMs <= played.realMs + 6_000)
        let steps = zip(played.video, played.video.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { $0 == 40 })
    }

    @Test func aTrackThatRunsAwayIsBroughtBack() throws {
        let played = try play(
            feed(seconds: 60, video: { ($0, $0) }, audio: { ($0, $0 * 3 / 2) }))
        #expect(played.apartMs <= 2_600)
        let apartMs = abs((played.video.last ?? 0) - (played.audio.last ?? 0))
        #expect(apartMs <= 11_000)
    }
}
