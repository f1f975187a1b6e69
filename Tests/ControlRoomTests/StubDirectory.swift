// A directory with two streams, for the control room's tests.

@testable import ControlRoom

/// What it answers is set by each test.
struct StubDirectory: ProgramDirectory {
    var known: [StreamStatus] = [.show, .backup]
    var families: [MetricFamily] = []
    var state = HealthStatus()

    func streams() -> [StreamStatus] { known }
    func stream(named name: String) -> StreamStatus? { known.first { $0.name == name } }
    func machine() -> MachineStatus { MachineStatus(diskFreeBytes: 1 << 53, mergeMs: 40) }
    func metrics() -> [MetricFamily] { families }
    func health() -> HealthStatus { state }
}

extension StreamStatus {
    static let show = StreamStatus(
        name: "show", state: .live,
        video: .init(
            codec: "H.264", width: 1280, height: 720, framesPerSecond: 30, profile: "Main"),
        audio: .init(codec: "AAC", sampleRateHz: 48_000, channels: 2), bitrateKbps: 1012.5,
        framesPerSecond: 29.9, keyframeIntervalMs: 2_000, publisherAddress: "192.0.2.7:50312",
        encoder: "obs-output module (libobs version 30.2.0)", uptimeMs: 61_000, viewers: 1_200,
        bytesSent: 9_007_199_254_740_993,
        warnings: [.init(code: "bFrames", level: "advice", text: "The picture has B-frames.")],
        silentMs: 12,
        feed: .init(
            videoKbps: 900, audioKbps: 112.5),
        joins: 1_300, drops: 3, skips: 9,
        reports: .init(
            count: 1_100, delayMs: .init(p5: 1_190, p50: 1_200, p95: 1_230), spreadMs: 40,
            stallsPerMinute: 0.5, states: ["playing": 1_090, "buffering": 10]))

    static let backup = StreamStatus(name: "backup", state: .waiting)
}
