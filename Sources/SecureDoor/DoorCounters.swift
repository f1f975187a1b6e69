// What a door has seen.

import Synchronization
public import TLS

/// Handshakes that are over, by what they have come to.
public struct DoorCounts: Sendable, Equatable {
    /// What a finished handshake was like.
    public struct Kind: Hashable, Sendable {
        public let version: TLSVersion
        public let suite: CipherSuite
        public let isResumed: Bool
    }

    /// Finished ones.
    public var finished: [Kind: Int] = [:]
    /// Those that failed.
    public var failed: [DoorFailure: Int] = [:]
    /// Under way now.
    public var inFlight = 0
}

/// The counts, which anybody may read while the door goes on.
final class DoorCounters: Sendable {
    private let counts = Mutex(DoorCounts())

    var value: DoorCounts { counts.withLock { $0 } }

    func note(_ finished: FinishedHandshake) {
        note(
            DoorCounts.Kind(
                version: finished.keys.version, suite: finished.keys.suite,
                isResumed: finished.isResumed))
    }

    func note(_ kind: DoorCounts.Kind) {
        counts.withLock { $0.finished[kind, default: 0] += 1 }
    }

    func note(_ failure: DoorFailure) { counts.withLock { $0.failed[failure, default: 0] += 1 } }

    func set(inFlight: Int) { counts.withLock { $0.inFlight = inFlight } }
}
