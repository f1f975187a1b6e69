// What is said of feeds: to the log once, to the staff as long as it is true.

import Broadcast
import IORing

extension IngestLoop {
    /// Looks at every feed, and says what is new.
    mutating func advise() {
        var reports: [String: FeedReport] = [:]
        for connection in connections {
            guard let connection, let active = connection.handler.active else { continue }
            let status = active.publication.status(nowMs: nowMs)
            var facts = active.meter.facts(
                receivedMs: active.mediaMs,
                strayMediaCount: Int(clamping: status.leftOut[.otherMessageStream]),
                nowMs: nowMs)
            facts.clockCorrectedMs = status.clockCorrectedMs
            facts.canBegin = status.obstacle == nil
            let warnings = FeedAdvice.warnings(for: facts)
            reports[active.stream] = FeedReport(
                silentMs: facts.silentMs,
                isStalled: facts.silentMs >= IngestSettings.stalledAfterMs, warnings: warnings)
            if !active.isDescribed, let text = active.meter.description(nowMs: nowMs) {
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
