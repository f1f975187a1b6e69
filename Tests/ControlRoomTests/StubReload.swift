// A desk that reads settings again, for the control room's tests.

import Synchronization

@testable import ControlRoom

/// Says what it was told to say, and notes who asks.
final class StubReload: ReloadDesk {
    private let result: Result<ReloadReport, ReloadRefusal>
    private let names = Mutex<[String]>([])

    /// Who has asked.
    var askers: [String] { names.withLock { $0 } }

    static let report = ReloadReport(
        source: "/etc/fanfare/fanfare.json", taken: ["cors.origins", "logLevel"],
        waiting: ["shards"], warnings: ["The stream key has only 8 characters."])

    init(_ result: Result<ReloadReport, ReloadRefusal> = .success(report)) {
        self.result = result
    }

    func reload(by name: String) async throws(ReloadRefusal) -> ReloadReport {
        names.withLock { $0.append(name) }
        return try result.get()
    }
}
