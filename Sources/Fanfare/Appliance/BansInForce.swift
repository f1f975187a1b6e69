// The bans as they are listed, and as shards and ingest know them: always the same.

import Access
import Synchronization

/// Who is banned now. What was changed last is what is in force, whoever changes it at once.
final class BansInForce: Sendable {
    private let state: Mutex<HostBans>
    /// Called with the lock held, so that no older bans can come behind newer ones.
    private let put: @Sendable (HostBans) -> Void

    /// - Parameters:
    ///   - bans: those that are in force already.
    ///   - put: puts others into force, and doesn't come back here.
    init(_ bans: HostBans, put: @escaping @Sendable (HostBans) -> Void) {
        state = Mutex(bans)
        self.put = put
    }

    /// All of them.
    var bans: HostBans { state.withLock { $0 } }

    /// Others take their place.
    func replace(by bans: HostBans) {
        state.withLock {
            $0 = bans
            put(bans)
        }
    }

    /// Ends those whose time is over.
    func endOver(nowMs: Int64) {
        state.withLock {
            guard $0.forgetOver(nowMs: nowMs) else { return }
            put($0)
        }
    }
}
