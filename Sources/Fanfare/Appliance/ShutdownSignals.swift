// SIGINT and SIGTERM: the first ends the show in order, the second at once.

import Dispatch
import Glibc
import Synchronization

/// Waits for the operator's wish to stop.
final class ShutdownSignals: Sendable {
    private struct State {
        var count = 0
        var onFirst: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())
    // Made once and only kept: nobody touches them again.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        // A viewer that has gone must not end the process.
        _ = signal(SIGPIPE, SIG_IGN)
        unsafe sources = [SIGINT, SIGTERM].map { number in
            _ = signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in unsafe sources {
            source.setEventHandler { [weak self] in self?.received() }
            source.resume()
        }
    }

    /// Called once, at the first signal.
    var onFirst: @Sendable () -> Void {
        get { state.withLock { $0.onFirst } }
        set { state.withLock { $0.onFirst = newValue } }
    }

    private func received() {
        let (count, onFirst) = state.withLock { state in
            state.count += 1
            return (state.count, state.onFirst)
        }
        if count == 1 {
            onFirst()
        } else {
            StandardError.write("fanfare: stopped at once by a second signal\n")
            _exit(130)
        }
    }
}
