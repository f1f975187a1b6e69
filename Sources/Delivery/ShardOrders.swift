// What the staff want of a shard, on its way to the shard's thread.

import Synchronization
import WireBytes

/// Something to be done on a shard's thread.
enum ShardOrder: Sendable {
    /// End all connections of those addresses.
    case endAll(AddressRange, answer: @Sendable (Int) -> Void)
    /// End a player's connections.
    case endPlayer(PlayerTicket, answer: @Sendable (Int) -> Void)
    /// End one viewer.
    case endViewer(ViewerID, answer: @Sendable (Int) -> Void)
    /// Say who watches.
    case list(ViewerQuery, answer: @Sendable (ViewerSample) -> Void)

    /// The shard has stopped: there is nobody any more.
    func giveUp() {
        switch self {
        case .endAll(_, let answer), .endPlayer(_, let answer), .endViewer(_, let answer):
            answer(0)
        case .list(_, let answer): answer(ViewerSample())
        }
    }
}

/// Orders in the sequence in which they came.
final class ShardOrders: Sendable {
    private struct State {
        var waiting: [ShardOrder] = []
        var isClosed = false
    }

    /// The number of the shard.
    let shard: Int
    private let state = Mutex(State())
    private let hasWaiting = Atomic<Bool>(false)

    init(shard: Int = 0) { self.shard = shard }

    /// Whether there are any: looked at in every turn.
    var areWaiting: Bool { hasWaiting.load(ordering: .relaxed) }

    /// Puts an order in; false when nobody will do it.
    func add(_ order: ShardOrder) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.waiting.count < DeliverySettings.orderCountMax
            else { return false }
            state.waiting.append(order)
            hasWaiting.store(true, ordering: .relaxed)
            return true
        }
    }

    /// Those that wait.
    func take() -> [ShardOrder] {
        state.withLock { state in
            defer { state.waiting = [] }
            hasWaiting.store(false, ordering: .relaxed)
            return state.waiting
        }
    }

    /// Takes no more, and gives those that wait.
    func close() -> [ShardOrder] {
        state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}
