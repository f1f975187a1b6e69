// A shard: one thread, one ring, one listener, its own viewers.

public import Broadcast
public import IORing
import Synchronization
public import WireBytes

/// A thread that serves its share of the audience.
public final class Shard: ProgrammeWatcher {
    /// Where it listens.
    public let address: IPEndpoint
    private let wakeSignal: WakeSignal
    private let secureInbox = SecureInbox()
    private let published: Mutex<ShardCounters>
    private let stopRequested = Atomic<Bool>(false)
    /// Whether the thread is asleep and wants to know of every new tag.
    private let wantsTags = Atomic<Bool>(false)
    private let thread = Mutex<PlainThread?>(nil)
    private let orders: ShardOrders

    /// How often the counters are published, ns.
    private static let publishIntervalNs: Int64 = 200_000_000

    /// Starts a shard.
    ///
    /// - Parameters:
    ///   - audience: the game; nil without one.
    ///   - processor: where its thread is to stay; nil for wherever.
    ///   - onFailure: called on the shard's thread if it has to give up.
    public init(
        index: Int, listener: consuming Listener, settings: DeliverySettings, programs: Programmes,
        addresses: Admission, audience: Audience? = nil, kernelTLS: Bool = false,
        processor: Int? = nil,
        onFailure: @escaping @Sendable (RingError) -> Void
    ) throws(RingError) {
        address = listener.address
        orders = ShardOrders(shard: index)
        let orders = orders
        // Whoever looks before the first turn finds a number for every programme, too.
        published = Mutex(ShardCounters(programCount: programs.limits.programmeCountMax))
        let wakeSignal = try WakeSignal()
        self.wakeSignal = wakeSignal
        programs.add(self)
        let box = ListenerBox(listener)
        let started = Mutex<Result<Void, RingError>?>(nil)
        let ready = try WakeSignal()
        let thread = try PlainThread(name: "shard-\(index)", processor: processor) { [self] in
            do throws(RingError) {
                // Made here: the ring belongs to the thread that makes it.
                let ring = try KernelRing(
                    slotCount: settings.slotCountMax, listener: box.listener.descriptor,
                    regionCount: Channel.count(programCount: programs.limits.programmeCountMax))
                var core = ShardCore(
                    ring: ring, settings: settings, programs: programs, addresses: addresses,
                    audience: audience, orders: orders, secureInbox: secureInbox,
                    kernelTLS: kernelTLS)
                core.inbox?.attach(wakeSignal)
                started.withLock { $0 = .success(()) }
                ready.raise()
                do throws(RingError) {
                    try run(&core)
                } catch {
                    onFailure(error)
                }
                for order in orders.close() { order.giveUp() }
                for var connection in secureInbox.close() { connection.drop() }
            } catch {
                started.withLock { $0 = .failure(error) }
                ready.raise()
            }
        }
        ready.wait()
        if case .failure(let error) = started.withLock({ $0 }) {
            thread.join()
            throw error
        }
        self.thread.withLock { $0 = thread }
    }

    /// What it did so far; at most 200 ms old.
    public var counters: ShardCounters { published.withLock { $0 } }

    /// Has something done for the staff, soon and on the shard's thread.
    func follow(_ order: ShardOrder) {
        if orders.add(order) { wakeSignal.raise() } else { order.giveUp() }
    }

    /// Hands over a connection whose handshake is over; false if the shard doesn't take it.
    func adopt(_ connection: SecureConnection) -> Bool {
        guard let wakes = secureInbox.add(connection) else { return false }
        if wakes { wakeSignal.raise() }
        return true
    }

    /// Gives everyone an orderly end and waits until the thread has ended.
    public func stop() {
        stopRequested.store(true, ordering: .releasing)
        wakeSignal.raise()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    // MARK: ProgrammeWatcher

    public func headMoved() {
        // The exchange makes many tags one wake-up.
        if wantsTags.load(ordering: .relaxed),
            wantsTags.exchange(false, ordering: .acquiringAndReleasing)
        {
            wakeSignal.raise()
        }
    }

    public func programmesChanged() { wakeSignal.raise() }

    // MARK: The thread

    private func run(_ core: inout ShardCore<KernelRing>) throws(RingError) {
        var publishDueNs: Int64 = 0
        var isStopping = false
        while !core.isStopped {
            let nowNs = MonotonicClock.nowNs()
            if core.wantsWakeWatch, !isStopping {
                core.wantsWakeWatch = false
                core.watch(wakeSignal)
            }
            // Armed before the timelines are looked at, so that no tag slips through between.
            if core.clock.sendsAtOnce { wantsTags.store(true, ordering: .sequentiallyConsistent) }
            try core.turn(nowNs: nowNs)
            if !isStopping, stopRequested.load(ordering: .acquiring) {
                isStopping = true
                try core.stop()
            }
            let doneNs = MonotonicClock.nowNs()
            core.finishCues(nowNs: doneNs)
            try core.finishQuestions(nowNs: doneNs)
            core.clock.worked(fromNs: nowNs, toNs: doneNs)
            if doneNs >= publishDueNs || isStopping {
                publishDueNs = doneNs + Shard.publishIntervalNs
                var counters = core.counters
                counters.turnedAtMs = doneNs / 1_000_000
                published.withLock { $0 = counters }
                core.addresses.refusals.tend(nowMs: doneNs / 1_000_000)
            }
            if core.isStopped { break }
            // Rung during the turn: asleep without a watch, nothing would wake it for a new tag.
            if core.wantsWakeWatch, !isStopping { continue }
            try core.sleep(untilNs: core.dueNs(nowNs: doneNs), nowNs: doneNs)
        }
    }
}

extension ShardCore where Kernel == KernelRing {
    mutating func watch(_ wakeSignal: WakeSignal) {
        prepare()
        ring.watch(wakeSignal, token: Token(operation: Operation.wake, generation: 0, slot: 0))
    }

    mutating func sleep(untilNs: Int64, nowNs: Int64) throws(RingError) {
        // With much lent, notifications come in all the time, and none of them is urgent.
        let isLending = zeroCopy.mode == .lending && !clock.sendsAtOnce
        try ring.submit(
            waitingAtMostNs: untilNs - nowNs,
            completions: isLending && zeroCopy.owedCount > DeliverySettings.lazyWakeCount
                ? DeliverySettings.lazyWakeCount : 1)
    }
}

/// Carries a listener to the thread that serves it.
private final class ListenerBox: Sendable {
    let listener: Listener
    init(_ listener: consuming Listener) { self.listener = listener }
}
