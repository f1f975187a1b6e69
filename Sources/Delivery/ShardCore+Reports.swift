// What players report of how they fare: counted, and forgotten.

import AudienceProtocol

extension ShardCore where Kernel: ~Copyable {
    /// Takes a player's report.
    mutating func note(_ report: ReportMessage, on session: Int, of slot: Int) {
        reports.add(
            report, program: Channel.program(of: Int(table[slot].channel)),
            mark: &sessions[session].report, nowS: reportS)
    }

    /// Has what is told of reports told by the counters, once it is another.
    mutating func tellReports() {
        if reports.advance(nowS: reportS) { counters.reports = reports.told }
    }

    /// The shard's clock as reports have it, s; never 0.
    private var reportS: UInt32 { UInt32(truncatingIfNeeded: nowMs / 1_000) + 1 }
}
