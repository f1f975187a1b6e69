// Who is woken when a programme has something new.

import Synchronization

/// Somebody's wish to be woken. It ends when it is cancelled or let go of.
public final class ProgrammeSubscription: Sendable {
    private let subscribers: ProgrammeSubscribers
    private let id: UInt64

    init(_ subscribers: ProgrammeSubscribers, id: UInt64) {
        self.subscribers = subscribers
        self.id = id
    }

    /// Ends it. When this returns, the hook isn't running and won't be called again.
    public func cancel() { subscribers.remove(id) }

    deinit { cancel() }
}

/// Those who want to be woken by one programme.
///
/// Hooks are called with the lock held: whoever subscribes and then reads either sees what was
/// written before, or is woken after it; whoever has cancelled isn't called any more.
final class ProgrammeSubscribers: Sendable {
    private struct State {
        var newestId: UInt64 = 0
        var hooks: [(id: UInt64, wake: @Sendable () -> Void)] = []
    }

    private let state = Mutex(State())

    func add(_ wake: @escaping @Sendable () -> Void) -> ProgrammeSubscription {
        let id = state.withLock { state in
            state.newestId += 1
            state.hooks.append((state.newestId, wake))
            return state.newestId
        }
        return ProgrammeSubscription(self, id: id)
    }

    func remove(_ id: UInt64) {
        // What a hook holds is let go of outside the lock: it may be another subscription.
        let removed = state.withLock { state in
            let removed = state.hooks.filter { $0.id == id }
            state.hooks.removeAll { $0.id == id }
            return removed
        }
        withExtendedLifetime(removed) {}
    }

    func wake() {
        state.withLock { state in
            for hook in state.hooks { hook.wake() }
        }
    }
}
