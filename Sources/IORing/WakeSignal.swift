// How any thread gets another one out of its sleep, whether that one sleeps in a ring or without.

import CLiburing
import Glibc
import Synchronization

/// Raised by any thread, waited for by one: its sleeper.
///
/// Many raises before the sleeper looks are one wake-up, and raising costs a system call only when
/// the sleeper sleeps. What counts is the order: whoever raises has put down what there is to do
/// before, and the sleeper looks at all of it after it was woken (`wait`) or after it has asked to be
/// (`Ring.watch`). A wake-up may come for nothing; none is ever lost.
@safe public final class WakeSignal: @unchecked Sendable {
    /// What the sleeper does, and whether it has to be woken.
    private enum State {
        /// It is awake, and will look before it sleeps.
        static let awake: UInt8 = 0
        /// It sleeps, or is about to: whoever raises writes to the descriptor.
        static let asleep: UInt8 = 1
        /// Somebody has raised it since.
        static let raised: UInt8 = 2
    }

    /// The eventfd. A signal handler, which may touch little else, writes an eight-byte 1 to it.
    public let descriptor: Int32
    private let state = Atomic<UInt8>(State.awake)
    /// Where the eventfd's count goes when a ring reads it; nobody looks at it.
    let countMemory = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)

    /// Makes an eventfd.
    ///
    /// - Throws: `RingError.setup` where the process has no descriptor left.
    public init() throws(RingError) {
        descriptor = eventfd(0, fanfare_eventfd_flags)
        guard descriptor >= 0 else {
            let code = errno
            unsafe countMemory.deallocate()
            throw .setup(errno: code, disabledSetting: nil)
        }
    }

    deinit {
        close(descriptor)
        unsafe countMemory.deallocate()
    }

    /// Wakes the sleeper, or keeps it from falling asleep.
    public func raise() {
        let former = state.exchange(State.raised, ordering: .sequentiallyConsistent)
        guard former == State.asleep else { return }
        var one: UInt64 = 1
        // It can only fail when 2^64 - 2 wake-ups are waiting, and then the sleeper wakes anyway.
        _ = unsafe write(descriptor, &one, 8)
    }

    /// Sleeps until it is raised, for a thread without a ring. What was raised since the last wait
    /// counts.
    ///
    /// - Parameter ms: how long at most; nil for ever.
    public func wait(ms: Int? = nil) {
        let (isAsleep, _) = state.compareExchange(
            expected: State.awake, desired: State.asleep, ordering: .sequentiallyConsistent)
        if isAsleep, isReadable(withinMs: ms) {
            var count: UInt64 = 0
            while unsafe read(descriptor, &count, 8) < 0 && errno == EINTR {}
        }
        state.store(State.awake, ordering: .sequentiallyConsistent)
    }

    /// From now on the sleeper has to be woken; it looks once more before it sleeps.
    func fallAsleep() { state.store(State.asleep, ordering: .sequentiallyConsistent) }

    private func isReadable(withinMs ms: Int?) -> Bool {
        let untilMs = ms.map { MonotonicClock.nowMs() + Int64($0) }
        var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let leftMs = untilMs.map { max(0, $0 - MonotonicClock.nowMs()) } ?? -1
            let count = unsafe poll(&wish, 1, CInt(clamping: leftMs))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}

extension Ring {
    /// Asks for a completion when a signal is raised. Once only: whoever gets it watches again, and
    /// then looks at all that the signal may have been raised for.
    ///
    /// The signal has to live as long as the ring.
    public mutating func watch(_ signal: WakeSignal, token: Token) {
        unsafe read(
            descriptor: signal.descriptor, into: signal.countMemory, byteCount: 8, token: token)
        signal.fallAsleep()
    }
}
