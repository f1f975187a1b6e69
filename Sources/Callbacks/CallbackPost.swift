// The queue at work: news are written down by one thread, and each place is told by a thread of its
// own, so that none waits for another.

public import Access
import Digests
public import HTTPWire
public import IORing
public import Ledger
import Synchronization

/// Tells other systems what happens: at least once, whatever ends in between.
public final class CallbackPost: Sendable {
    /// What belongs in a log.
    public enum Trouble: Sendable, Equatable {
        /// A place can't be told; it goes on being tried.
        case fails(place: String, event: String, reason: String)
        /// Something is tried no more.
        case gaveUp(place: String, event: String, reason: String)
        /// So many news were lost, as the queue or the disk is full.
        case lost(count: Int)
        /// The ledger can't be read or written.
        case ledger(String)
    }

    /// What it did so far.
    public struct Counters: Sendable, Equatable {
        /// Deliveries that the receiver has taken.
        public var told = 0
        /// Tries that failed.
        public var failed = 0
        /// Deliveries that were given up.
        public var gaveUp = 0
        /// News that found no room.
        public var lost = 0
    }

    private struct State {
        var inbox: [CallbackEvent] = []
        var counters = Counters()
        var lostMs: Int64?
    }

    private let ledger: Ledger
    private let places: [HTTPURL]
    private let kinds: Set<CallbackKind>
    private let hmac: HMACSHA256
    private let timeoutMs: Int64
    private let wallMs: @Sendable () -> Int64
    private let onTrouble: @Sendable (Trouble) -> Void
    private let state = Mutex(State())
    private let keeperSignal: WakeSignal
    private let courierSignals: [WakeSignal]
    private let isStopping = Atomic<Bool>(false)
    private let keeper = Mutex<PlainThread?>(nil)

    /// - Parameters:
    ///   - places: whom to tell; each is told everything of these kinds.
    ///   - timeoutMs: how long a delivery may take.
    ///   - wallMs: the time, ms since 1970.
    ///   - onTrouble: called on threads of its own.
    public init(
        ledger: Ledger, places: [HTTPURL], kinds: Set<CallbackKind>, secret: CallbackSecret,
        timeoutMs: Int, wallMs: @escaping @Sendable () -> Int64,
        onTrouble: @escaping @Sendable (Trouble) -> Void
    ) throws(RingError) {
        precondition(places.count <= CallbackLimits.placeCountMax)
        precondition(CallbackLimits.tellMs.contains(timeoutMs))
        self.ledger = ledger
        self.places = places
        self.kinds = kinds
        hmac = secret.signer
        self.timeoutMs = Int64(timeoutMs)
        self.wallMs = wallMs
        self.onTrouble = onTrouble
        keeperSignal = try WakeSignal()
        var signals: [WakeSignal] = []
        for _ in places { signals.append(try WakeSignal()) }
        courierSignals = signals
    }

    /// Begins to tell, with what an earlier process left.
    public func start() throws(RingError) {
        let keeper = try PlainThread(name: "callbacks") { [self] in keep() }
        self.keeper.withLock { $0 = keeper }
        for index in places.indices {
            // A name may take its time to be looked up: nobody waits for these at the end.
            _ = try PlainThread(name: "courier-\(index)") { [self] in carry(index) }
        }
    }

    /// Has something told. From any thread, and without waiting for anything.
    public func note(_ event: CallbackEvent) {
        guard kinds.contains(event.kind) else { return }
        let isTaken = state.withLock { state in
            guard state.inbox.count < CallbackLimits.inboxCountMax else {
                state.counters.lost += 1
                state.lostMs = MonotonicClock.nowMs()
                return false
            }
            state.inbox.append(event)
            return true
        }
        if isTaken { keeperSignal.raise() }
    }

    /// What it did so far.
    public var counters: Counters { state.withLock { $0.counters } }

    /// Whether news were lost within the last hour.
    public var losesNews: Bool {
        let nowMs = MonotonicClock.nowMs()
        return state.withLock { state in
            state.lostMs.map { nowMs - $0 < CallbackLimits.lostMs } ?? false
        }
    }

    /// Has a look taken at the queue at once: something was put back into it.
    public func hurry() { for signal in courierSignals { signal.raise() } }

