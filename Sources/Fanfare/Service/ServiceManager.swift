// The service's life as systemd is told of it: ready, reloading, alive, stopping.

import Glibc
import IORing
import Logging
import Synchronization

/// Tells the service manager what goes on, if there is one that listens. Without one (`NOTIFY_SOCKET`
/// isn't set) every call does nothing.
final class ServiceManager: Sendable {
    /// Where the signs of life come from.
    struct LifeSigns: Sendable {
        /// When each shard last turned, ms of the monotonic clock.
        var shardTurnsMs: @Sendable () -> [Int64]
        /// Has something done on the game's thread; false if there is no room for it.
        var askGame: @Sendable (_ reply: @escaping @Sendable () -> Void) -> Bool
        /// What goes on, in a few words.
        var status: @Sendable () -> String
    }

    private struct State {
        var pulse: Pulse
        var status = ""
        var hasFailed = false
        var isSilent = false
    }

    /// How often the status is told where nobody watches, ms.
    private static let statusMs: Int64 = 5_000

    private let notifier: ServiceNotifier?
    private let logger: Logger
    /// Nil where no watchdog waits.
    private let watchdogMs: Int64?
    private let state: Mutex<State>
    private let isStopping = Atomic<Bool>(false)
    private let wakeSignal: WakeSignal
    private let thread = Mutex<PlainThread?>(nil)

    /// - Parameters:
    ///   - environment: the process's: `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    ///   - processID: of this process: a watchdog may be meant for another.
    /// - Throws: `RingError` where the system has no eventfd to give.
    init(
        environment: [String: String], processID: pid_t = getpid(), logger: Logger
    ) throws(RingError) {
        self.logger = logger
        var notifier: ServiceNotifier?
        if let name = environment["NOTIFY_SOCKET"], !name.isEmpty {
            do { notifier = try ServiceNotifier(name: name) } catch { logger.warning("\(error)") }
        }
        self.notifier = notifier
        watchdogMs = notifier == nil ? nil : Self.watchdogMs(environment, processID)
        // Half of what the watchdog waits, as it asks for.
        let intervalMs = watchdogMs.map { max($0 / 2, 1) } ?? Self.statusMs
        state = Mutex(State(pulse: Pulse(intervalMs: intervalMs)))
        wakeSignal = try WakeSignal()
    }

    /// How long the watchdog waits, ms; nil if none does, or for another process.
    static func watchdogMs(_ environment: [String: String], _ processID: pid_t) -> Int64? {
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }),
            microseconds > 0
        else { return nil }
        if let meant = environment["WATCHDOG_PID"], meant != "\(processID)" { return nil }
        return max(microseconds / 1_000, 1)
    }

    // MARK: What is told

    /// Everything listens. From now on it is said that it lives, as long as it does.
    func ready(_ signs: LifeSigns) {
        guard notifier != nil else { return }
        let status = signs.status()
        state.withLock { $0.status = status }
        tell(["READY=1", "STATUS=\(status)"])
        do {
            let started = try PlainThread(name: "service") { [self] in watch(signs) }
            thread.withLock { $0 = started }
        } catch {
            logger.error("the service manager will hear nothing more of this server: \(error)")
        }
    }

    /// Does what a reload is between the words that frame one.
    func reloading<Result>(_ body: () -> Result) -> Result {
        tell(["RELOADING=1", "MONOTONIC_USEC=\(MonotonicClock.nowNs() / 1_000)"])
        defer { tell(["READY=1"]) }
        return body()
    }

    /// The end has begun.
    func stopping() {
        tell(["STOPPING=1", "STATUS=going off air"])
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wakeSignal.raise()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    private func tell(_ lines: [String]) {
        guard let notifier else { return }
        do {
            try notifier.send(lines)
            state.withLock { $0.hasFailed = false }
        } catch {
            let isFirst = state.withLock { state in
                defer { state.hasFailed = true }
                return !state.hasFailed
            }
            if isFirst { logger.warning("\(error)") }
        }
    }

    // MARK: The watchdog

    private func watch(_ signs: LifeSigns) {
        let intervalMs = state.withLock { $0.pulse.intervalMs }
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            ask(signs)
            wakeSignal.wait(ms: Int(clamping: intervalMs))
            if isStopping.load(ordering: .sequentiallyConsistent) { return }
            look(signs)
        }
    }

    private func ask(_ signs: LifeSigns) {
        let isDue = state.withLock { $0.pulse.asksGame(nowMs: MonotonicClock.nowMs()) }
        guard isDue, !signs.askGame({ [self] in state.withLock { $0.pulse.gameAnswered() } })
        else { return }
        state.withLock { $0.pulse.gameHadNoRoom() }
    }

    private func look(_ signs: LifeSigns) {
        let turnsMs = signs.shardTurnsMs()
        let nowMs = MonotonicClock.nowMs()
        let silent = state.withLock { $0.pulse.silent(shardTurnsMs: turnsMs, nowMs: nowMs) }
        let status = signs.status()
        let (isNew, isNewlySilent) = state.withLock { state in
            defer { (state.status, state.isSilent) = (status, !silent.isEmpty) }
            return (state.status != status, !state.isSilent && !silent.isEmpty)
        }
        if isNewlySilent {
            let words = silent.joined(separator: ", ")
            logger.error("\(words) has not turned in time, and the watchdog is told nothing")
        }
        var lines = isNew ? ["STATUS=\(status)"] : []
        if watchdogMs != nil, silent.isEmpty { lines.append("WATCHDOG=1") }
        if !lines.isEmpty { tell(lines) }
    }
}
