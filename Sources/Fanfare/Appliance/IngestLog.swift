// What happens at the ingest, in the log: each thing once, and no flood.

import IORing
import Ingest
import Logging
import Synchronization

/// Logs ingest events; of those that anybody on the network can cause, at most a few a second.
final class IngestLog: Sendable {
    private let logger: Logger
    private let hostile = Mutex(RateLimit())

    private struct RateLimit {
        var windowStartMs: Int64 = 0
        var count = 0
        var heldBackCount = 0

        static let windowMs: Int64 = 1_000
        static let countMax = 5

        /// Whether one more may be said, and how many were not said since the last time.
        mutating func admit(nowMs: Int64) -> (isAdmitted: Bool, heldBackCount: Int) {
            if nowMs - windowStartMs >= RateLimit.windowMs {
                windowStartMs = nowMs
                count = 0
            }
            guard count < RateLimit.countMax else {
                heldBackCount += 1
                return (false, 0)
            }
            count += 1
            defer { heldBackCount = 0 }
            return (true, heldBackCount)
        }
    }

    init(logger: Logger) { self.logger = logger }

    func note(_ event: IngestEvent) {
        switch event {
        case .published, .unpublished: logger.info("\(event)")
        case .lost, .expired: logger.warning("\(event)")
        case .failed: logger.critical("\(event)")
        case .refused, .violated:
            let verdict = hostile.withLock { $0.admit(nowMs: MonotonicClock.nowMs()) }
            guard verdict.isAdmitted else { return }
            if verdict.heldBackCount > 0 {
                logger.warning("\(verdict.heldBackCount) more of the following were not logged")
            }
            logger.warning("\(event)")
        }
    }
}
