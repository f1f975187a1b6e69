// What staff look up in the ledger, away from the threads that answer requests.

import ControlRoom
import Ledger

/// Reads from the ledger one after the other on a thread of its own: SQLite waits for its disk, and a
/// thread of the shared pool that waits is one that answers nobody.
actor LedgerReader {
    private let lane = SlowLane("ledger reader")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let ledger: Ledger

    init(_ ledger: Ledger) { self.ledger = ledger }

    /// Reads, what is wrong with the ledger made a refusal.
    func read<Value: Sendable>(
        _ body: @Sendable (Ledger) throws(LedgerError) -> Value
    ) throws(ShowDeskRefusal) -> Value {
        preconditionIsolated()
        do throws(LedgerError) { return try body(ledger) } catch { throw ShowDeskRefusal(error) }
    }
}
