// What is said of feeds: to the log once, to the staff as long as it is true.

extension IngestLoop {
    /// Looks at every feed, and says what is new.
    mutating func advise() {
        var reports: [String: FeedReport] = [:]
        for connection in connections {
            guard let connection, let active = connection.handler.active,
                let status = active.publication.status(nowMs: nowMs)
            else { continue }
            let warnings = FeedAdvice.warnings(for: status)
            reports[active.stream] = FeedReport(
                silentMs: status.silentMs,
                isStalled: status.silentMs >= IngestSettings.stalledAfterMs, warnings: warnings)
            if !active.isDescribed, let text = FeedAdvice.description(of: status) {
                active.isDescribed = true
                onEvent(.described(stream: active.stream, description: text))
            }
            for warning in active.newlyRaised(warnings, nowMs: nowMs) {
                onEvent(.warned(stream: active.stream, warning: warning))
            }
        }
        feeds.set(reports)
    }
}
