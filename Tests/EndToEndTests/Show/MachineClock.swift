// The clock that the server and the simulated players have in common.

import Glibc

/// CLOCK_MONOTONIC, which is the same in every process of the machine.
enum MachineClock {
    /// Now, ms.
    static var nowMs: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }
}
