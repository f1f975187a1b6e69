// What is said of feeds: to the log once, to the staff as long as it is true.

import Broadcast
import IORing

extension IngestLoop {
    /// Looks at every feed, and says what is new.
    mutating func advise() {
        var reports: [String: FeedReport] = [:]
        for connection in connections {
            guard let connection, let turn = connection.handler.turn else { continue }
            let status = turn.publication.status(nowMs: nowMs)
            var facts = turn.meter.facts(
                heardMs: turn.mediaMs,
                strayMediaCount: Int(clamping: status.leftOut[.otherMessageStream]),
                nowMs: nowMs)
            facts.clockCorrectedMs = status.clockCorrectedMs
            facts.canBegin = status.obstacle == nil
            let warnings = FeedAdvice.warnings(for: facts)
            reports[turn.stream] = FeedReport(
                silentMs: facts.silentMs,
                isStalled: facts.silentMs >= IngestSettings.stalledAfterMs, warnings: warnings)
            if !turn.isDescribed, let text = turn.meter.description(nowMs: nowMs) {
                turn.isDescribed = true
                onEvent(.described(stream: turn.stream, description: text))
            }
            for warning in turn.unsaid(warnings, nowMs: nowMs) {
                onEvent(.warned(stream: turn.stream, warning: warning))
            }
        }
        feeds.set(reports)
    }
}