    /// Writes down what has come and tells nothing more. What is being told may be told again.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        keeperSignal.raise()
        hurry()
        let running = keeper.withLock { keeper in
            defer { keeper = nil }
            return keeper
        }
        running?.join()
    }

    private var isEnding: Bool { isStopping.load(ordering: .acquiring) }

    // MARK: Writing down

    private func keep() {
        var saidMs: Int64 = 0
        var kept: [CallbackNews] = []
        if let count = attempt({ () throws(LedgerError) in
            try ledger.giveUpCallbacks(exceptTo: places.map(\.text))
        }), count > 0 {
            state.withLock { $0.counters.gaveUp += count }
        }
        while true {
            let isLast = isEnding
            let events = state.withLock { state in
                defer { state.inbox = [] }
                return state.inbox
            }
            kept += events.map(news)
            if !kept.isEmpty {
                let lost = attempt { () throws(LedgerError) in
                    try ledger.addCallbacks(kept, to: places.map(\.text))
                }
                if lost != nil { kept = [] }
                // A disk that stays full doesn't fill the memory as well.
                let overflow = max(0, kept.count - CallbackLimits.inboxCountMax)
                kept.removeFirst(overflow)
                let count = (lost ?? 0) + overflow
                if count > 0 {
                    state.withLock { state in
                        state.counters.lost += count
                        state.lostMs = MonotonicClock.nowMs()
                    }
                    if MonotonicClock.nowMs() - saidMs >= CallbackLimits.lineMs || saidMs == 0 {
                        saidMs = MonotonicClock.nowMs()
                        onTrouble(.lost(count: count))
                    }
                }
                hurry()
            }
            if isLast { return }
            keeperSignal.wait(ms: kept.isEmpty ? nil : Int(CallbackLimits.retryMsMin))
        }
    }

    private func news(_ event: CallbackEvent) -> CallbackNews {
        let id = CallbackID.random()
        return CallbackNews(
            id: id, event: event.kind.rawValue, body: event.json(id: id), createdMs: event.atMs)
    }

    private func attempt<Value>(_ body: () throws(LedgerError) -> Value) -> Value? {
        do throws(LedgerError) { return try body() } catch {
            onTrouble(.ledger(error.description))
            return nil
        }
    }

    // MARK: Telling

    private func carry(_ index: Int) {
        let place = places[index]
        var saidMs: Int64?
        while !isEnding {
            let nowMs = wallMs()
            let due = attempt { () throws(LedgerError) in
                let row = try ledger.dueCallback(
                    to: place.text, nowMs: nowMs, delayMsMax: CallbackLimits.retryMsMax)
                let nextMs = row == nil ? try ledger.nextCallbackMs(to: place.text) : nil
                return (row: row, nextMs: nextMs)
            }
            guard let row = due?.row else {
                // The clock may be set meanwhile: nothing is slept through for long.
                let leftMs = due.map { due in due.nextMs.map { max(1, $0 - nowMs) } ?? 60_000 }
                courierSignals[index].wait(ms: Int(min(leftMs ?? 1_000, 60_000)))
                continue
            }
            if let error = tell(row, place) {
                if error == .stopped { return }
                failed(row, error, place, &saidMs)
            } else {
                let noted: Void? = attempt { () throws(LedgerError) in
                    try ledger.callbackTold(row.number)
                }
                state.withLock { $0.counters.told += 1 }
                if noted == nil {
                    // Told again rather than lost; not at once.
                    courierSignals[index].wait(ms: Int(CallbackLimits.retryMsMin))
                }
            }
        }
    }

    /// - Returns: Why it failed; nil if the receiver has it.
    private func tell(_ row: CallbackRow, _ place: HTTPURL) -> CallError? {
        let request = CallbackRequest(url: place, event: row.event, id: row.id, body: row.body)
        guard let bytes = request.bytes(hmac: hmac, nowUnixS: wallMs() / 1_000) else {
            return .noDigest
        }
        do throws(CallError) {
            let deadline = CallDeadline(ms: timeoutMs) { [self] in isEnding }
            _ = try HTTPCall.perform(bytes, to: place, deadline: deadline)
            return nil
        } catch {
            return error
        }
    }

    private func failed(
        _ row: CallbackRow, _ error: CallError, _ place: HTTPURL, _ saidMs: inout Int64?
    ) {
        var wishS: Int?
        if case .refused(_, let seconds) = error { wishS = seconds }
        let delayMs = RetrySchedule.delayMs(
            afterAttempts: row.attempts + 1, wishS: wishS, chance: .random(in: 0..<1))
        let dueMs = delayMs.map { wallMs() + $0 }
        _ = attempt { () throws(LedgerError) in
            try ledger.callbackFailed(row.number, failure: error.description, dueMs: dueMs)
        }
        state.withLock { state in
            state.counters.failed += 1
            if dueMs == nil { state.counters.gaveUp += 1 }
        }
        let reason = error.description
        if dueMs == nil {
            onTrouble(.gaveUp(place: place.origin, event: row.event, reason: reason))
        } else if saidMs.map({ MonotonicClock.nowMs() - $0 >= CallbackLimits.lineMs }) ?? true {
            saidMs = MonotonicClock.nowMs()
            onTrouble(.fails(place: place.origin, event: row.event, reason: reason))
        }
    }
}
