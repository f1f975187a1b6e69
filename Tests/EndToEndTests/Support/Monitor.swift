// State that one thread changes and another waits for.

import Foundation

/// A value behind a lock, and a way to wait until it is as one wants it.
final class Monitor<State>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    init(_ state: State) { self.state = state }

    /// Reads or changes the value, and wakes those who wait for a change.
    func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return try body(&state)
    }

    /// Waits until the condition holds.
    ///
    /// - Returns: whether it does; false when the time is over.
    func wait(within seconds: Double, until isReached: (State) -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !isReached(state) {
            guard condition.wait(until: end) else { return isReached(state) }
        }
        return true
    }
}

/// A moment by which something has to have happened.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(seconds: Double) { end = .now + .seconds(seconds) }

    /// What is left, in ms; 0 when the time is over.
    var leftMs: Int32 {
        let left = ContinuousClock.Instant.now.duration(to: end)
        return Int32(clamping: max(0, Int64((left / .milliseconds(1)).rounded(.up))))
    }

    var isOver: Bool { leftMs == 0 }
}

/// Something that doesn't go as the test needs it.
enum TestFailure: Error, CustomStringConvertible {
    case timedOut(waitingFor: String)
    case system(call: String, errno: CInt)
    case ended(String)
    case unexpected(String)

    var description: String {
        switch self {
        case .timedOut(let what): "waited too long for \(what)"
        case .system(let call, let code): "\(call): \(unsafe String(cString: strerror(code)))"
        case .ended(let what): what
        case .unexpected(let what): what
        }
    }
}
