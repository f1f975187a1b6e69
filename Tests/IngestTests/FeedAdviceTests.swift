// What a producer is told of which feed.

import FLV
import Testing

@testable import Ingest

@Suite struct FeedAdviceTests {
    /// A feed about which there is nothing to say.
    private static let good: FeedFacts = {
        var facts = FeedFacts()
        facts.ageMs = 60_000
        facts.silentMs = 10
        var video = FeedFacts.Track()
        video.hasFrames = true
        video.bitsPerSecond = 2_400_000
        video.framesPerSecond = 29.9
        video.frameByteCountMax = 40_000
        var audio = FeedFacts.Track()
        audio.hasFrames = true
        audio.bitsPerSecond = 128_000
        audio.framesPerSecond = 46.9
        audio.frameByteCountMax = 400
        facts.video = video
        facts.audio = audio
        facts.videoCodec = .avc
        facts.audioCodec = .aac
        facts.keyframeIntervalMs = 2_000
        facts.sinceKeyframeMs = 1_000
        facts.tracksApartMs = 40
        facts.declaredFramesPerSecond = 30
        facts.declaredKbps = 2_628
        return facts
    }()

    private func codes(_ change: (inout FeedFacts) -> Void) -> [FeedWarning.Code] {
        var facts = Self.good
        change(&facts)
        let warnings = FeedAdvice.warnings(for: facts)
        for warning in warnings {
            #expect(warning.text.hasSuffix(".") && warning.text.count > 40, "\(warning.text)")
        }
        return warnings.map(\.code)
    }

    @Test func ofAGoodFeedNothingIsSaid() {
        #expect(codes { _ in } == [])
        #expect(FeedAdvice.warnings(for: FeedFacts()) == [])
    }

    @Test(arguments: FeedObstacle.allCases)
    func whatKeepsViewersOutIsSaidAfterThreeSeconds(obstacle: FeedObstacle) {
        #expect(
            codes {
                $0.obstacle = obstacle
                $0.ageMs = 2_999
            } == [])
        var facts = FeedFacts()
        facts.obstacle = obstacle
        facts.ageMs = 3_000
        // Whatever else is wrong follows from it.
        facts.silentMs = 3_000
        let warnings = FeedAdvice.warnings(for: facts)
        #expect(warnings.map(\.code.rawValue) == ["\(obstacle)"])
        #expect(warnings.allSatisfy { $0.level == .trouble })
    }

    @Test func aPublisherThatSendsNothingIsStalledAfterASecond() {
        #expect(codes { $0.silentMs = 999 } == [])
        #expect(codes { $0.silentMs = 1_000 } == [.stalled])
    }

    @Test func tracksThatAreMissingOrHaveStopped() {
        #expect(codes { $0.video?.silentMs = 3_000 } == [.pictureStopped])
        #expect(codes { $0.audio?.silentMs = 3_000 } == [.soundStopped])
        #expect(codes { $0.audio = nil } == [.soundMissing])
        #expect(codes { $0.audio?.hasFrames = false } == [.soundMissing])
        #expect(
            codes {
                $0.audio = nil
                $0.ageMs = 2_000
            } == [])
        // Sound alone is a programme.
        #expect(
            codes {
                $0.video = nil
                $0.videoCodec = nil
                $0.declaredKbps = nil
            } == [])
        #expect(codes { $0.furtherTrackTagCount = 1 } == [.furtherTracks])
    }

    @Test func silenceIsToldWhereItCanBe() {
        #expect(codes { $0.audio?.frameByteCountMax = 10 } == [.soundSilent])
        #expect(codes { $0.audio?.frameByteCountMax = 25 } == [])
        #expect(codes { $0.audio?.frameByteCountMax = 0 } == [], "not known")
        #expect(
            codes {
                $0.audio?.frameByteCountMax = 10
                $0.audioCodec = .mp3
            } == [], "its packets say nothing")
    }

    @Test(
        arguments: [
            .linearPCM, .adpcm, .g711A, .g711U, .speex, .nellymoser, .ac3, .eac3, .unknown(1),
        ] as [AudioCodec])
    func soundThatBrowsersDoNotPlay(codec: AudioCodec) {
        #expect(codes { $0.audioCodec = codec } == [.codecNotInBrowsers])
    }

    @Test(arguments: [.hevc, .vp6, .sorensonH263, .screen, .vp8, .unknown(9)] as [VideoCodec])
    func picturesThatBrowsersDoNotPlay(codec: VideoCodec) {
        #expect(codes { $0.videoCodec = codec } == [.codecNotInBrowsers])
    }

    @Test func keyframesAndBFrames() {
        #expect(codes { $0.keyframeIntervalMs = 4_000 } == [])
        #expect(codes { $0.keyframeIntervalMs = 8_333 } == [.keyframesFarApart])
        #expect(codes { $0.sinceKeyframeMs = 60_000 } == [.keyframesFarApart])
        #expect(codes { $0.hasBFrames = true } == [.bFrames])
    }

    @Test func ratesThatDifferFromWhatIsDeclared() {
        #expect(codes { $0.video?.framesPerSecond = 15 } == [.frameRateDiffers])
        #expect(codes { $0.video?.framesPerSecond = 60 } == [.frameRateDiffers])
        #expect(codes { $0.declaredFramesPerSecond = nil } == [])
        #expect(codes { $0.video?.bitsPerSecond = 9_000_000 } == [.bitrateDiffers])
        #expect(codes { $0.video?.bitsPerSecond = 300_000 } == [.bitrateDiffers])
        #expect(
            codes {
                $0.video?.framesPerSecond = 15
                $0.ageMs = 5_000
            } == [], "too early to tell")
    }

    @Test func tracksThatComeFarApartAndClocksThatRunAway() {
        #expect(codes { $0.tracksApartMs = 1_500 } == [.tracksApart])
        #expect(codes { $0.tracksApartMs = -1_500 } == [.tracksApart])
        #expect(codes { $0.clockCorrectedMs = -2_000 } == [.clockWrong])
    }

    /// Whatever encoders claim, it becomes a sentence.
    @Test func extremeNumbersAreHarmless() {
        for value in [Double.infinity, .nan, 1e300, -1e300, 0] {
            _ = codes {
                $0.declaredFramesPerSecond = value
                $0.declaredKbps = value
                $0.video?.bitsPerSecond = value
            }
        }
        for value in [Int64.max, Int64.max - 1, -Int64.max, 0] {
            _ = codes {
                $0.tracksApartMs = value
                $0.keyframeIntervalMs = value
                $0.clockCorrectedMs = value
                $0.video?.silentMs = value
            }
        }
    }
}
