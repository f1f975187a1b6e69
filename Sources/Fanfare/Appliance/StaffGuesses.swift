// Wrong staff tokens, counted by where they come from.

import Access
import ControlRoom
import IORing
import Synchronization
import WireBytes

/// Keeps whoever guesses the staff token from guessing fast.
///
/// This machine is left out: behind a proxy on it are all the staff, whom a stranger's guesses must
/// not keep out. The control room makes each wrong token wait, wherever it comes from.
final class StaffGuesses: GuessWatch {
    private let limiter = Mutex(GuessLimiter<HostKey>())
    private let nowMs: @Sendable () -> Int64

    init(nowMs: @escaping @Sendable () -> Int64 = MonotonicClock.nowMs) { self.nowMs = nowMs }

    func waitS(for place: HostKey) -> Int {
        guard !place.isLoopback else { return 0 }
        return limiter.withLock { $0.waitS(place, nowMs: nowMs()) }
    }

    func noteWrong(from place: HostKey) {
        guard !place.isLoopback else { return }
        limiter.withLock { $0.noteWrong(place, nowMs: nowMs()) }
    }
}
