// The audit of what the staff do to the server: lines of the ledger's log that are about no show.

import ControlRoom
import Ledger
import Logging

/// Writes and reads them, on a thread of its own: the disk may take its time.
actor LiveAudit: AuditDesk {
    private let lane = SlowLane("audit")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let ledger: Ledger
    private let logger: Logger

    init(ledger: Ledger, logger: Logger) {
        self.ledger = ledger
        self.logger = logger
    }

    func note(_ line: AuditLine) {
        do throws(LedgerError) {
            try ledger.note(
                server: LogLine(
                    atMs: line.atMs, who: line.by, commandID: nil, show: LogLine.noShow,
                    action: line.command, detail: line.text, revision: 0))
        } catch {
            // It was done, and somebody should know.
            logger.error(
                "the audit can't be written: \(error)",
                metadata: [
                    "by": "\(line.by)", "command": "\(line.command)", "text": "\(line.text)",
                ])
        }
    }

    func lines(countMax: Int) throws(AuditRefusal) -> [AuditLine] {
        do throws(LedgerError) {
            return try ledger.log(ofShow: LogLine.noShow, countMax: countMax).map { line in
                AuditLine(
                    atMs: line.atMs, by: line.who, command: line.action, text: line.detail)
            }
        } catch { throw AuditRefusal(reason: error.description) }
    }
}
