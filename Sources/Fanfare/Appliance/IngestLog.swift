// What happens at the ingest, in the log: each thing once, and no flood.

import IORing
import Ingest
import Logging
import Synchronization

/// Logs ingest events; of those that anybody on the network can cause, at most a few a second.
final class IngestLog: Sendable {
    private let logger: Logger
    /// What anybody on the network can cause: refusals and what can't be read, and, since it would
    /// hide those, apart from them what becomes of connections that do nothing.
    private let refusals = Mutex(RateLimit(countMax: 5, windowMs: 1_000))
    private let idlers = Mutex(RateLimit(countMax: 5, windowMs: 10_000))

    private struct RateLimit {
        let countMax: Int
        let windowMs: Int64
        var windowStartMs: Int64 = 0
        var count = 0
        var heldBackCount = 0

        init(countMax: Int, windowMs: Int64) {
            self.countMax = countMax
            self.windowMs = windowMs
        }

        /// Whether one more may be said, and how many were not said since the last time.
        mutating func admit(nowMs: Int64) -> (isAdmitted: Bool, heldBackCount: Int) {
            if nowMs - windowStartMs >= windowMs {
                windowStartMs = nowMs
                count = 0
            }
            guard count < countMax else {
                heldBackCount += 1
                return (false, 0)
            }
            count += 1
            defer { heldBackCount = 0 }
            return (true, heldBackCount)
        }
    }

    /// What is said once, behind the first refusal for a key's sake.
    private let keyHint: Mutex<String?>

    /// - Parameter keyHint: why a key that was right before may be wrong now.
    init(logger: Logger, keyHint: String? = nil) {
        self.logger = logger
        self.keyHint = Mutex(keyHint)
    }

    func note(_ event: IngestEvent) {
        switch event {
        case .published, .described, .unpublished: logger.info("\(event)")
        case .lost, .expired, .takenOver, .takenOff, .silentProxy: logger.warning("\(event)")
        case .warned(_, let warning):
            logger.log(level: warning.level == .trouble ? .warning : .notice, "\(event)")
        case .failed: logger.critical("\(event)")
        case .refused(_, let reason):
            note(event, within: refusals)
            guard reason.contains("key") else { return }
            let hint = keyHint.withLock { hint in
                defer { hint = nil }
                return hint
            }
            if let hint { logger.warning("\(hint)") }
        case .violated, .untrustedProxy: note(event, within: refusals)
        case .idled, .crowded, .banned: note(event, within: idlers)
        }
    }

    private func note(_ event: IngestEvent, within limit: borrowing Mutex<RateLimit>) {
        let verdict = limit.withLock { $0.admit(nowMs: MonotonicClock.nowMs()) }
        guard verdict.isAdmitted else { return }
        if verdict.heldBackCount > 0 {
            logger.warning("\(verdict.heldBackCount) more of the following were not logged")
        }
        logger.warning("\(event)")
    }
}
