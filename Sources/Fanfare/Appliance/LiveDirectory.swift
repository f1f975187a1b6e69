// What the control room sees of the programmes and the shards.

import Broadcast
import ControlRoom
import Delivery
import IORing
import Ingest
import WireBytes

/// Looks the staff's questions up in the running parts.
struct LiveDirectory: ProgramDirectory {
    let programs: Programmes
    let feeds: FeedReports
    let shardPool: ShardPool
    let room: ShowRoom
    let log: ServerLog
    let seen: SeenStreams
    let counts = ProgrammeCounts()
    let meter: MachineMeter
    let audience: LiveAudience
    let callbacks: LiveCallbacks
    /// Nil without TLS.
    let secure: SecureSide?

    func streams() -> [StreamStatus] {
        let nowMs = MonotonicClock.nowMs()
        let counters = shardPool.counters
        return programs.snapshot().enumerated().compactMap { slot, program in
            program.map { status(of: $0, slot: slot, counters: counters, nowMs: nowMs) }
        }
    }

    func stream(named name: String) -> StreamStatus? {
        streams().first { $0.name.hasSameBytes(as: name) }
    }

    func health() -> HealthStatus {
        HealthStatus(problems: room.problems(), warnings: warnings())
    }

    /// What isn't broken and still deserves a look, a sentence each.
    private func warnings() -> [String] {
        audience.warnings + log.warnings() + callbacks.warnings + (secure?.warnings ?? [])
            + feeds.troubles.map { "live/\($0.stream): \($0.text)" }
    }

    func machine() -> MachineStatus {
        meter.status(mergeMs: shardPool.counters.map(\.mergeMs).max() ?? 0)
    }

    func metrics() -> [MetricFamily] {
        let nowMs = MonotonicClock.nowMs()
        for show in room.game.figures() { seen.note(show.stream) }
        let live = programs.snapshot().compactMap { $0 }
        let ingest = ProgramMetrics.families(live, seen: seen, nowMs: nowMs)
        let streams = live.map(\.name) + seen.others(than: live.map(\.name)).map(\.name)
        return ingest + FeedMetrics.families(feeds, streams: streams)
            + ShardPoolMetrics.families(
                shardPool.counters, programs: programs.snapshot(), seen: seen)
            + ViewerReportMetrics.families(shardPool.counters, programs: programs.snapshot())
            + audience.metrics() + room.metrics() + callbacks.metrics()
            + (secure?.metrics() ?? []) + log.metrics() + healthMetrics() + meter.metrics()
            + ProcessMetrics.families()
    }

    private func healthMetrics() -> [MetricFamily] {
        let health = health()
        return [
            MetricFamily(
                "fanfare_healthy", .gauge, help: "1 while /healthz says that nothing is broken.",
                value: health.problems.isEmpty ? 1 : 0),
            MetricFamily(
                "fanfare_health_warnings", .gauge,
                help: "What isn't broken and still deserves a look, as /healthz has it.",
                value: Double(health.warnings.count)),
        ]
    }

    private func status(
        of program: Programme, slot: Int, counters: [ShardCounters], nowMs: Int64
    ) -> StreamStatus {
        let status = program.status(nowMs: nowMs)
        let headers = status.headers
        let video = headers?.videoCodec.map { codec in
            StreamStatus.Video(
                codec: codec.name, width: headers?.video?.width, height: headers?.video?.height,
                framesPerSecond: headers?.video?.framesPerSecond,
                profile: headers?.video?.profile)
        }
        let audio = headers?.audioCodec.map { codec in
            StreamStatus.Audio(
                codec: codec.name, sampleRateHz: headers?.audio?.sampleRateHz,
                channels: headers?.audio?.channelCount)
        }
        let report = status.isPublishing ? feeds.report(of: program.name) : nil
        let isStalled = report?.isStalled == true
        let count = counts.sinceOnAir(
            ProgrammeCounts.Count(of: slot, counters), of: program.id, slot: slot)
        return StreamStatus(
            name: program.name,
            state: !status.isPublishing ? .waiting : isStalled ? .stalled : .live, video: video,
            audio: audio, bitrateKbps: (status.bitsPerSecond / 100).rounded() / 10,
            framesPerSecond: (status.framesPerSecond * 10).rounded() / 10,
            keyframeIntervalMs: status.keyframeIntervalMs.map(Int.init),
            publisherAddress: status.isPublishing ? status.publisher?.address : nil,
            encoder: status.publisher?.encoder, uptimeMs: status.uptimeMs,
            viewers: counters.map { $0.viewerCounts[slot] }.reduce(0, +),
            bytesSent: count.bytes,
            warnings: (report?.warnings ?? []).map {
                .init(code: $0.code.rawValue, level: $0.level.rawValue, text: $0.text)
            }, silentMs: report?.silentMs,
            feed: status.isPublishing ? StreamStatus.Feed(status) : nil, joins: count.joins,
            drops: count.drops, skips: count.skips,
            reports: ViewerReports(program: slot, of: counters).map { StreamStatus.Reports($0) })
    }
}

extension StreamStatus.Reports {
    fileprivate init(_ reports: ViewerReports) {
        func spread(_ spread: ViewerReports.Spread?) -> StreamStatus.Spread? {
            spread.map {
                StreamStatus.Spread(p5: Double($0.p5), p50: Double($0.p50), p95: Double($0.p95))
            }
        }
        self.init(
            count: reports.count, delayMs: spread(reports.delayMs),
            offsetMs: spread(reports.offsetMs), spreadMs: reports.spreadMs.map(Double.init),
            stallsPerMinute: (reports.stallsPerMinute * 100).rounded() / 100,
            states: Dictionary(
                reports.states.map { ("\($0.state.word)", $0.count) }
            ) { first, _ in first })
    }
}

extension StreamStatus.Feed {
    fileprivate init(_ status: ProgrammeStatus) {
        func kilobits(_ bits: Double?) -> Double { ((bits ?? 0) / 100).rounded() / 10 }
        self.init(
            videoKbps: kilobits(status.source?.video?.bitsPerSecond),
            audioKbps: kilobits(status.source?.audio?.bitsPerSecond))
    }
}
