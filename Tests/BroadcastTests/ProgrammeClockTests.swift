// One continuous timeline out of whatever publishers send.

import TestSupport
import Testing

@testable import Broadcast

/// A programme's clock and that of the publication on air, as a source uses them.
struct ClockPair {
    private var programme = ProgrammeClock()
    private(set) var source = SourceClock()
    private var isFirst = true

    var latestMs: Int64? { programme.latestMs }
    var jumpCount: Int { source.jumpCount }

    mutating func beginPublication() {
        source = SourceClock()
        isFirst = true
    }

    mutating func rebase(
        _ track: ProgrammeClock.Track, inputMs: UInt32, arrivalMs: Int64
    ) throws -> UInt32 {
        let nowMs = programme.nowMs(arrivalMs: arrivalMs)
        let earliestMs = programme.latestMs.map { isFirst ? $0 + 1 : $0 } ?? 0
        isFirst = false
        let wantedMs = source.place(
            track, inputMs: inputMs, arrivalMs: arrivalMs, nowMs: nowMs,
            resumeMs: max(nowMs, earliestMs))
        return try programme.take(track, wantedMs: wantedMs, arrivalMs: arrivalMs)
    }
}

@Suite struct ProgrammeClockTests {
    /// Feeds timestamps that arrive when they say, on one track.
    private func outputs(
        _ inputs: [UInt32], everyMs: Int64, clock: inout ClockPair, fromMs: Int64 = 0
    ) throws -> [UInt32] {
        var arrivalMs = fromMs
        return try inputs.map { input in
            defer { arrivalMs += everyMs }
            return try clock.rebase(.video, inputMs: input, arrivalMs: arrivalMs)
        }
    }

    /// So many timestamps 40 ms apart, from 0.
    private func even(_ count: Int) -> [UInt32] { (0..<count).map { UInt32($0) * 40 } }

    @Test func theFirstTagIsAtZeroAndDistancesStay() throws {
        var clock = ClockPair()
        let inputs: [UInt32] = [1_000_000, 1_000_040, 1_000_079, 1_000_120]
        #expect(try outputs(inputs, everyMs: 40, clock: &clock) == [0, 40, 79, 120])
        #expect(clock.jumpCount == 0)
        #expect(clock.latestMs == 120)
    }

    @Test func aPublishersClockMayWrap() throws {
        var clock = ClockPair()
        let inputs = even(10).map { (UInt32.max - 100) &+ $0 }
        let result = try outputs(inputs, everyMs: 40, clock: &clock)
        #expect(result == even(10))
        #expect(clock.jumpCount == 0)
    }

    @Test func stragglersFromBeforeTheWrapKeepTheirPlace() throws {
        var clock = ClockPair()
        let base = UInt32.max - 50
        var result: [UInt32] = []
        for (track, offset) in [
            (ProgrammeClock.Track.video, UInt32(0)), (.audio, 10), (.video, 60), (.audio, 40),
            (.video, 100), (.audio, 45), (.audio, 80),
        ] {
            result.append(try clock.rebase(track, inputMs: base &+ offset, arrivalMs: 5))
        }
        #expect(result == [0, 10, 60, 40, 100, 45, 80])
        #expect(clock.jumpCount == 0)
    }

    @Test(arguments: [86_400_000, -86_400_000, 1 << 31, -5_000, 10_000])
    func aJumpOfThePublishersIsNoJumpOfTheProgramme(byMs: Int64) throws {
        var clock = ClockPair()
        let before = even(10).map { 2_000_000_000 + $0 }
        let after = before.map { UInt32(truncatingIfNeeded: Int64($0) + 400 + byMs) }
        let result = try outputs(before + after, everyMs: 40, clock: &clock)
        #expect(result == even(20))
        #expect(clock.jumpCount == 1)
    }

    @Test func aPauseIsAGapNotAJump() throws {
        var clock = ClockPair()
        #expect(try outputs([100, 140], everyMs: 40, clock: &clock) == [0, 40])
        // An encoder that stood still for a minute and says so.
        #expect(try clock.rebase(.video, inputMs: 60_140, arrivalMs: 60_040) == 60_040)
        #expect(clock.jumpCount == 0)
    }

    @Test func aBurstFasterThanTimeIsTakenAsItIsUnlessItIsEndless() throws {
        var clock = ClockPair()
        let outputs = try outputs(even(1_000), everyMs: 0, clock: &clock)
        #expect(outputs.prefix(751) == even(751)[...])
        #expect(outputs.dropFirst(751).allSatisfy { $0 == 30_000 })
        #expect(clock.jumpCount == 0)
        #expect(clock.source.driftMs == 999 * 40 - 30_000)
    }

