// What is wrong with the feeds, as Prometheus wants it.

import ControlRoom
import Ingest

/// Metrics of the feeds' warnings.
enum FeedMetrics {
    /// - Parameter streams: all that have series, whether somebody publishes them or not.
    static func families(_ feeds: FeedReports, streams: [String]) -> [MetricFamily] {
        let warnings = streams.map { ($0, feeds.report(of: $0)?.warnings ?? []) }
        return [
            MetricFamily(
                "fanfare_ingest_warnings", .gauge,
                help: "1 while a warning of the feed holds, by its code.",
                samples: warnings.flatMap { stream, warnings in
                    FeedWarning.Code.allCases.map { code in
                        .init(
                            warnings.contains { $0.code == code } ? 1 : 0,
                            labels: [("stream", stream), ("code", code.rawValue)])
                    }
                })
        ]
    }
}
