// What players report of themselves as Prometheus wants it.

import Broadcast
import ControlRoom
import Delivery

/// Metrics of how players fare, by what they say.
enum ViewerReportMetrics {
    static func families(_ shards: [ShardCounters], programs: [Programme?]) -> [MetricFamily] {
        let streams = programs.enumerated().compactMap { slot, program in
            program.flatMap { program in
                ViewerReports(program: slot, of: shards).map { (program.name, $0) }
            }
        }
        func family(
            _ name: String, _ help: String, kind: MetricFamily.Kind = .gauge,
            _ samples: (ViewerReports) -> [(label: (String, String)?, value: Double)]
        ) -> MetricFamily {
            MetricFamily(
                name, kind, help: help,
                samples: streams.flatMap { stream, reports in
                    samples(reports).map { label, value in
                        .init(value, labels: [("stream", stream)] + (label.map { [$0] } ?? []))
                    }
                })
        }
        func quantiles(
            _ spread: ViewerReports.Spread?
        ) -> [(label: (String, String)?, value: Double)] {
            guard let spread else { return [] }
            return [("0.05", spread.p5), ("0.5", spread.p50), ("0.95", spread.p95)].map {
                (("quantile", $0), Double($1) / 1_000)
            }
        }
        return [
            family(
                "fanfare_reporting_players",
                "Players that reported over the last ten seconds, by what they do.",
                { reports in
                    reports.states.map { (("state", "\($0.state.word)"), Double($0.count)) }
                }),
            family(
                "fanfare_player_delay_seconds",
                "How far behind the programme players say that they show it.",
                kind: .summary, { quantiles($0.delayMs) }),
            family(
                "fanfare_player_offset_seconds",
                "How far players say that they are from where all are to be; late is positive.",
                kind: .summary, { quantiles($0.offsetMs) }),
            family(
                "fanfare_player_spread_seconds",
                "How far nine tenths of the players say that they are apart.",
                { reports in reports.spreadMs.map { [(nil, Double($0) / 1_000)] } ?? [] }),
            family(
                "fanfare_player_stalls_per_minute",
                "How often a player says that it had to wait for data, on the average.",
                { [(nil, $0.stallsPerMinute)] }),
            family(
                "fanfare_player_stalled_ratio",
                "Which share of the time players say that they waited for data.",
                { [(nil, $0.stalledShare)] }),
            family(
                "fanfare_player_first_frame_seconds",
                "How long players say that they took from their start to the first picture.",
                kind: .summary, { quantiles($0.firstFrameMs) }),
        ]
    }
}
