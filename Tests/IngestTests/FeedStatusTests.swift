// What is measured of a feed, and who is told of it when.

import Broadcast
import FLV
import Testing

@testable import Ingest

@Suite struct FeedStatusTests {
    private static let avcHeader: [UInt8] = {
        // x264's for 1280x720.
        let hex =
            "17000000000164001fffe1001a6764001facd9405005bb0110000003001000000303c0f18319600100"
            + "0668ebe3cb22c0fdf8f800"
        return stride(from: 0, to: hex.count, by: 2).map { place in
            let start = hex.index(hex.startIndex, offsetBy: place)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
    }()
    private static let aacHeader: [UInt8] = [0xAF, 0, 0x12, 0x10]

    /// A publication, fed with tags that arrive when they say.
    private struct Feed {
        let publication: Publication
        var nowMs: Int64 = 0
        /// How much later the sound arrives.
        var soundDelayMs: Int64 = 0
        var hasHeaders = true
        var soundByteCount = 300
        var compositionMs: [UInt8] = [0]
        var keyframeIntervalMs: Int64 = 2_000
        var hasKeyframes = true

        init() throws {
            var limits = BroadcastLimits()
            limits.timelineByteCount = 1 << 20
            publication = try Programmes(limits: limits).publish(
                name: "show", publisher: Publisher(address: "a:1"), nowMs: 0)
        }

        func send(_ type: FLVTagType, _ body: [UInt8], timestampMs: Int64? = nil) throws {
            try publication.append(
                type, timestampMs: UInt32(truncatingIfNeeded: timestampMs ?? nowMs),
                body: body.span.bytes, arrivalMs: nowMs)
        }

        /// 25 pictures and 25 packets of sound a second.
        mutating func run(
            forMs lengthMs: Int64, hasVideo: Bool = true, hasAudio: Bool = true
        ) throws {
            if hasHeaders {
                if hasVideo { try send(.video, FeedStatusTests.avcHeader) }
                if hasAudio { try send(.audio, FeedStatusTests.aacHeader) }
            }
            let endMs = nowMs + lengthMs
            var number = 0
            while nowMs < endMs {
                let isKeyframe = hasKeyframes && nowMs % keyframeIntervalMs == 0
                let offset = compositionMs[number % compositionMs.count]
                if hasVideo {
                    try send(
                        .video,
                        [isKeyframe ? 0x17 : 0x27, 1, 0, 0, offset]
                            + [UInt8](repeating: 1, count: 4_000))
                }
                if hasAudio, nowMs >= soundDelayMs {
                    try send(
                        .audio, [0xAF, 1] + [UInt8](repeating: 1, count: soundByteCount),
                        timestampMs: nowMs - soundDelayMs)
                }
                nowMs += 40
                number += 1
            }
        }

        func codes() throws -> [FeedWarning.Code] {
            FeedAdvice.warnings(for: try status()).map(\.code)
        }

        func status() throws -> SourceStatus {
            try #require(publication.status(nowMs: nowMs))
        }
    }

    private func codes(_ change: (inout Feed) throws -> Void) throws -> [FeedWarning.Code] {
        var feed = try Feed()
        try change(&feed)
        if feed.nowMs == 0 { try feed.run(forMs: 12_000) }
        return try feed.codes()
    }

    @Test func aGoodFeed() throws {
        var feed = try Feed()
        try feed.run(forMs: 12_000)
        #expect(try feed.codes() == [])
        let text = try #require(FeedAdvice.description(of: feed.status()))
        for words in ["H.264", "1280x720", "AAC", "44100 Hz", "kbit/s", "a keyframe every 2.0 s"] {
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test func whatDoesNotKeepViewersOutIsNoTrouble() throws {
        // A header that no picture follows, with sound.
        #expect(
            try !codes {
                try $0.send(.video, FeedStatusTests.avcHeader)
                try $0.run(forMs: 6_000, hasVideo: false)
            }.contains(.noKeyframe))
        // Tracks that count from zeros of their own, and a jump of both.
        #expect(
            try !codes {
                $0.soundDelayMs = 40_000
                try $0.run(forMs: 60_000)
            }.contains(.tracksApart))
        var feed = try Feed()
        try feed.run(forMs: 6_000)
        try feed.send(.video, FeedStatusTests.avcHeader, timestampMs: 3_600_000)
        try feed.send(.video, [0x17, 1, 0, 0, 0, 1], timestampMs: 3_600_000)
        #expect(try !feed.codes().contains(.keyframesFarApart))
    }

    @Test func aHeaderThatCannotBeReadInMidShowIsTrouble() throws {
        #expect(
            try codes {
                try $0.run(forMs: 6_000)
                try $0.send(.video, [0x17, 0, 0, 0, 0, 1, 0xFF])
                $0.hasHeaders = false
                try $0.run(forMs: 400)
            }.contains(.badVideoHeader))
    }

