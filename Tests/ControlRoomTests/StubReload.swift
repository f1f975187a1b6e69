// A desk that reads settings again, for the control room's tests.

import Synchronization

@testable import ControlRoom

/// Says what it was told to say, and counts.
final class StubReload: ReloadDesk {
    private let result: Result<ReloadReport, ReloadRefusal>
    private let count = Mutex(0)

    /// How often it was asked.
    var askedCount: Int { count.withLock { $0 } }

    static let report = ReloadReport(
        source: "/etc/fanfare/fanfare.json", taken: ["cors.origins", "logLevel"],
        waiting: ["shards"], warnings: ["The stream key has only 8 characters."])

    init(_ result: Result<ReloadReport, ReloadRefusal> = .success(report)) {
        self.result = result
    }

    func reload() async throws(ReloadRefusal) -> ReloadReport {
        count.withLock { $0 += 1 }
        return try result.get()
    }
}
