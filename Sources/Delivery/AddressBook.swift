// How many connections each address has.

import IORing
import Synchronization

/// Counts connections by address across all shards.
public final class AddressBook: Sendable {
    private let countMaxElsewhere: Int
    private let countMaxLoopback: Int
    private let counts = Mutex<[UInt64: Int]>([:])

    /// A book with a limit for addresses elsewhere and one for this machine's own.
    public init(countMaxElsewhere: Int, countMaxLoopback: Int) {
        self.countMaxElsewhere = countMaxElsewhere
        self.countMaxLoopback = countMaxLoopback
    }

    /// Counts a connection; false if the address has as many as it may.
    func admit(_ host: HostKey) -> Bool {
        let limit = host.isLoopback ? countMaxLoopback : countMaxElsewhere
        return counts.withLock { counts in
            guard counts[host.value, default: 0] < limit else { return false }
            counts[host.value, default: 0] += 1
            return true
        }
    }

    /// A connection that was admitted has ended.
    func leave(_ host: UInt64) {
        counts.withLock { counts in
            let left = (counts[host] ?? 1) - 1
            counts[host] = left > 0 ? left : nil
        }
    }
}
