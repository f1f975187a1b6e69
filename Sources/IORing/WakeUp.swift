// How another thread gets a ring's thread out of its wait.

import CLiburing
import Glibc

/// An eventfd that a ring reads from.
///
/// `ring()` may be called from any thread; many calls before the sleeper looks are one wake-up.
public final class WakeUp: Sendable {
    /// The descriptor to read from, eight bytes at a time.
    public let descriptor: Int32

    /// Makes an eventfd.
    public init() throws(RingError) {
        descriptor = eventfd(0, fanfare_eventfd_flags)
        guard descriptor >= 0 else { throw .setup(errno: errno, disabledSetting: nil) }
    }

    deinit { close(descriptor) }

    /// Sleeps until it rings, for a thread without a ring.
    public func wait() {
        var count: UInt64 = 0
        while unsafe read(descriptor, &count, 8) < 0 && errno == EINTR {}
    }

    /// Wakes the thread that reads.
    public func ring() {
        var one: UInt64 = 1
        // It can only fail when 2^64 - 2 wake-ups are waiting, and then the sleeper wakes anyway.
        _ = unsafe write(descriptor, &one, 8)
    }
}
