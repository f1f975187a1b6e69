// Time that only goes forward.

public import Glibc

/// CLOCK_MONOTONIC, read without a system call.
public enum MonotonicClock {
    /// Nanoseconds since an arbitrary start.
    @inlinable
    public static func nowNs() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Milliseconds since an arbitrary start.
    @inlinable
    public static func nowMs() -> Int64 { nowNs() / 1_000_000 }

    /// Lets the calling thread sleep, for a thread without a ring.
    public static func sleep(ms: Int64) { sleep(us: Int(ms) * 1_000) }

    /// Lets the calling thread sleep, for a thread without a ring.
    public static func sleep(us: Int) {
        var time = timespec(tv_sec: us / 1_000_000, tv_nsec: us % 1_000_000 * 1_000)
        unsafe nanosleep(&time, nil)
    }
}
