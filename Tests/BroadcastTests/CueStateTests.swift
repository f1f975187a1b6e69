// Cues that stand: told to whoever comes, said again to those who watch.

import FLV
import Testing

@testable import Broadcast

@Suite struct CueStateTests {
    private func startVersion(_ stand: Stand) -> UInt64 {
        stand.programme.startVersion.load(ordering: .acquiring)
    }

    // MARK: The snapshot

    @Test func whoComesIsToldWhatStandsAndNothingElse() throws {
        let stand = try Stand.onAir()
        try stand.append(.audio, Body.aacStereo, at: 0)
        stand.nowMs += 2_000
        try stand.append(.video, Body.keyframe(), at: 2_000)
        try stand.append(.video, Body.frame(), at: 2_040)
        #expect(try stand.snapshot().isEmpty)
        try stand.insert(.message("gone", .event))
        try stand.insert(.message("announcement", .state(key: "announcement")))
        try stand.insert(.message("question", .state(key: "quiz", isRepeated: true)))
        let opening = try stand.opening()
        #expect(opening.headers.map(\.type) == [.video, .audio, .script, .script])
        let snapshot = try stand.snapshot()
        #expect(snapshot.map(\.text) == ["announcement", "question"])
        // At the time of the first frame, though they were said after it.
        #expect(snapshot.map(\.timestampMs) == [2_000, 2_000])
        #expect(snapshot.map(\.pts) == [2_040, 2_040])
    }

