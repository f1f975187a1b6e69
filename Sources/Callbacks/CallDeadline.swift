// How long a call to another system may take, in all of its steps together.

import Glibc
import IORing

/// Until when something may take, and whether it is still wanted.
struct CallDeadline: Sendable {
    let atMs: Int64
    let allMs: Int64
    let isStopping: @Sendable () -> Bool

    init(ms: Int64, isStopping: @escaping @Sendable () -> Bool) {
        atMs = MonotonicClock.nowMs() + ms
        allMs = ms
        self.isStopping = isStopping
    }

    /// A part of the time that is left, for one of several that are tried one after the other.
    private init(partOf whole: CallDeadline, shares: Int64) {
        let nowMs = MonotonicClock.nowMs()
        atMs = nowMs + max(0, whole.atMs - nowMs) / shares
        allMs = whole.allMs
        isStopping = whole.isStopping
    }

    /// An equal share of the time that is left.
    func share(among count: Int) -> CallDeadline {
        CallDeadline(partOf: self, shares: Int64(max(1, count)))
    }

    /// How much is left, ms; below 0 where it is over.
    var leftMs: Int64 { atMs - MonotonicClock.nowMs() }

    /// Ends what never has to wait as well: a peer that always has more to say.
    func check() throws(CallError) {
        if isStopping() { throw .stopped }
        guard leftMs > 0 else { throw .tooLate(ms: allMs) }
    }

    /// Waits until a descriptor can be read from or written to.
    func wait(_ descriptor: CInt, for events: CInt) throws(CallError) {
        while true {
            try check()
            let sliceMs = min(max(1, leftMs), Int64(CallbackLimits.sliceMs))
            var wish = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = unsafe poll(&wish, 1, CInt(sliceMs))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .broke(errno: errno) }
        }
    }
}
