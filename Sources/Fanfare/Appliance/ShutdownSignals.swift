// SIGINT and SIGTERM: the first ends the show in order, the second at once.

import Glibc
import IORing
import Synchronization

/// Signals so far, and whom to tell of the first. A signal handler may touch little more than this.
private let signalCount = Atomic<Int>(0)
private let signalDescriptor = Atomic<Int32>(-1)

/// The operator's wish to stop.
enum ShutdownSignals {
    /// Calls `onFirst` once, at the first signal, on a thread of its own. From the moment that this
    /// returns no signal is lost; a second one ends the process with code 130, whatever it is
    /// doing. To be called once.
    static func watch(onFirst: @escaping @Sendable () -> Void) throws(RingError) {
        // A viewer that has gone must not end the process.
        _ = signal(SIGPIPE, SIG_IGN)
        let wakeUp = try WakeUp()
        signalCount.store(0, ordering: .relaxed)
        signalDescriptor.store(wakeUp.descriptor, ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM] { _ = signal(number, received) }
        _ = PlainThread(name: "signals") {
            // Whatever started us may have blocked them on all other threads.
            var set = sigset_t()
            unsafe sigemptyset(&set)
            for number in [SIGINT, SIGTERM] { unsafe sigaddset(&set, number) }
            unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
            wakeUp.wait()
            onFirst()
        }
    }

    /// The handler: only what is safe in one, and nothing that takes a lock.
    private static let received: @convention(c) (Int32) -> Void = { _ in
        let code = errno
        if signalCount.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue > 0 {
            let words: StaticString = "fanfare: stopped at once by a second signal\n"
            _ = unsafe write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
            _exit(130)
        }
        var one: UInt64 = 1
        _ = unsafe write(signalDescriptor.load(ordering: .sequentiallyConsistent), &one, 8)
        errno = code
    }
}