    @Test func whatKeepsViewersOut() throws {
        #expect(try codes { $0.nowMs = 5_000 } == [.nothingSent])
        #expect(try codes { $0.hasHeaders = false } == [.noVideoHeader])
        #expect(try codes { $0.hasKeyframes = false } == [.noKeyframe])
        #expect(
            try codes {
                $0.hasHeaders = false
                try $0.run(forMs: 4_000, hasVideo: false)
            } == [.noAudioHeader])
        #expect(
            try codes {
                $0.hasHeaders = false
                try $0.send(.video, [0x17, 0, 0, 0, 0])
                try $0.run(forMs: 4_000)
            } == [.badVideoHeader])
        #expect(
            try codes {
                try $0.send(.video, [0xFF, 0xFF])
                try $0.send(.audio, [0xAF, 9])
                $0.nowMs = 4_000
            } == [.malformed])
        #expect(
            try codes {
                $0.publication.leaveOut(.otherMessageStream)
                $0.nowMs = 4_000
            } == [.otherMessageStream])
    }

    @Test func encodersHabits() throws {
        #expect(try codes { $0.keyframeIntervalMs = 8_000 } == [.keyframesFarApart])
        #expect(try codes { $0.compositionMs = [80, 0, 40] } == [.bFrames])
        #expect(try codes { $0.compositionMs = [40] } == [], "all are shown equally late")
        #expect(try codes { $0.soundByteCount = 6 } == [.soundSilent])
        #expect(try codes { $0.soundDelayMs = 1_500 } == [.tracksApart])
        #expect(try codes { try $0.run(forMs: 12_000, hasAudio: false) } == [.soundMissing])
        #expect(try codes { try $0.run(forMs: 12_000, hasVideo: false) } == [])
        #expect(
            try codes {
                try $0.run(forMs: 6_000)
                try $0.run(forMs: 6_000, hasVideo: false)
            } == [.pictureStopped])
        #expect(
            try codes {
                try $0.run(forMs: 6_000)
                try $0.run(forMs: 6_000, hasAudio: false)
            } == [.soundStopped])
    }

    @Test func eachWarningIsLoggedAsItBeginsAndNotAgainForAMinute() throws {
        let programmes = Programmes(limits: BroadcastLimits())
        let publisher = Publisher(address: "a:1")
        let publication = try programmes.publish(name: "show", publisher: publisher, nowMs: 0)
        let active = ActivePublisher(
            publication, stream: "show", publisher: publisher, nowMs: 0)
        let one = [FeedWarning(.bFrames, "One.")]
        let two = one + [FeedWarning(.stalled, .trouble, "Two.")]
        #expect(active.newlyRaised(one, nowMs: 0) == one)
        #expect(active.newlyRaised(two, nowMs: 250) == [two[1]])
        #expect(active.newlyRaised(two, nowMs: 500) == [])
        #expect(active.newlyRaised(one, nowMs: 750) == [])
        #expect(active.newlyRaised(two, nowMs: 1_000) == [], "it comes and goes")
        #expect(active.newlyRaised(one, nowMs: 61_000) == [])
        #expect(active.newlyRaised(two, nowMs: 62_000) == [two[1]])
    }
}
