// What a producer is told of which feed.

import FLV
import Testing

@testable import Broadcast
@testable import Ingest

@Suite struct FeedAdviceTests {
    /// A feed about which there is nothing to say.
    private static let good: SourceStatus = {
        var feed = SourceStatus(headers: headers(.avc, .aac))
        feed.ageMs = 60_000
        feed.silentMs = 10
        feed.video = TrackStatus(
            isReady: true, frameCount: 1_800, bitsPerSecond: 2_400_000, framesPerSecond: 29.9,
            frameByteCountMax: 40_000)
        feed.audio = TrackStatus(
            isReady: true, frameCount: 2_800, bitsPerSecond: 128_000, framesPerSecond: 46.9,
            frameByteCountMax: 400)
        feed.keyframeIntervalMs = 2_000
        feed.sinceKeyframeMs = 1_000
        feed.tracksApartMs = 40
        feed.declared = DeclaredRates(framesPerSecond: 30, videoKbps: 2_500, audioKbps: 128)
        return feed
    }()

    private static func headers(_ video: VideoCodec?, _ audio: AudioCodec?) -> SequenceHeaders {
        SequenceHeaders(.init(codec: video), .init(codec: audio))
    }

    private func codes(_ change: (inout SourceStatus) -> Void) -> [FeedWarning.Code] {
        var feed = Self.good
        change(&feed)
        let warnings = FeedAdvice.warnings(for: feed)
        for warning in warnings {
            #expect(warning.text.hasSuffix(".") && warning.text.count > 40, "\(warning.text)")
        }
        return warnings.map(\.code)
    }

    @Test func ofAGoodFeedNothingIsSaid() {
        #expect(codes { _ in } == [])
        #expect(FeedAdvice.warnings(for: SourceStatus(headers: SequenceHeaders())) == [])
    }

    @Test(
        arguments: StartObstacle.allCases.filter { $0 != .waitsForVideo && $0 != .waitsForAudio })
    func whatKeepsViewersOutIsSaidAfterThreeSeconds(obstacle: StartObstacle) {
        #expect(
            codes {
                $0.trackObstacle = obstacle
                $0.ageMs = 2_999
            } == [])
        var feed = SourceStatus(headers: SequenceHeaders())
        feed.trackObstacle = obstacle
        feed.ageMs = 3_000
        // Whatever else is wrong follows from it.
        feed.silentMs = 3_000
        let warnings = FeedAdvice.warnings(for: feed)
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
        #expect(codes { $0.audio?.frameCount = 0 } == [.soundMissing])
        #expect(
            codes {
                $0.audio = nil
                $0.ageMs = 2_000
            } == [])
        // Sound alone is a programme.
        #expect(
            codes {
                $0.video = nil
                $0.headers = Self.headers(nil, .aac)
                $0.declared.videoKbps = nil
            } == [])
        #expect(codes { $0.leftOut.add(.furtherTrack) } == [.furtherTracks])
    }

    @Test func silenceIsToldWhereItCanBe() {
        #expect(codes { $0.audio?.frameByteCountMax = 10 } == [.soundSilent])
        #expect(codes { $0.audio?.frameByteCountMax = 25 } == [])
        #expect(codes { $0.audio?.frameByteCountMax = 0 } == [], "not known")
        #expect(
            codes {
                $0.audio?.frameByteCountMax = 10
                $0.headers = Self.headers(.avc, .mp3)
            } == [], "its packets say nothing")
    }

    @Test(
        arguments: [
            .linearPCM, .adpcm, .g711A, .g711U, .speex, .nellymoser, .ac3, .eac3, .unknown(1),
        ] as [AudioCodec])
    func soundThatBrowsersDoNotPlay(codec: AudioCodec) {
        #expect(codes { $0.headers = Self.headers(.avc, codec) } == [.codecNotInBrowsers])
    }

    @Test(arguments: [.hevc, .vp6, .sorensonH263, .screen, .vp8, .unknown(9)] as [VideoCodec])
    func picturesThatBrowsersDoNotPlay(codec: VideoCodec) {
        #expect(codes { $0.headers = Self.headers(codec, .aac) } == [.codecNotInBrowsers])
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
        #expect(codes { $0.declared.framesPerSecond = nil } == [])
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
                $0.declared.framesPerSecond = value
                $0.declared.videoKbps = value
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
