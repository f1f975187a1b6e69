// What the staff want of the ingest, on its way to the ingest's thread.

import Synchronization

/// Orders in the sequence in which they came.
final class IngestOrders: Sendable {
    /// Take the publisher of that stream off.
    struct Order: Sendable {
        let stream: String
        let answer: @Sendable (TakeOffAnswer) -> Void
    }

    /// Somebody else's word on a publish.
    struct Verdict: Sendable {
        let slot: Int
        let generation: UInt32
        let verdict: PublishVerdict
    }

    private struct State {
        var waiting: [Order] = []
        /// No more than there are connections: each asks once at a time.
        var verdicts: [Verdict] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Puts an order in; false when nobody will do it.
    func add(_ order: Order) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.waiting.count < IngestSettings.orderCountMax
            else { return false }
            state.waiting.append(order)
            return true
        }
    }

    /// Puts a verdict in.
    func add(_ verdict: Verdict) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.verdicts.append(verdict)
        }
    }

    /// The verdicts that have come.
    func takeVerdicts() -> [Verdict] {
        state.withLock { state in
            guard !state.verdicts.isEmpty else { return [] }
            defer { state.verdicts = [] }
            return state.verdicts
        }
    }

    /// Those that wait.
    func take() -> [Order] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Takes no more, and gives those that wait.
    func close() -> [Order] {
        state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}
