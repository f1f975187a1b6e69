// The programmes' numbers as Prometheus wants them.

import Broadcast
import ControlRoom

/// Metrics of the ingest.
enum ProgramMetrics {
    /// - Parameter seen: keeps the series of streams that are gone, with 0 for what is now and the
    ///   last value of what only grows.
    static func families(
        _ programs: [Programme], seen: SeenStreams, nowMs: Int64
    ) -> [MetricFamily] {
        let live = programs.map { ($0.name, $0.status(nowMs: nowMs)) }
        for (name, status) in live { seen.note(name, status) }
        let gone = seen.others(than: live.map { $0.0 })
        func family(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            gone goneValue: Double? = nil, _ value: (ProgrammeStatus) -> Double?
        ) -> MetricFamily {
            var samples: [MetricFamily.Sample] = live.compactMap { stream, status in
                value(status).map { .init($0, labels: [("stream", stream)]) }
            }
            for (stream, status) in gone {
                let last = kind == .counter ? status.flatMap(value) ?? 0 : goneValue
                if let last { samples.append(.init(last, labels: [("stream", stream)])) }
            }
            return MetricFamily(name, kind, help: help, samples: samples)
        }
        return [
            family(
                "fanfare_ingest_up", .gauge, "Whether somebody publishes the stream.", gone: 0,
                { $0.isPublishing ? 1 : 0 }),
            family(
                "fanfare_ingest_bytes_per_second", .gauge,
                "What the publisher sends, over the last seconds.", gone: 0,
                { $0.bitsPerSecond / 8 }),
            family(
                "fanfare_ingest_frames_per_second", .gauge,
                "Video frames that come in, over the last seconds.", gone: 0, { $0.framesPerSecond }
            ),
            family(
                "fanfare_ingest_gop_seconds", .gauge, "Time between the last two keyframes.",
                { $0.keyframeIntervalMs.map { Double($0) / 1_000 } }),
            family(
                "fanfare_ingest_tags_total", .counter, "Tags appended to the programme.",
                { Double($0.tagCount) }),
            family(
                "fanfare_ingest_bytes_total", .counter, "Bytes appended to the programme.",
                { Double($0.byteCount) }),
            family(
                "fanfare_ingest_left_out_tags_total", .counter,
                "Tags left out: malformed, or before the first keyframe.",
                { Double($0.leftOutTagCount) }),
            family(
                "fanfare_ingest_timestamp_jumps_total", .counter,
                "Jumps of the publisher's timestamps that were put right.",
                { Double($0.timestampJumpCount) }),
            family(
                "fanfare_programme_cues_total", .counter,
                "Cues said in the programme, repeats not counted.",
                { Double($0.cueCount) }),
            family(
                "fanfare_publications_total", .counter, "Publishers the programme has had.",
                { Double($0.publicationCount) }),
            family(
                "fanfare_programme_seconds", .gauge, "Programme time of the newest tag.",
                { Double($0.latestMs) / 1_000 }),
            family(
                "fanfare_arena_bytes", .gauge, "Memory that the programme's timeline holds.",
                { Double($0.arenaByteCount) }),
        ]
    }
}
