// What everybody but the desk's thread can see of the game: one value that never changes, and the
// place where the newest stands.

import Synchronization
import Trivia
import WireBytes

/// A show as it was at a moment, without its players: they belong to the desk's thread.
struct ShowView: Sendable {
    /// The slot's; another one for each show since the start.
    let serial: UInt32
    let stream: String
    let createdMs: Int64
    let show: Show
    let isLockPending: Bool
    /// Who can see its stream; nil for one that is settled, or wasn't looked at yet.
    let sight: SightReport?
    let settlement: Settlement?
    let crowdedAddresses: [AddressCount]
    /// The newest receipt that is on disk.
    let durableReceipt: UInt32

    init(_ slot: ShowSlot, sight: SightReport?) {
        serial = slot.serial
        stream = slot.stream
        createdMs = slot.createdMs
        show = slot.show.withoutPlayers
        isLockPending = slot.pendingLock != nil
        self.sight = show.phase == .settled ? nil : sight
        settlement = slot.settlement
        crowdedAddresses = slot.crowd.largest(GameLimits.crowdListCountMax)
        durableReceipt = slot.durableReceipt
    }

    var hasOpenQuestion: Bool {
        guard case .question(let number) = show.stage else { return false }
        return show.question(number)?.state == .open
    }
}

/// The game at a moment.
final class GameSnapshot: Sendable {
    /// Grows by one with each that is published.
    let number: UInt64
    let shows: [ShowView]
    let notes: [HostNote]
    let health: GameHealth
    /// What the audience is told who asks.
    let states: PublicStates

    /// Nothing yet: the first snapshot is number 1.
    convenience init() {
        self.init(
            number: 0, shows: [], notes: [], health: GameHealth(), states: PublicStates())
    }

    init(
        number: UInt64, shows: [ShowView], notes: [HostNote], health: GameHealth,
        states: PublicStates
    ) {
        self.number = number
        self.shows = shows
        self.notes = notes
        self.health = health
        self.states = states
    }

    /// A show that is in memory.
    func view(ofShow id: String) -> ShowView? {
        shows.first { $0.show.id.hasSameBytes(as: id) }
    }

    /// Whether this can come after another: nothing that was seen is taken back.
    func canFollow(_ former: GameSnapshot) -> Bool {
        guard number == former.number + 1 else { return false }
        return former.shows.allSatisfy { old in
            guard let new = shows.first(where: { $0.serial == old.serial }) else { return true }
            return new.show.revision >= old.show.revision
                && new.durableReceipt >= old.durableReceipt
        }
    }
}

/// Where the newest snapshot stands, and who is told that there is another. The lock is held while a
/// reference is copied or replaced.
final class Publication: Sendable {
    private struct State {
        var newest: GameSnapshot
        /// Those who watch a show, by its id and their own number.
        var watchers: [ByteString: [Int: AsyncStream<Void>.Continuation]] = [:]
        /// Those who watch all shows, by their own number.
        var watchersOfAll: [Int: AsyncStream<String>.Continuation] = [:]
        var watcherCount = 0
    }

    private let state: Mutex<State>

    init(_ first: GameSnapshot) { state = Mutex(State(newest: first)) }

    /// What there is to be seen.
    var newest: GameSnapshot { state.withLock { $0.newest } }

    /// Replaces what there is to be seen. Called by the desk's thread alone.
    func publish(_ snapshot: GameSnapshot) {
        let former = state.withLock { state in
            let former = state.newest
            state.newest = snapshot
            return former
        }
        assert(snapshot.canFollow(former), "what was published is never taken back")
    }

    /// Tells those who watch a show that it has changed. Called by the desk's thread alone.
    func notify(show: String) {
        let (watchers, ofAll) = state.withLock { state in
            (state.watchers[ByteString(show)], state.watchersOfAll)
        }
        for watcher in watchers?.values ?? [:].values { watcher.yield() }
        for watcher in ofAll.values {
            if case .dropped = watcher.yield(show) { watcher.finish() }
        }
    }

    /// The id of each show that changes. It ends when more have changed than anybody takes.
    func changes() -> AsyncStream<String> {
        let (changes, watcher) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(GameLimits.untakenChangeCountMax))
        let number = state.withLock { state in
            state.watcherCount += 1
            state.watchersOfAll[state.watcherCount] = watcher
            return state.watcherCount
        }
        watcher.onTermination = { [weak self] _ in
            self?.state.withLock { $0.watchersOfAll[number] = nil }
        }
        return changes
    }

    /// An element for each change of a show, in memory or not. Changes that nobody has taken yet are
    /// one.
    func changes(ofShow show: String) -> AsyncStream<Void> {
        let (changes, watcher) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let id = ByteString(show)
        let number = state.withLock { state in
            state.watcherCount += 1
            state.watchers[id, default: [:]][state.watcherCount] = watcher
            return state.watcherCount
        }
        watcher.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.watchers[id]?[number] = nil
                if state.watchers[id]?.isEmpty == true { state.watchers[id] = nil }
            }
        }
        return changes
    }
}
