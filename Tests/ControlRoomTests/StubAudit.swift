// An audit in memory, for the control room's tests.

import Synchronization

@testable import ControlRoom

/// Keeps lines, and can't be read once it is broken.
final class StubAudit: AuditDesk {
    private let kept = Mutex<[AuditLine]>([])
    let isBroken = Mutex(false)

    /// All lines.
    var all: [AuditLine] { kept.withLock { $0 } }

    func note(_ line: AuditLine) async { kept.withLock { $0.append(line) } }

    func lines(countMax: Int) async throws(AuditRefusal) -> [AuditLine] {
        if isBroken.withLock({ $0 }) { throw AuditRefusal(reason: "the disk is full") }
        return Array(all.suffix(countMax))
    }
}
