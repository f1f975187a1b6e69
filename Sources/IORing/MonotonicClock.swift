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
}
