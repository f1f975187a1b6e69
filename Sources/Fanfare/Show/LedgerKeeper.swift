// Looks after the ledger's files while nobody answers.

import Game
import IORing
import Ledger
import Logging
import Synchronization

/// Puts the ledger's write-ahead log into its database, when no question is open or when the log has
/// become large, on a thread of its own: a receipt waits for the log alone, and never for this.
final class LedgerKeeper: Sendable {
    private let stopRequested = Atomic<Bool>(false)
    private let thread = Mutex<PlainThread?>(nil)

    /// How often it looks, ms, and after how many looks without a question the log is due.
    private static let lookMs = 500
    private static let quietLookCount = 4
    /// A log so large is put there even while answers come: 64 MB.
    private static let logByteCountMax: Int64 = 64 << 20

    /// Begins to look after a ledger.
    ///
    /// - Throws: `RingError.thread` where the system has none.
    init(ledger: Ledger, game: GameDesk, logger: Logger) throws(RingError) {
        let thread = try PlainThread(name: "ledger keeper") { [self] in
            var quietCount = 0
            var hasFailed = false
            var doneAt: UInt64?
            while !stopRequested.load(ordering: .acquiring) {
                MonotonicClock.sleep(ms: Int64(Self.lookMs))
                let writeCount = ledger.writeCount
                quietCount = game.hasOpenQuestion ? 0 : quietCount + 1
                let isDue =
                    quietCount >= Self.quietLookCount
                    || ledger.logByteCount > Self.logByteCountMax
                guard isDue, doneAt != writeCount else { continue }
                do throws(LedgerError) {
                    if try ledger.checkpointBeside() { doneAt = writeCount }
                    hasFailed = false
                } catch {
                    if !hasFailed { logger.warning("the ledger's log stays as it is: \(error)") }
                    hasFailed = true
                }
            }
        }
        self.thread.withLock { $0 = thread }
    }

    /// Ends the thread.
    func stop() {
        stopRequested.store(true, ordering: .releasing)
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }
}