    @Test func whoSkipsIsToldTheSame() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("standing", .state(key: "a")))
        let preamble = try stand.opening().start.preamble
        let resumed = try Stand.tags(preamble.bytes[preamble.resumeOffset...])
        #expect(resumed.map(\.type) == [.video, .script])
        #expect(resumed.compactMap(ReadCue.init).map(\.text) == ["standing"])
    }

    @Test func theSnapshotRepeatsTheCueItself() throws {
        let stand = try Stand.onAir()
        let place = try stand.insert(.message("standing", .state(key: "a")))
        let said = try #require(try stand.timeline(from: place.position).first)
        let told = try #require(try stand.opening().headers.last)
        // The same number, so that whoever gets both knows it for the same.
        #expect(told.body == said.body)
        #expect(try stand.snapshot().map(\.seq) == [Double(place.seq)])
    }

    @Test func theNewestOfAKeyTakesTheLastOnesPlace() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("a1", .state(key: "a")))
        try stand.insert(.message("b1", .state(key: "b")))
        try stand.insert(.message("a2", .state(key: "a")))
        #expect(try stand.snapshot().map(\.text) == ["b1", "a2"])
        #expect(try stand.snapshot().map(\.seq) == [2, 3])
    }

    @Test func keepingAndClearingMoveTheStart() throws {
        let stand = try Stand.onAir()
        var version = startVersion(stand)
        func expectMove(_ isMoved: Bool, _ change: () throws -> Void) throws {
            let before = try stand.opening().start.preamble
            try change()
            #expect((startVersion(stand) != version) == isMoved)
            #expect((try stand.opening().start.preamble === before) == !isMoved)
            version = startVersion(stand)
        }
        try expectMove(false) { try stand.insert(.message("x", .event)) }
        try expectMove(true) { try stand.insert(.message("x", .state(key: "a"))) }
        try expectMove(true) { try stand.insert(.message("y", .state(key: "a"))) }
        let head = stand.programme.timeline.head
        try expectMove(false) { try #expect(stand.takeDown("b") == nil) }
        #expect(stand.programme.timeline.head == head)
        try expectMove(true) { try #expect(stand.takeDown("a") == 3) }
        #expect(try stand.cues(from: head).map(\.text) == ["gone: 3"])
        try expectMove(false) { try #expect(stand.takeDown("a") == nil) }
        #expect(try stand.snapshot().isEmpty)
        #expect(stand.programme.latestCue?.seq == 4)
    }

    @Test func whatCannotBeTakenDownStays() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("x", .state(key: "a")))
        #expect(throws: CueRefusal.namelessProperty) {
            try stand.programme.takeDown(key: "a", nowNs: 0) { _ in
                Cue(.message, [AMF0Property("", .number(1))], keeping: .event)
            }
        }
        #expect(try stand.snapshot().map(\.text) == ["x"])
    }

    @Test func whatNobodyHasSeenIsTakenDownInSilence() throws {
        let stand = try Stand()
        #expect(throws: CueRefusal.nothingShown(isKept: true)) {
            try stand.insert(.message("x", .state(key: "a")))
        }
        #expect(try stand.takeDown("a") == 1)
        try stand.append(.video, Body.avc240, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(try stand.snapshot().isEmpty)
        #expect(stand.programme.latestCue == nil)
    }

    @Test func whatStandsOutlivesItsGOPAndItsPublisher() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("standing", .state(key: "a")))
        for index in 1...40 {
            stand.nowMs += 2_000
            try stand.append(.video, Body.keyframe(), at: UInt32(index) * 2_000)
            #expect(try stand.snapshot().map(\.timestampMs) == [UInt32(index) * 2_000])
        }
        try stand.reconnect(afterMs: 5_000)
        try stand.append(.video, Body.avc240, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        #expect(try stand.snapshot().map(\.text) == ["standing"])
    }

    @Test func noMoreStandsThanAViewerCanBeToldAtFirst() throws {
        let stand = try Stand.onAir()
        for index in 0..<16 { try stand.insert(.message("x", .state(key: "k\(index)"))) }
        #expect(throws: CueRefusal.tooManyStates(limit: 16)) {
            try stand.insert(.message("x", .state(key: "one more")))
        }
        // In the place of another there is room, and events need none.
        try stand.insert(.message("y", .state(key: "k3")))
        try stand.insert(.message("x", .event))
        #expect(try stand.snapshot().count == 16)

        let long = String(repeating: "x", count: 8_000)
        for index in 0..<3 { try stand.insert(.message(long, .state(key: "k\(index)"))) }
        let refusal = #expect(throws: CueRefusal.self) {
            try stand.insert(.message(long, .state(key: "k3")))
        }
        guard case .snapshotTooLarge(_, limit: 32_768) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(try stand.snapshot().count == 16)
        #expect(try stand.takeDown("k0") != nil)
        try stand.insert(.message(long, .state(key: "k3")))
    }

    // MARK: Repeats

    /// Keyframes at a distance, and what was said after the first.
    private func repeats(
        every gopMs: UInt32, count: Int, _ stand: Stand, from startMs: UInt32 = 0
    ) throws -> [(cue: ReadCue, keyframeMs: UInt32)] {
        var found: [(ReadCue, UInt32)] = []
        for index in 1...count {
            let ms = startMs + UInt32(index) * gopMs
            stand.nowMs += Int64(gopMs)
            let head = stand.programme.timeline.head
            try stand.append(.video, Body.keyframe(), at: ms)
            found += try stand.cues(from: head).map { ($0, ms) }
        }
        return found
    }

    @Test func whatNobodyMayMissIsSaidAgainAtKeyframes() throws {
        let stand = try Stand.onAir()
        try stand.append(.video, Body.frame(), at: 960)
        try stand.insert(.message("once", .state(key: "a")))
        let place = try stand.insert(.message("again", .state(key: "b", isRepeated: true)))
        let found = try repeats(every: 2_000, count: 4, stand)
        // The first keyframe comes a second after it was said.
        #expect(found.map(\.keyframeMs) == [4_000, 6_000, 8_000])
        #expect(found.allSatisfy { $0.cue.text == "again" })
        #expect(found.allSatisfy { $0.cue.seq == Double(place.seq) && $0.cue.pts == 960 })
        // It stands where the newest tag before it does.
        #expect(found.map(\.cue.timestampMs) == [2_000, 4_000, 6_000])
        #expect(stand.programme.latestCue == place)
        #expect(stand.programme.cueVersion.load(ordering: .acquiring) == 2)
    }

    @Test(arguments: [100, 250, 700, 1_000, 1_999, 2_000, 2_001, 5_000] as [UInt32])
    func atMostEveryTwoSeconds(gopMs: UInt32) throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("again", .state(key: "b", isRepeated: true)))
        let count = Int(20_000 / gopMs)
        let times = [0] + (try repeats(every: gopMs, count: count, stand)).map(\.keyframeMs)
        let distances = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(!distances.isEmpty)
        // Never sooner, and at the first keyframe that is late enough.
        #expect(distances.allSatisfy { $0 >= 2_000 && $0 < 2_000 + gopMs })
    }

    @Test func whatIsTooMuchForOneKeyframeComesWithTheNext() throws {
        let stand = try Stand.onAir()
        let long = String(repeating: "x", count: 7_000)
        for name in ["a", "b", "c"] {
            try stand.insert(.message(name + long, .state(key: name, isRepeated: true)))
        }
        let found = try repeats(every: 2_000, count: 6, stand)
        #expect(found.map(\.keyframeMs) == [2_000, 4_000, 6_000, 8_000, 10_000, 12_000])
        #expect(found.map { $0.cue.text?.first } == ["a", "b", "c", "a", "b", "c"])
    }

    @Test func whoBeginsAtAKeyframeIsNotToldTwice() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("again", .state(key: "b", isRepeated: true)))
        #expect(try repeats(every: 2_000, count: 3, stand).count == 3)
        let start = try stand.opening().start
        #expect(start.timestampMs == 6_000)
        #expect(try stand.cues(from: start.position).isEmpty)
        #expect(try stand.snapshot().map(\.text) == ["again"])
    }

    @Test func whatIsReplacedOrClearedIsNotSaidAgain() throws {
        let stand = try Stand.onAir()
        try stand.insert(.message("old", .state(key: "b", isRepeated: true)))
        try stand.insert(.message("new", .state(key: "b")))
        #expect(try repeats(every: 2_000, count: 3, stand).isEmpty)
        try stand.insert(.message("newer", .state(key: "b", isRepeated: true)))
        #expect(
            try repeats(every: 2_000, count: 2, stand, from: 6_000).map(\.cue.text)
                == ["newer", "newer"])
        try stand.takeDown("b")
        #expect(try repeats(every: 2_000, count: 3, stand, from: 10_000).isEmpty)
    }

    @Test func withoutAPictureItIsSaidAgainAllTheSame() throws {
        let stand = try Stand()
        try stand.append(.audio, Body.aacStereo, at: 0)
        for index in 0..<300 {
            stand.nowMs += 20
            try stand.append(.audio, Body.sound(), at: UInt32(index) * 20)
            if index == 60 {
                try stand.insert(.message("again", .state(key: "b", isRepeated: true)))
            }
        }
        // Said at 1200 ms; one can begin every second from 1000 ms on.
        #expect(try stand.cues().map(\.timestampMs) == [1_200, 3_980])
    }
}
