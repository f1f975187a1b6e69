// The programmes of this process, by name.

import Synchronization

/// Somebody who must know at once when there is something new; a shard.
///
/// Called on the publisher's thread: it must only flag and wake.
public protocol ProgrammeWatcher: AnyObject, Sendable {
    /// A timeline has new bytes.
    func headMoved()
    /// A programme began or ended.
    func programmesChanged()
}

/// Those who watch; they are all there before the first programme begins.
final class ProgrammeWatchers: Sendable {
    private let list = Mutex<[any ProgrammeWatcher]>([])

    func add(_ watcher: any ProgrammeWatcher) { list.withLock { $0.append(watcher) } }
    func headMoved() { list.withLock { for watcher in $0 { watcher.headMoved() } } }
    func programmesChanged() { list.withLock { for watcher in $0 { watcher.programmesChanged() } } }
}

/// All programmes that are on air or waiting for their publisher.
public final class Programmes: Sendable {
    /// What each programme may use.
    public let limits: BroadcastLimits
    /// Changes whenever the set does.
    public let version = Atomic<UInt64>(0)
    /// What makes server time of the steady clock's, microseconds: of programmes that begin from now on.
    public let serverOffsetUs = Atomic<Int64>(0)

    private struct State {
        var slots: [Programme?]
        var isShuttingDown = false
    }

    private let watchers = ProgrammeWatchers()
    private let state: Mutex<State>
    private let seqBase: @Sendable () -> UInt64

    /// No programmes yet.
    ///
    /// - Parameter seqBase: asked when a programme begins: its cues are numbered (`seq`) from there on.
    ///   What grows faster than cues come, such as the time of day in ms, keeps the next programme's
    ///   numbers above the last one's, so that a page that has seen both knows which is newer.
    public init(limits: BroadcastLimits, seqBase: @escaping @Sendable () -> UInt64 = { 0 }) {
        self.limits = limits
        self.seqBase = seqBase
        state = Mutex(State(slots: Array(repeating: nil, count: limits.programmeCountMax)))
    }

    /// Lets somebody know of all that happens from now on.
    public func add(_ watcher: any ProgrammeWatcher) { watchers.add(watcher) }

    /// Whether a name may be a stream's: 1 to 64 of `A-Z a-z 0-9 _ -`.
    public static func isValid(name: String) -> Bool {
        let bytes = name.utf8
        return (1...64).contains(bytes.count)
            && bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
            }
    }

    /// Begins to publish under a name, on a new programme or on the one that waits for it.
    public func publish(
        name: String, publisher: Publisher, nowMs: Int64
    ) throws(PublishRefusal) -> Publication {
        guard Programmes.isValid(name: name) else { throw .badName }
        // Under the lock, so that the programme can't expire between being found and being used.
        let found: Result<(Publication, isNew: Bool), PublishRefusal> = state.withLock { state in
            Result { () throws(PublishRefusal) in
                if state.isShuttingDown { throw .shuttingDown }
                if let programme = state.slots.first(where: { $0?.name == name }) ?? nil {
                    return (try programme.begin(publisher, nowMs: nowMs), false)
                }
                guard let slot = state.slots.firstIndex(where: { $0 == nil }) else {
                    throw .full(limit: state.slots.count)
                }
                let programme: Programme
                do throws(TimelineError) {
                    programme = try Programme(
                        name: name, limits: limits, watchers: watchers, seqBase: seqBase(),
                        serverOffsetUs: serverOffsetUs.load(ordering: .relaxed), nowMs: nowMs)
                } catch {
                    throw .noMemory(error.description)
                }
                state.slots[slot] = programme
                return (try programme.begin(publisher, nowMs: nowMs), true)
            }
        }
        let (publication, isNew) = try found.get()
        if isNew { announce() }
        return publication
    }

    /// Ends the programmes whose publisher has been away for longer than the grace time.
    ///
    /// - Returns: the names of those that ended.
    @discardableResult
    public func expire(nowMs: Int64) -> [String] {
        let ended = state.withLock { state in
            var names: [String] = []
            for (slot, programme) in state.slots.enumerated() {
                guard let programme, programme.isOver(nowMs: nowMs) else { continue }
                names.append(programme.name)
                state.slots[slot] = nil
                programme.end()
            }
            return names
        }
        if !ended.isEmpty { announce() }
        return ended
    }

    /// Refuses publishers from now on.
    public func shutDown() { state.withLock { $0.isShuttingDown = true } }

    /// The programmes by slot; a slot keeps its programme until that ends.
    public func snapshot() -> [Programme?] { state.withLock { $0.slots } }

    /// The programme of that name.
    public func programme(named name: String) -> Programme? {
        // Names have only ASCII, and are compared by bytes: "K" isn't the Kelvin sign's.
        guard Programmes.isValid(name: name) else { return nil }
        return snapshot().first { $0?.name == name } ?? nil
    }

    private func announce() {
        version.wrappingAdd(1, ordering: .releasing)
        watchers.programmesChanged()
    }
}
