// What signals mean to a server that is on air: three end it, one reloads, no other does anything.

import Glibc
import IORing
import Synchronization

/// Signals so far, and whom to tell. A signal handler may touch little more than this.
private let stopCount = Atomic<Int>(0)
private let seenSignals = Atomic<UInt64>(0)
private let signalDescriptor = Atomic<Int32>(-1)

/// The operator's wishes, as signals.
enum ServerSignals {
    /// What the operator wants.
    enum Wish: Sendable, Equatable {
        /// SIGINT, SIGTERM or SIGQUIT: end the show in order.
        case stop
        /// SIGHUP: read the configuration again. A terminal that goes away says the same.
        case reload
        /// Something that means nothing here, by its name.
        case nothing(String)
    }

    private static let stopping = [SIGINT, SIGTERM, SIGQUIT]

    /// Those that somebody sends on purpose, and who is told that nothing happens.
    private static let idle = [
        (SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2"), (SIGTSTP, "SIGTSTP (Ctrl-Z)"),
    ]

    /// Those that would end or halt the show and are no wish of anybody's: a viewer or a log reader
    /// that has gone (SIGPIPE), a terminal in whose background we write or read (SIGTTOU, SIGTTIN),
    /// timers and input that we don't use, a file or a time beyond `ulimit` (then a write fails, as
    /// on a full disk), and the real-time signals.
    private static let stray =
        [
            SIGPIPE, SIGTTOU, SIGTTIN, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT,
            SIGXCPU, SIGXFSZ,
        ] + Array(firstRealTimeSignal...lastRealTimeSignal)

    /// The two before it are glibc's own.
    private static let firstRealTimeSignal: CInt = 34
    private static let lastRealTimeSignal: CInt = 64

    /// Makes this process deaf to everything but the end of it, before anything else is done. To be
    /// called by a server only: what other commands start and stop by stays as it was.
    static func ignoreStrays() {
        for number in stray + idle.map(\.0) + [SIGHUP] { _ = signal(number, SIG_IGN) }
    }

    /// Calls `onWish` for each wish, one at a time, on a thread of its own. From the moment that
    /// this returns no signal is lost; a second one to stop ends the process with code 130,
    /// whatever it is doing. To be called once, and `onWish` returns soon.
    static func watch(onWish: @escaping @Sendable (Wish) -> Void) throws(RingError) {
        let wakeSignal = try WakeSignal()
        stopCount.store(0, ordering: .relaxed)
        seenSignals.store(0, ordering: .relaxed)
        signalDescriptor.store(wakeSignal.descriptor, ordering: .sequentiallyConsistent)
        let watched = stopping + idle.map(\.0) + [SIGHUP]
        for number in watched { _ = signal(number, received) }
        _ = try PlainThread(name: "signals") {
            // Whatever started us may have blocked them on all other threads.
            var set = sigset_t()
            unsafe sigemptyset(&set)
            for number in watched { unsafe sigaddset(&set, number) }
            unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
            while true {
                wakeSignal.wait()
                let seen = seenSignals.exchange(0, ordering: .acquiringAndReleasing)
                for wish in wishes(of: seen) { onWish(wish) }
            }
        }
    }

    private static func wishes(of seen: UInt64) -> [Wish] {
        func has(_ number: CInt) -> Bool { seen & (1 << UInt64(number)) != 0 }
        var wishes = idle.filter { has($0.0) }.map { Wish.nothing($0.1) }
        if has(SIGHUP) { wishes.append(.reload) }
        if stopping.contains(where: has) { wishes.append(.stop) }
        return wishes
    }

    /// The handler: only what is safe in one, and nothing that takes a lock or waits.
    private static let received: @convention(c) (Int32) -> Void = { number in
        let code = errno
        let isStop = number == SIGINT || number == SIGTERM || number == SIGQUIT
        if isStop, stopCount.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue > 0 {
            // A log that nobody reads must not keep it from ending.
            var wish = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
            if unsafe poll(&wish, 1, 0) > 0 {
                let words: StaticString = "fanfare: stopped at once by a second signal\n"
                _ = unsafe write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
            }
            _exit(130)
        }
        seenSignals.bitwiseOr(1 << UInt64(number), ordering: .acquiringAndReleasing)
        var one: UInt64 = 1
        _ = unsafe write(signalDescriptor.load(ordering: .sequentiallyConsistent), &one, 8)
        errno = code
    }
}