    @Test func anotherPublisherGoesOnWhereTimeIsNow() throws {
        var clock = ClockPair()
        #expect(try outputs([500, 540, 580], everyMs: 40, clock: &clock) == [0, 40, 80])
        clock.beginPublication()
        let resumed = try clock.rebase(.video, inputMs: 7, arrivalMs: 80 + 3_000)
        #expect(resumed == 80 + 3_000)
        #expect(try clock.rebase(.video, inputMs: 47, arrivalMs: 3_120) == 3_120)
        // One that comes in the same millisecond is still after what was.
        clock.beginPublication()
        #expect(try clock.rebase(.video, inputMs: 9, arrivalMs: 3_120) == 3_121)
        #expect(clock.jumpCount == 0)
    }

    @Test func looselyInterleavedTracksAreNotTorn() throws {
        var clock = ClockPair()
        var video: [UInt32] = []
        var audio: [UInt32] = []
        for index in 0..<50 {
            // Audio comes 900 ms late, as from the worst of encoders.
            let timeMs = UInt32(1_000 + index * 40)
            let arrivalMs = Int64(index) * 40
            video.append(try clock.rebase(.video, inputMs: timeMs, arrivalMs: arrivalMs))
            audio.append(try clock.rebase(.audio, inputMs: timeMs - 900, arrivalMs: arrivalMs))
        }
        #expect(clock.jumpCount == 0)
        #expect(video == even(50))
        // What lies before the programme's beginning can only be at its beginning.
        let expected = even(50).map { $0 < 900 ? 0 : $0 - 900 }
        #expect(audio == expected)
    }

    @Test func aTrackNeverStepsBack() throws {
        var clock = ClockPair()
        #expect(
            try outputs([100, 200, 150, 180, 260], everyMs: 40, clock: &clock)
                == [0, 100, 100, 100, 160])
    }

    @Test func aProgrammeEndsBeforeItsTimestampsWrap() throws {
        var clock = ClockPair()
        var arrivalMs: Int64 = 0
        var input: UInt32 = 0
        #expect(throws: ProgrammeClock.Failure.programmeTooLong) {
            for _ in 0..<3_000 {
                _ = try clock.rebase(.video, inputMs: input, arrivalMs: arrivalMs)
                input &+= 2_000_000
                arrivalMs += 2_000_000
            }
        }
        let lastMs = try #require(clock.latestMs)
        #expect(lastMs <= BroadcastLimits.programmeMsMax)
        #expect(lastMs > BroadcastLimits.programmeMsMax - 2_000_000)
    }

    /// Two tracks, jitter, jumps, reconnects, wraps: whatever comes, no track steps back, and
    /// where nothing jumped, distances are those of the publisher.
    @Test(arguments: 0..<300)
    func whateverComesTimeGoesForward(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var clock = ClockPair()
        var latest: [Int: UInt32] = [:]
        var before: (input: UInt32, output: UInt32, arrivalMs: Int64)?
        var mediaMs = UInt32(truncatingIfNeeded: random.next())
        var arrivalMs: Int64 = 0
        var isFirst = true
        var correctedMs: Int64 = 0
        for _ in 0..<300 {
            let step = UInt32(random.next() % 60)
            mediaMs &+= step
            arrivalMs += Int64(random.next() % 60)
            var jumps = false
            switch random.next() % 60 {
            case 0: mediaMs = UInt32(truncatingIfNeeded: random.next())
            case 1:
                clock.beginPublication()
                arrivalMs += Int64(random.next() % 8_000)
                mediaMs = UInt32(truncatingIfNeeded: random.next())
                jumps = true
            default: break
            }
            let track: ProgrammeClock.Track = random.next() % 2 == 0 ? .video : .audio
            let count = clock.jumpCount
            let output = try clock.rebase(track, inputMs: mediaMs, arrivalMs: arrivalMs)
            jumps = jumps || clock.jumpCount != count
            let isCorrected = clock.source.correctedMs != correctedMs
            correctedMs = clock.source.correctedMs
            #expect(output >= latest[track.rawValue] ?? 0, "seed \(seed) steps back")
            // A track's first timestamp may have nothing to do with the other track's.
            if let before, !jumps, !isCorrected, mediaMs &- before.input < 60 {
                let distance = mediaMs &- before.input
                #expect(output == before.output + distance, "seed \(seed): distance \(distance)")
            }
            #expect(Int64(output) <= arrivalMs + 30_001, "seed \(seed): too far ahead")
            if isFirst { #expect(output == 0) }
            isFirst = false
            latest[track.rawValue] = output
            before = (mediaMs, output, arrivalMs)
        }
    }
}
